/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * publish.h - what the files that write snapshots share
 *
 * publish.c decides what is to be written, publish-base.c and publish-delta.c
 * read it from the directory, publish-entries.c says what one group or one
 * account is in which of the two files.
 */

#include "memberships.h"
#include "snapshot-build.h"
#include "sql.h"

enum {
        PUBLISH_RECORDS_MAX = 2048,             /* entries of a delta, then a new base; the schema marks no more. Each later change says them once more */
        PUBLISH_DELTA_MAX   = 2 << 20,          /* bytes of a delta                               */
        PUBLISH_NEEDS_BASE  = 100,              /* beside the result codes: no delta can say it   */
};

struct publication {
        int64_t                  now;
        bool                     is_delta;
        bool                     lists;         /* members of groups are listed                   */
        int64_t                  changes;       /* meta.changes of the state that is read         */
        uint64_t                 base;          /* the generation that the marks count from       */
        struct snapshot_builder *public, *private;
        sqlite3_stmt            *record_group;  /* is a gid a record service's?  Of a delta       */
        struct publish_unsaid   *unsaid;        /* what is left out; borrowed, NULL: nobody asks  */
};

void publication_done(struct publication *p);

/* Within a transaction, first of all: fills @changes and @base. */
int publication_read_state(struct directory *d, struct publication *p);

/*
 * A builder's verdict about what was added, as a result with its complaint:
 * CONSTRAINT where it is that entry's fault alone, -EFBIG for a full snapshot,
 * or the builder's own errno.
 */
int publish_build_failed(struct directory *d, int r, const char *what, const char *name);

/*
 * One row of these columns each.  The last one says whether it is there still:
 * what is not becomes a record GONE in a delta, and is not for a base.
 */
#define PUBLISH_GROUP_LIVES \
        "o.archived IS NULL AND u.archived IS NULL AND r.archived IS NULL AND v.archived IS NULL AND c.archived IS NULL AND " \
        SQL_KIND_GIVEN
#define PUBLISH_GROUP_COLUMNS "g.name, g.gid, g.kind, " PUBLISH_GROUP_LIVES
#define PUBLISH_GROUP_JOINS \
        " LEFT JOIN organisation o ON o.id = g.organisation LEFT JOIN unit u ON u.id = g.unit" \
        " LEFT JOIN role r ON r.id = g.role LEFT JOIN service v ON v.id = g.service" \
        " LEFT JOIN client c ON c.id = g.client"
#define PUBLISH_USER_COLUMNS "a.id, a.name, a.kind, a.uid, g.gid, a.home, a.shell, " SQL_ACCOUNT_COUNTS
#define PUBLISH_USER_JOINS \
        " JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation" \
        " JOIN care_group g ON g.kind = 'org' AND g.organisation = o.id"

/*
 * An entry that no snapshot may say is left out, and gone from what was said
 * before: the others are not to wait for it.  OK then, and it is counted.
 */
int publish_group(struct directory *d, const struct publication *p, sqlite3_stmt *row);
int publish_group_kind(const char *word, enum snapshot_group_kind *ret);        /* -EUCLEAN: not a word of the schema */
int publish_user(struct directory *d, const struct publication *p, sqlite3_stmt *row, struct memberships *m);

/* After all users: list the members of groups, where they are listed (publish-members.c). */
int publish_members(struct directory *d, const struct publication *p);

/*
 * Within a transaction, after publication_read_state(): fill @public and
 * @private with what a base of @generation, or the delta of @serial to @base, says at @now.
 */
int publish_collect_base(struct directory *d, struct publication *p, uint64_t generation);
int publish_collect_delta(struct directory *d, struct publication *p, uint64_t serial);

/* The serial of a delta that says what the directory says after @changes; 1: what the base says. */
uint64_t publish_serial(uint64_t generation, int64_t changes);

/* Where snapshots are, and the lock of those who write them. */
int publish_open_place(struct directory *d, int *ret);
int publish_lock(struct directory *d, int *ret);

/* Write a new base, and let the marks count from it. */
int publish_base(struct directory *d, int dir, int64_t now);

/* The end of a transaction that has only read, in a dry run as well. */
int publish_read_end(struct directory *d, int r);

/* Would there be something to write?  As publish_delta(), and nothing is written. */
int publish_delta_try(struct directory *d, int dir, int64_t now, bool *ret);

/* Write what has changed since the base.  NEEDS_BASE: it is another one, or too much, or everything. */
int publish_delta(struct directory *d, int dir, int64_t now);
