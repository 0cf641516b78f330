#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-exports.sh OBJECT SYM SONAME NEEDED... - the object exports what SYM
# lists, no more and no less, has that soname ("-": none), and needs exactly
# the libraries that are named.  TAP.
set -eu

object=$1 sym=$2 soname=$3
shift 3

failed=0
n=0
same() {        # same WHAT WANTED FOUND
        n=$((n + 1))
        if [ "$2" = "$3" ]; then
                echo "ok $n - $1"
        else
                echo "not ok $n - $1"
                printf '# wanted: %s\n# found: %s\n' "$(echo $2)" "$(echo $3)"
                failed=1
        fi
}

dynamic=$(readelf -dW "$object")
listed=$(sed -n '/local:/q; s/^[[:space:]]*\([_a-z][_a-zA-Z0-9]*\);$/\1/p' "$sym" | LC_ALL=C sort)
exported=$(nm -D --defined-only "$object" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort)
needed=$(printf '%s\n' "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | LC_ALL=C sort)
wanted=$(for library; do printf '%s\n' "$library"; done | LC_ALL=C sort)
name=$(printf '%s\n' "$dynamic" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')

same 'exports' "$listed" "$exported"
same 'needed libraries' "$wanted" "$needed"
same 'soname' "$soname" "${name:--}"
echo "1..$n"
exit $failed
