/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * talk.h - one VERIFY conversation, from INTRO to VERDICT
 *
 * talk.c speaks with the helper; terminal.c, asked.c, live.c and prompt.c are the rows of host.h:
 * they show what it says and ask it what the person wants to know.  What is to be typed is asked
 * for in the same way in all of them (typed.c), through the host program's conversation.
 */

#include "converse.h"
#include "draw.h"
#include "host.h"
#include "wire.h"

enum {
        TALK_GRACE_MS = 3000,           /* after the timeout, for the helper to say that it has passed   */
        TALK_LEAST_MS = 2000,           /* to wait for an answer, however late it is asked for           */
};

/* How a row can end.  Handled by attempt.c. */
enum {
        TALK_VERDICT = 0,               /* talk->message is the VERDICT                                  */
        TALK_E_GIVEN_UP = 1,            /* the person gave up, or hung up                                */
        TALK_E_CONVERSATION,            /* the host program's conversation failed                        */
        TALK_E_TOO_MANY,                /* CONVERSE_MESSAGE_MAX prompts were asked                       */
        TALK_E_TIMED_OUT,               /* the time has passed, and the helper has not said so           */
        TALK_E_NO_WAY,                  /* nothing that there is can be shown through this host program  */
        TALK_E_UNREAD,                  /* the host program answers prompts by itself                    */
        TALK_E_LOST,                    /* the helper is gone or babbles; talk->fault says how           */
};

struct talk {
        struct converse      converse;
        struct host          host;
        int                  fd;                /* the link; closing it is how we give up                */
        uint64_t             ends_ms;           /* wire_now_ms() at which the timeout has passed         */
        int                  fault;             /* WIRE_E_* or -errno                                    */
        struct wire_message  intro;             /* the INTRO                                             */
        struct wire_message  message;           /* the newest SHOW, then the VERDICT                     */
        struct drawing      *drawing;
        bool                 asked;             /* PACE asked: the helper shows nothing unless it is asked */
        bool                 introduced;        /* a prompt has said what this is about                  */
        void               (*aside)(void *screen);      /* whoever draws makes room for a prompt; NULL: nobody does */
        void                *screen;            /* its argument                                          */
};

struct talk *talk_new(pam_handle_t *pamh, int flags);   /* NULL: no memory                               */
struct talk *talk_free(struct talk *talk);              /* closes the link: the helper cancels           */
static inline void talk_freep(struct talk **talk) {
        (void) talk_free(*talk);
}

/* Send a question without fields.  0 or TALK_E_LOST. */
int talk_say(struct talk *talk, enum wire_kind kind);

/* The same with fields, which are the caller's. */
int talk_send(struct talk *talk, const struct wire_message *m);

/*
 * Receive a SHOW (TALK_SHOW) or the VERDICT (TALK_VERDICT) into talk->message; or TALK_E_LOST, TALK_E_TIMED_OUT: also
 * where a SHOW comes when all time is up, however many wait behind it.  Each PROMPT before it is put to the person, and
 * answered: so also what talk_prompt() returns.
 */
enum { TALK_SHOW = 16, TALK_PROMPT = 17 };
int talk_hear(struct talk *talk);

/* Say ASK, then hear what it is answered with. */
int talk_ask(struct talk *talk);

/* Show what has been drawn as a prompt.  0 and the answer in *ret, or one of the above: TALK_E_LOST where it did not fit. */
int talk_prompt(struct talk *talk, enum converse_choice *ret);

/* The code of the newest SHOW, and the texts beside it. */
struct draw_code talk_code(const struct talk *talk);
struct draw_texts talk_texts(const struct talk *talk);

/* Is there another way, a link on this device?  The helper closes on a TURN that it has not offered. */
bool talk_may_turn(const struct talk *talk);

/* Are there more ways than this one?  Does the first begin with a PROMPT? */
bool talk_may_way(const struct talk *talk);
bool talk_types(const struct talk *talk);

/* The PROMPT in talk->message, put to the person; then ANSWER, or WAY where they want another.  0, or as talk_prompt(). */
int typed_answer(struct talk *talk);

/* The language that the helper speaks to this person. */
const char *talk_language(const struct talk *talk);

/* A verdict of converse.h as one of the above; CONVERSE_OK is 0. */
int talk_conversed(int r);

/* The rows.  Each starts the order, shows what there is, and returns one of the codes above, or a negative errno. */
int terminal_run(struct talk *talk);
int asked_run(struct talk *talk);
int live_run(struct talk *talk);
int prompt_run(struct talk *talk);
int typed_run(struct talk *talk);
