/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-pam-verify.c - the grant rule; the numbers are those of pam_eid/verify.c
 */

#include "verify.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

enum { NONE = -1 };

static const struct {
        const char         *name;
        enum wire_kind      kind;
        int                 verdict;                    /* NONE: absent                                  */
        const char         *account;                    /* of the answer; NULL: absent                   */
        int64_t             uid;                        /* of the answer; NONE: absent                   */
        struct verify_facts facts;
        enum verify_finding want;
} grants[] = {
        { "anna approves for anna", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_GRANTED },
        { "the least uid", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 1000, { "anna", "anna", true, 1000 }, VERIFY_GRANTED },
        { "1: denied", WIRE_VERDICT, WIRE_VERDICT_DENIED, "anna", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "1: the wrong person", WIRE_VERDICT, WIRE_VERDICT_WRONG_PERSON, "anna", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "1: no verdict", WIRE_VERDICT, NONE, "anna", 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "1: verdict zero", WIRE_VERDICT, 0, "anna", 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "1: in another message", WIRE_SHOW, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "2: for bo", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "bo", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_ACCOUNT },
        { "2: for a longer name", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna2", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_ACCOUNT },
        { "2: in capitals", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "Anna", 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_ACCOUNT },
        { "2: for nobody", WIRE_VERDICT, WIRE_VERDICT_APPROVED, NULL, 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_ACCOUNT },
        { "3: PAM_USER is bo by now", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", "bo", true, 2001000001 }, VERIFY_E_USER_CHANGED },
        { "3: PAM_USER is gone", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", NULL, true, 2001000001 }, VERIFY_E_USER_CHANGED },
        { "4: the host knows no anna", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", "anna", false, 2001000001 }, VERIFY_E_UNKNOWN },
        { "4: the host's anna is another", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 2001000001,
          { "anna", "anna", true, 2001000002 }, VERIFY_E_UID },
        { "4: no uid", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", NONE,
          { "anna", "anna", true, 0 }, VERIFY_E_UID },
        { "4: a uid that is the host's in 32 bits only", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna",
          INT64_C(4294967296) + 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_E_UID },
        { "5: root", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "root", 0, { "root", "root", true, 0 }, VERIFY_E_SYSTEM },
        { "5: the largest uid of the system", WIRE_VERDICT, WIRE_VERDICT_APPROVED, "anna", 999,
          { "anna", "anna", true, 999 }, VERIFY_E_SYSTEM },
};

static const struct {
        const char         *name;
        enum wire_kind      kind;
        int                 decision;
        int64_t             uid;
        struct verify_facts facts;
        enum verify_finding want;
} accounts[] = {
        { "allowed", WIRE_DECISION, WIRE_DECISION_ALLOWED, 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_GRANTED },
        { "expired", WIRE_DECISION, WIRE_DECISION_EXPIRED, 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "in another message", WIRE_RECORDED, WIRE_DECISION_ALLOWED, 2001000001,
          { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "no decision", WIRE_DECISION, NONE, 2001000001, { "anna", "anna", true, 2001000001 }, VERIFY_E_VERDICT },
        { "no uid", WIRE_DECISION, WIRE_DECISION_ALLOWED, NONE, { "anna", "anna", true, 2001000001 }, VERIFY_E_UID },
        { "another uid", WIRE_DECISION, WIRE_DECISION_ALLOWED, 2001000002, { "anna", "anna", true, 2001000001 }, VERIFY_E_UID },
        { "PAM_USER changed", WIRE_DECISION, WIRE_DECISION_ALLOWED, 2001000001,
          { "anna", "bo", true, 2001000001 }, VERIFY_E_USER_CHANGED },
        { "unknown here", WIRE_DECISION, WIRE_DECISION_ALLOWED, 2001000001, { "anna", "anna", false, 0 }, VERIFY_E_UNKNOWN },
        { "a system account", WIRE_DECISION, WIRE_DECISION_ALLOWED, 34, { "backup", "backup", true, 34 }, VERIFY_E_SYSTEM },
};

static unsigned n_tests, n_failed;

static void check(bool ok, const char *what, const char *name) {
        n_failed += !ok;
        printf("%sok %u - %s: %s\n", ok ? "" : "not ", ++n_tests, what, name);
}

int main(void) {
        static struct wire_message m;

        for (size_t i = 0; i < N_ELEMENTS(grants); i++) {
                wire_message_init(&m, grants[i].kind);
                if (grants[i].verdict != NONE)
                        wire_set_number(&m, WIRE_TAG_VERDICT, (uint64_t) grants[i].verdict);
                wire_set_string(&m, WIRE_TAG_ACCOUNT, grants[i].account);
                if (grants[i].uid != NONE)
                        wire_set_number(&m, WIRE_TAG_UID, (uint64_t) grants[i].uid);
                check(verify_grant(&grants[i].facts, &m) == grants[i].want, "grant", grants[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(accounts); i++) {
                wire_message_init(&m, accounts[i].kind);
                if (accounts[i].decision != NONE)
                        wire_set_number(&m, WIRE_TAG_DECISION, (uint64_t) accounts[i].decision);
                if (accounts[i].uid != NONE)
                        wire_set_number(&m, WIRE_TAG_UID, (uint64_t) accounts[i].uid);
                check(verify_account(&accounts[i].facts, &m) == accounts[i].want, "account", accounts[i].name);
        }
        for (int f = VERIFY_GRANTED; f <= VERIFY_E_SYSTEM; f++)
                check(strcmp(verify_finding_text((enum verify_finding) f), "a fault") != 0, "text",
                      verify_finding_text((enum verify_finding) f));
        printf("1..%u\n", n_tests);
        return n_failed > 0;
}
