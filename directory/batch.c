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

static int savepoint(struct directory *d) {
        if (!is_open(d))
                return undone(d);
        d->before[d->n_batches].sequence = d->next_sequence;
        memcpy(d->before[d->n_batches].hash, d->next_hash, sizeof d->next_hash);
        return sql_run(d, "SAVEPOINT step", SQL_NONE);
}

/* Of the last savepoint, whose chain of audit entries goes on from where it began. */
static void take_back(struct directory *d) {
        d->next_sequence = d->before[d->n_batches].sequence;
        memcpy(d->next_hash, d->before[d->n_batches].hash, sizeof d->next_hash);
        if (!is_open(d))
                return;
        /* What can't be undone alone is undone with all the rest. */
        if (sqlite3_exec(d->db, "ROLLBACK TO step; RELEASE step", NULL, NULL, NULL) != SQLITE_OK)
                (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
}

static int release(struct directory *d) {
        return is_open(d) ? sql_run(d, "RELEASE step", SQL_NONE) : undone(d);
}

int batch_act_begin(struct directory *d) {
        return savepoint(d);
}

int batch_act_end(struct directory *d, int r) {
        if (r == DIRECTORY_OK)
                r = release(d);
        if (r != DIRECTORY_OK)
                take_back(d);
        return r;
}

static int batch_begin(struct directory *d) {
        int r;

        if (d->n_batches == (d->dry_run ? STORE_BATCHES_MAX : STORE_BATCHES_MAX - 1) || (d->n_batches == 0 && is_open(d)))
                return -EINVAL;
        *d->complaint = '\0';
        if (d->n_batches > 0)
                r = savepoint(d);
        else
                r = sql_run(d, "BEGIN IMMEDIATE", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        if (d->n_batches++ == 0)
                audit_rolled_back(d);
        return DIRECTORY_OK;
}

/* The outermost of a dry run, which nobody ends. */
int batch_dry_run(struct directory *d) {
        return d->dry_run && d->n_batches == 0 ? batch_begin(d) : DIRECTORY_OK;
}

int directory_batch_begin(struct directory *d) {
        const int r = batch_dry_run(d);

        return r == DIRECTORY_OK ? batch_begin(d) : r;
}

bool directory_in_batch(const struct directory *d) {
        return d->n_batches > 0;
}

int directory_batch_end(struct directory *d, bool keep) {
        int r;

        if (d->n_batches == 0)
                return -EINVAL;
        if (--d->n_batches > 0) {
                r = batch_act_end(d, keep ? DIRECTORY_OK : -ECANCELED);
                return keep ? r : DIRECTORY_OK;
        }
        if (keep && !is_open(d)) {
                audit_rolled_back(d);
                return undone(d);
        }
        r = store_end(d, keep ? DIRECTORY_OK : -ECANCELED);
        return keep ? r : DIRECTORY_OK;
}

void directory_dry_run(struct directory *d) {
        d->dry_run = true;
}
