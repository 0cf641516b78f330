/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * reasons.h - what gives an account its groups: assignments, deputyships, grants
 *
 * The one place that says when such a thing counts and which groups it gives.
 * memberships.c makes a snapshot's memberships of it, explain.c tells people
 * the same, with what was refused.
 *
 *  1. MUST give nothing of what is archived, ended or over, nor of a client or person who has died.
 *  2. MUST give a deputy nothing at a time at which the assignment that they hold for somebody gives nothing.
 *  3. MUST give a client or relative groups of a client only, and of a service only where the role has it and the
 *     client's organisation its module (K7).
 */

#include "assigned.h"
#include "explain.h"
#include "store.h"
#include "turns.h"

enum {
        REASONS_TIMES_MAX  = 2 * TURNS_MAX,     /* of one reason, within the time that is looked ahead */
        REASONS_GROUPS_MAX = 1024,              /* of one reason                                   */
};

#define REASONS_AHEAD  (INT64_C(8) * 24 * 3600) /* seconds for which turns are turned into times   */

enum reasons_of {
        REASONS_ASSIGNMENTS = 1,                /* staff and externals                             */
        REASONS_GRANTS,                         /* clients and relatives                           */
};

struct reason {
        enum explain_cause cause;               /* ASSIGNMENT, DEPUTY, GRANT; or what refuses it: ARCHIVED, ENDED, OVER */
        int64_t  object;                        /* the assignment or client_grant                  */
        int64_t  role, unit, client, organisation;      /* unit or client is 0                     */
        int64_t  from, until;                   /* its bounds; INT64_MIN, INT64_MAX: none          */
        size_t   n_times;                       /* when it counts, from now on; none where it is refused */
        struct turns_time time[REASONS_TIMES_MAX];
        bool     repeats;                       /* @time ends REASONS_AHEAD after now, it may go on then */
};

struct reason_group {
        gid_t    gid;
        bool     is_service;                    /* which the public may not see                    */
};

struct reasons;

/* Within a transaction, which outlives it. */
int reasons_open(struct directory *d, int64_t now, struct reasons **ret);
struct reasons *reasons_close(struct reasons *reasons);         /* returns NULL                    */
static inline void reasons_closep(struct reasons **reasons) {
        *reasons = reasons_close(*reasons);
}

/* The reasons of one account, one at a time; NOT_FOUND after the last, which sets no complaint. */
int reasons_begin(struct reasons *reasons, int64_t account, enum reasons_of of);
int reasons_next(struct reasons *reasons, struct reason *ret);

/*
 * The groups that a reason gives at its times, whichever those are; none of
 * what is archived.  *ret is good until the next call with these reasons.
 */
int reasons_groups(struct reasons *reasons, const struct reason *reason, const struct reason_group **ret, size_t *ret_n);
