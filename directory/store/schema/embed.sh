#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# embed.sh FILE NAME - print a C file that holds the bytes of FILE, and a NUL, as `const char NAME[]`
set -eu

printf '#include "schema.h"\n\nconst char %s[] = {' "$2"
od -An -v -tx1 "$1" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
printf '0x00 };\n'
