# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# common.sh - what every room of the lab stands on: words, paths, locks, one run's folder and its end
#
# Folders, all under $LAB (.lab/ in the repository, or $CAREID_LAB_DIR):
#   base-KEY/          the Debian tree with compilers and tools           kept, by content
#   next-KEY/          a tree of the next release, for step `openssh`     kept, by content
#   build-KEY/         packages and Meson build folders                   kept, by content
#   installed-KEY/     overlay layer: base + the packages installed       kept, by content
#   kept-WORD/         what `deep` and `bench` go on with: fuzz corpora   kept
#   log/WORD-PID/      what a run has to say when it failed               the last five
#   run/WORD-PID/      source snapshot, instances' upper layers           gone with the run
#
# Several runs may go on at once: runs have names of their own, kept folders are made under a lock and
# held by a shared lock while in use.

LAB=${CAREID_LAB_DIR:-$REPO/.lab}
RUN=                    # this run's folder, made by run_begin
LOGS=                   # this run's log folder
# shellcheck disable=SC2034
INSTANCES=()            # names of those that run
WATCHED=                # the command that this process waits for

say() { printf '%s\n' "$*"; }
die() { printf 'lab: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'lab: %s\n' "$*" >&2; exit 2; }

now() { printf '%s' "${EPOCHREALTIME/,/.}"; }
since() { LC_ALL=C awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

no_arguments() { [[ $# -eq 1 ]] || usage_error "'$1' takes no argument, but got '${*:2}'"; }

need_root() { [[ $EUID -eq 0 ]] || die "'$1' makes trees and namespaces and needs root: sudo ./lab $1"; }

# Trees need namespaces, mounts, overlayfs and a file system that honours setuid.
need_trees() {
        local probe status=0
        local unit="'./lab test --unit' works here; for the rest use a machine, a VM or a privileged container"
        unshare -m -n -p -i -u -C -f sh -c 'mount -t tmpfs probe /mnt' 2>/dev/null ||
                die "this machine forbids namespaces or mounts: $unit"
        unshare -m sh -c 'mount -t cgroup2 none /mnt && test -w /mnt/cgroup.procs' 2>/dev/null ||
                die "this machine forbids cgroups (version 2): $unit"

        mkdir -p "$LAB"
        case ,$(findmnt -no OPTIONS -T "$LAB"), in
        *,nosuid,* | *,noexec,* | *,nodev,*)
                die "$LAB is on a file system mounted nosuid, noexec or nodev; set CAREID_LAB_DIR to a folder on another" ;;
        esac
        probe=$(mktemp -d "$LAB/probe.XXXXXX")
        mkdir "$probe"/{lower,upper,work,root}
        # shellcheck disable=SC2016
        unshare -m sh -c 'cd "$1" && mount -t overlay overlay root -o lowerdir=lower,upperdir=upper,workdir=work' _ "$probe" \
                2>/dev/null || status=1
        rm -rf "$probe"
        [[ $status -eq 0 ]] || die "$LAB is on a file system that overlayfs can't use; set CAREID_LAB_DIR to a folder on another"
}

# --- one run: a folder with a lock, removed at the end whatever the end is

run_begin() { # WORD
        umask 022
        mkdir -p "$LAB/run" "$LAB/log"
        run_sweep
        RUN=$LAB/run/$1-$$
        LOGS=$LAB/log/$1-$$
        rm -rf "$RUN" "$LOGS"
        mkdir -p "$RUN/inst" "$LOGS"
        exec {RUN_LOCK}>"$RUN/lock"
        flock -n "$RUN_LOCK"
        trap run_end EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        trap 'exit 129' HUP
        snapshot_source
}

run_end() {
        local status=$?
        trap '' INT TERM HUP
        set +e
        [[ -z $WATCHED ]] || kill -TERM "$WATCHED" 2>/dev/null
        instances_stop_all              # and with them whatever waits for a command in one
        wait
        rm -rf "$RUN"
        rmdir "$LOGS" 2>/dev/null
        caches_prune
        exit "$status"
}

# What a run that was killed outright left behind: its processes died with it, its folder and cgroup didn't.
run_sweep() {
        local dir fd
        for dir in "$LAB"/run/*/; do
                [[ -e $dir/lock ]] || continue
                exec {fd}>"$dir/lock"
                if flock -n "$fd"; then
                        cgroup_remove "$(basename "$dir")"
                        rm -rf "$dir"
                fi
                exec {fd}>&-
        done
}

# The source as it is now, tracked or not, without what git ignores: a clean clone and a dirty tree alike.
source_files() {
        cd "$REPO" || return
        if git -c safe.directory="$REPO" rev-parse --git-dir >/dev/null 2>&1; then
                git -c safe.directory="$REPO" ls-files -z -co --exclude-standard
        else
                find . \( -path ./.lab -o -path ./.git \) -prune -o \( -type f -o -type l \) -printf '%P\0'
        fi | while IFS= read -r -d '' file; do
                [[ -e $file || -L $file ]] && printf '%s\0' "$file"
        done | LC_ALL=C sort -z
}

snapshot_source() {
        mkdir -p "$RUN/src"
        source_files >"$RUN/files"
        tar -C "$REPO" --null --no-recursion -T "$RUN/files" --owner=0 --group=0 --mode=go=u-w -cf - | tar -C "$RUN/src" -xpf -
}

# --- kept folders

# cache_hold DIR: keep the folder from being pruned until this process ends
cache_hold() {
        local fd
        exec {fd}>"$1.lock"
        flock -s "$fd"
}

# cache_make DIR FUNCTION [ARGUMENT...]: run FUNCTION DIR.new ..., then rename; once, whoever comes first
cache_make() {
        local dir=$1 make=$2 fd
        shift 2
        if [[ ! -d $dir ]]; then
                exec {fd}>"$dir.lock"
                flock -n "$fd" || { say "lab: another run is making ${dir##*/}; waiting for it"; flock "$fd"; }
                if [[ ! -d $dir ]]; then
                        rm -rf "$dir.new"
                        mkdir "$dir.new"
                        "$make" "$dir.new" "$@" || return 1
                        mv "$dir.new" "$dir"
                fi
                exec {fd}>&-
        fi
        touch "$dir"
        cache_hold "$dir"
}

# Old content goes: two bases (1.6 GB each), six of the rest, never one in use.
caches_prune() {
        local kind keep dir fd
        for kind in base:2 next:2 build:6 installed:6 nextinstalled:3; do
                keep=$((${kind#*:} + 1))
                find "$LAB" -maxdepth 1 -type d -name "${kind%:*}-*" -printf '%T@ %p\n' 2>/dev/null | sort -rn |
                        tail -n +$keep | cut -d' ' -f2- | while read -r dir; do
                        exec {fd}>"${dir%.new}.lock"
                        if flock -n "$fd"; then
                                rm -rf "$dir" "${dir%.new}.lock" "$dir.builder.lock"
                        fi
                        exec {fd}>&-
                done
        done
        find "$LAB/log" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' 2>/dev/null | sort -rn | tail -n +6 |
                cut -d' ' -f2- | while read -r dir; do
                [[ -e $LAB/run/${dir##*/} ]] || rm -rf "$dir"           # not those of a run that goes on
        done
}

lab_clean() {
        no_arguments clean "$@"
        need_root clean
        local lock fd
        [[ -d $LAB ]] || return 0
        for lock in "$LAB"/*.lock "$LAB"/run/*/lock; do
                [[ -e $lock ]] || continue
                exec {fd}>"$lock"
                flock -n "$fd" || die "${lock%lock} is in use by another run"
                exec {fd}>&-
        done
        run_sweep
        find "$LAB" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
        rmdir "$LAB" 2>/dev/null || true
}
