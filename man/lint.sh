#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# lint.sh PAGE... - are the pages right mdoc, to the last matter of style?
#
# One complaint is passed over: that a page which is referred to is not installed on the host that builds. Our own are
# looked for by tests/abi/check_manuals.py.
set -u

# Its complaints go to standard output; on standard error it speaks of the host's index of pages.
said=$(mandoc -T lint -W style "$@" 2>/dev/null)
status=$?
[ "$status" -lt 5 ] || { echo "mandoc could not read: $*"; exit 1; }
said=$(printf '%s\n' "$said" | grep -v 'STYLE: referenced manual not found')
[ -z "$said" ] || { printf '%s\n' "$said"; exit 1; }
