/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * foresee.c - the stages of a log-in, in their order (helper/verify.c, outcome.c, account.c)
 *
 * 1. MUST begin with a refusal.
 * 2. MUST decide nothing itself.
 */

#include "foresee.h"

/* The first way that is both shown and open; NULL: none is. */
static const struct ways_said *way_taken(const struct ways *ways) {
        for (size_t i = 0; i < ways->n; i++)
                if (ways_is_allowed(ways->said[i].why))
                        return &ways->said[i];
        return NULL;
}

static enum foreseen_end after_asking(const struct foresee_question *q, const struct foreseen *f, enum decision_why *ret_why) {
        const struct ways_said *const taken = way_taken(&f->ways);
        struct decision_facts facts = q->facts;

        if (!ways_has_any(&f->offered))
                return FORESEEN_NO_METHOD;
        /* Whoever has another way than an e-ID needs no number for it. */
        facts.has_number = facts.has_number || (taken && taken->way != WAY_BANKID);
        facts.way_closed = !taken;
        *ret_why = decision_on_asking(&facts);
        if (*ret_why != DECISION_WHY_NONE)
                return FORESEEN_NOBODY;
        if (decision_after_proof(&facts, true, ret_why) != WIRE_VERDICT_APPROVED)
                return FORESEEN_REFUSED;
        return q->shows_codes || (taken && taken->way != WAY_BANKID) || offer_is_made(f->link) ? FORESEEN_LET_IN : FORESEEN_BY_TERMINAL;
}

struct foreseen foresee(const struct foresee_question *q) {
        struct foreseen f = {
                .end = FORESEEN_REFUSED, .why = DECISION_WHY_NONE, .code = offer_code(&q->scene.offer), .link = offer_link(&q->scene.offer),
                .offered = ways_offered(&q->scene), .ways = ways_decide(&q->scene, &q->account),
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
