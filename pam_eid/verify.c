/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * verify.c - the grant rule, as this end checks it
 *
 * The helper has checked the same before it says APPROVED.  It is checked
 * again here because this is the process that will act on it.
 *
 *  1. MUST NOT grant on anything but a VERDICT message that says APPROVED.
 *  2. MUST NOT grant unless ACCOUNT is, byte for byte, the account asked for.
 *  3. MUST NOT grant unless PAM_USER still names that account.
 *  4. MUST NOT grant unless the host resolves that name, now, to UID.
 *  5. MUST NOT grant a uid below ASKER_UID_MIN, whoever approves.
 *  6. MUST NOT look at anything but its arguments.
 */

#include "verify.h"

#include "asker.h"

#include <string.h>

static enum verify_finding account_check(const struct verify_facts *facts, const struct wire_message *m) {
        if (!facts->now || strcmp(facts->now, facts->asked) != 0)
                return VERIFY_E_USER_CHANGED;
        if (!facts->known)
                return VERIFY_E_UNKNOWN;
        if (!wire_has(m, WIRE_TAG_UID) || m->number[WIRE_TAG_UID] != facts->uid)
                return VERIFY_E_UID;
        if (facts->uid < ASKER_UID_MIN)
                return VERIFY_E_SYSTEM;
        return VERIFY_GRANTED;
}

enum verify_finding verify_grant(const struct verify_facts *facts, const struct wire_message *verdict) {
        if (verdict->kind != WIRE_VERDICT || !wire_has(verdict, WIRE_TAG_VERDICT) ||
            verdict->number[WIRE_TAG_VERDICT] != WIRE_VERDICT_APPROVED)
                return VERIFY_E_VERDICT;
        if (!wire_has(verdict, WIRE_TAG_ACCOUNT) || strcmp(verdict->string[WIRE_TAG_ACCOUNT], facts->asked) != 0)
                return VERIFY_E_ACCOUNT;
        return account_check(facts, verdict);
}

enum verify_finding verify_account(const struct verify_facts *facts, const struct wire_message *decision) {
        if (decision->kind != WIRE_DECISION || !wire_has(decision, WIRE_TAG_DECISION) ||
            decision->number[WIRE_TAG_DECISION] != WIRE_DECISION_ALLOWED)
                return VERIFY_E_VERDICT;
        return account_check(facts, decision);
}

const char *verify_finding_text(enum verify_finding finding) {
        switch (finding) {
        case VERIFY_GRANTED:
                return "granted";
        case VERIFY_E_VERDICT:
                return "no approval";
        case VERIFY_E_ACCOUNT:
                return "approved for another account";
        case VERIFY_E_USER_CHANGED:
                return "PAM_USER was changed";
        case VERIFY_E_UNKNOWN:
                return "the host knows no such account";
        case VERIFY_E_UID:
                return "the directory has another uid for this name";
        case VERIFY_E_SYSTEM:
                return "a system account";
        }
        return "a fault";
}
