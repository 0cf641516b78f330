# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# unit.sh - ./lab test --unit: what needs no privilege, namespaces or trees, with the host's own compiler
#
# Builds in $LAB/unit-UID/ (or, where the repository can't be written to, in a folder of that user's own).

unit_test() {
        [[ $# -eq 0 ]] || usage_error "test --unit takes no names, but got '$*'"
        local missing=() package dir status=0 xml
        for package in $(package_list unit); do
                unit_has "$package" || missing+=("$package")
        done
        [[ ${#missing[@]} -eq 0 ]] || die "install first: apt-get install --no-install-recommends ${missing[*]}"

        dir=$LAB/unit-$EUID
        mkdir -p "$dir" 2>/dev/null && [[ -w $dir ]] || dir=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/careid-unit
        mkdir -p "$dir" || die "no folder to build in: $dir"
        dir=$dir/build
        if [[ ! -e $dir/build.ninja ]]; then
                rm -rf "$dir"
                meson setup --prefix=/usr --buildtype=debugoptimized "$dir" "$REPO" >"$dir.log" 2>&1 || { tail -n 20 "$dir.log"; die "meson failed: $dir.log"; }
        fi
        ninja -C "$dir" >"$dir.log" 2>&1 || { tail -n 40 "$dir.log"; die "the build failed: $dir.log"; }
        meson test -C "$dir" --no-rebuild --no-suite root --print-errorlogs || status=$?
        grep -h -B4 -A2 '^not ok' "$dir"/meson-logs/testlog*.txt || true        # why, which meson keeps to itself
        for xml in "$dir"/meson-logs/testlog*.junit.xml; do
                python3 -B "$ROOMS/junit.py" "$xml" unit || [[ $status -ne 0 ]] || status=1
        done >"$dir.tsv"
        say "$(grep -c '^pass	' "$dir.tsv" || true) passed, $(grep -cE '^(fail|skip)	' "$dir.tsv" || true) failed"
        ! grep -qE '^(fail|skip)	' "$dir.tsv" || status=1
        exit "$status"
}

unit_has() { # PACKAGE; elsewhere than on Debian meson says what is missing
        command -v dpkg-query >/dev/null || return 0
        [[ $(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null) = *installed* ]]
}
