# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# build.sh - packages and build folders of this source, and the tree they are installed in
#
# Everything under build-KEY/ is seen as /build in instances:
#   deb/             the packages and what dpkg-buildpackage said of them
#   gcc/ clang/ ...  Meson build folders of /src
# KEY is the content of the source and of the base; what is only run (end-to-end tests, the demo, the lab) is left
# out of it, so that changing a test doesn't build anything.

BUILD=
BUILD_FAILED=           # packages were tried in this run, and failed
BUILD_RUN_ONLY='^(lab|README[.]md|[.]ci/.*|[.]gitignore|tests/(lab|e2e|vt|openssh|demo|deep|bench|bankid|faults)/.*)$'

# The files that the build is made of, with their modes and sums.
build_inputs() {
        (
                cd "$RUN/src" || exit
                find . \( -type f -o -type l \) -printf '%P\n' | LC_ALL=C sort |
                        awk -v only="$BUILD_RUN_ONLY" '$0 !~ only || /meson\.build$/' >"$RUN/inputs"
                tr '\n' '\0' <"$RUN/inputs" | xargs -0r stat --format='%n %f %N'
                tr '\n' '\0' <"$RUN/inputs" | xargs -0r sha256sum
        )
}

build_key() { { base_key; cat "$ROOMS/build.sh"; build_inputs; } | sha256sum | cut -c1-16; }

# Sets BUILD to the folder, new or not.
build_open() {
        [[ -z $BUILD ]] || return 0
        BUILD=$LAB/build-$(build_key)
        mkdir -p "$BUILD"
        touch "$BUILD"
        cache_hold "$BUILD"
}

# The instance that builds: base tree, no systemd, /build to be written by one run at a time.
builder_start() {
        local fd
        build_open
        [[ " ${INSTANCES[*]} " != *" builder "* ]] || return 0
        exec {fd}>"$BUILD.builder.lock"
        flock -n "$fd" || { say "lab: another run builds or tests this very source; waiting for it"; flock "$fd"; }
        BUILD_MODE=rw instance_start builder idle "$(base_tree)/tree"
}

# build_packages: deb/ in the build folder, made once
build_packages() {
        local start
        build_open
        [[ ! -d $BUILD/deb ]] || return 0
        [[ -z $BUILD_FAILED ]] || { say "lab: no packages, as said above"; return 1; }
        start=$(now)
        BUILD_FAILED=yes
        [[ -f $RUN/src/debian/control ]] || { say "lab: no debian/ in this source, so there are no packages to make"; return 1; }
        builder_start || return 1
        if [[ -d $BUILD/deb ]]; then            # made by the run that was waited for
                BUILD_FAILED=
                return 0
        fi
        if ! watched instance_enter builder /src/tests/lab/inside-deb >"$LOGS/deb.log" 2>&1; then
                grep -vE '^(Command line|Code|Compiler|install|programs|libraries):?' "$LOGS/deb.log" | tail -n 25
                say "lab: no packages; all of it: $LOGS/deb.log"
                return 1
        fi
        BUILD_FAILED=
        say "lab: packages built in $(since "$start") s"
}

# --- the tree with the packages installed, as a layer over the base

installed_layer() { printf '%s' "$LAB/installed-${BUILD##*/build-}"; }

installed_ensure() {
        build_packages && cache_make "$(installed_layer)" installed_make
}

installed_make() { # DIR
        local start status=0
        start=$(now)
        mkdir "$1/tree"
        UPPER=$1/tree OVERLAY='' instance_start install idle "$(base_tree)/tree" || return 1
        watched instance_enter install /src/tests/lab/inside-install >"$LOGS/install.log" 2>&1 || status=1
        instance_stop install
        if [[ $status -ne 0 ]]; then
                tail -n 25 "$LOGS/install.log"
                say "lab: the packages did not install; all of it: $LOGS/install.log"
                return 1
        fi
        say "lab: packages installed in $(since "$start") s"
}

# host_start NAME: a booted machine with careid installed
host_start() { instance_start "$1" booted "$(installed_layer)/tree" "$(base_tree)/tree"; }

lab_build() {
        no_arguments build "$@"
        need_root build
        need_trees
        run_begin build
        base_ensure
        build_packages || exit 1
        if [[ ! -e $BUILD/gcc/built ]]; then
                builder_start
                watched instance_enter builder /src/tests/lab/steps/10-gcc >"$LOGS/gcc.log" 2>&1 ||
                        { tail -n 25 "$LOGS/gcc.log"; die "the build failed: $LOGS/gcc.log"; }
        fi
        say "lab: packages in $BUILD/deb:"
        (cd "$BUILD/deb" && ls -1 -- *.deb)
        say "lab: Meson build folder of /src in $BUILD/gcc"
}
