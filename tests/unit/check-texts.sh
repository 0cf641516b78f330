#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-texts.sh SOURCE - every text that people read exists in Swedish and Danish (X21).
set -eu

cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 failed=0

result() { # STATUS NAME
        n=$((n + 1))
        if [ "$1" -eq 0 ]; then
                echo "ok $n - $2"
        else
                echo "not ok $n - $2"
                failed=1
        fi
}

# Every file with a marked text is listed; a listed file exists.
grep -lE '(^|[^A-Za-z0-9_])(_|N_|P_)\("' */*.c */*/*.c 2>/dev/null | grep -v '^tests/' | sort > "$work/marked"
grep -v '^#' po/POTFILES | sort > "$work/listed"
status=0
diff "$work/marked" "$work/listed" | sed -n 's/^[<>]/# &/p' > "$work/diff"
[ ! -s "$work/diff" ] || status=1
cat "$work/diff"
result "$status" "po/POTFILES lists the files that have texts"

status=0
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 --no-location -f po/POTFILES -o "$work/careid.pot" || status=$?
result "$status" "the texts can be read from the sources"

for language in sv da; do
        status=0
        msgcmp "po/$language.po" "$work/careid.pot" > "$work/said" 2>&1 || status=1
        sed 's/^/# /' "$work/said"
        result "$status" "$language: every text is translated"

        status=0
        msgfmt --check -o /dev/null "po/$language.po" > "$work/said" 2>&1 || status=1
        sed 's/^/# /' "$work/said"
        result "$status" "$language: every translation takes the same values"
done

echo "1..$n"
exit "$failed"
