/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * foresee.h - how a log-in would end whose person does all that they are asked to
 *
 * By the functions that decide of a real one, one after the other; nothing is
 * begun.  What comes between them and is not decided (the provider, the
 * network, the person) is taken to go well.
 */

#include "decision.h"
#include "ways.h"

struct foresee_question {
        struct ways_scene     scene;
        struct ways_account   account;
        struct decision_facts facts;
        bool                  asks;             /* the service's PAM stack asks pam_eid who it is */
        bool                  checks;           /* and whether the account may be used            */
        bool                  shows_codes;      /* it is known to have a terminal, or is sshd: else nothing but a link is sure to be shown */
};

enum foreseen_end {
        FORESEEN_LET_IN = 1,
        FORESEEN_BY_TERMINAL,           /* let in, if the service gives a terminal to show the code on */
        FORESEEN_LET_BY,                /* by us: the stack asks somebody else who it is           */
        FORESEEN_NOT_ASKED,             /* the stack asks us nothing                               */
        FORESEEN_NO_METHOD,             /* nothing is offered                                      */
        FORESEEN_NOBODY,                /* there is nobody to ask: why says which                  */
        FORESEEN_REFUSED,               /* after the approval: why says which                      */
};

static inline bool foreseen_is_let_in(enum foreseen_end end) {
        return end == FORESEEN_LET_IN || end == FORESEEN_BY_TERMINAL || end == FORESEEN_LET_BY;
}

struct foreseen {
        enum foreseen_end end;
        enum decision_why why;          /* NONE where no account is the reason                     */
        enum offer        code, link;   /* whether or not the stack asks for them                  */
        struct ways       offered;      /* what everybody is shown: the same                      */
        struct ways       ways;         /* what is open to this account: the same                 */
};

struct foreseen foresee(const struct foresee_question *q);
