/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * nearest.h - what somebody may have meant who wrote a name that there isn't
 */

#include <stddef.h>

enum { NEAREST_MAX = 48 };      /* bytes of a name; a longer one is near to nothing */

struct nearest {
        const char *wrong;      /* what was written, borrowed                                     */
        size_t      n_wrong;
        const char *best;       /* the nearest so far, borrowed, or NULL                          */
        unsigned    distance;   /* its distance                                                   */
};

/*
 * A name is near if at most a third of the longer one's letters (and at least
 * one may) have been left out, put in, changed or swapped with a neighbour; or
 * if what was written is a beginning of it, of three letters or more.
 */
void nearest_init(struct nearest *n, const char *wrong, size_t n_wrong);
void nearest_offer(struct nearest *n, const char *right);
