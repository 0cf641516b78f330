/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * review.h - systematic review (X18): what somebody is to look at, and what they found
 *
 * Three kinds of things are reviewed: entries of the audit trail, of which a
 * sample is drawn that nobody can foresee; assignments, every so often; and
 * grants, on the day that each of them names.  Nobody reviews themselves.
 */

#include "acts.h"

enum {
        REVIEW_SAMPLE_MAX = 1000,               /* entries of one draw: all of them stand in its own entry */
        REVIEW_NOTE_MAX   = 500,                /* characters                                     */
};

struct review_sample {
        unsigned    count;                      /* how many; 0: @percent                          */
        unsigned    percent;                    /* 1 to 100, rounded up                           */
        int64_t     reviewer;                   /* person who is to look at them                  */
        const char *from_date, *until_date;     /* both inclusive, of directory_days_find(); NULL: unbounded */
};

/*
 * Draw entries by the system's randomness, each as likely as any other, but
 * for those that are about or by the reviewer and those that wait for a review
 * already: by themselves, or as root after a log-in of theirs; about them as a
 * person, client, or holder of anything.  The draw is an entry itself and what
 * was drawn stays: who draws again does so for all to see.  INVALID; NOT_FOUND:
 * nobody, or nothing to draw from.
 */
int directory_review_sample(struct directory *d, const struct directory_act *act, const struct review_sample *sample,
                            int64_t *ret_n, int64_t *ret_of);

struct review_item {
        const char *what;                       /* "audit", "assignment", "grant"                 */
        int64_t     id;
        const char *due;                        /* since which day: of the organisation's time zone; of a sample as in directory_days_find() */
        int64_t     reviewer;                   /* of a sample: who is to look; 0: who may        */
        const char *about, *outcome;            /* one line; what was found last, or ""           */
};

/*
 * What waits for a review now, each given to @each.  With @act->by_person only
 * what that person may review: samples that were drawn for them, and what is
 * within their mandates to grant and was not given by them, nor is about them.
 * @assignment_days: how often assignments are confirmed; 0: never.
 */
int directory_reviews(struct directory *d, const struct directory_act *act, unsigned assignment_days,
                      int (*each)(void *with, const struct review_item *item), void *with);

struct review_due {
        int64_t     person, n;                  /* whom how many wait for                         */
        const char *since;                      /* the first day of which one is due              */
        const char *language;                   /* in which the person is spoken to; "": none is known */
};

/*
 * For whom something waits, by their ids: all that directory_reviews() gives
 * each of them.  *@ret_nobody is the number of those that wait for nobody who
 * could look.  -E2BIG: for more than REVIEW_PERSONS_MAX.
 */
enum { REVIEW_PERSONS_MAX = 100000 };
int directory_reviews_due(struct directory *d, const struct directory_act *act, unsigned assignment_days,
                          int (*each)(void *with, const struct review_due *due), void *with, int64_t *ret_nobody);

/* In which language a person is spoken to; "" where they have none.  NOT_FOUND: nobody. */
int directory_review_language(struct directory *d, int64_t person, char ret[static 3]);

struct review_outcome {
        const char *what;
        int64_t     id;
        const char *outcome;                    /* right, wrong, unclear                          */
        const char *note;                       /* one line; needed but for right                 */
        const char *next_date;                  /* a grant that is right: when it is looked at again */
        int64_t     reviewer;                   /* who looked, where root writes it down; 0: nobody is named */
};

/*
 * Record what was found.  What is wrong is not ended by it: that is an act of
 * its own.  NOT_FOUND: there is no such thing, or of an entry no draw that
 * waits; INVALID; CONSTRAINT: themselves, or not within their mandates.
 */
int directory_review_record(struct directory *d, const struct directory_act *act, const struct review_outcome *outcome);
