#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-texts.sh SOURCE - every text that people read exists in Swedish and Danish (X21).
#
# TAP on standard output; what is wrong also on standard error, since every build runs this and fails with it.
set -eu

cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 failed=0

# What a check had to say: part of its result, and on standard error.
tell() { # FILE
        cat "$1"
        cat "$1" >&2
}

result() { # STATUS NAME
        n=$((n + 1))
        if [ "$1" -eq 0 ]; then
                echo "ok $n - $2"
        else
                echo "not ok $n - $2"
                echo "po: not so: $2" >&2
                failed=1
        fi
}

# Every file with a marked text is listed; a listed file exists.
grep -lE '(^|[^A-Za-z0-9_])(_|N_|P_)\("' */*.c */*/*.c 2>/dev/null | grep -v '^tests/' | sort > "$work/marked"
grep -v '^#' po/POTFILES | sort > "$work/listed"
status=0
diff "$work/marked" "$work/listed" | sed -n 's/^[<>]/# &/p' > "$work/diff"
[ ! -s "$work/diff" ] || status=1
tell "$work/diff"
result "$status" "po/POTFILES lists the files that have texts"

# However the mark is written, and in headers too.
status=0
find . -mindepth 2 -name '*.[ch]' ! -path './tests/*' ! -path './.*' | sed 's,^\./,,' | sort | comm -23 - "$work/listed" > "$work/others"
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 --add-location --force-po -f "$work/others" -o "$work/others.pot" ||
        status=$?
sed -n 's/^#: /# has texts and is not listed: /p' "$work/others.pot" > "$work/said"
[ ! -s "$work/said" ] || status=1
tell "$work/said"
result "$status" "no other file has texts"

status=0
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 --no-location --no-wrap -f po/POTFILES -o "$work/careid.pot" || status=$?
result "$status" "the texts can be read from the sources"

# What these functions say is marked, and so is what the rules of the schema say.
status=0
find directory careid common/config*.c -name '*.c' > "$work/sources"
xgettext --from-code=UTF-8 --keyword --keyword=directory_fail:3 --keyword=invalid:3 --keyword=complain:2 --keyword=config_complain:2 \
        --keyword=outcome_say:3 --keyword=check_say:4 --no-location --no-wrap --force-po -o "$work/bare.pot" \
        --files-from="$work/sources" || status=$?
sed -n '/^msgid ""$/d; s/^msgid //p' "$work/bare.pot" |
        sed 's,%[a-z]*,,g; s,\[[a-z]*\],,g; s,/[a-z]*,,g' | grep '[A-Za-z][a-z]' > "$work/bare" && status=1
sed 's/^/# not marked: /' "$work/bare" > "$work/said"
tell "$work/said"
result "$status" "what is said of a mistake is marked for translation"

# What is printed, or shown by the module, has no words in it but those of commands; texts are marked before they come here.
status=0
find careid helper pam_eid policy -name '*.c' > "$work/sources"
xgettext --from-code=UTF-8 --keyword --keyword=printf:1 --keyword=fprintf:2 --keyword=dprintf:2 --keyword=puts:1 --keyword=fputs:1 \
        --keyword=lines_add:2 --keyword=drawing_put_string:2 --keyword=converse_tell:4 --no-location --no-wrap --force-po \
        -o "$work/printed.pot" --files-from="$work/sources" 2> "$work/warnings" || status=$?
sed -n '/^msgid ""$/d; s/^msgid //p' "$work/printed.pot" |
        sed 's,%[0-9]*<PRI[a-z]*[0-9]*>,,g; s,%[a-z]*,,g; s,^"careid: [a-z ]*: ,",; s,^"careid\b,",; s,^"audit  ,",' |
        grep '[A-Za-z][a-z]' > "$work/bare" && status=1
sed 's/^/# printed, and not marked: /' "$work/bare" > "$work/said"
tell "$work/said"
result "$status" "what is printed is marked for translation"

status=0
sed -n "s/.*RAISE(ABORT, '\\([^']*\\)').*/msgid \"\\1\"/p" directory/store/schema/*.sql | sort -u > "$work/rules"
[ -s "$work/rules" ] || status=1
grep -vxFf "$work/careid.pot" "$work/rules" | sed 's/^/# not in directory\/store\/rules.c: /' > "$work/said"
[ ! -s "$work/said" ] || status=1
tell "$work/said"
result "$status" "what the rules of the schema say can be translated"

# "person: there is none ...": careid shows the field as the argument that it is, so it is not translated.
find directory -name '*.c' > "$work/directory"
xgettext --from-code=UTF-8 --keyword=_ --no-location --no-wrap --force-po -o "$work/fields.pot" --files-from="$work/directory"
grep -E '^msgid "[a-z]+( [a-z]+)?(, [a-z]+)*: ' "$work/fields.pot" > "$work/fields" || true

for language in sv da; do
        status=0
        awk -v fields="$work/fields" '
                BEGIN { while ((getline line < fields) > 0) is[line] = 1 }
                $0 in is { field = substr($0, 8, index($0, ": ") - 6) }
                /^msgstr / && field != "" {
                        if (substr($0, 9, length(field)) != field) print "# is to begin with " field " " $0
                        field = ""
                }' "po/$language.po" > "$work/said"
        [ ! -s "$work/said" ] || status=1
        tell "$work/said"
        result "$status" "$language: what a complaint is about keeps its name"

        status=0
        msgcmp "po/$language.po" "$work/careid.pot" > "$work/said" 2>&1 || status=1
        [ "$status" -eq 0 ] || sed 's/^/# /' "$work/said" > "$work/told"
        [ "$status" -eq 0 ] || tell "$work/told"
        result "$status" "$language: every text is translated"

        status=0
        msgfmt --check -o /dev/null "po/$language.po" > "$work/said" 2>&1 || status=1
        [ "$status" -eq 0 ] || sed 's/^/# /' "$work/said" > "$work/told"
        [ "$status" -eq 0 ] || tell "$work/told"
        result "$status" "$language: every translation takes the same values"

        # What follows a prompt or a list needs its blank, in every language.
        status=0
        msgcat --no-wrap "po/$language.po" | awk '
                /^"/ { text[at] = text[at] substr($0, 2, length($0) - 2); next }
                { check(); at = "" }
                /^msg/ { at = $1; text[at] = substr($0, length($1) + 3, length($0) - length($1) - 3) }
                END { check() }
                function check() {
                        if (at ~ /^msgstr/ && (text["msgid"] ~ / $/) != (text[at] ~ / $/)) print "# a blank at the end: " text[at]
                }' > "$work/said"
        [ ! -s "$work/said" ] || status=1
        tell "$work/said"
        result "$status" "$language: a blank at the end stays"

        # One word for one thing: the list of words at the top of the file says which are not used.
        sed -n '/^msgid/q; s/^#   .*; not \([^;(]*[^;( ]\).*/\1/p' "po/$language.po" | sed 's/, */\n/g' > "$work/words"
        status=0
        [ -s "$work/words" ] || status=1
        msgcat --no-wrap --no-location "po/$language.po" | awk -v words="$work/words" '
                BEGIN { while ((getline line < words) > 0) not[line] }
                /^msgid / { english = $0 }
                !/^#/ && !/^msgid/ {
                        for (word in not)
                                if (index(tolower($0), word) && !index(english, word)) print "# " word ": " $0
                }' > "$work/said"
        [ ! -s "$work/said" ] || status=1
        tell "$work/said"
        result "$status" "$language: one word for one thing"
done

# The journal's lines are English, for programs; journalctl -x explains each of them in the reader's language.
sed -n 's/.*{ "\([0-9a-f]\{32\}\)".*/\1/p' helper/journal.c careid/journal.c | sort -u > "$work/lines"
words='denied|cancelled|timed-out|wrong-person|refused|unreachable|busy|broken|crashed|expired|archived|no-method|not-ours|not-permitted|caller-gone'
outcomes() { grep -oE "^($words): " "$1" | sort; }
for language in '' .sv .da; do
        catalogue=systemd/catalog/careid$language.catalog
        status=0
        sed -n 's/^-- //p' "$catalogue" | sort > "$work/explained"
        diff "$work/lines" "$work/explained" | sed -n 's/^[<>]/# &/p' > "$work/said"
        # An explanation has a subject and sentences, and speaks of the outcomes that the English one has.
        awk -v RS= '/^-- / && !/\nSubject: [^ \n]/ { print "# without a subject: " $2 } /^-- / { at = $2; rows[at]; next }
                { rows[at] = rows[at] $0 } END { for (at in rows) if (rows[at] == "") print "# without a word: " at }' "$catalogue" >> "$work/said"
        outcomes systemd/catalog/careid.catalog > "$work/english"
        outcomes "$catalogue" | diff "$work/english" - | sed -n 's/^[<>]/# &/p' >> "$work/said"
        [ ! -s "$work/said" ] && [ -s "$work/lines" ] || status=1
        tell "$work/said"
        result "$status" "$catalogue explains every line of the journal"
done

echo "1..$n"
exit "$failed"
