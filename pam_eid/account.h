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

/*
 * Ask the helper @kind (ACCOUNT, OPEN or CLOSE) about s->asker, and set s->standing by the DECISION of what it says in
 * @answer (a kind of @expected).  No helper is STANDING_LOST, and then @answer says nothing.  Returns 0 or a negative errno.
 */
int standing_ask(struct standing *s, enum wire_kind kind, enum wire_kind expected, struct wire_message *answer);

/* Returns 0, and s->standing is set, or a negative errno.  s->asker is loaded. */
int account_check(struct standing *s);
