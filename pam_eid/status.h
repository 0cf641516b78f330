/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * status.h - how an attempt can end, and what PAM is told
 */

#include "wire.h"

/* Zero is no outcome: forgetting to set one is an error. */
enum eid_outcome {
        EID_DENIED = 1,
        EID_APPROVED,
        EID_CANCELLED,                  /* the person said no on the phone                               */
        EID_GIVEN_UP,                   /* the person gave up here, or hung up                           */
        EID_TIMED_OUT,
        EID_WRONG_PERSON,               /* approved, by somebody else                                    */
        EID_REFUSED,                    /* the right person, who may not log in                          */
        EID_NOT_GRANTED,                /* the helper says approved, and the grant rule says no          */
        EID_TOO_MANY,                   /* more messages than the host program bears                     */
        EID_SYSTEM_ACCOUNT,             /* root and system accounts are never asked                      */
        EID_BAD_NAME,                   /* no account can have this name                                 */
        EID_NOT_PERMITTED,              /* this process may not ask about this account                   */
        EID_NO_METHOD,                  /* nothing works through this host program                       */
        EID_UNREACHABLE,                /* the provider could not be asked                               */
        EID_BUSY,
        EID_BROKEN,                     /* helper, directory or configuration is out of order            */
        EID_LOST,                       /* the helper could not be asked, or did not answer as it should */
        EID_CONVERSATION,               /* the host program could not ask the person                     */
        EID_OPTIONS,                    /* the PAM line is wrong                                         */
};

/* How the account stage and the session stage can end. */
enum eid_standing {
        STANDING_DENIED = 1,
        STANDING_ALLOWED,
        STANDING_NOT_OURS,              /* the care directory has no such account                        */
        STANDING_EXPIRED,               /* no assignment that is valid now                               */
        STANDING_ARCHIVED,
        STANDING_MISMATCH,              /* allowed, but this host knows another account by that name     */
        STANDING_NOT_PERMITTED,
        STANDING_BUSY,
        STANDING_BROKEN,
        STANDING_LOST,
        STANDING_BAD_NAME,
        STANDING_CONVERSATION,          /* there is no PAM_USER                                          */
        STANDING_OPTIONS,
};

/* What the helper's words mean here.  APPROVED is NOT_GRANTED, ALLOWED is MISMATCH: only verify.c makes more of them. */
enum eid_outcome outcome_of_verdict(enum wire_verdict verdict);
enum eid_standing standing_of_decision(enum wire_decision decision);

/* @r < 0 is a negative errno, and then the outcome says nothing. */
int status_of_outcome(int r, enum eid_outcome outcome);
int status_of_account(int r, enum eid_standing standing);
int status_of_session(int r, enum eid_standing standing);

/* One word for the log, and how loudly it is said (LOG_NOTICE: a decision; LOG_ERR: something is out of order). */
const char *outcome_word(enum eid_outcome outcome);
const char *standing_word(enum eid_standing standing);
int outcome_priority(int r, enum eid_outcome outcome);
int standing_priority(int r, enum eid_standing standing);
