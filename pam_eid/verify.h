/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * verify.h - the grant rule, as this end checks it
 */

#include "wire.h"

#include <stdbool.h>
#include <sys/types.h>

/* Zero is no finding: forgetting to look is not a grant. */
enum verify_finding {
        VERIFY_GRANTED = 1,
        VERIFY_E_VERDICT,               /* not a message that approves anything                          */
        VERIFY_E_ACCOUNT,               /* approved for another account                                  */
        VERIFY_E_USER_CHANGED,          /* PAM_USER is not what it was when we asked                     */
        VERIFY_E_UNKNOWN,               /* the host knows no such account                                */
        VERIFY_E_UID,                   /* the host gives the name another uid than the directory        */
        VERIFY_E_SYSTEM,                /* root, or a system account                                     */
};

struct verify_facts {
        const char *asked;              /* the name that VERIFY or ACCOUNT carried                       */
        const char *now;                /* what PAM_USER says after the answer; NULL if it says nothing  */
        bool        known;              /* whether the host resolves @asked, after the answer, as        */
        uid_t       uid;
};

/* May this VERDICT be answered with PAM_SUCCESS? */
enum verify_finding verify_grant(const struct verify_facts *facts, const struct wire_message *verdict);

/* Is the account of an ALLOWED decision the one that this host knows by that name? */
enum verify_finding verify_account(const struct verify_facts *facts, const struct wire_message *decision);

/* A finding in English, for the log. */
const char *verify_finding_text(enum verify_finding finding);
