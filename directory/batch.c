/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * batch.c - many acts that count together or not at all
 *
 * SQLite rolls back all of a transaction by itself after some errors.  An act
 * that began then would be a transaction of its own, which its end commits:
 * so the one that is open is asked for at every step.
 */

#include "batch.h"

#include "audit.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <string.h>

static bool is_open(const struct directory *d) {
        return !sqlite3_get_autocommit(d->db);
}

static int undone(struct directory *d) {
        return directory_fail(d, -ECANCELED, _("all of it was undone when one of its acts failed"));
}

int directory_batch_begin(struct directory *d) {
        int r;

        if (d->in_batch || is_open(d))
                return -EINVAL;
        r = store_begin(d);
        if (r == DIRECTORY_OK) {
                d->in_batch = true;
                audit_rolled_back(d);
        }
        return r;
}

bool directory_in_batch(const struct directory *d) {
        return d->in_batch;
}

int batch_act_begin(struct directory *d) {
        if (!is_open(d))
                return undone(d);
        d->batch_sequence = d->next_sequence;
        memcpy(d->batch_hash, d->next_hash, sizeof d->batch_hash);
        return sql_run(d, "SAVEPOINT act", SQL_NONE);
}

int batch_act_end(struct directory *d, int r) {
        if (r == DIRECTORY_OK && !is_open(d))
                r = undone(d);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "RELEASE act", SQL_NONE);
        if (r == DIRECTORY_OK)
                return DIRECTORY_OK;

        d->next_sequence = d->batch_sequence;
        memcpy(d->next_hash, d->batch_hash, sizeof d->next_hash);
        if (!is_open(d))
                return r;
        /* What can't be undone alone is undone with all the rest. */
        if (sqlite3_exec(d->db, "ROLLBACK TO act; RELEASE act", NULL, NULL, NULL) != SQLITE_OK)
                (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
        return r;
}

int directory_batch_end(struct directory *d, bool keep) {
        int r;

        if (!d->in_batch)
                return -EINVAL;
        d->in_batch = false;
        if (keep && !is_open(d)) {
                audit_rolled_back(d);
                return undone(d);
        }
        r = store_end(d, keep ? DIRECTORY_OK : -ECANCELED);
        return keep ? r : DIRECTORY_OK;
}
