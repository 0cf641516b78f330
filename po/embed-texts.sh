#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# embed-texts.sh SOURCE FOLDER LANGUAGE... - print C tables of what the texts of SOURCE are in FOLDER/LANGUAGE.po
#
# For the PAM module, which is a guest: the locale, the variables and the catalogues of the program that it is in are
# none of its business.  A text that is missing or in doubt (fuzzy) in one of the languages fails.
set -eu

source=$1 folder=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

xgettext --from-code=UTF-8 --keyword=N_ --no-location --omit-header -o "$work/wanted.pot" "$source"
wanted=$(grep -c '^msgid "' "$work/wanted.pot")

echo "/* Made from $* by po/embed-texts.sh. */"
for language; do
        msgmerge --quiet --no-fuzzy-matching --no-wrap -o "$work/merged.po" "$folder/$language.po" "$work/wanted.pot"
        msgattrib --translated --no-fuzzy --no-obsolete --no-wrap "$work/merged.po" > "$work/$language.po"
        # The header is an entry too, of the empty text.
        found=$(grep '^msgid "' "$work/$language.po" | grep -vc '^msgid ""$' || true)
        if [ "$found" -ne "$wanted" ]; then
                msgcomm --unique --no-wrap "$work/$language.po" "$work/wanted.pot" | grep '^msgid "..*"' >&2 || true
                echo "$folder/$language.po: $found of the $wanted texts of $source are translated" >&2
                exit 1
        fi
        printf '\nstatic const struct translation translations_%s[] = {\n' "$language"
        awk '/^msgid ""$/ { skip = 1; next }
             /^msgid /    { skip = 0; sub(/^msgid /, ""); printf "        { %s", $0; next }
             skip         { next }
             /^msgstr /   { sub(/^msgstr /, ""); printf ",\n          %s },\n", $0 }' "$work/$language.po"
        printf '};\n'
done
