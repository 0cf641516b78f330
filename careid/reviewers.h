/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * reviewers.h - what careid review and careid daily both need to know of what waits
 */

#include "invocation.h"

enum {
        REVIEW_DAYS_DEFAULT = 366,      /* how often assignments are confirmed where nothing is configured yet */
};

/* How often, as configured (review.c).  Returns an exit status; unless OUTCOME_DONE, what is wrong has been said. */
int review_days(const struct invocation *i, unsigned *ret);
