# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# interactive.sh - demo, shell, bench and deep: the words that run something in an installed, booted instance
#
# What they run belongs to the tests: tests/demo/demo.py, tests/demo/clinic.sh, tests/bench/*, tests/deep/*.
# Each is run as root in a unit of its own, with /src/tests/bankid on PATH (the `phone` command).

host_ready() { # WORD: everything up to a running instance called `host`
        need_root "$1"
        need_trees
        run_begin "$1"
        base_ensure
        installed_ensure || exit 1
        INSTANCE_ENV=("${INSTANCE_ENV[@]/#PATH=/PATH=/src/tests/bankid:}")
        host_start host
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
        host_ready shell
        instance_run host bash /src/tests/demo/clinic.sh || die "tests/demo/clinic.sh failed"
        # The panes live in a unit, outside of any session, so that what logs in there gets its own.
        instance_run host tmux -u -L lab -f /src/tests/lab/shell.tmux start-server \; has-session -t lab 2>/dev/null || true
        instance_run host systemd-run --quiet --unit=lab-shell --property=Type=forking --setenv="TERM=xterm-256color" \
                --setenv=LANG=C.UTF-8 --setenv=HOME=/root --setenv="$(printf '%s\n' "${INSTANCE_ENV[@]}" | grep '^PATH=')" \
                tmux -u -L lab -f /src/tests/lab/shell.tmux new-session -d -s lab bash /src/tests/lab/shell-login
        instance_enter host env TERM="${TERM:-xterm-256color}" script -qc 'tmux -u -L lab attach' /dev/null || true
}

lab_bench() { run_folder bench "$@"; }
lab_deep() { run_folder deep "$@"; }

# Every executable in tests/WORD/ (or those named), each in turn; all have to succeed.
run_folder() { # WORD [NAME...]
        local word=$1 script status=0 scripts=()
        shift
        for script in "$REPO/tests/$word"/*; do
                [[ -f $script && -x $script ]] || continue
                [[ $# -eq 0 || " $* " = *" ${script##*/} "* ]] && scripts+=("${script##*/}")
        done
        [[ ${#scripts[@]} -gt 0 ]] || die "this source has nothing executable${*:+ of that name} in tests/$word/"
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
