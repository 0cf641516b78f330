# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# next.sh - a tree of the Debian release after the base's, with the newest OpenSSH that was carried back to it
#
# For step `openssh` alone. What is built for one release does not load in another, so the tree holds what building
# careid takes as well. Eyes and hands (terminals, pictures, the simulator) stay in the base tree.

NEXT_SUITE=trixie

next_packages() {
        { package_list unit; printf '%s\n' debhelper fakeroot mandoc systemd systemd-sysv libpam-systemd dbus \
                sudo login passwd util-linux iproute2 procps tzdata; } | grep -vx libpam-wrapper
        printf '%s/'"$NEXT_SUITE"'-backports\n' openssh-server openssh-client openssh-sftp-server
}

next_key() { { next_packages; cat "$ROOMS"/base*.sh "$ROOMS"/next*.sh; } | sha256sum | cut -c1-16; }
next_tree() { printf '%s' "$LAB/next-$(next_key)"; }
next_ensure() { tree_ensure "a tree of the next release ($NEXT_SUITE)" "$(next_tree)" next_make; }

next_make() { # DIR
        NEXT_RELEASE=$NEXT_SUITE suite_make "$1" "$NEXT_SUITE" "$(next_packages | paste -sd,)" "$LOGS/next.log" \
                --setup-hook="$ROOMS/next-backports.sh"
}
