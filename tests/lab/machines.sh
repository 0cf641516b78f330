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

# --- OpenSSH of the next release: packages built and installed there, as a layer over its tree

next_layer() { printf '%s' "$LAB/nextinstalled-$( { next_key; build_inputs; cat "$ROOMS"/{machines.sh,inside-deb}; } | sha256sum | cut -c1-16)"; }

next_layer_make() { # DIR
        local start status=0
        start=$(now)
        mkdir "$1/build" "$1/tree"
        BUILD=$1/build BUILD_MODE=rw instance_start next-build idle "$(next_tree)/tree" &&
                watched instance_enter next-build /src/tests/lab/inside-deb -Pnocheck >"$LOGS/next-deb.log" 2>&1 || status=1
        instance_stop next-build
        [[ $status -eq 0 ]] || { tail -n 25 "$LOGS/next-deb.log"; return 1; }
        BUILD=$1/build UPPER=$1/tree OVERLAY='' instance_start next-install idle "$(next_tree)/tree" &&
                watched instance_enter next-install /src/tests/lab/inside-install >"$LOGS/next-install.log" 2>&1 || status=1
        instance_stop next-install
        [[ $status -eq 0 ]] || { tail -n 25 "$LOGS/next-install.log"; return 1; }
        say "lab: packages for $NEXT_SUITE built and installed in $(since "$start") s"
}

# COMMAND in `eyes`, but in the network of `next`
eyes_on_next() {
        nsenter -t "$(<"$RUN/inst/eyes/pid")" -m -p -i -u -C --net="/proc/$(<"$RUN/inst/next/pid")/ns/net" \
                env -i -C / "${INSTANCE_ENV[@]}" "$@"
}

# The machine's careid and sshd, the eyes' BankID, and a key by which the tests are its root.
next_prepare() {
        instance_enter eyes /src/tests/demo/clinic.sh certificates &&
                instance_enter eyes tar -C /root -cf - bankid | instance_enter next tar -C /root -xf - &&
                instance_run next /src/tests/demo/clinic.sh careid_set_up host &&
                instance_enter eyes ssh-keygen -q -t ed25519 -N '' -f /root/key &&
                instance_enter eyes cat /root/key.pub | instance_enter next install -D -m 600 /dev/stdin /root/.ssh/authorized_keys
}

step_openssh() { # FILE
        local status=0
        [[ -d $(next_tree) ]] || (next_ensure) || return 1      # a mirror without that release fails this step alone
        next_ensure
        cache_make "$(next_layer)" next_layer_make || return 1
        instance_start eyes idle "$(base_tree)/tree" || return 1
        instance_start next booted "$(next_layer)/tree" "$(next_tree)/tree" || return 1
        next_prepare >"$LOGS/openssh.log" 2>&1 && machine_tests openssh "$1" eyes eyes_on_next || status=$?
        [[ $status -eq 0 ]] || instance_enter next journalctl -b --no-pager -o short-precise >"$LOGS/openssh.journal" 2>&1 || true
        instance_stop next
        instance_stop eyes
        return "$status"
}
