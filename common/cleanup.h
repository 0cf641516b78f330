/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * cleanup.h - scope-bound ownership
 *
 * A local that owns something says so in its declaration (`auto_free`,
 * `auto_close`, or a type's own AUTO()).  Ownership leaves the scope only
 * through STEAL_PTR() or steal_fd(), so that every transfer can be found with
 * one grep.
 */

#include <stdlib.h>
#include <unistd.h>

#define AUTO(func) __attribute__((__cleanup__(func)))

static inline void auto_freep(void *pp) {
        free(*(void **) pp);
}

static inline void auto_closep(int *fd) {
        if (*fd >= 0)
                (void) close(*fd);
}

#define auto_free  AUTO(auto_freep)
#define auto_close AUTO(auto_closep)

#define STEAL_PTR(p) __extension__({            \
                __typeof__(p) stolen_ = (p);    \
                (p) = NULL;                     \
                stolen_;                        \
        })

static inline int steal_fd(int *fd) {
        int stolen = *fd;

        *fd = -1;
        return stolen;
}

#define N_ELEMENTS(array) (sizeof (array) / sizeof *(array))
