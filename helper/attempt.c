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
#include "qr.h"
#include "resident.h"

#include <stdio.h>
#include <string.h>

static uint64_t earlier(uint64_t a, uint64_t b) {
        return a < b ? a : b;
}

/* Something stands on the connection: read it. */
static enum wire_kind attempt_read(struct attempt *a, uint32_t kinds) {
        struct wire_message m;

        if (wire_receive(a->h->fd, kinds, 0, &m) != WIRE_OK) {
                a->gone = true;
                return 0;
        }
        if (m.kind == WIRE_ASK) {
                /* One question at a time, and not for ever. */
                if (a->asked || ++a->n_asks > HELPER_ASKS_MAX) {
                        a->gone = true;
                        return 0;
                }
                a->asked = true;
                a->asked_ms = wire_now_ms();
        }
        if (m.kind == WIRE_TURN) {
                if (++a->n_turns > HELPER_TURNS_MAX) {
                        a->gone = true;
                        return 0;
                }
                a->turned = true;
                a->here = !a->here;
        }
        return m.kind;
}

enum wire_kind attempt_wait(struct attempt *a, struct method_run *run, uint32_t kinds, uint64_t until_ms) {
        struct pollfd fds[] = {
                { .fd = a->h->fd,      .events = POLLIN },
                { .fd = a->h->signals, .events = POLLIN },
                { .fd = a->h->half,    .events = POLLIN },      /* it says nothing: it ends                      */
        };
        const nfds_t n = a->h->verifying ? N_ELEMENTS(fds) : N_ELEMENTS(fds) - 1;
        const uint64_t now = wire_now_ms();
        int r;

        if (run)
                r = a->method->wait(run, fds, n, until_ms);
        else
                r = poll(fds, n, until_ms > now ? (int) earlier(until_ms - now, 60000) : 0);
        if (r < 0 && run) {
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

static void show_send(struct attempt *a, const struct method_view *view) {
        const bool live = a->pace == WIRE_PACE_LIVE;
        const uint64_t now = wire_now_ms();
        enum text help = live ? TEXT_HELP_LIVE : TEXT_HELP_ASKED_APP;
        struct wire_message m;
        bool code = *view->frame;
        struct qr qr;
        int r;

        /* Where a code takes all the room, news come before it. */
        if (!live && view->notice && !a->noticed)
                code = false;
        a->noticed = view->notice;
        if (*view->link)
                help = live ? TEXT_HELP_LINK_LIVE : TEXT_HELP_LINK_ASKED;
        else if (code && !live)
                help = TEXT_HELP_ASKED;
        else if (*view->frame && !live)
                help = TEXT_HELP_ASKED_START;
        wire_message_init(&m, WIRE_SHOW);
        wire_set_number(&m, WIRE_TAG_STATE, view->state);
        wire_set_string(&m, WIRE_TAG_TEXT, texts_get(view->text));
        wire_set_string(&m, WIRE_TAG_HELP, texts_get(help));
        wire_set_number(&m, WIRE_TAG_SECONDS, now < a->deadline_ms ? (a->deadline_ms - now + 999) / 1000 : 0);
        if (code && qr_encode(view->frame, &qr) == 0) {
                wire_set_number(&m, WIRE_TAG_QR_SIDE, qr.side);
                wire_set_bytes(&m, WIRE_TAG_QR_BITS, qr.bits, qr.n_bits);
        }
        if (*view->link)
                wire_set_string(&m, WIRE_TAG_LINK, view->link);
        /* No waiting for a peer that doesn't read: the next picture is newer.  An answer was asked for. */
        r = live ? wire_send(a->h->fd, &m, now) : conversation_send(a->h, &m);
        if (r != WIRE_OK && !(live && r == WIRE_E_TIMED_OUT))
                a->gone = true;
        a->asked = false;
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

void attempt_converse(struct attempt *a, struct method_run *run, struct outcome *ret) {
        const bool live = a->pace == WIRE_PACE_LIVE;
        const uint32_t kinds = (live ? 0 : UINT32_C(1) << WIRE_ASK) | (a->may_turn ? UINT32_C(1) << WIRE_TURN : 0);
        struct method_view view, shown = { .state = 0 };

        for (;;) {
                const uint64_t now = wire_now_ms();
                const bool was_asked = a->asked;
                uint64_t until;

                if (a->turned) {
                        a->turned = false;
                        a->method->turn(run, a->here, now);
                }

                a->method->next(run, now, &view);
                if (view.end) {
                        outcome_from_view(&view, ret);
                        break;
                }
                if (a->gone)
                        break;
                if (a->stopping) {
                        *ret = (struct outcome) {
                                .verdict = WIRE_VERDICT_UNREACHABLE, .text = TEXT_STOPPING,
                                .detail = "the service is being stopped",
                        };
                        break;
                }
                if (now >= a->deadline_ms) {
                        *ret = (struct outcome) { .verdict = WIRE_VERDICT_TIMED_OUT, .text = TEXT_TIME_UP };
                        break;
                }
                if (live ? view_differs(&view, &shown) : a->asked && ask_is_ripe(a, &view, now)) {
                        show_send(a, &view);
                        shown = view;
                }

                rest(a, &view);
                until = earlier(a->deadline_ms, view.frame_until_ms);
                if (a->asked)
                        until = earlier(until, a->asked_ms + ATTEMPT_HOLD_MS);
                (void) attempt_wait(a, run, kinds, until);
                if (a->asked && !was_asked)
                        a->asked_news = a->method->hurry(run, wire_now_ms());
        }

        if (view.end == METHOD_PROVEN) {
                ret->proven = a->method->proof(run, &ret->proof) == 0;
                if (!ret->proven)
                        *ret = (struct outcome) { .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN };
        }
        if (view.end)
                (void) snprintf(ret->detail, sizeof ret->detail, "%s", a->method->detail(run));
}
