/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-view.h - one consistent set of snapshot files, as the reader's own parts see it
 *
 * snapshot-open.c fills a view from the files, snapshot-view.c decides how
 * long it lives, snapshot.c answers from it.
 */

#include "snapshot-file.h"

#include <stdatomic.h>

enum {
        SNAPSHOT_VIEWS = 8,                     /* open at once, the current one and those still in use */
        SNAPSHOT_ANSWERS = 1024,                /* questions whose record is remembered; a power of two */
};

struct snapshot_pair {
        struct snapshot_file base, delta;
};

struct snapshot_view {
        atomic_uint          state;             /* VIEW_* and the number of those who use it      */
        int                  spare;             /* not one of the SNAPSHOT_VIEWS: for one call    */
        uint32_t             epoch;             /* the counter before the first file was opened   */
        uid_t                euid;              /* who opened it                                  */
        int                  euid_is_fixed;     /* nobody in this process is or becomes another   */
        int64_t              written;           /* the latest of all files                        */
        struct snapshot_pair public;
        struct snapshot_pair private;           /* base.at NULL: this reader has only the public ones */
        struct snapshot_file self;              /* at NULL: none                                  */
        int                  self_error;        /* why a self entry that is there can't be used   */
        int                  self_is_old;       /* of a base or change before: look for it anew   */
        struct {
                _Atomic uint32_t public_base[SNAPSHOT_SEEN_BASE], public_delta[SNAPSHOT_SEEN_DELTA];
                _Atomic uint32_t private_base[SNAPSHOT_SEEN_DELTA], private_delta[SNAPSHOT_SEEN_DELTA];
        } seen;                                 /* what of the files has been checked             */
        _Atomic uint64_t     answers[SNAPSHOT_ANSWERS]; /* of the public pair, see answer_word()          */
};

/*
 * One file's record, and what a pair says (its delta's record, else its base's
 * if that still stands; NOT_FOUND where it is GONE).  Times: MUST 2 of snapshot.c.
 */
int snapshot_file_find(const struct snapshot_file *f, const struct snapshot_question *q, struct snapshot_entry *ret);
int snapshot_pair_find(const struct snapshot_pair *pair, const struct snapshot_question *q, struct snapshot_entry *ret);
bool snapshot_counts_now(const struct snapshot_view *v, int64_t from, int64_t until);

/* The part of the change counter that is compared; one load on every machine. */
typedef const _Atomic(uint32_t) snapshot_counter;

/*
 * Open all files of *v but do not touch its state.  *epoch is the mapped
 * counter; it is mapped here if it was NULL, and stays.  Returns 0 or a negative errno;
 * then nothing is open in *v.
 */
int snapshot_view_open(struct snapshot_view *v, _Atomic(snapshot_counter *) *epoch);
void snapshot_view_close(struct snapshot_view *v);
void snapshot_epoch_unmap(snapshot_counter *counter);

/* The overlay of the account @uid, made for @generation.  NOT_FOUND: there is none.  To be closed with snapshot_overlay_close(). */
int snapshot_overlay_open(uid_t uid, uint64_t generation, struct snapshot_file *ret);
void snapshot_overlay_close(struct snapshot_file *f);
