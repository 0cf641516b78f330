# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# base.sh - the base tree: Debian 12 with every tool, made once from the host's own mirror
#
# This is the lab's only network phase, and mmdebstrap the only thing it installs on the host. Debian sources,
# apt's transport settings, npm's configuration and CA files are the host's; none of them stays in the tree.
# BankID's npm client and its friends land in /node_modules, where every script of the tree finds them.

BASE_SUITE=bookworm

# package_list [GROUP]: the names in tests/lab/packages, of one `## group:` or all
package_list() {
        awk -v want="${1:-}" '
                /^## /          { group = $2; sub(":", "", group); next }
                                { sub("#.*", "") }
                NF && (want == "" || want == group) { print $1 }' "$ROOMS/packages"
}

base_key() {
        { package_list; cat "$ROOMS"/base*.sh "$ROOMS"/npm/package.json "$ROOMS"/npm/package-lock.json; } | sha256sum | cut -c1-16
}

base_tree() { printf '%s' "$LAB/base-$(base_key)"; }
base_ensure() { tree_ensure 'the base tree' "$(base_tree)" base_make; }

tree_ensure() { # WHAT DIR FUNCTION
        local start
        start=$(now)
        if [[ ! -d $2 ]]; then
                host_install mmdebstrap
                say "lab: making $1 (once; later runs need no network)"
                cache_make "$2" "$3" || die "it could not be made; the log above says why"
                say "lab: made in $(since "$start") s"
        else
                cache_make "$2" "$3"
        fi
}

host_install() { # COMMAND, which is also its package
        if ! command -v "$1" >/dev/null; then
                command -v apt-get >/dev/null || die "install $1 first: this machine has no apt-get to do it with"
                say "lab: installing $1 on the host"
                DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" >"$LOGS/apt.log" 2>&1 ||
                        { apt-get update >>"$LOGS/apt.log" 2>&1 &&
                                DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" >>"$LOGS/apt.log" 2>&1; } ||
                        die "apt-get could not install $1: $LOGS/apt.log"
        fi
}

# The host's entries for its suite of Debian proper (other archives have other components or suite names), as they are
# or for another suite of the same mirror. Nothing printed: mmdebstrap uses its own default.
suite_sources() { # SUITE
        local file
        {
                for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
                        [[ -r $file ]] && grep -E "^deb +(\[[^]]*\] +)?[^ ]+ +$BASE_SUITE(-updates|-security)? +(.* )?main( |\$)" "$file"
                done
                for file in /etc/apt/sources.list.d/*.sources; do
                        [[ -r $file ]] || continue
                        awk -v RS= -v suite="$BASE_SUITE" '
                                !/(^|\n)Types:[^\n]*deb( |\n|$)/ || /(^|\n)Enabled: *no/ { next }
                                !/(^|\n)Components:[^\n]*[ \t]main( |\n|$)/ { next }
                                match($0, "(^|\n)Suites:[^\n]*") {
                                        n = split(substr($0, RSTART, RLENGTH), word, /[ \t\n]+/)
                                        for (i = 1; i <= n; i++)
                                                if (word[i] == suite || word[i] == suite "-updates" || word[i] == suite "-security") {
                                                        print $0 "\n"
                                                        next
                                                }
                                }' "$file"
                done
        } | sed -E "/^(deb |Suites:)/s/([ \t])$BASE_SUITE\b/\1$1/g"
        return 0
}

# suite_make DIR SUITE PACKAGES LOG OPTION...: Debian of that suite in DIR/tree
suite_make() {
        local dir=$1 suite=$2 packages=$3 log=$4 arguments=() file
        shift 4
        suite_sources "$suite" >"$RUN/sources"
        grep -E '^deb ' "$RUN/sources" >"$RUN/debian.list" || true              # one file is of one kind
        grep -vE '^deb ' "$RUN/sources" >"$RUN/debian.sources" || true
        apt-config dump Acquire 2>/dev/null | grep -iE '^Acquire::(Check-|https?::|Retries|Force)' >"$RUN/apt.conf" || true

        arguments=(--mode=root --variant=minbase --format=directory
                --include="$packages"
                --aptopt="$RUN/apt.conf" --aptopt='APT::Install-Recommends "false"'
                --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright'
                --dpkgopt='path-exclude=/usr/share/info/*'
                --dpkgopt='path-exclude=/usr/share/man/*'
                --dpkgopt='path-exclude=/usr/share/locale/*/LC_MESSAGES/*'
                --customize-hook="$ROOMS/base-finish.sh"
                "$@" "$suite" "$dir/tree")
        for file in "$RUN"/debian.{list,sources}; do
                grep -q '[^[:space:]]' "$file" && arguments+=("$file")
        done

        # A mount namespace of its own: nothing that mmdebstrap mounts is ever seen outside or outlives it.
        watched unshare -m setpriv --pdeathsig KILL mmdebstrap "${arguments[@]}" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

base_make() { suite_make "$1" "$BASE_SUITE" "$(package_list | paste -sd,)" "$LOGS/base.log"; } # DIR

lab_deps() {
        if [[ ${1:-} = --print && $# -eq 1 ]]; then
                package_list unit
                return
        fi
        no_arguments deps "$@"
        need_root deps
        need_trees
        run_begin deps
        base_ensure
        next_ensure
        say "lab: $(base_tree) ($(du -sh "$(base_tree)" | cut -f1)), $(next_tree) ($(du -sh "$(next_tree)" | cut -f1))"
}
