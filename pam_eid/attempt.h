/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * attempt.h - one attempt to log in, from the first question to the outcome
 */

#include "eid-options.h"
#include "asker.h"
#include "status.h"

#include <security/pam_modules.h>

enum { ATTEMPT_DETAIL_MAX = 160 };

struct attempt {
        pam_handle_t    *pamh;
        int              flags;
        struct eid_options options;
        struct asker     asker;
        enum eid_outcome outcome;               /* denied until something else is known                  */
        char             detail[ATTEMPT_DETAIL_MAX];    /* for the log: no text of a person, no secret   */
};

/* Returns 0, and the outcome is set, or a negative errno.  a->options and a->asker are loaded, all else is zero. */
int attempt_run(struct attempt *a);

/* The host cannot say whether it knows the name (@r, a negative errno): out of order, whoever it is. */
void attempt_unresolved(struct attempt *a, int r);
