/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * foresee.c - the stages of a log-in, in their order (helper/verify.c, outcome.c, account.c)
 *
 * 1. MUST begin with a refusal.
 * 2. MUST decide nothing itself.
 */

#include "foresee.h"

static enum foreseen_end after_asking(const struct foresee_question *q, const struct foreseen *f, enum decision_why *ret_why) {
        if (!offer_is_made(f->code))
                return FORESEEN_NO_METHOD;
        *ret_why = decision_on_asking(&q->facts);
        if (*ret_why != DECISION_WHY_NONE)
                return FORESEEN_NOBODY;
        if (decision_after_proof(&q->facts, true, ret_why) != WIRE_VERDICT_APPROVED)
                return FORESEEN_REFUSED;
        return q->shows_codes || offer_is_made(f->link) ? FORESEEN_LET_IN : FORESEEN_BY_TERMINAL;
}

struct foreseen foresee(const struct foresee_question *q) {
        struct foreseen f = {
                .end = FORESEEN_REFUSED, .why = DECISION_WHY_NONE, .code = offer_code(&q->offer), .link = offer_link(&q->offer),
        };

        if (!q->asks && !q->checks) {
                f.end = FORESEEN_NOT_ASKED;
                return f;
        }
        f.end = q->asks ? after_asking(q, &f, &f.why) : FORESEEN_LET_BY;
        if (q->checks && foreseen_is_let_in(f.end) &&
            decision_on_account(&q->facts, &f.why) != WIRE_DECISION_ALLOWED)
                f.end = FORESEEN_REFUSED;
        return f;
}
