# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test.sh - ./lab test: every step in turn, or those named
#
# Steps in tests/lab/steps/ run in the builder instance. The others are functions below: they need instances of their
# own, or look at the host. A NAME is a step (gcc, unit, ...), or part of the name of an end-to-end file; with pytest's
# `file::case` only that case runs. Packages are built when a step needs them.

HOST_STEPS=(e2e vt openssh faults demo words host)
E2E_LIMIT=20min         # one file; more means that it hangs
E2E_AT_ONCE=4           # they wait for people more than they work
E2E_FIRST=(bankid_faults terminals refused root helper ssh console directory attack_local cancel)   # the long ones: none is left alone at the end

lab_test() {
        if [[ ${1:-} = --unit ]]; then
                shift
                unit_test "$@"
                return
        fi
        [[ ${1:-} != -* ]] || usage_error "test does not know '$1'; './lab help' says what it takes"

        local start step name steps=() files=() known=()
        start=$(now)
        for step in "$ROOMS"/steps/[0-9]*; do
                known+=("${step##*/[0-9][0-9]-}")
        done
        known+=("${HOST_STEPS[@]}")

        if [[ $# -eq 0 ]]; then
                steps=("${known[@]}")
        else
                for name in "$@"; do
                        if [[ " ${known[*]} " = *" $name "* ]]; then
                                steps+=("$name")
                        elif [[ -n $(e2e_files "$name") ]]; then
                                files+=("$name")
                        else
                                usage_error "no step or end-to-end file is called '$name'; steps: ${known[*]}"
                        fi
                done
                [[ ${#files[@]} -eq 0 || " ${steps[*]} " = *" e2e "* ]] || steps+=(e2e)
                [[ " ${steps[*]} " != *" e2e "* || ${#files[@]} -gt 0 ]] || files=()
        fi

        need_root test
        need_trees
        run_begin test
        [[ -d $(base_tree) && -d $(next_tree) ]] || host_install mmdebstrap
        host_remember
        base_ensure
        for step in "${steps[@]}"; do
                if [[ " ${HOST_STEPS[*]} " = *" $step "* ]]; then
                        step_on_host "$step" "${files[@]}"
                else
                        step_in_builder "$step"
                fi
        done
        results_end "$start"
}

# --- steps in the builder instance

step_in_builder() { # NAME
        local name=$1 script results start status=0
        script=$(cd "$ROOMS/steps" && echo [0-9][0-9]-"$name")
        start=$(now)
        builder_start || exit 1
        results=$(instance_results builder)
        rm -f "$results/results.tsv"
        if [[ $name = lintian ]]; then
                build_packages || status=1
        fi
        if [[ $status -eq 0 ]]; then
                watched instance_enter builder env LAB_FUZZ_SECONDS="${LAB_FUZZ_SECONDS:-60}" "/src/tests/lab/steps/$script" \
                        >"$LOGS/$name.log" 2>&1 || status=$?
        fi
        step_done "$name" "$start" "$results/results.tsv" "$status"
        find "$results" -mindepth 1 ! -name results.tsv -exec mv -t "$LOGS" {} +
}

# A step that stopped without saying what failed has failed itself.
step_done() { # NAME START FILE STATUS
        touch "$3"
        if ! grep -q . "$3" || { [[ $4 -ne 0 ]] && ! grep -qE '^(fail|skip)	' "$3"; }; then
                printf 'fail\t-\t%s: could not do its work (status %s)\n' "$1" "$4" >>"$3"
        fi
        results_take "$1" "$(since "$2")" "$3"
        if grep -qE '^(fail|skip)	' "$3" && [[ -s $LOGS/$1.log ]]; then
                tail -n "${LAB_TAIL:-40}" "$LOGS/$1.log" | sed 's/^/    /'
        fi
}

step_on_host() { # NAME [E2E NAME...]
        local name=$1 start status=0
        shift
        start=$(now)
        : >"$RUN/$name.tsv"
        "step_$name" "$RUN/$name.tsv" "$@" || status=$?
        step_done "$name" "$start" "$RUN/$name.tsv" "$status"
}

# --- end to end: each file in a freshly booted machine of its own

e2e_files() { # [NAME]: paths below the repository, with ::case if NAME has one
        local file part=${1:-}
        local case=${part#"${part%%::*}"}
        part=${part%%::*}
        part=${part##*/}
        for file in "$REPO"/tests/e2e/test_*.py; do
                [[ -f $file && ${file##*/} = *"$part"* ]] && printf '%s\n' "${file#"$REPO/"}$case"
        done
        return 0
}

step_e2e() { # FILE [NAME...]
        local out=$1 name tests=() test
        shift
        if [[ $# -eq 0 ]]; then
                for name in "${E2E_FIRST[@]}"; do
                        mapfile -t -O "${#tests[@]}" tests < <(e2e_files "test_$name.py")
                done
                for test in $(e2e_files); do
                        [[ " ${tests[*]} " = *" $test "* ]] || tests+=("$test")
                done
        else
                for name in "$@"; do
                        mapfile -t -O "${#tests[@]}" tests < <(e2e_files "$name")
                done
        fi
        [[ ${#tests[@]} -gt 0 ]] || { say "lab: no tests/e2e/test_*.py in this source"; return 1; }
        installed_ensure || return 1
        mkdir -p "$RUN/e2e"
        local -A running=() names=()
        local stem pid
        for test in "${tests[@]}"; do
                [[ ${#running[@]} -lt $E2E_AT_ONCE ]] || e2e_wait
                stem=$(basename "${test%%::*}" .py)
                names[$stem]=$((${names[$stem]:-0} + 1))
                [[ ${names[$stem]} -eq 1 ]] || stem+=-${names[$stem]}      # another case of the same file
                if ! host_start "$stem"; then
                        printf 'fail\t-\te2e: %s: no instance to run it in\n' "$stem" >>"$out"
                        continue
                fi
                e2e_file "$test" "$stem" 2>>"$LOGS/$stem.log" &
                running[$!]=$stem
        done
        while [[ ${#running[@]} -gt 0 ]]; do
                e2e_wait
        done
        find "$RUN/e2e" -name "*.tsv" -exec cat {} + >>"$out"
}

# Until one of `running` has ended, and its machine with it.
e2e_wait() {
        wait -n -p pid "${!running[@]}" || true
        instance_stop "${running[$pid]}"
        unset "running[$pid]"
}

e2e_file() { # PATH[::CASE] INSTANCE: in a subshell; ends at once if the instance does
        local stem=$2 tsv=$RUN/e2e/$2.tsv log=$LOGS/$2.log start results status=0
        start=$(now)
        results=$(instance_results "$stem")
        instance_run "$stem" --property=RuntimeMaxSec=$E2E_LIMIT -- env -C /src/tests/e2e CAREID_RESULTS=/results \
                python3 -B -m pytest -p no:cacheprovider -ra --tb=short --color=no --junitxml=/results/junit.xml "/src/$1" \
                >"$log" 2>&1 || status=$?
        kill -0 "$(<"$RUN/inst/$stem/pid")" 2>/dev/null || return 1     # the lab is ending
        instance_enter "$stem" python3 -B /src/tests/lab/junit.py /results/junit.xml e2e >"$tsv" 2>>"$log" || true
        if [[ $status -ne 0 ]] || grep -qE '^(fail|skip)	' "$tsv"; then
                grep -qE '^(fail|skip)	' "$tsv" || printf 'fail\t-\te2e: %s: pytest ended with status %s\n' "$stem" "$status" >>"$tsv"
                instance_enter "$stem" journalctl -b --no-pager -o short-precise >"$LOGS/$stem.journal" 2>&1 || true
                tail -n "${LAB_TAIL:-40}" "$log" | sed 's/^/    /'
        fi
        cp -a "$results" "$LOGS/$stem.results" 2>/dev/null || true
        say "lab:   $stem: $(grep -c '^pass	' "$tsv" || true) passed in $(since "$start") s"
}

# --- injected faults: tests/faults/run in a machine that can also build
#
# It gets the source in /src (read-only), the build folder in /build (read-only), what has passed so far in /results, and
# prints TAP on its output: a line `ok N - fault` for each fault that the suite was seen to fail on, `not ok N - fault` for one
# that went unseen, and after it a comment that ends in its seconds.

step_faults() { # FILE
        local line verdict='' fault seconds status=0
        [[ -x $RUN/src/tests/faults/run ]] || { say "lab: no tests/faults/run in this source"; return 1; }
        builder_start || return 1
        watched instance_enter builder /src/tests/lab/steps/10-gcc >"$LOGS/faults.gcc.log" 2>&1 || return 1
        instance_start faults idle "$(base_tree)/tree" || return 1
        [[ ! -e $RUN/results.tsv ]] || cp "$RUN/results.tsv" "$(instance_results faults)/passed.tsv"
        while IFS= read -r line; do
                case $line in
                'ok '*) verdict=pass fault=${line#* - } ;;
                'not ok '*) verdict=fail fault=${line#* - } ;;
                '# '*' ('*' s)')
                        seconds=${line##*\(}
                        [[ -z $verdict ]] || printf '%s\t%s\tfault seen: %s\n' "$verdict" "${seconds% s)}" "$fault" >>"$1"
                        verdict='' ;;
                esac
        done < <(instance_enter faults /src/tests/faults/run ${LAB_FAULTS:+"$LAB_FAULTS"} 2>"$LOGS/faults.err" | tee "$LOGS/faults.log"
                echo "status ${PIPESTATUS[0]}" >>"$LOGS/faults.log")
        grep -q '^status 0$' "$LOGS/faults.log" || status=1
        cat "$LOGS/faults.err" >>"$LOGS/faults.log"
        instance_stop faults
        return "$status"
}

# --- the lab itself

# The demo as a user runs it, without any network: everything it needs is in the trees.
step_demo() { # FILE
        local start verdict=pass
        installed_ensure || return 1
        start=$(now)
        watched unshare -n "$REPO/lab" demo >"$LOGS/demo.log" 2>&1 || verdict=fail
        printf '%s\t%s\tdemo: ends with 0, without network\n' "$verdict" "$(since "$start")" >>"$1"
}

# What it says when it can't, and with what status.
step_words() { # FILE
        local folder=$RUN/words
        mkdir "$folder"
        words_case "$1" 2 "unknown word" "$REPO/lab" nonsense
        words_case "$1" 2 "no step or end-to-end file" "$REPO/lab" test nonsense
        words_case "$1" 0 "usage:" "$REPO/lab" help
        words_case "$1" 1 "forbids namespaces or mounts" setpriv --bounding-set -sys_admin "$REPO/lab" test
        words_case "$1" 1 "mounted nosuid" unshare -m sh -c \
                'mount -t tmpfs -o nosuid t "$1" && CAREID_LAB_DIR=$1 exec "$2" deps' _ "$folder" "$REPO/lab"
}

words_case() { # FILE STATUS TEXT COMMAND...
        local out=$1 expected=$2 text=$3 start status=0 said verdict=pass
        shift 3
        start=$(now)
        said=$("$@" 2>&1) || status=$?
        if [[ $status -ne $expected || $said != *"$text"* || ( $expected -ne 0 && $said = *$'\n'* ) ]]; then
                verdict=fail
                printf 'expected status %s and "%s", got %s and:\n%s\n' "$expected" "$text" "$status" "$said" >>"$LOGS/words.log"
        fi
        printf '%s\t%s\tlab says: %s\n' "$verdict" "$(since "$start")" "$text" >>"$out"
}

# --- the host is as it was

HOST_FOLDERS=(/etc /usr /opt /boot /var /root /home)
# What a running machine writes by itself, and apt's own caches.
HOST_RESTLESS=(/var/log /var/cache /var/tmp /var/lib/apt /var/lib/systemd /var/lib/sudo /root/.cache '/home/*/.cache')

host_remember() {
        touch "$RUN/host.stamp"
        host_state before
}

host_state() { # before|after
        dpkg-query -W >"$RUN/host.dpkg.$1" 2>/dev/null || true
        awk '{ print $5, $3 }' /proc/self/mountinfo | sort >"$RUN/host.mounts.$1"
        find /sys/class/net -mindepth 1 -maxdepth 1 -printf '%f\n' | sort >"$RUN/host.links.$1"
}

step_host() { # FILE
        local path prune=() what ns
        for path in "${HOST_RESTLESS[@]}" "$REPO" "$LAB"; do
                prune+=(-path "$path" -o)
        done
        find "${HOST_FOLDERS[@]}" -xdev \( "${prune[@]}" -false \) -prune -o -cnewer "$RUN/host.stamp" -print 2>/dev/null >"$LOGS/host.files" || true
        host_says "$1" "no file changed in ${HOST_FOLDERS[*]}" "$LOGS/host.files"

        host_state after
        for what in dpkg mounts links; do
                diff "$RUN/host.$what.before" "$RUN/host.$what.after" >"$LOGS/host.$what" || true
        done
        host_says "$1" 'no package changed' "$LOGS/host.dpkg"
        host_says "$1" 'no mount left' "$LOGS/host.mounts"
        host_says "$1" 'no network link left' "$LOGS/host.links"

        # By now every instance of this run has to be gone, with all its processes and cgroups.
        instances_stop_all
        while read -r ns; do
                find /proc -mindepth 3 -maxdepth 3 -path '/proc/[0-9]*/ns/pid' -lname "$ns" 2>/dev/null || true
        done <"$RUN/namespaces" >"$LOGS/host.processes"
        host_says "$1" 'no process left' "$LOGS/host.processes"
        cgroup_list "${RUN##*/}" >"$LOGS/host.cgroups"
        host_says "$1" 'no cgroup left' "$LOGS/host.cgroups"
}

host_says() { # FILE WHAT LIST
        local verdict=pass
        if [[ -s $3 ]]; then
                verdict=fail
                { echo "not so: $2"; head -n 20 "$3"; } >>"$LOGS/host.log"
        else
                rm -f "$3"
        fi
        printf '%s\t-\thost: %s\n' "$verdict" "$2" >>"$1"
}
