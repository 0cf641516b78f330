# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# interactive.sh - demo, shell, bench and deep: the words that run something in an installed, booted instance
#
# What they run belongs to the tests: tests/demo/demo.py, tests/demo/clinic.sh, tests/bench/*, tests/deep/*.
# Each is run as root in a unit of its own, with /src/tests/bankid on PATH (the `phone` command) and BANKID_CONTROL, the
# place where clinic.sh puts the simulator's control socket.

host_ready() { # WORD: everything up to a running instance called `host`
        need_root "$1"
        need_trees
        run_begin "$1"
        base_ensure
        installed_ensure || exit 1
        INSTANCE_ENV=("${INSTANCE_ENV[@]/#PATH=/PATH=/src/tests/bankid:}" BANKID_CONTROL=/run/lab/bankid)
        host_start host || exit 1
}

lab_demo() {
        no_arguments demo "$@"
        [[ -f $REPO/tests/demo/demo.py ]] || die "this source has no tests/demo/demo.py"
        local status=0
        host_ready demo
        instance_run host python3 -B /src/tests/demo/demo.py || status=$?
        keep_results host
        exit "$status"
}

lab_shell() {
        no_arguments shell "$@"
        [[ -f $REPO/tests/demo/clinic.sh ]] || die "this source has no tests/demo/clinic.sh"
        [[ -t 0 && -t 1 ]] || die "'shell' needs a terminal"
        local rows columns direction=-v
        read -r rows columns < <(stty size)
        [[ $rows -ge 40 || $columns -lt 150 ]] || direction=-h
        host_ready shell
        say "lab: preparing the example clinic"
        instance_run host bash /src/tests/demo/clinic.sh >"$LOGS/clinic.log" 2>&1 || { tail -n 20 "$LOGS/clinic.log"; die "tests/demo/clinic.sh failed: $LOGS/clinic.log"; }

        # The panes live in a unit, outside of any session, so that who logs in there gets one of their own.
        instance_daemon host tmux -u -f /src/tests/lab/shell.tmux new-session -d -s lab -x "$columns" -y "$rows" \
                /src/tests/lab/shell-pane login \; split-window $direction /src/tests/lab/shell-pane root \; select-pane -t 0
        watched instance_enter host env TERM="${TERM:-xterm-256color}" script -qc 'tmux -u attach -t lab' /dev/null || true
}

lab_bench() { run_folder bench "$@"; }
lab_deep() { run_folder deep "$@"; }

# Every executable in tests/WORD/ (or those named), each in turn; all have to succeed.
run_folder() { # WORD [NAME...]
        local word=$1 script name status=0 scripts=() KEPT=$LAB/kept-$1
        shift
        mkdir -p "$KEPT"
        for script in "$REPO/tests/$word"/*; do
                [[ -f $script && -x $script ]] || continue
                [[ $# -eq 0 || " $* " = *" ${script##*/} "* ]] && scripts+=("${script##*/}")
        done
        [[ ${#scripts[@]} -gt 0 ]] || die "this source has nothing executable${*:+ of that name} in tests/$word/"
        for name in LAB_COUNTIES LAB_DEEP_ACTS LAB_DEEP_SECONDS LAB_DEEP_TARGETS LAB_PENDING LAB_PERSONS LAB_ROUNDS LAB_SEED; do
                [[ -z ${!name:-} ]] || INSTANCE_ENV+=("$name=${!name}")
        done
        host_ready "$word"
        for script in "${scripts[@]}"; do
                say "lab: $word $script"
                instance_run host "/src/tests/$word/$script" || { say "lab: $word $script: failed"; status=1; }
        done
        keep_results host
        exit "$status"
}

keep_results() { # INSTANCE: what it wrote to /results goes to the run's log folder
        if [[ -n $(ls -A "$(instance_results "$1")") ]]; then
                cp -a "$(instance_results "$1")/." "$LOGS/"
                say "lab: files written by it are in $LOGS"
        fi
}
