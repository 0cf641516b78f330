/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * explain.h - why somebody holds a group or not, and who can reach a client (X6, X7)
 *
 * Computed by the very code that makes memberships: an explanation that could
 * differ from what the plugin says would be worse than none.
 */

#include "acts.h"

enum explain_cause {
        EXPLAIN_ASSIGNMENT = 1, EXPLAIN_DEPUTY, EXPLAIN_GRANT, EXPLAIN_OWN_ORGANISATION,
        /* why not */
        EXPLAIN_NO_SUCH_GROUP, EXPLAIN_ARCHIVED, EXPLAIN_ENDED, EXPLAIN_NOT_YET, EXPLAIN_OVER, EXPLAIN_NOT_THIS_HOUR,
        EXPLAIN_MODULE_OFF, EXPLAIN_SERVICE_NOT_IN_ROLE, EXPLAIN_K8, EXPLAIN_LOCKED, EXPLAIN_NOTHING,
};

struct explain_reason {
        enum explain_cause cause;
        int64_t  object;                        /* assignment, client_grant; 0: none               */
        char     role[17], unit[17], client[40];
        int64_t  from, until;                   /* INT64_MIN, INT64_MAX: unbounded                 */
};

enum { EXPLAIN_REASONS_MAX = 64 };

/* Reasons for (*ret_holds) or against @account holding @group at @now, the strongest first; returns how many, or a result code below 0. */
int directory_explain_group(struct directory *d, const char *account, const char *group, int64_t now, bool *ret_holds,
                            struct explain_reason ret[static EXPLAIN_REASONS_MAX]);
