#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# inside.sh - from the host into an instance: own cgroup, own namespaces, the tree as root, then PID 1
#
# Run by instance_start() alone, first as `outer` in a mount namespace of its own, which puts itself into a
# new cgroup and starts `inner` in all the other namespaces; that mounts the tree and becomes its PID 1.
#
# From the environment: NAME, CGROUP, DIR (the instance's folder), LOWER (overlay layers, relative to LAB),
# LAB, SRC, BUILD (may be empty), BUILD_MODE (ro, rw), KEPT (may be empty), KIND (idle, booted), OVERLAY (further mount
# options).

set -eEuo pipefail
trap 'echo "failed: line $LINENO of inside.sh" >"$READY"' ERR
READY=$DIR/ctl/ready

outer() {
        local own
        mkdir -p "$DIR/cgroup"
        mount -t cgroup2 none "$DIR/cgroup"
        own=$(sed -n 's/^0:://p' /proc/self/cgroup)
        mkdir "$DIR/cgroup$own/$CGROUP"
        echo $$ >"$DIR/cgroup$own/$CGROUP/cgroup.procs"
        # If this process goes, PID 1 goes, and with it everything in the instance.
        exec unshare -m -n -p -i -u -C --fork --kill-child=KILL "$BASH" "$0" inner
}

readonly_bind() {
        mount --bind "$1" "$2"
        mount -o remount,bind,ro "$2"
}

inner() {
        local root=$DIR/root host_pid rest node
        read -r host_pid rest </proc/self/stat          # the host's /proc still: the host's number
        echo "$host_pid" >"$DIR/pid"
        hostname "$NAME"

        cd "$LAB"
        mount -t overlay overlay "$root" -o "lowerdir=$LOWER,upperdir=$DIR/upper,workdir=$DIR/work,redirect_dir=on$OVERLAY"
        cd "$root"
        mount -t proc proc proc
        # The kernel's settings are the host's: to be read. Those of the network namespace are the instance's own.
        readonly_bind proc/sys proc/sys
        mount -t proc proc tmp
        mount --bind tmp/sys/net proc/sys/net
        umount tmp
        [[ ! -e proc/sysrq-trigger ]] || readonly_bind proc/sysrq-trigger proc/sysrq-trigger
        mount -t sysfs -o ro sysfs sys
        mount -t cgroup2 cgroup2 sys/fs/cgroup

        mount -t tmpfs -o mode=755,nosuid dev dev
        while read -r node major minor; do
                mknod -m 666 "dev/$node" c "$major" "$minor"
        done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
        mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        ln -s fd/0 dev/stdin
        ln -s fd/1 dev/stdout
        ln -s fd/2 dev/stderr
        mount -t tmpfs -o mode=755,nosuid,nodev run run
        mount -t tmpfs -o mode=1777,nosuid,nodev tmp tmp
        mkdir -p run/lab run/lock run/sshd

        readonly_bind "$SRC" src
        mount --bind "$DIR/results" results
        if [[ -n $BUILD ]]; then
                mount --bind "$BUILD" build
                [[ $BUILD_MODE = rw ]] || mount -o remount,bind,ro build
        fi
        mount --bind "$DIR/ctl" run/lab
        if [[ -n $KEPT ]]; then
                mkdir run/kept
                mount --bind "$KEPT" run/kept
        fi

        READY=/run/lab/ready
        pivot_root . .
        umount -l .
        cd /
        export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        ip link set lo up
        if [[ $KIND = booted ]]; then
                exec env -i container=careid-lab TERM=dumb PATH="$PATH" /sbin/init --log-target=journal --show-status=no
        fi
        echo idle >"$READY"
        # bash reaps what is orphaned in here
        # shellcheck disable=SC2016
        exec env -i PATH="$PATH" bash -c 'while :; do sleep infinity & wait; done'
}

"$1"
