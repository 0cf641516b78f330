# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lib.sh - what the steps in this folder share: results, the ordinary user, build folders
#
# A step is an executable NN-name, run as root inside the builder instance (an idle one of the base tree; see
# ../instance.sh for its folders). It writes one line a test to /results/results.tsv with result(), what it has to say
# to its output, and ends with 0 if it could do its work, whatever the results; with anything else it counts as failed.

set -euo pipefail
export LC_ALL=C.UTF-8
MESON_TESTTHREADS=$(($(nproc) + 1))     # many tests wait for a time to be over
export MESON_TESTTHREADS

result() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>/results/results.tsv; }   # pass|fail|skip SECONDS|- NAME

elapsed() { awk -v a="$1" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", b - a }'; }

# check NAME COMMAND...: one result from one command
check() {
        local name=$1 start=${EPOCHREALTIME/,/.} verdict=pass
        shift
        "$@" || verdict=fail
        result "$verdict" "$(elapsed "$start")" "$name"
        [[ $verdict = pass ]]
}

as_builder() { runuser -u builder -- env -C "${PWD}" HOME=/var/lib/builder "$@"; }

# configured FOLDER OPTION...: /build/FOLDER set up and built by the ordinary user, once; a failure once a run
configured() {
        local dir=/build/$1 failed=/tmp/failed-$1
        shift
        [[ $(stat -c %U "$dir" 2>/dev/null) = builder ]] || rm -rf "$dir"
        [[ ! -e $dir/built ]] || return 0
        [[ ! -e $failed ]] || { echo "$dir: not built, as said above"; return 1; }
        rm -rf "$dir"
        install -d -o builder -g builder "$dir"
        if ! as_builder meson setup --prefix=/usr "$dir" /src "$@" || ! as_builder ninja --quiet -k 0 -C "$dir"; then
                : >"$failed"
                return 1
        fi
        as_builder touch "$dir/built"
}

# meson_tests PREFIX FOLDER OPTION...: meson's tests, each case a result
meson_tests() {
        local prefix=$1 dir=/build/$2 status=0 xml run=()
        shift 2
        [[ ${MESON_TESTS_AS:-builder} = root ]] || run=(as_builder)
        xml=$dir/meson-logs/testlog.junit.xml
        rm -f "$xml" "$dir"/meson-logs/testlog*.junit.xml
        "${run[@]}" meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier "${MESON_TESTS_SLOWER:-1}" "$@" || status=$?
        grep -h -B4 -A2 '^not ok' "${xml%.junit.xml}"*.txt || true              # why, which meson keeps to itself
        set -- "$dir"/meson-logs/testlog*.junit.xml
        python3 -B /src/tests/lab/junit.py "$1" "$prefix" >>/results/results.tsv || return 1
        # Meson's own view counts too: a test that crashes before it has printed a case.
        if [[ $status -ne 0 ]] && ! grep -q "^fail	[^	]*	$prefix" /results/results.tsv; then
                result fail - "$prefix: meson test ended with $status"
        fi
}

# suite_exists FOLDER SUITE
suite_exists() { [[ $(as_builder meson test -C "/build/$1" --no-rebuild --list --suite "$2" 2>/dev/null) = *' / '* ]]; }
