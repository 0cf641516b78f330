/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * store.h - what the files of this folder share: the handle, complaints, transactions
 */

#include "directory.h"
#include "keys.h"

#include "cleanup.h"
#include "snapshot-format.h"

#include <sqlite3.h>

enum {
        STORE_COMPLAINT_MAX = 512,
        STORE_HOST_ID       = 36,               /* characters of a UUID                           */
        STORE_BATCHES_MAX   = 3,                /* one in another, in that of a dry run           */
        STORE_VALUE_MAX     = 1 << 20,          /* bytes of one value or row                      */
};

struct directory {
        sqlite3            *db;
        enum directory_mode mode;
        dev_t               dev;                /* of the file that was opened                    */
        ino_t               ino;
        struct keys         keys;
        char                host_id[STORE_HOST_ID + 1];
        int64_t             audit_sequence;     /* of the last entry that was committed here, 0: none yet */
        uint8_t             audit_hash[32];
        int64_t             next_sequence;      /* the same, of the transaction that is open      */
        uint8_t             next_hash[32];
        bool                dry_run;            /* the first act begins a batch that is never kept: see batch.h */
        unsigned            n_batches;          /* that are open: store_begin() and store_end() are of savepoints */
        struct {                                /* next_sequence and next_hash before each of them, and before an act */
                int64_t     sequence;
                uint8_t     hash[32];
        } before[STORE_BATCHES_MAX + 1];
        void              (*tell)(const char *host_id, int64_t sequence, const uint8_t hash[static 32]);
        bool              (*goes_on)(const void *about);        /* asked before a commit; NULL: nobody is */
        const void         *about;
        struct publish_unsaid {                 /* what the last publication left out (publish.h) */
                int64_t     n;
                char        name[SNAPSHOT_NAME_MAX + 1];        /* of the first                   */
                char        why[STORE_COMPLAINT_MAX];
        } unsaid;
        struct host_memory *host;               /* who is on the host, read once (bulk.h); NULL: the host is asked */
        struct host_questions *questions;       /* or asked before (bulk.h)                       */
        int64_t             collided;           /* the person whose number was to be registered for another; 0: nobody's */
        char                complaint[STORE_COMPLAINT_MAX];
};

/* Set the complaint and return @r. */
int directory_fail(struct directory *d, int r, const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/*
 * One act: begin (which takes the write lock, or fails with -EBUSY), work,
 * end.  store_end() commits if @r is 0 and rolls back otherwise; it returns
 * @r, or the error of the commit, or -ECANCELED (directory_ask_before_commit()).
 * Every path from a begin leads to an end.  Within a batch both are of a
 * savepoint, and nobody is asked before the end of the batch.
 */
int store_begin(struct directory *d);
int store_end(struct directory *d, int r);

/* The same within a batch, and the beginning of one that is never kept; batch.c.  Called by the two above. */
int batch_dry_run(struct directory *d);
int batch_act_begin(struct directory *d);
int batch_act_end(struct directory *d, int r);

/* @d->keys are those that are in use now: within a transaction they stay so. */
int store_keys(struct directory *d);

/* What a snapshot says has changed; within a transaction. */
int store_changed(struct directory *d);
