/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * review-waiting.h - what waits for a review, row by row; inside audit/ only
 */

#include "day.h"
#include "review.h"

#include <sqlite3.h>

struct review_waiting {
        const char *what, *about, *outcome;     /* good until the next one                        */
        int64_t     id;
        int64_t     reviewer;                   /* of a sample: who is to look; else 0            */
        int64_t     organisation, unit;         /* 0: none                                        */
        int64_t     holder, giver, about_person;        /* persons; 0: nobody, or root            */
};

/* @assignment_days as directory_reviews(); the longest waiting first. */
int review_waiting_open(struct directory *d, int64_t now, unsigned assignment_days, bool samples_alone, sqlite3_stmt **ret);

/* The next one, and since which day it is due.  NOT_FOUND: there is none. */
int review_waiting_next(struct directory *d, sqlite3_stmt *stmt, struct review_waiting *ret, char ret_due[static DAY_TEXT + 1]);
