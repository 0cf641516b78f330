/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-delta.c - what has changed since the base
 *
 *  1. MUST say all of what is marked (table changed), not only what is new:
 *     a delta replaces the one before it.
 *  2. MUST not be made for another base than the one that the marks count from.
 *  3. MUST cost by what has changed: no statement here reads a table through.
 */

#include "publish.h"

#include "i18n.h"

enum { GENERATION_CHANGES = 24 };               /* see publish-base.c                             */

static void memberships_donep(struct memberships *m) {
        memberships_done(m);
}

uint64_t publish_serial(uint64_t generation, int64_t changes) {
        return (uint64_t) changes + 2 - (generation >> GENERATION_CHANGES);
}

struct marks {
        int64_t n, last;
        bool    all;
};

static int count_marks(struct directory *d, struct marks *ret) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_find(d, "SELECT count(*), ifnull(max(what = 'all'), 0), ifnull(max(change), 0) FROM changed", SQL_NONE, &row);
        if (r == DIRECTORY_OK)
                *ret = (struct marks) {
                        .n = sqlite3_column_int64(row, 0), .all = sqlite3_column_int(row, 1) != 0,
                        .last = sqlite3_column_int64(row, 2),
                };
        return r;
}

static int open_builders(struct directory *d, struct publication *p, uint64_t serial) {
        int r;

        r = snapshot_builder_new(SNAPSHOT_PUBLIC_DELTA, p->base, serial, p->now, &p->public);
        if (r == 0)
                r = snapshot_builder_new(SNAPSHOT_PRIVATE_DELTA, p->base, serial, p->now, &p->private);
        if (r != 0)
                return publish_build_failed(d, r, "snapshot", "delta");
        return sql_prepare(d, "SELECT 1 FROM care_group WHERE gid = ?1 AND kind = 'service-record'", SQL_NONE, &p->record_group);
}

static int add_groups(struct directory *d, const struct publication *p) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_prepare(d, "SELECT " PUBLISH_GROUP_COLUMNS " FROM changed m CROSS JOIN care_group g ON g.gid = m.id" PUBLISH_GROUP_JOINS
                           " WHERE m.what = 'group' ORDER BY m.id", SQL_NONE, &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = publish_group(d, p, row);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

static int add_users(struct directory *d, const struct publication *p) {
        AUTO(memberships_donep) struct memberships m = { .now = p->now };
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = memberships_open(d, &m);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, "SELECT " PUBLISH_USER_COLUMNS " FROM changed m CROSS JOIN account a ON a.id = m.id" PUBLISH_USER_JOINS
                                   " WHERE m.what = 'account' ORDER BY m.id", SQL_NONE, &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = publish_user(d, p, row, &m);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int publish_collect_delta(struct directory *d, struct publication *p, uint64_t serial) {
        int r;

        r = open_builders(d, p, serial);
        if (r == DIRECTORY_OK)
                r = add_groups(d, p);
        if (r == DIRECTORY_OK)
                r = add_users(d, p);
        return r == DIRECTORY_OK ? publish_members(d, p) : r;
}

/* OK with no builders: the files say it already. */
static int collect(struct directory *d, struct publication *p, const struct snapshot_set *set) {
        struct marks marks;
        uint64_t serial;
        int r;

        r = publication_read_state(d, p);
        if (r == DIRECTORY_OK)
                r = count_marks(d, &marks);
        if (r != DIRECTORY_OK)
                return r;
        serial = publish_serial(p->base, p->changes);
        if (p->base != set->generation || marks.all || marks.n > PUBLISH_RECORDS_MAX || set->serial > serial)
                return PUBLISH_NEEDS_BASE;
        if (set->serial == serial && marks.last <= p->changes)
                return DIRECTORY_OK;

        r = publish_collect_delta(d, p, serial);
        if (r == DIRECTORY_OK && snapshot_builder_size(p->public) + snapshot_builder_size(p->private) > PUBLISH_DELTA_MAX)
                return PUBLISH_NEEDS_BASE;
        return r;
}

static int read_changes(struct directory *d, int dir, struct publication *p) {
        struct snapshot_set set;
        int r;

        if (snapshot_set_look(dir, &set) < 0)
                return PUBLISH_NEEDS_BASE;
        r = sql_run(d, "BEGIN", SQL_NONE);
        return r == DIRECTORY_OK ? publish_read_end(d, collect(d, p, &set)) : r;
}

int publish_delta_try(struct directory *d, int dir, int64_t now, bool *ret) {
        AUTO(publication_done) struct publication p = { .now = now, .is_delta = true, .unsaid = &d->unsaid };
        const int r = read_changes(d, dir, &p);

        if (r == DIRECTORY_OK)
                *ret = p.public != NULL;
        return r;
}

int publish_delta(struct directory *d, int dir, int64_t now) {
        AUTO(publication_done) struct publication p = { .now = now, .is_delta = true, .unsaid = &d->unsaid };
        const int r = read_changes(d, dir, &p);

        if (r != DIRECTORY_OK || !p.public)
                return r;
        return publish_build_failed(d, snapshot_write_deltas(dir, p.public, p.private), "snapshot", "delta");
}
