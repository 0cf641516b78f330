/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * nearest.c - what somebody may have meant: the optimal string alignment distance
 */

#include "nearest.h"

#include <string.h>

static unsigned min3(unsigned a, unsigned b, unsigned c) {
        const unsigned m = a < b ? a : b;

        return m < c ? m : c;
}

static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b) {
        unsigned rows[3][NEAREST_MAX + 1];
        unsigned *before = rows[0], *last = rows[1], *now = rows[2];

        for (size_t j = 0; j <= n_b; j++)
                last[j] = (unsigned) j;
        memset(rows[0], 0, sizeof rows[0]);
        for (size_t i = 1; i <= n_a; i++) {
                unsigned *free_row = before;

                now[0] = (unsigned) i;
                for (size_t j = 1; j <= n_b; j++) {
                        now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                            before[j - 2] + 1 < now[j])
                                now[j] = before[j - 2] + 1;
                }
                before = last;
                last = now;
                now = free_row;
        }
        return last[n_b];
}

void nearest_init(struct nearest *n, const char *wrong, size_t n_wrong) {
        *n = (struct nearest) { .wrong = wrong, .n_wrong = n_wrong };
}

void nearest_offer(struct nearest *n, const char *right) {
        const size_t n_right = strlen(right), longer = n_right > n->n_wrong ? n_right : n->n_wrong;
        unsigned d, allowed;

        if (n->n_wrong == 0 || longer > NEAREST_MAX)
                return;
        allowed = longer < 6 ? 1 : (unsigned) (longer / 3);
        d = distance(n->wrong, n->n_wrong, right, n_right);
        if (d > allowed && n->n_wrong >= 3 && n->n_wrong < n_right && memcmp(n->wrong, right, n->n_wrong) == 0)
                d = allowed;
        if (d > allowed || (n->best && d >= n->distance))
                return;
        n->best = right;
        n->distance = d;
}
