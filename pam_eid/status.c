/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * status.c - the only file that knows both our words and PAM's codes
 *
 *  1. PAM_SUCCESS stands once in each table.
 *  2. PAM_IGNORE stands only for "the care directory has no such account", said
 *     by a helper in good health: stacks pass over a module that says it, so
 *     one that says it in trouble has made itself optional.
 *  3. PAM_USER_UNKNOWN does not stand here, for the same reason.
 *  4. Trouble is PAM_AUTHINFO_UNAVAIL, a decision is not: a host program may
 *     count the second against the person, never the first.
 *
 * No switch has a default, so that the compiler names what nobody has mapped.
 */

#include "status.h"

#include "cleanup.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <syslog.h>

enum eid_outcome outcome_of_verdict(enum wire_verdict verdict) {
        switch (verdict) {
        case WIRE_VERDICT_DENIED:
                return EID_DENIED;
        case WIRE_VERDICT_APPROVED:
                return EID_NOT_GRANTED;
        case WIRE_VERDICT_CANCELLED:
                return EID_CANCELLED;
        case WIRE_VERDICT_TIMED_OUT:
                return EID_TIMED_OUT;
        case WIRE_VERDICT_WRONG_PERSON:
                return EID_WRONG_PERSON;
        case WIRE_VERDICT_REFUSED:
                return EID_REFUSED;
        case WIRE_VERDICT_UNREACHABLE:
                return EID_UNREACHABLE;
        case WIRE_VERDICT_BUSY:
                return EID_BUSY;
        case WIRE_VERDICT_BROKEN:
                return EID_BROKEN;
        case WIRE_VERDICT_NOT_PERMITTED:
                return EID_NOT_PERMITTED;
        case WIRE_VERDICT_NO_METHOD:
                return EID_NO_METHOD;
        }
        return EID_LOST;
}

enum eid_standing standing_of_decision(enum wire_decision decision) {
        switch (decision) {
        case WIRE_DECISION_DENIED:
                return STANDING_DENIED;
        case WIRE_DECISION_ALLOWED:
                return STANDING_MISMATCH;
        case WIRE_DECISION_NOT_OURS:
                return STANDING_NOT_OURS;
        case WIRE_DECISION_EXPIRED:
                return STANDING_EXPIRED;
        case WIRE_DECISION_ARCHIVED:
                return STANDING_ARCHIVED;
        case WIRE_DECISION_BROKEN:
                return STANDING_BROKEN;
        case WIRE_DECISION_NOT_PERMITTED:
                return STANDING_NOT_PERMITTED;
        case WIRE_DECISION_BUSY:
                return STANDING_BUSY;
        }
        return STANDING_LOST;
}

static int status_of_errno(int r) {
        return r == -ENOMEM ? PAM_BUF_ERR : PAM_SYSTEM_ERR;
}

int status_of_outcome(int r, enum eid_outcome outcome) {
        if (r != 0)
                return status_of_errno(r);
        switch (outcome) {
        case EID_APPROVED:
                return PAM_SUCCESS;
        case EID_DENIED:
        case EID_CANCELLED:
        case EID_GIVEN_UP:
        case EID_TIMED_OUT:
        case EID_WRONG_PERSON:
        case EID_NOT_GRANTED:
        case EID_TOO_MANY:
        case EID_SYSTEM_ACCOUNT:
        case EID_BAD_NAME:
        case EID_NO_METHOD:
                return PAM_AUTH_ERR;
        case EID_REFUSED:
        case EID_NOT_PERMITTED:
                return PAM_PERM_DENIED;
        case EID_UNREACHABLE:
        case EID_BUSY:
        case EID_BROKEN:
        case EID_LOST:
                return PAM_AUTHINFO_UNAVAIL;
        case EID_CONVERSATION:
                return PAM_CONV_ERR;
        case EID_OPTIONS:
                return PAM_SERVICE_ERR;
        }
        return PAM_SYSTEM_ERR;          /* a value outside the enum: a bug, and not a log-in */
}

int status_of_account(int r, enum eid_standing standing) {
        if (r != 0)
                return status_of_errno(r);
        switch (standing) {
        case STANDING_ALLOWED:
                return PAM_SUCCESS;
        case STANDING_NOT_OURS:
                return PAM_IGNORE;
        case STANDING_EXPIRED:
                return PAM_ACCT_EXPIRED;
        case STANDING_DENIED:
        case STANDING_ARCHIVED:
        case STANDING_MISMATCH:
        case STANDING_NOT_PERMITTED:
        case STANDING_BAD_NAME:
                return PAM_PERM_DENIED;
        case STANDING_BUSY:
        case STANDING_BROKEN:
        case STANDING_LOST:
                return PAM_AUTHINFO_UNAVAIL;
        case STANDING_CONVERSATION:
                return PAM_CONV_ERR;
        case STANDING_OPTIONS:
                return PAM_SERVICE_ERR;
        }
        return PAM_SYSTEM_ERR;
}

int status_of_session(int r, enum eid_standing standing) {
        if (r != 0)
                return status_of_errno(r);
        switch (standing) {
        case STANDING_ALLOWED:
                return PAM_SUCCESS;
        case STANDING_NOT_OURS:
                return PAM_IGNORE;
        case STANDING_DENIED:
        case STANDING_EXPIRED:
        case STANDING_ARCHIVED:
        case STANDING_MISMATCH:
        case STANDING_NOT_PERMITTED:
        case STANDING_BAD_NAME:
        case STANDING_BUSY:
        case STANDING_BROKEN:
        case STANDING_LOST:
        case STANDING_CONVERSATION:
                return PAM_SESSION_ERR;
        case STANDING_OPTIONS:
                return PAM_SERVICE_ERR;
        }
        return PAM_SYSTEM_ERR;
}

const char *outcome_word(enum eid_outcome outcome) {
        static const char *const words[] = {
                [EID_DENIED]         = "denied",
                [EID_APPROVED]       = "approved",
                [EID_CANCELLED]      = "cancelled",
                [EID_GIVEN_UP]       = "given-up",
                [EID_TIMED_OUT]      = "timed-out",
                [EID_WRONG_PERSON]   = "wrong-person",
                [EID_REFUSED]        = "refused",
                [EID_NOT_GRANTED]    = "not-granted",
                [EID_TOO_MANY]       = "too-many-messages",
                [EID_SYSTEM_ACCOUNT] = "system-account",
                [EID_BAD_NAME]       = "bad-name",
                [EID_NOT_PERMITTED]  = "not-permitted",
                [EID_NO_METHOD]      = "no-method",
                [EID_UNREACHABLE]    = "unreachable",
                [EID_BUSY]           = "busy",
                [EID_BROKEN]         = "broken",
                [EID_LOST]           = "no-helper",
                [EID_CONVERSATION]   = "no-conversation",
                [EID_OPTIONS]        = "wrong-option",
        };

        return (size_t) outcome < N_ELEMENTS(words) && words[outcome] ? words[outcome] : "fault";
}

const char *standing_word(enum eid_standing standing) {
        static const char *const words[] = {
                [STANDING_DENIED]        = "denied",
                [STANDING_ALLOWED]       = "allowed",
                [STANDING_NOT_OURS]      = "not-ours",
                [STANDING_EXPIRED]       = "expired",
                [STANDING_ARCHIVED]      = "archived",
                [STANDING_MISMATCH]      = "mismatch",
                [STANDING_NOT_PERMITTED] = "not-permitted",
                [STANDING_BUSY]          = "busy",
                [STANDING_BROKEN]        = "broken",
                [STANDING_LOST]          = "no-helper",
                [STANDING_BAD_NAME]      = "bad-name",
                [STANDING_CONVERSATION]  = "no-conversation",
                [STANDING_OPTIONS]       = "wrong-option",
        };

        return (size_t) standing < N_ELEMENTS(words) && words[standing] ? words[standing] : "fault";
}

int outcome_priority(int r, enum eid_outcome outcome) {
        if (r != 0)
                return LOG_ERR;
        switch (outcome) {
        case EID_DENIED:
        case EID_APPROVED:
        case EID_CANCELLED:
        case EID_GIVEN_UP:
        case EID_TIMED_OUT:
        case EID_WRONG_PERSON:
        case EID_REFUSED:
        case EID_TOO_MANY:
        case EID_SYSTEM_ACCOUNT:
        case EID_BAD_NAME:
        case EID_NOT_PERMITTED:
        case EID_NO_METHOD:
        case EID_CONVERSATION:
                return LOG_NOTICE;
        case EID_UNREACHABLE:
        case EID_BUSY:
                return LOG_WARNING;
        case EID_NOT_GRANTED:
        case EID_BROKEN:
        case EID_LOST:
        case EID_OPTIONS:
                return LOG_ERR;
        }
        return LOG_ERR;
}

int standing_priority(int r, enum eid_standing standing) {
        if (r != 0)
                return LOG_ERR;
        switch (standing) {
        case STANDING_DENIED:
        case STANDING_ALLOWED:
        case STANDING_NOT_OURS:
        case STANDING_EXPIRED:
        case STANDING_ARCHIVED:
        case STANDING_NOT_PERMITTED:
        case STANDING_BAD_NAME:
        case STANDING_CONVERSATION:
                return LOG_NOTICE;
        case STANDING_BUSY:
                return LOG_WARNING;
        case STANDING_MISMATCH:
        case STANDING_BROKEN:
        case STANDING_LOST:
        case STANDING_OPTIONS:
                return LOG_ERR;
        }
        return LOG_ERR;
}
