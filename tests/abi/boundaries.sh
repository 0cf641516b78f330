#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# boundaries.sh TABLE BUILD - do the objects in the folder BUILD keep within TABLE?
#
# One TAP line a rule.  What a rule speaks of and isn't there is a failure, never a skip.
set -eu

table=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 failed=0

# Say ok, or not ok with what stands in $work/wrong.
verdict() { # NAME
        n=$((n + 1))
        if [ -s "$work/wrong" ]; then
                failed=$((failed + 1))
                echo "not ok $n - $1"
                sed 's/^/#   /' "$work/wrong"
        else
                echo "ok $n - $1"
        fi
}

# Symbols that an object refers to and others define, without versions.
undefined() { # OBJECT
        case $1 in
        *.a) nm -A --undefined-only "$1" ;;
        *) nm -A -D --undefined-only "$1" ;;
        esac | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u
}

# The members of an archive refer to each other.
foreign() { # ARCHIVE
        nm --defined-only "$1" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$work/own"
        undefined "$1" | comm -23 - "$work/own"
}

needed() { readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u; }

words() { printf '%s\n' "$@" | sort -u; }

# Shell patterns of sets, one a line.
patterns() { # SET...
        for set; do
                grep "^set $set " "$work/table" | cut -d' ' -f3- | tr ' ' '\n' | grep . ||
                        echo "no-such-set-$set" >>"$work/wrong"
        done
}

never() { # OBJECT SET...
        undefined "$1" >"$work/symbols"
        shift
        patterns "$@" >"$work/patterns"
        sed 's/[.]/\\./g; s/[*]/.*/g; s/^/^/; s/$/$/' "$work/patterns" >"$work/regexps"
        grep -f "$work/regexps" "$work/symbols" >>"$work/wrong" || true
}

# What libc gives; the dynamic linker's own few; and what the linker makes.
libc_symbols() {
        for library in libc.so.6 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1; do
                path=$(${CC:-cc} -print-file-name=$library)
                [ "$path" = $library ] || nm -D --defined-only "$path" | awk '{ sub(/@.*/, "", $NF); print $NF }'
        done
        echo _GLOBAL_OFFSET_TABLE_
}

hardened() { # OBJECT
        readelf -hldW "$1" >"$work/headers"
        grep -qE 'Type: +DYN' "$work/headers" || echo 'not position-independent'
        grep -q GNU_RELRO "$work/headers" || echo 'relocations stay writable (no RELRO)'
        grep -qE 'BIND_NOW|FLAGS_1.* NOW' "$work/headers" || echo 'relocations are done late (no BIND_NOW)'
        grep -E 'GNU_STACK' "$work/headers" | grep -qE 'RW +0x' || echo 'the stack may be executed'
        ! grep -qE 'RPATH|RUNPATH' "$work/headers" || echo 'it has a search path of its own'
        ! grep -q TEXTREL "$work/headers" || echo 'its code is written to by the loader'
}

# -A: the name of an archive's member goes with the section, so that the complaint says where.
globals() { # ARCHIVE
        nm -A -f sysv "$1" | awk -F'|' '$4 ~ /OBJECT|TLS/ && $7 ~ /^\.(data|bss|tbss|tdata)/ && $7 !~ /^\.data\.rel\.ro/ {
                gsub(/ /, "", $1); print $1, $7 }'
}

# Comments go, and lines that end in \ are joined.
sed -e 's/^#.*//' "$table" | sed -e ':again' -e '/\\$/ { N; s/\\\n */ /; b again' -e '}' | tr -s ' ' | grep . >"$work/table"
grep -v '^set ' "$work/table" >"$work/rules"

while read -r object rule values; do
        : >"$work/wrong"
        path=$build/$object
        if [ ! -e "$path" ]; then
                echo "there is no $path" >"$work/wrong"
                verdict "$object is there ($rule)"
                continue
        fi
        # What is listed is a list of words.
        # shellcheck disable=SC2086
        case $rule in
        needs)
                words $values >"$work/want"
                needed "$path" | diff "$work/want" - | grep '^[<>]' |
                        sed 's/^>/links, and must not:/; s/^</does not link:/' >"$work/wrong" || true
                verdict "$object links exactly: $values"
                ;;
        may-need)
                words $values >"$work/want"
                needed "$path" | comm -23 - "$work/want" | sed 's/^/links, and must not: /' >"$work/wrong"
                verdict "$object links no more than: $values"
                ;;
        never)
                never "$path" $values
                verdict "$object refers to nothing of: $values"
                ;;
        only-libc)
                libc_symbols | sort -u >"$work/libc"
                foreign "$path" | comm -23 - "$work/libc" >"$work/wrong"
                verdict "$object refers to libc alone"
                ;;
        no-globals)
                globals "$path" >"$work/wrong"
                verdict "$object has no variables"
                ;;
        hardened)
                hardened "$path" >"$work/wrong"
                verdict "$object is hardened"
                ;;
        *)
                echo "$rule" >"$work/wrong"
                verdict "$object: no such rule"
                ;;
        esac
done <"$work/rules"

echo "1..$n"
[ $failed -eq 0 ]
