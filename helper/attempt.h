/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * attempt.h - one attempt to log in: what was asked, where it stands, how it ended
 */

#include "check-code.h"
#include "facts.h"
#include "method.h"

enum {
        ATTEMPT_HOLD_MS = 3000, /* how long an ASK may wait for something worth showing            */
        ATTEMPT_REST_MS = 10000,        /* at least, from one giving back of memory to the next */
};

/* How it ended.  Zero is no verdict: an attempt without one is BROKEN. */
struct outcome {
        enum wire_verdict verdict;
        enum text   text;
        bool        proven;                     /* @proof holds; the verdict is still to be found  */
        struct method_proof proof;
        uid_t       uid;
        int64_t     login;
        char        detail[CONFIG_COMPLAINT_MAX];
};

struct attempt {
        struct helper *h;
        const struct method *method;

        /* What was asked.  What only root may say is NULL from anybody else. */
        enum wire_pace pace;
        const char *account, *service, *source, *target, *tty, *program, *arguments;
        enum place_kind place;                  /* where the code would be shown                  */
        bool        after_key;
        bool        acts;                       /* it is an act of the care directory that is approved (approval.h) */
        uint64_t    deadline_ms;                /* of the verdict                                 */
        uint64_t    last_ms;                    /* of everything                                  */

        char        code[CHECK_CODE_LEN + 1];
        struct decision_facts    facts;         /* before the proof                               */
        struct directory_account record;
        char        organisation[DIRECTORY_TITLE_MAX + 1];      /* that the introduction names; "" if none */

        bool        may_turn;                   /* the other way is offered: a link on this device */
        bool        turned;                     /* and was asked for                              */
        bool        here;                       /* the way that is wanted: by the link            */
        unsigned    n_turns;
        bool        noticed;                    /* the news of the moment have been shown          */
        uint64_t    rested_ms;                  /* learnt_ms of the view that memory was given back after */

        void      (*settled)(const struct attempt *a, const struct outcome *o);    /* told how it ended, once; NULL: nobody is */

        bool        gone;                       /* the caller                                     */
        bool        stopping;                   /* the service                                    */
        unsigned    n_asks;
        bool        asked;                      /* an ASK waits for its answer                    */
        uint64_t    asked_ms;
        bool        asked_news;                 /* and is asked of the provider, too              */
};

/*
 * Wait until the caller or the service manager says something, or @until_ms;
 * with @run, also until the provider does.  Sets gone, stopping, asked.
 * Messages of @kinds are taken; returns the kind that came, or 0.
 */
enum wire_kind attempt_wait(struct attempt *a, struct method_run *run, uint32_t kinds, uint64_t until_ms);

/* Hold the conversation from START until there is an outcome or the caller has gone. */
void attempt_converse(struct attempt *a, struct method_run *run, struct outcome *ret);

/* From a method's end to an outcome; what is proven is still to be settled. */
void outcome_from_view(const struct method_view *view, struct outcome *ret);

/* Fix the outcome: judge the proof, record, write the journal's line.  Once, when it is about to be told. */
void outcome_settle(struct attempt *a, struct outcome *o);

/* Write into the care directory how it ended, once that is fixed: an approval, with its evidence, or who else approved. */
int outcome_record(const struct attempt *a, struct directory *d, struct outcome *o, int64_t now);

void outcome_send(const struct helper *h, const struct attempt *a, const struct outcome *o);
