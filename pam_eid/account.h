/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * account.h - the account stage: may this account be used now, however it was authenticated?
 */

#include "asker.h"
#include "status.h"

#include <security/pam_modules.h>

struct standing {
        pam_handle_t     *pamh;
        int               flags;
        struct asker      asker;
        enum eid_standing standing;             /* denied until something else is known                  */
        const char       *detail;               /* for the log: constant text, "" if there is none       */
};

/* Returns 0, and s->standing is set, or a negative errno.  s->asker is loaded. */
int account_check(struct standing *s);
