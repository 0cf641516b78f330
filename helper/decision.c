/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * decision.c - the judgement
 *
 * 1. MUST begin with a refusal, and reach APPROVED in one line only.
 * 2. MUST not approve unless the right person approved, the account is in use, the person holds a valid
 *    assignment, and the host and the care directory mean the same uid, at least DECISION_UID_MIN.
 * 3. MUST not tell a person who doesn't own the account anything about it.
 */

#include "decision.h"

/* Half of the grant rule: the host's uid for this name is the directory's, and at least DECISION_UID_MIN. */
static bool uid_agrees(const struct decision_facts *f) {
        if (!f->known || !f->on_host || f->host_uid < DECISION_UID_MIN)
                return false;
        return f->from_host || f->uid == f->host_uid;
}

bool decision_is_askable(const struct decision_facts *f) {
        /* Closed accounts are not on the host any more; their owners are told so all the same, once they have proven it. */
        return f->known && f->has_number && (f->archived || uid_agrees(f));
}

enum wire_verdict decision_after_proof(const struct decision_facts *f, bool owner, enum text *ret_text) {
        enum wire_verdict verdict = WIRE_VERDICT_REFUSED;

        if (!f->known) {
                *ret_text = TEXT_WENT_WRONG;
                verdict = WIRE_VERDICT_DENIED;
        } else if (!owner) {
                *ret_text = TEXT_WRONG_PERSON;
                verdict = WIRE_VERDICT_WRONG_PERSON;
        } else if (f->archived) {
                *ret_text = TEXT_ARCHIVED;
        } else if (!f->assigned) {
                *ret_text = TEXT_NOT_ASSIGNED;
        } else if (!uid_agrees(f)) {
                *ret_text = TEXT_NOT_HERE;
        } else {
                *ret_text = TEXT_APPROVED;
                verdict = WIRE_VERDICT_APPROVED;
        }
        return verdict;
}

enum wire_decision decision_on_account(const struct decision_facts *f, enum text *ret_text) {
        enum wire_decision decision = WIRE_DECISION_DENIED;

        *ret_text = TEXT_NONE;
        if (!f->known) {
                decision = WIRE_DECISION_NOT_OURS;
        } else if (f->archived) {
                *ret_text = TEXT_ARCHIVED;
                decision = WIRE_DECISION_ARCHIVED;
        } else if (!f->assigned) {
                *ret_text = TEXT_NOT_ASSIGNED;
                decision = WIRE_DECISION_EXPIRED;
        } else if (!uid_agrees(f)) {
                *ret_text = TEXT_NOT_HERE;
        } else {
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
