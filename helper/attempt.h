/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * attempt.h - one attempt to log in: what was asked, where it stands, how it ended
 */

#include "check-code.h"
#include "facts.h"
#include "method.h"
#include "ways.h"

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

        /* Which ways are offered, in what order (offered.c), and the one that is under way. */
        enum way    ways[WAY_N];
        size_t      n_ways, at_way;
        const struct method *method;            /* of that                                        */
        struct method_run   *run;               /* NULL: nothing has begun, or it is forgotten    */
        bool        over;                       /* it has nothing to wait for any more            */
        struct method_order  order;
        char        visible[TEXTS_MAX + 1];
        char        password_ends[TEXTS_MAX + 1];       /* "": nothing is to be said of passwords */
        bool        inside;                     /* [network] inside has where it comes from       */

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

        bool        may_turn;                   /* of the e-ID: a link on this device is offered  */
        bool        turned;                     /* and was asked for                              */
        bool        another;                    /* another of the ways was                        */
        bool        here;                       /* what is wanted: by the link                    */
        unsigned    n_turns;                    /* of both                                        */
        unsigned    prompted;                   /* number of the prompt that waits for an answer; 0: none does */
        bool        answered;                   /* and has it:                                    */
        size_t      n_answer;
        char        answer[WIRE_ANSWER_MAX];    /* wiped as soon as it was compared               */
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

/* Is each word of how it stands asked for? */
static inline bool attempt_is_asked(const struct attempt *a) {
        return a->pace == WIRE_PACE_ASKED;
}

/*
 * Wait until the caller or the service manager says something, or @until_ms;
 * with a run, also until the provider does.  Sets gone, stopping, asked,
 * another, answered.  Messages of @kinds are taken; returns the kind that came, or 0.
 */
enum wire_kind attempt_wait(struct attempt *a, uint32_t kinds, uint64_t until_ms);

/* Hold the conversation from START, with the run that has begun, until there is an outcome or the caller has gone. */
void attempt_converse(struct attempt *a, struct outcome *ret);

/* Begin the run of a->ways[a->at_way]; a negative errno: there is none. */
int way_begin(struct attempt *a);

/* Give up what was begun, at the provider, too: blocks for METHOD_CANCEL_MS at most. */
void way_cancel(struct attempt *a);

/* Give it up and forget it; then the next of the ways, and after the last the first. */
void way_end(struct attempt *a);
int way_next(struct attempt *a);

/* Say what is to be shown or typed now (show.c). */
void show_send(struct attempt *a, const struct method_view *view);
void show_prompt(struct attempt *a, const struct method_ask *ask);

/* From a method's end to an outcome; what is proven is still to be settled. */
void outcome_from_view(const struct method_view *view, struct outcome *ret);

/* Fix the outcome: judge the proof, record, write the journal's line.  Once, when it is about to be told. */
void outcome_settle(struct attempt *a, struct outcome *o);

/* Write into the care directory how it ended, once that is fixed: an approval, with its evidence, or who else approved. */
int outcome_record(const struct attempt *a, struct directory *d, struct outcome *o, int64_t now);

void outcome_send(const struct helper *h, const struct attempt *a, const struct outcome *o);
