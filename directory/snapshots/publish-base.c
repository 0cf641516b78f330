/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-base.c - everything that the care directory says, as a new base
 *
 * The marks of what has changed are deleted once the base is in its place, up
 * to the change that it holds, and the generation that they count from is
 * noted with that: a writer that is killed before leaves a base that nobody
 * counts from, and the next one writes a new one.
 */

#include "publish.h"

#include "i18n.h"

#include <errno.h>

#include <openssl/rand.h>

enum {
        GENERATION_RANDOM = 24,                 /* low bits of a generation                       */
};

static void memberships_donep(struct memberships *m) {
        memberships_done(m);
}

/* The act that it shows, then random bits: the same state published twice is two generations. */
static int make_generation(const struct publication *p, uint64_t *ret) {
        uint8_t random[GENERATION_RANDOM / 8];
        uint64_t generation = (uint64_t) p->changes + 1;

        if (RAND_bytes(random, sizeof random) != 1)
                return -EIO;
        for (size_t i = 0; i < sizeof random; i++)
                generation = generation << 8 | random[i];
        *ret = generation;
        return DIRECTORY_OK;
}

static int add_groups(struct directory *d, const struct publication *p) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_prepare(d, "SELECT " PUBLISH_GROUP_COLUMNS " FROM care_group g" PUBLISH_GROUP_JOINS
                           " WHERE " PUBLISH_GROUP_LIVES " ORDER BY g.gid", SQL_NONE, &row);
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
                r = sql_prepare(d, "SELECT " PUBLISH_USER_COLUMNS " FROM account a" PUBLISH_USER_JOINS
                                   " WHERE " SQL_ACCOUNT_COUNTS " ORDER BY a.id", SQL_NONE, &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = publish_user(d, p, row, &m);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int publish_collect_base(struct directory *d, struct publication *p, uint64_t generation) {
        int r;

        r = publish_build_failed(d, snapshot_builder_new(SNAPSHOT_PUBLIC, generation, 0, p->now, &p->public), "snapshot", "base");
        if (r == DIRECTORY_OK)
                r = publish_build_failed(d, snapshot_builder_new(SNAPSHOT_PRIVATE, generation, 0, p->now, &p->private),
                                         "snapshot", "base");
        if (r == DIRECTORY_OK)
                r = add_groups(d, p);
        if (r == DIRECTORY_OK)
                r = add_users(d, p);
        return r == DIRECTORY_OK ? publish_members(d, p) : r;
}

static int collect(struct directory *d, struct publication *p, uint64_t *ret_generation) {
        int r;

        r = publication_read_state(d, p);
        if (r == DIRECTORY_OK)
                r = make_generation(p, ret_generation);
        return r == DIRECTORY_OK ? publish_collect_base(d, p, *ret_generation) : r;
}

static int forget_marks(struct directory *d, int64_t changes, uint64_t generation) {
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "DELETE FROM changed WHERE change <= ?1", SQL_BIND(sql_integer(changes)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE meta SET base = ?1", SQL_BIND(sql_integer((int64_t) generation)));
        return store_end(d, r);
}

int publish_base(struct directory *d, int dir, int64_t now) {
        AUTO(publication_done) struct publication p = { .now = now, .unsaid = &d->unsaid };
        uint64_t generation = 0;
        int r;

        /* Deferred: the first read fixes the state that all the others see. */
        d->unsaid = (struct publish_unsaid) { .n = 0 };
        r = sql_run(d, "BEGIN", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        r = store_end(d, collect(d, &p, &generation));
        if (r == DIRECTORY_OK)
                r = publish_build_failed(d, snapshot_write_bases(dir, p.public, p.private), "snapshot", "base");
        if (r != DIRECTORY_OK)
                return r;

        /* Programs see it.  What can't be noted costs another base next time, and nothing else. */
        if (forget_marks(d, p.changes, generation) != DIRECTORY_OK)
                *d->complaint = '\0';
        return DIRECTORY_OK;
}
