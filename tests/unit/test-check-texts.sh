#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# test-check-texts.sh SOURCE - what makes a build fail for its texts does: each way in which one can be missing, tried on a copy
set -eu

source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 failed=0

copy() {
        rm -rf "$work/copy"
        mkdir "$work/copy"
        (cd "$source" && tar -cf - po common directory transfer policy helper careid pam_eid nss_careroles systemd) | tar -xf - -C "$work/copy"
}

result() { # STATUS NAME
        n=$((n + 1))
        if [ "$1" -eq 0 ]; then
                echo "ok $n - $2"
        else
                sed 's/^/# /' "$work/said"
                echo "not ok $n - $2"
                failed=1
        fi
}

refused() { # NAME
        status=0
        "$work/copy/po/check-texts.sh" "$work/copy" > "$work/said" 2>&1 && status=1
        result "$status" "$1"
}

copy
status=0
"$work/copy/po/check-texts.sh" "$work/copy" > "$work/said" 2>&1 || status=1
result "$status" "the texts as they are pass"

printf 'const char *text(void);\nconst char *text(void) {\n        return _("A text of which nobody knows.");\n}\n' \
        >> "$work/copy/helper/texts.c"
refused "a text without translations"

copy
printf 'const char *text(void);\nconst char *text(void) {\n        return _(\n                "A text in a file that nobody reads.");\n}\n' \
        > "$work/copy/helper/forgotten.c"
refused "a file that po/POTFILES does not list, its mark on two lines"

copy
printf '#include <stdio.h>\nvoid tell(void);\nvoid tell(void) {\n        (void) printf("%%s: nobody can read this\\n", "");\n}\n' >> "$work/copy/careid/leave.c"
refused "a text that is printed without a mark"

copy
echo 'helper/nowhere.c' >> "$work/copy/po/POTFILES"
refused "a file that is not there"

copy
sed -i '/^msgid "Approved\."$/{ n; s/.*/msgstr ""/; }' "$work/copy/po/sv.po"
refused "an empty translation"

copy
sed -i 's/^msgid "Approved\."$/#, fuzzy\n&/' "$work/copy/po/da.po"
refused "a translation in doubt"

copy
sed -i '0,/^msgstr ".*%s/{ /^msgstr/s/%s/%d/; }' "$work/copy/po/da.po"
refused "a translation that takes other values"

copy
sed -i 's/^msgstr "Fornavn: "$/msgstr "Fornavn:"/' "$work/copy/po/da.po"
refused "a prompt without its last blank"

copy
sed -i 's/^msgstr "ett uppdrag avslutas, tas aldrig bort"$/msgstr "en tilldelning avslutas, tas aldrig bort"/' "$work/copy/po/sv.po"
refused "a word that the list at the top says is not used"

copy
sed -i 's/^msgstr "until: /msgstr "till: /' "$work/copy/po/sv.po"
refused "a complaint whose field is translated"

copy
sed -i 's/^-- b52fa6b325854088b80305e43dc415b7$/-- 00000000000000000000000000000000/' "$work/copy/systemd/catalog/careid.sv.catalog"
refused "a line of the journal that is not explained in one language"

copy
sed -i '/^Documentation:/,/^-- /{ /^[^-D]/d; }' "$work/copy/systemd/catalog/careid.da.catalog"
refused "explanations without a word"

copy
sed -i '/^wrong-person: /d' "$work/copy/systemd/catalog/careid.da.catalog"
refused "an outcome that one language does not speak of"

copy
sed -i '/^msgid "Check code"$/d; /^msgstr "Kontrollkod"$/d' "$work/copy/po/sv.po"
status=0
"$work/copy/po/embed-texts.sh" "$work/copy/pam_eid/texts.c" "$work/copy/po" sv da > "$work/said" 2>&1 && status=1
result "$status" "the module is not built without one of its own texts"

# A build of the folder po/ alone, as the whole has it.
built() { # STATUS-WANTED NAME
        printf "project('careid')\\nsubdir('po')\\n" > "$work/copy/meson.build"
        status=0
        { meson setup "$work/copy/build" "$work/copy" && ninja -C "$work/copy/build"; } > "$work/said" 2>&1 || status=1
        [ "$status" -eq "$1" ] && status=0 || status=1
        result "$status" "$2"
}

copy
built 0 "a build with all texts"

copy
sed -i '/^msgid "Approved\."$/{ n; s/.*/msgstr ""/; }' "$work/copy/po/sv.po"
built 1 "a build without a text in one of its languages"

echo "1..$n"
exit "$failed"
