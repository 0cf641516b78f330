/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * seccomp-none.c - in place of seccomp.c in builds with a sanitizer
 *
 * A sanitizer needs more memory and other system calls than the program that
 * it watches.  helper/meson.build takes this file for those builds only.
 */

#include "sandbox.h"

int seccomp_prepare(void) {
        return 0;
}

int seccomp_shut(const struct sandbox *s) {
        (void) s;
        return 0;
}
