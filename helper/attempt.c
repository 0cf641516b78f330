/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * attempt.c - between START and the outcome: show, wait, show
 *
 * 1. MUST notice within the next wait that the caller has gone.
 * 2. MUST end at the deadline, whatever caller and provider do.
 * 3. MUST show the same, at the same times, whether somebody is asked or not: nothing here looks at the facts.
 */

#include "attempt.h"

#include "cleanup.h"
#include "conversation.h"
#include "resident.h"

#include <stdio.h>
#include <string.h>

static uint64_t earlier(uint64_t a, uint64_t b) {
        return a < b ? a : b;
}

/* One question at a time, and not for ever. */
static bool ask_take(struct attempt *a) {
        if (a->asked || ++a->n_asks > HELPER_ASKS_MAX)
                return false;
        a->asked = true;
        a->asked_ms = wire_now_ms();
        return true;
}

/* In pace asked it is the question, too, what comes of it. */
static bool answer_take(struct attempt *a, const struct wire_message *m) {
        a->prompted = 0;
        a->answered = true;
        a->n_answer = m->n_bytes[WIRE_TAG_ANSWER];
        memcpy(a->answer, m->bytes[WIRE_TAG_ANSWER], a->n_answer);
        return !attempt_is_asked(a) || ask_take(a);
}

/* False: more than there may be. */
static bool attempt_take(struct attempt *a, const struct wire_message *m) {
        if (m->kind == WIRE_ASK)
                return ask_take(a);
        if (m->kind == WIRE_ANSWER)
                return answer_take(a, m);
        if (m->kind != WIRE_TURN && m->kind != WIRE_WAY)
                return true;
        if (++a->n_turns > HELPER_TURNS_MAX)
                return false;
        if (m->kind == WIRE_TURN) {
                a->turned = true;
                a->here = !a->here;
        } else {
                a->prompted = 0;
                a->another = true;
        }
        return true;
}

/* What was typed stands in it. */
static void message_wipe(struct wire_message *m) {
        explicit_bzero(m, sizeof *m);
}

/* Something stands on the connection: read it. */
static enum wire_kind attempt_read(struct attempt *a, uint32_t kinds) {
        AUTO(message_wipe) struct wire_message m;

        if (wire_receive(a->h->fd, kinds, 0, &m) != WIRE_OK || !attempt_take(a, &m)) {
                a->gone = true;
                return 0;
        }
        return m.kind;
}

enum wire_kind attempt_wait(struct attempt *a, uint32_t kinds, uint64_t until_ms) {
        struct pollfd fds[] = {
                { .fd = a->h->fd,      .events = POLLIN },
                { .fd = a->h->signals, .events = POLLIN },
                { .fd = a->h->half,    .events = POLLIN },      /* it says nothing: it ends                      */
        };
        const nfds_t n = a->h->verifying ? N_ELEMENTS(fds) : N_ELEMENTS(fds) - 1;
        const uint64_t now = wire_now_ms();
        int r;

        if (a->run && !a->over)
                r = a->method->wait(a->run, fds, n, until_ms);
        else
                r = poll(fds, n, until_ms > now ? (int) earlier(until_ms - now, 60000) : 0);
        if (r < 0 && a->run && !a->over) {
                a->stopping = true;
                return 0;
        }
        if (fds[1].revents)
                a->stopping = true;
        if (n == N_ELEMENTS(fds) && fds[2].revents) {
                a->gone = true;
                return 0;
        }
        return fds[0].revents ? attempt_read(a, kinds) : 0;
}

static bool view_differs(const struct method_view *x, const struct method_view *y) {
        return x->state != y->state || x->text != y->text || strcmp(x->frame, y->frame) != 0 ||
               strcmp(x->link, y->link) != 0;
}

/*
 * The answer waits a moment: after START for the first code, later for what
 * the provider says when it is asked after the person has asked, so that one
 * Enter after the approval is enough.  Where the provider was asked a moment
 * ago and knew of nobody who has opened the order, nobody can have approved
 * since: the code is shown at once.
 */
static bool ask_is_ripe(const struct attempt *a, const struct method_view *view, uint64_t now_ms) {
        if (now_ms >= a->asked_ms + ATTEMPT_HOLD_MS)
                return true;
        if ((*view->frame || *view->link) && !a->asked_news)
                return true;
        return view->state != WIRE_STATE_STARTING && view->learnt_ms >= a->asked_ms;
}

/*
 * Once the provider has answered there is a while of nothing but codes.  To
 * leave what is wanted again costs time, so a short log-in does it once.
 */
static void rest(struct attempt *a, const struct method_view *view) {
        if (view->learnt_ms < a->rested_ms + ATTEMPT_REST_MS)
                return;
        a->rested_ms = view->learnt_ms;
        resident_leave();
}

/* What may be said now. */
static uint32_t kinds_now(const struct attempt *a) {
        uint32_t kinds = attempt_is_asked(a) && a->prompted == 0 ? UINT32_C(1) << WIRE_ASK : 0;

        if (a->may_turn && a->method->turn)
                kinds |= UINT32_C(1) << WIRE_TURN;
        if (a->n_ways > 1)
                kinds |= UINT32_C(1) << WIRE_WAY;
        if (a->prompted != 0)
                kinds |= UINT32_C(1) << WIRE_ANSWER;
        return kinds;
}

/* Do what the caller has said. */
static int heard(struct attempt *a, struct method_view *shown) {
        int r = 0;

        if (a->another) {
                a->another = a->turned = a->here = false;
                *shown = (struct method_view) { .state = 0 };
                r = way_next(a);
        }
        if (r == 0 && a->turned) {
                a->turned = false;
                a->method->turn(a->run, a->here, wire_now_ms());
        }
        if (r == 0 && a->answered)
                a->method->answer(a->run, a->answer, a->n_answer, wire_now_ms());
        if (a->answered)
                explicit_bzero(a->answer, sizeof a->answer);
        a->answered = false;
        return r;
}

/* Say what is new, where it is wanted. */
static void say(struct attempt *a, const struct method_view *view, struct method_view *shown, uint64_t now_ms) {
        if (view->ask.factor) {
                if (a->prompted == 0 && (a->asked || !attempt_is_asked(a)))
                        show_prompt(a, &view->ask);
        } else if (attempt_is_asked(a) ? a->asked && ask_is_ripe(a, view, now_ms) : view_differs(view, shown)) {
                show_send(a, view);
                *shown = *view;
        }
}

/* What ends it whatever the method does. */
static bool is_over(const struct attempt *a, uint64_t now_ms, struct outcome *ret) {
        if (a->stopping)
                *ret = (struct outcome) {
                        .verdict = WIRE_VERDICT_UNREACHABLE, .text = TEXT_STOPPING, .detail = "the service is being stopped",
                };
        else if (now_ms >= a->deadline_ms)
                *ret = (struct outcome) { .verdict = WIRE_VERDICT_TIMED_OUT, .text = TEXT_TIME_UP };
        else
                return a->gone;
        return true;
}

void attempt_converse(struct attempt *a, struct outcome *ret) {
        struct method_view view, shown = { .state = 0 };

        for (;;) {
                const uint64_t now = wire_now_ms();
                const bool was_asked = a->asked;
                uint64_t until;

                if (heard(a, &shown) < 0) {
                        *ret = (struct outcome) {
                                .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN, .detail = "the method could not be started",
                        };
                        return;
                }
                a->method->next(a->run, now, &view);
                if (view.end) {
                        outcome_from_view(&view, ret);
                        break;
                }
                if (is_over(a, now, ret))
                        break;
                say(a, &view, &shown, now);

                rest(a, &view);
                until = earlier(a->deadline_ms, view.frame_until_ms);
                if (a->asked)
                        until = earlier(until, a->asked_ms + ATTEMPT_HOLD_MS);
                (void) attempt_wait(a, kinds_now(a), until);
                if (a->asked && !was_asked && !a->another && !a->answered)
                        a->asked_news = a->method->hurry(a->run, wire_now_ms());
        }

        if (view.end == METHOD_PROVEN) {
                ret->proven = a->method->proof(a->run, &ret->proof) == 0;
                if (!ret->proven)
                        *ret = (struct outcome) { .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN };
        }
        if (view.end)
                (void) snprintf(ret->detail, sizeof ret->detail, "%s", a->method->detail(a->run));
}
