/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-list.c - the members of groups, listed from what the users of a builder hold
 *
 * 1. MUST list everybody who holds the group at some time, and each once; whether they hold it now is what the reader asks.
 * 2. MUST list nobody in a file who has no record in that file: the public one names nobody from the private one.
 */

#include "snapshot-builder.h"

#include "cleanup.h"

#include <errno.h>
#include <stdlib.h>

/* gid and, below it, the user's place among the records: sorted, the members of a group stand together. */
typedef uint64_t held;

static uint32_t gid_of(held h) {
        return (uint32_t) (h >> 32);
}

static int compare_held(const void *a, const void *b) {
        const held x = *(const held *) a, y = *(const held *) b;

        return x < y ? -1 : x > y;
}

static int compare_groups(const void *a, const void *b) {
        const struct snapshot_record *const x = *(struct snapshot_record *const *) a, *const y = *(struct snapshot_record *const *) b;

        return x->id < y->id ? -1 : x->id > y->id;
}

/* -- Who holds what ---------------------------------------------------------------------------------------- */

static uint32_t gid_at(const struct snapshot_record *user, uint32_t i) {
        struct snapshot_timed t;
        uint32_t gid;

        if (i < user->n_timed) {
                memcpy(&t, (const char *) (user + 1) + i * sizeof t, sizeof t);
                return t.gid;
        }
        memcpy(&gid, (const char *) (user + 1) + user->n_timed * sizeof t + (i - user->n_timed) * sizeof gid, sizeof gid);
        return gid;
}

static int collect_held(const struct snapshot_builder *b, held **ret, size_t *ret_n) {
        size_t n = 0, kept = 0;
        held *all;

        for (size_t i = 0; i < b->n_records; i++)
                if (b->records[i]->type == SNAPSHOT_USER)
                        n += b->records[i]->n_timed + b->records[i]->n_plain;
        all = calloc(n + 1, sizeof *all);
        if (!all)
                return -ENOMEM;

        n = 0;
        for (size_t i = 0; i < b->n_records; i++)
                for (uint32_t k = 0; b->records[i]->type == SNAPSHOT_USER && k < b->records[i]->n_timed + b->records[i]->n_plain; k++)
                        all[n++] = (held) gid_at(b->records[i], k) << 32 | i;
        if (n > 0)
                qsort(all, n, sizeof *all, compare_held);
        for (size_t i = 0; i < n; i++)
                if (kept == 0 || all[kept - 1] != all[i])
                        all[kept++] = all[i];
        *ret = all;
        *ret_n = kept;
        return 0;
}

/* -- Groups by gid ---------------------------------------------------------------------------------------- */

struct groups {
        struct snapshot_record **at;            /* by gid                                         */
        size_t                   n;
};

static void groups_done(struct groups *g) {
        free(g->at);
}

static int groups_collect(const struct snapshot_builder *b, struct groups *ret) {
        ret->at = calloc(b->n_records + 1, sizeof(struct snapshot_record *));
        if (!ret->at)
                return -ENOMEM;
        for (size_t i = 0; i < b->n_records; i++)
                if (b->records[i]->type == SNAPSHOT_GROUP)
                        ret->at[ret->n++] = b->records[i];
        if (ret->n > 0)
                qsort(ret->at, ret->n, sizeof(struct snapshot_record *), compare_groups);
        return 0;
}

static const struct snapshot_record *groups_find(const struct groups *g, uint32_t gid) {
        const struct snapshot_record key = { .id = gid }, *const wanted = &key;
        struct snapshot_record **const found = g->n ? bsearch(&wanted, g->at, g->n, sizeof(struct snapshot_record *), compare_groups) : NULL;

        return found ? *found : NULL;
}

/* -- The lists ------------------------------------------------------------------------------------------------- */

/* Every group that the builder's users hold is in it from here on, but for those that nobody knows. */
static int add_groups(struct snapshot_builder *b, const struct snapshot_builder *others, const held *all, size_t n,
                      int (*ask)(void *about, gid_t gid, struct snapshot_build_group *ret), void *about) {
        AUTO(groups_done) struct groups own = { .n = 0 }, theirs = { .n = 0 };
        int r;

        r = groups_collect(b, &own);
        if (r == 0 && others)
                r = groups_collect(others, &theirs);
        for (size_t i = 0; r == 0 && i < n; i++) {
                const uint32_t gid = gid_of(all[i]);
                struct snapshot_build_group group = { .gid = (gid_t) gid };
                const struct snapshot_record *there;

                if ((i > 0 && gid_of(all[i - 1]) == gid) || groups_find(&own, gid))
                        continue;
                there = groups_find(&theirs, gid);
                if (there) {
                        group.name = record_name(there);
                        group.kind = (enum snapshot_group_kind) there->group_kind;
                } else {
                        r = ask ? ask(about, (gid_t) gid, &group) : 1;
                        if (r == 1) {
                                r = 0;
                                continue;
                        }
                }
                if (r == 0)
                        r = snapshot_builder_add_group(b, &group);
                if (r == SNAPSHOT_BUILD_E_RANGE)
                        r = 0;                  /* what no snapshot may say is nobody's group */
        }
        return r;
}

/* @record with the names of the @n users in its list; NULL and no error where that is too long. */
static int record_with(const struct snapshot_builder *b, const struct snapshot_record *record, const held *all, size_t n,
                       struct snapshot_record **ret) {
        const size_t n_head = n * sizeof(uint32_t) + record->n_name + 3;
        size_t length = sizeof *record + n_head;
        struct snapshot_record *made;
        uint32_t *members;
        char *at;

        *ret = NULL;
        for (size_t i = 0; i < n; i++)
                length += b->records[(uint32_t) all[i]]->n_name + 1U;
        length = record_round_up(length);
        if (length > SNAPSHOT_RECORD_MAX)
                return 0;
        made = calloc(1, length);
        if (!made)
                return -ENOMEM;

        *made = *record;
        made->length = (uint32_t) length;
        made->flags |= SNAPSHOT_LISTED;
        made->n_plain = (uint32_t) n;
        members = (uint32_t *) (made + 1);
        memcpy(members + n, record_name(record), record->n_name);
        at = (char *) (made + 1) + n_head;
        for (size_t i = 0; i < n; i++) {
                const struct snapshot_record *const user = b->records[(uint32_t) all[i]];

                members[i] = (uint32_t) (at - (char *) made);
                memcpy(at, record_name(user), user->n_name);
                at += user->n_name + 1;
        }
        *ret = made;
        return 0;
}

static size_t first_of(const held *all, size_t n, uint32_t gid) {
        size_t low = 0, high = n;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if (gid_of(all[middle]) < gid)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static int list_group(struct snapshot_builder *b, size_t i, const held *all, size_t n_all) {
        struct snapshot_record *const record = b->records[i], *made = NULL;
        const size_t first = first_of(all, n_all, record->id);
        size_t n = 0;
        int r;

        if (record->flags & SNAPSHOT_GONE)
                return 0;
        while (first + n < n_all && gid_of(all[first + n]) == record->id)
                n++;
        r = record_with(b, record, all + first, n, &made);
        if (r < 0 || !made)
                return r;
        if (b->n_bytes + made->length - record->length > SNAPSHOT_FILE_MAX) {
                free(made);
                return SNAPSHOT_BUILD_E_FULL;
        }
        b->n_bytes += made->length - record->length;
        free(record);
        b->records[i] = made;
        return 0;
}

int snapshot_builder_list_members(struct snapshot_builder *b, const struct snapshot_builder *others,
                                  int (*ask)(void *about, gid_t gid, struct snapshot_build_group *ret), void *about) {
        auto_free held *all = NULL;
        size_t n = 0;
        int r;

        r = collect_held(b, &all, &n);
        if (r == 0)
                r = add_groups(b, others, all, n, ask, about);
        for (size_t i = 0; r == 0 && i < b->n_records; i++)
                if (b->records[i]->type == SNAPSHOT_GROUP)
                        r = list_group(b, i, all, n);
        return r;
}
