/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * decision.c - the judgement
 *
 * 1. MUST begin with a refusal, and reach APPROVED in one line only.
 * 2. MUST not approve unless the right person approved, the account is in use, the person holds a valid
 *    assignment, the way that was taken is open to it, and the host and the care directory mean the same uid, at
 *    least DECISION_UID_MIN.
 * 3. MUST not tell a person who doesn't own the account anything about it.
 */

#include "decision.h"

#include <string.h>

/* Half of the grant rule: the host's uid for this name is the directory's, and at least DECISION_UID_MIN.  NONE: it is. */
static enum decision_why uid_disagrees(const struct decision_facts *f) {
        enum decision_why why = DECISION_WHY_UID_OTHER;

        if (!f->known)
                why = DECISION_WHY_UNKNOWN;
        else if (!f->on_host)
                why = DECISION_WHY_NOT_ON_HOST;
        else if (f->host_uid < DECISION_UID_MIN)
                why = DECISION_WHY_UID_LOW;
        else if (f->from_host || f->uid == f->host_uid)
                why = DECISION_WHY_NONE;
        return why;
}

struct decision_facts decision_facts_of(const char *name, const struct directory_account *account, bool on_host, uid_t host_uid) {
        struct decision_facts f = { .known = false, .on_host = on_host, .host_uid = host_uid };

        if (account && strcmp(account->name, name) == 0) {
                f.known = true;
                f.from_host = account->from_host;
                f.uid = account->uid;
                f.has_number = account->has_se_number;
                f.archived = account->archived;
                f.assigned = account->assigned_now;
        }
        return f;
}

enum decision_why decision_on_asking(const struct decision_facts *f) {
        if (f->known && !f->has_number)
                return DECISION_WHY_NO_NUMBER;
        /* Closed accounts are not on the host any more; their owners are told so all the same, once they have proven it. */
        return f->known && f->archived ? DECISION_WHY_NONE : uid_disagrees(f);
}

enum wire_verdict decision_after_proof(const struct decision_facts *f, bool owner, enum decision_why *ret_why) {
        enum wire_verdict verdict = WIRE_VERDICT_REFUSED;

        if (!f->known) {
                *ret_why = DECISION_WHY_UNKNOWN;
                verdict = WIRE_VERDICT_DENIED;
        } else if (!owner) {
                *ret_why = DECISION_WHY_NOT_OWNER;
                verdict = WIRE_VERDICT_WRONG_PERSON;
        } else if (f->archived) {
                *ret_why = DECISION_WHY_ARCHIVED;
        } else if (f->clients_off) {
                *ret_why = DECISION_WHY_CLIENTS_OFF;
        } else if (!f->assigned) {
                *ret_why = DECISION_WHY_NOT_ASSIGNED;
        } else if (f->way_closed) {
                *ret_why = DECISION_WHY_WAY_CLOSED;
        } else if ((*ret_why = uid_disagrees(f)) == DECISION_WHY_NONE) {
                verdict = WIRE_VERDICT_APPROVED;
        }
        return verdict;
}

enum wire_decision decision_on_account(const struct decision_facts *f, enum decision_why *ret_why) {
        enum wire_decision decision = WIRE_DECISION_DENIED;

        if (!f->known) {
                *ret_why = DECISION_WHY_UNKNOWN;
                decision = WIRE_DECISION_NOT_OURS;
        } else if (f->archived) {
                *ret_why = DECISION_WHY_ARCHIVED;
                decision = WIRE_DECISION_ARCHIVED;
        } else if (f->clients_off) {
                *ret_why = DECISION_WHY_CLIENTS_OFF;
        } else if (!f->assigned) {
                *ret_why = DECISION_WHY_NOT_ASSIGNED;
                decision = WIRE_DECISION_EXPIRED;
        } else if ((*ret_why = uid_disagrees(f)) == DECISION_WHY_NONE) {
                decision = WIRE_DECISION_ALLOWED;
        }
        return decision;
}

const char *decision_word(enum wire_verdict verdict) {
        switch (verdict) {
        case WIRE_VERDICT_DENIED:
                return "denied";
        case WIRE_VERDICT_APPROVED:
                return "approved";
        case WIRE_VERDICT_CANCELLED:
                return "cancelled";
        case WIRE_VERDICT_TIMED_OUT:
                return "timed-out";
        case WIRE_VERDICT_WRONG_PERSON:
                return "wrong-person";
        case WIRE_VERDICT_REFUSED:
                return "refused";
        case WIRE_VERDICT_UNREACHABLE:
                return "unreachable";
        case WIRE_VERDICT_BUSY:
                return "busy";
        case WIRE_VERDICT_BROKEN:
                return "broken";
        case WIRE_VERDICT_NOT_PERMITTED:
                return "not-permitted";
        case WIRE_VERDICT_NO_METHOD:
                return "no-method";
        }
        return "broken";
}
