/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * act.h - the frame of an administrator's act: one transaction with its audit entry
 */

#include "acts.h"
#include "audit.h"
#include "number.h"

struct act_report {
        const char *act;                /* "unit.add"                                             */
        const char *kind;               /* what it was done to, and which                         */
        int64_t     id;
        json_t     *detail;             /* taken over; NULL fails the act                         */
        bool        changes;            /* what a snapshot says                                   */
};

/*
 * Checks who acts, and begins; whose account has been closed since they were
 * found to be who they are is refused (standing.h).  After DIRECTORY_OK every
 * path leads to act_end().
 */
int act_begin(struct directory *d, const struct directory_act *act);

/* @r DIRECTORY_OK: writes the entry and commits.  Otherwise rolls back and returns @r. */
int act_end(struct directory *d, const struct directory_act *act, int r, const struct act_report *report);

/*
 * Today, to tell the century of a short personal number.  Generous by the
 * 14 hours that the earliest time zone is ahead, so that a child born just
 * after midnight is not taken for one of a hundred years.
 */
struct number_date act_today(const struct directory_act *act);
