# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# instance.sh - throw-away machines: a tree under an overlay in namespaces of its own
#
# Inside an instance:
#   /src             the source as it was when the run began, read-only
#   /results         writable; kept by the run (junit files, logs)
#   /build           the build folder of this source, if the instance was given one (read-only unless it builds)
#   /node_modules    the npm clients of tests/lab/npm
#   /run/lab         the lab's own
#   /run/kept        writable; what stays from run to run, if the instance was given such a folder
# and a loopback interface, nothing else of the network. `idle` instances have a reaper as PID 1, `booted` ones
# systemd with logind and D-Bus. Nothing in them reaches the host: not its files, processes, cgroups or settings.
# An instance dies with the process that started it.

INSTANCE_ENV=(HOME=/root USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8 TERM=xterm-256color
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)

# watched COMMAND...: like COMMAND, but a signal to the lab is heard at once, not when COMMAND ends
watched() {
        local status=0
        "$@" <&0 &
        WATCHED=$!
        wait "$WATCHED" || status=$?
        WATCHED=
        return "$status"
}

# instance_start NAME idle|booted LAYER... with BUILD, BUILD_MODE, KEPT, OVERLAY, UPPER as variables of the caller, if any
instance_start() {
        local name=$1 kind=$2 dir=$RUN/inst/$1 lower='' layer fd answer='' start
        shift 2
        for layer in "$@"; do
                lower+=${lower:+:}${layer#"$LAB/"}
        done
        mkdir -p "$dir"/{work,root,ctl,results}
        if [[ -n ${UPPER:-} ]]; then ln -s "$UPPER" "$dir/upper"; else mkdir "$dir/upper"; fi
        mkfifo "$dir/ctl/ready"
        exec {fd}<>"$dir/ctl/ready"

        NAME=careid-lab CGROUP=careid-lab-${RUN##*/}.$name DIR=$dir LOWER=$lower LAB=$LAB SRC=$RUN/src BUILD=${BUILD:-} \
                BUILD_MODE=${BUILD_MODE:-ro} KEPT=${KEPT:-} KIND=$kind OVERLAY=${OVERLAY-,volatile} \
                setpriv --pdeathsig KILL setsid unshare -m bash "$ROOMS/inside.sh" outer </dev/null >"$dir/console" 2>&1 &
        echo $! >"$dir/holder"
        INSTANCES+=("$name")

        start=$(now)
        IFS= read -r -t 120 -u "$fd" answer || true
        exec {fd}>&-
        case $answer in
        idle | running) readlink "/proc/$(<"$dir/pid")/ns/pid" >>"$RUN/namespaces" ;;
        degraded)
                instance_enter "$name" systemctl --failed --no-legend --plain >&2 || true
                instance_enter "$name" journalctl -b --no-pager -p warning >"$LOGS/$name.journal" 2>&1 || true
                say "lab: instance $name: some units failed at boot; $LOGS/$name.journal" >&2
                return 1 ;;
        *)
                cp "$dir/console" "$LOGS/$name.console"
                tail -n 5 "$dir/console" >&2
                say "lab: instance $name did not come up after $(since "$start") s (${answer:-no answer}); $LOGS/$name.console" >&2
                return 1 ;;
        esac
}

# instance_enter NAME COMMAND...: at once, as root, outside of any unit (and with the lab's own terminal, if any)
instance_enter() {
        local pid
        pid=$(<"$RUN/inst/$1/pid")
        shift
        nsenter -t "$pid" -m -n -p -i -u -C env -i -C / "${INSTANCE_ENV[@]}" "$@"
}

# instance_run NAME COMMAND...: the same in a unit of its own, as systemd and logind expect of a program (booted only)
instance_run() {
        local name=$1
        shift
        watched instance_enter "$name" systemd-run --quiet --pipe --wait --collect \
                --property=TasksMax=infinity "${INSTANCE_ENV[@]/#/--setenv=}" "$@"
}

# instance_daemon NAME COMMAND...: start COMMAND, which forks away, and leave it running (booted only)
instance_daemon() {
        local name=$1
        shift
        instance_enter "$name" systemd-run --quiet --collect --property=Type=forking "${INSTANCE_ENV[@]/#/--setenv=}" "$@"
}

instance_results() { printf '%s' "$RUN/inst/$1/results"; }

instance_stop() {
        local name=$1 dir=$RUN/inst/$1 pid rest=()
        if [[ -s $dir/pid ]]; then
                pid=$(<"$dir/pid")
                kill -KILL "$pid" 2>/dev/null || true   # PID 1 of its namespace: all others go first
        fi
        if [[ -s $dir/holder ]]; then
                pid=$(<"$dir/holder")
                [[ -s $dir/pid ]] || kill -KILL "$pid" 2>/dev/null || true
                wait "$pid" 2>/dev/null || true
        fi
        cgroup_remove "${RUN##*/}.$name"
        rm -rf "$dir"
        for pid in "${INSTANCES[@]}"; do
                [[ $pid = "$name" ]] || rest+=("$pid")
        done
        INSTANCES=("${rest[@]}")
}

instances_stop_all() {
        local name
        for name in "${INSTANCES[@]}"; do
                instance_stop "$name"
        done
}

# The cgroups of a run (or of RUN.NAME), deepest first, through a mount that only this command sees.
cgroup_remove() { cgroup_each "$1" -exec rmdir {} + 2>/dev/null || true; }
cgroup_list() { cgroup_each "$1" -print 2>/dev/null || true; }

cgroup_each() { # RUN[.NAME] FIND-ACTION...
        # shellcheck disable=SC2016
        unshare -m bash -c 'mount -t cgroup2 none /mnt && cd /mnt && name=careid-lab-$1 && shift &&
                find . -depth -type d \( -path "*/$name" -o -path "*/$name.*" -o -path "*/$name/*" \) "$@"' _ "$@"
}
