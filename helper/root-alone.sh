#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# root-alone.sh COMMANDS - what the table of commands runs for root alone, as weak names
#
# The helper compiles the table once more with this before it: a function that is weak there is not linked, and its row
# has nothing to run (act.c).
set -eu

awk '
function row_end(    n, names, i) {
        if (row == "")
                return
        # The last two words of a row are its functions: what is prepared, as root, and what is run.
        sub(/[ \t]*\}[ \t]*,[ \t]*$/, "", row)
        n = split(row, names, /[^A-Za-z0-9_]+/)
        for (i = n - 1; i <= n; i++)
                if (names[i] != "NULL")
                        kept[names[i]] = kept[names[i]] || (i == n && index(row, "INVOKE_DELEGATED") > 0)
        row = ""
}
/^const struct command careid_commands/ { inside = 1; next }
!inside { next }
/^        \{ 0 \},|^};/ { row_end(); inside = 0; next }
/^        \{ / { row_end() }
/^        \{ \./ { next }
{ row = row $0 " " }
END {
        print "#pragma once"
        for (name in kept)
                if (!kept[name])
                        print "#pragma weak " name | "sort"
}' "$1"
