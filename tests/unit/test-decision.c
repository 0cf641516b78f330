/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-decision.c - every combination of facts that makes a difference (decision.c MUST 1-3) */

#include "decision.h"

#include "cleanup.h"

#include <stdio.h>

#define GOOD .known = true, .uid = 2001000001, .on_host = true, .host_uid = 2001000001, .has_number = true, .assigned = true
#define FROM_HOST .known = true, .from_host = true, .on_host = true, .has_number = true, .assigned = true

static const struct {
        const char           *name;
        struct decision_facts facts;
        bool                  askable;
        enum wire_verdict     by_owner, by_other;
        enum wire_decision    account;
} cases[] = {
        { "an account in use", { GOOD }, true, WIRE_VERDICT_APPROVED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ALLOWED },
        { "one whose uid is the host's", { FROM_HOST, .host_uid = 1000 }, true,
          WIRE_VERDICT_APPROVED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ALLOWED },
        { "uid 999", { FROM_HOST, .host_uid = 999 }, false,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "uid 0", { FROM_HOST, .host_uid = 0 }, false, WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "the directory's uid is 0 and so is the host's", { .known = true, .on_host = true, .has_number = true, .assigned = true }, false,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "another uid on the host", { .known = true, .uid = 2001000001, .on_host = true, .host_uid = 2001000002, .has_number = true,
          .assigned = true }, false, WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "a name that the host doesn't know", { .known = true, .uid = 2001000001, .host_uid = 2001000001, .has_number = true,
          .assigned = true }, false, WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "archived", { GOOD, .archived = true }, true, WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ARCHIVED },
        { "archived, and not on the host any more", { .known = true, .uid = 2001000001, .has_number = true, .archived = true }, true,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ARCHIVED },
        { "no assignment", { .known = true, .uid = 2001000001, .on_host = true, .host_uid = 2001000001, .has_number = true }, true,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_EXPIRED },
        { "no number", { .known = true, .uid = 2001000001, .on_host = true, .host_uid = 2001000001, .assigned = true }, false,
          WIRE_VERDICT_APPROVED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ALLOWED },
        { "a client's, and clients don't log in", { GOOD, .clients_off = true }, true,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_DENIED },
        { "by a way that is not open to it", { GOOD, .way_closed = true }, true,
          WIRE_VERDICT_REFUSED, WIRE_VERDICT_WRONG_PERSON, WIRE_DECISION_ALLOWED },
        { "nobody's name", { .known = false }, false, WIRE_VERDICT_DENIED, WIRE_VERDICT_DENIED, WIRE_DECISION_NOT_OURS },
        { "the host's name only", { .on_host = true, .host_uid = 1000, .has_number = true, .assigned = true }, false,
          WIRE_VERDICT_DENIED, WIRE_VERDICT_DENIED, WIRE_DECISION_NOT_OURS },
};

int main(void) {
        unsigned failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const struct decision_facts *f = &cases[i].facts;
                enum decision_why owner, other, account;
                const bool ok = (decision_on_asking(f) == DECISION_WHY_NONE) == cases[i].askable &&
                                decision_after_proof(f, true, &owner) == cases[i].by_owner &&
                                decision_after_proof(f, false, &other) == cases[i].by_other &&
                                decision_on_account(f, &account) == cases[i].account &&
                                (!f->known || other == DECISION_WHY_NOT_OWNER);

                printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, cases[i].name);
                failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(cases));
        return failed != 0;
}
