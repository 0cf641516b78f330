/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * gathered.c - all that gives one account its groups, gathered once and asked group by group
 */

#include "gathered.h"

#include "cleanup.h"

#include <errno.h>
#include <stdlib.h>

void gathered_done(struct gathered *g) {
        free(g->reason);
        free(g->given);
        *g = (struct gathered) { .n = 0 };
}

static int add_reason(struct gathered *g, const struct reason *reason) {
        if (g->n == g->n_room) {
                const size_t room = g->n_room ? 2 * g->n_room : 16;
                struct reason *const more = reallocarray(g->reason, room, sizeof *more);

                if (!more)
                        return -ENOMEM;
                g->reason = more;
                g->n_room = room;
        }
        g->reason[g->n++] = *reason;
        return DIRECTORY_OK;
}

static int add_given(struct gathered *g, gid_t gid) {
        if (g->n_given == g->n_given_room) {
                const size_t room = g->n_given_room ? 2 * g->n_given_room : 64;
                struct given *const more = reallocarray(g->given, room, sizeof *more);

                if (!more)
                        return -ENOMEM;
                g->given = more;
                g->n_given_room = room;
        }
        g->given[g->n_given++] = (struct given) { .gid = gid, .reason = g->n - 1 };
        return DIRECTORY_OK;
}

static int add(struct gathered *g, struct reasons *o, const struct reason *reason) {
        const struct reason_group *group = NULL;
        size_t n = 0;
        int r;

        r = reasons_groups(o, reason, &group, &n);
        if (r == DIRECTORY_OK)
                r = add_reason(g, reason);
        for (size_t i = 0; r == DIRECTORY_OK && i < n; i++)
                r = add_given(g, group[i].gid);
        return r;
}

static int compare(const void *a, const void *b) {
        const struct given *const x = a, *const y = b;

        if (x->gid != y->gid)
                return x->gid < y->gid ? -1 : 1;
        return x->reason < y->reason ? -1 : x->reason > y->reason;
}

int gathered_read(struct directory *d, int64_t account, enum reasons_of of, int64_t now, struct gathered *ret) {
        AUTO(reasons_closep) struct reasons *o = NULL;
        struct reason reason;
        int r;

        r = reasons_open(d, now, &o);
        if (r == DIRECTORY_OK)
                r = reasons_begin(o, account, of);
        while (r == DIRECTORY_OK) {
                r = reasons_next(o, &reason);
                if (r == DIRECTORY_OK)
                        r = add(ret, o, &reason);
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        if (ret->n_given > 0)
                qsort(ret->given, ret->n_given, sizeof *ret->given, compare);
        return DIRECTORY_OK;
}

/* The first that is not before @gid and @reason. */
static size_t find(const struct gathered *g, gid_t gid, size_t reason) {
        const struct given wanted = { .gid = gid, .reason = reason };
        size_t low = 0, high = g->n_given;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if (compare(&g->given[middle], &wanted) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

const struct given *gathered_giving(const struct gathered *g, gid_t gid, size_t *ret_n) {
        const size_t first = find(g, gid, 0);

        *ret_n = 0;
        while (first + *ret_n < g->n_given && g->given[first + *ret_n].gid == gid)
                ++*ret_n;
        return g->given + first;
}

bool gathered_gives(const struct gathered *g, size_t reason, gid_t gid) {
        const size_t at = find(g, gid, reason);

        return at < g->n_given && g->given[at].gid == gid && g->given[at].reason == reason;
}
