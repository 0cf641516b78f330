# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# clang.sh - the instrumented build that sanitize, fuzz and static share
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# b_lundef: an instrumented module finds the sanitizer's functions in the program that loads it
clang_build() {
        CC=clang configured clang --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true -Dwerror=true
}
