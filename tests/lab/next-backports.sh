#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# next-backports.sh - a new tree may take packages from the backports of its release, wherever the release comes from
#
# mmdebstrap's setup hook: run on the host with the tree as argument, before apt looks at any source.

set -euo pipefail
cd "$1/etc/apt"
for file in sources.list sources.list.d/*; do
        [[ -s $file ]] || continue
        awk -v RS= -v suite="$NEXT_RELEASE" '
                /^Types:|\nTypes:/ {
                        if (sub("(^|\n)Suites:[ \t]+(" suite "-updates[ \t]+)?" suite "([ \t][^\n]*)?\n", "\nSuites: " suite "-backports\n"))
                                print $0 "\n"
                        next
                }
                {
                        n = split($0, line, "\n")
                        for (i = 1; i <= n; i++)
                                if (line[i] ~ "^deb " && sub("[ \t]" suite "[ \t]", " " suite "-backports ", line[i]))
                                        print line[i]
                }' "$file" >"$file.new"
        if [[ -s $file.new ]]; then
                mv "$file.new" "sources.list.d/backports-${file##*/}"
        else
                rm "$file.new"
        fi
done
