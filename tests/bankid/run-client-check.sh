#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-client-check.sh [FOLDER-WITH-node_modules] - client-check.mjs where the
# name of BankID's test service is this machine.
#
# Uses a mount and a network namespace of its own with one loopback interface:
# nothing can leave the machine, /etc/hosts of the machine stays as it is.
# As an ordinary user this needs unprivileged user namespaces.  Without the
# folder the module `bankid` must be in NODE_PATH.  Needs unshare, ip, node.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
modules=
[ $# -eq 0 ] || modules=$(CDPATH='' cd -- "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$here/make-certs.sh" "$work/certs" appapi2.test.bankid.com
printf '127.0.0.1 localhost appapi2.test.bankid.com\n' > "$work/hosts"

map=
[ "$(id -u)" -eq 0 ] || map=--map-root-user
# shellcheck disable=SC2016,SC2086 # the inner shell expands it; $map is one word or none
unshare $map --mount --net sh -eu -c '
    mount --bind "$1/hosts" /etc/hosts
    ip link set lo up
    exec node "$2/client-check.mjs" "$1/certs" "$1" ${3:+"$3"}
' sh "$work" "$here" "$modules"
