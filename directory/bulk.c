/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bulk.c - many acts in a short time: what is the same for all of them is done once
 */

#include "bulk.h"
#include "batch.h"
#include "host.h"
#include "host-memory.h"
#include "host-questions.h"
#include "sql.h"
#include "sql-cache.h"

#include "i18n.h"
#include "snapshot-format.h"

#include <errno.h>

enum { LOOK_AHEAD = 64 };                       /* numbers: an older directory may have left some out */

/* KiB of pages: what an act of any kind touches of the indexes of a million persons, so that none is read twice. */
#define CACHE_BULK   "PRAGMA cache_size = -262144"
#define CACHE_PLAIN  "PRAGMA cache_size = -2000"

/*
 * What our own plugin knows is in no list.  It is this directory's, or an
 * older one's, whose snapshots are still there; and that one's numbers go on
 * where these end, or are used already.  Then the host is asked for each.
 */
static int forget_if_older(struct directory *d) {
        int64_t lowest;
        int r;

        r = sql_find_integer(d, "SELECT ifnull(max(number) + 1, ?1) FROM number", SQL_BIND(sql_integer(SNAPSHOT_ID_MIN)), &lowest);
        for (int64_t id = lowest; r == DIRECTORY_OK && d->host && id < lowest + LOOK_AHEAD && id <= SNAPSHOT_ID_MAX; id++) {
                const int known = host_memory_number(d->host, (uint32_t) id) ? 0 : host_number((uint32_t) id);

                if (known != 0)
                        d->host = host_memory_free(d->host);
        }
        return r;
}

int directory_bulk_begin(struct directory *d) {
        int r;

        if (d->host || !sqlite3_get_autocommit(d->db))
                return -EBUSY;
        r = host_remember(&d->host);
        if (r < 0)
                return directory_fail(d, r, _("the users and groups of the host can't be listed"));
        r = forget_if_older(d);
        if (r == DIRECTORY_OK)
                r = sql_run(d, CACHE_BULK, SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        return sql_cache_begin(d->db);
}

bool directory_bulk_asks(const struct directory *d) {
        return !d->host;
}

int directory_bulk_collect(struct directory *d) {
        if (d->questions || !sqlite3_get_autocommit(d->db))
                return -EBUSY;
        return host_questions_new(&d->questions);
}

int directory_bulk_ask(struct directory *d, void (*went_on)(void *about, uint64_t asked, uint64_t of), void *about) {
        int r;

        if (!d->questions || !sqlite3_get_autocommit(d->db))
                return -EBUSY;
        r = host_questions_ask(d->questions, went_on, about);
        return r < 0 ? directory_fail(d, r, _("the host can't be asked whether names and numbers are taken")) : r;
}

bool directory_bulk_asks_more(const struct directory *d) {
        return d->questions && host_questions_more(d->questions);
}

int directory_bulk_give_up(struct directory *d) {
        return directory_fail(d, -EBUSY, _("somebody else changed the same at the same moment; try again"));
}

void directory_bulk_end(struct directory *d) {
        if (!d->db)
                return;
        sql_cache_end(d->db);
        d->host = host_memory_free(d->host);
        d->questions = host_questions_free(d->questions);
        (void) sql_run(d, CACHE_PLAIN, SQL_NONE);
}

/* Kept only where there is nothing more to be asked. */
static int batch_run(struct directory *d, bool keep, int (*acts)(void *about), void *about) {
        int r;

        r = directory_batch_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = acts(about);
        if (r == DIRECTORY_OK)
                return directory_batch_end(d, keep && !directory_bulk_asks_more(d));
        (void) directory_batch_end(d, false);           /* the complaint stays the act's */
        return r;
}

int directory_bulk_once(struct directory *d, int (*acts)(void *about), void *about) {
        const bool dry_run = d->dry_run;
        int r;

        r = directory_bulk_collect(d);
        if (r != DIRECTORY_OK)
                return r;
        d->dry_run = false;                             /* the batch of a dry run is one that nobody ends */
        r = batch_run(d, false, acts, about);
        d->dry_run = dry_run;
        for (unsigned tries = 0; r == DIRECTORY_OK; tries++) {
                r = tries < DIRECTORY_BULK_TRIES ? directory_bulk_ask(d, NULL, NULL) : directory_bulk_give_up(d);
                if (r == DIRECTORY_OK)
                        r = batch_run(d, true, acts, about);
                if (d->dry_run || !directory_bulk_asks_more(d))
                        break;
        }
        d->questions = host_questions_free(d->questions);
        return r;
}
