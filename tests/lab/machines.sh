# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# machines.sh - steps of ./lab test that need another machine than a booted base tree
#
#   vt        a machine with a keyboard and a screen, emulated, with Debian's kernel: tests/vt
#   openssh   a booted machine of the next release, whose OpenSSH shows messages at once: tests/openssh

MACHINE_LIMIT=20m       # one step's tests; more means that it hangs

# machine_tests STEP FILE INSTANCE COMMAND...: pytest in an instance, by COMMAND (... before it); results to FILE
machine_tests() {
        local name=$1 out=$2 instance=$3 status=0 results
        shift 3
        results=$(instance_results "$instance")
        watched "$@" timeout "$MACHINE_LIMIT" env -C "/src/tests/$name" CAREID_RESULTS=/results \
                python3 -B -m pytest -p no:cacheprovider -rA --tb=short --color=no --junitxml=/results/junit.xml "/src/tests/$name" \
                >>"$LOGS/$name.log" 2>&1 || status=$?
        instance_enter "$instance" python3 -B /src/tests/lab/junit.py /results/junit.xml "$name" >>"$out" 2>>"$LOGS/$name.log" || true
        cp -a "$results" "$LOGS/$name.results" 2>/dev/null || true
        return "$status"
}

step_vt() { # FILE
        local status=0
        installed_ensure || return 1
        instance_start vt idle "$(installed_layer)/tree" "$(base_tree)/tree" || return 1
        watched instance_enter vt /src/tests/vt/prepare >"$LOGS/vt.log" 2>&1 && machine_tests vt "$1" vt instance_enter vt || status=$?
        instance_stop vt
        return "$status"
}
