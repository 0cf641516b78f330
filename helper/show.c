/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * show.c - how it stands, and what is to be typed, as messages to the caller
 */

#include "attempt.h"

#include "conversation.h"
#include "qr.h"

#include <stdio.h>
#include <string.h>

void show_send(struct attempt *a, const struct method_view *view) {
        const bool live = !attempt_is_asked(a);
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

static const char *ways_names(const struct attempt *a, char ret[static TEXTS_MAX + 1]) {
        texts_ways(a->ways, a->n_ways, a->ways[a->at_way], ret);
        return ret;
}

/* Beside the first prompt of a way: which others there are, and until when passwords are good. */
static void help_make(const struct attempt *a, const struct method_ask *ask, char ret[static TEXTS_MAX + 1]) {
        char ways[TEXTS_MAX + 1] = "";
        const bool others = ask->first && a->n_ways > 1;
        const bool ends = ask->first && ask->factor == WIRE_FACTOR_PASSWORD && *a->password_ends;

        (void) snprintf(ret, TEXTS_MAX + 1, "%.600s%s%.600s%s%.600s%s%.200s", ends ? a->password_ends : "", ends && (others || ask->help) ? "\n" : "",
                        others ? ways_names(a, ways) : "", others ? "\n" : "",
                        others ? texts_get(TEXT_ENTER_OTHER) : "", others && ask->help ? "\n" : "",
                        ask->help ? texts_get(ask->help) : "");
}

void show_prompt(struct attempt *a, const struct method_ask *ask) {
        const uint64_t now = wire_now_ms();
        char help[TEXTS_MAX + 1];
        struct wire_message m;

        help_make(a, ask, help);
        wire_message_init(&m, WIRE_PROMPT);
        wire_set_number(&m, WIRE_TAG_FACTOR, ask->factor);
        wire_set_string(&m, WIRE_TAG_TEXT, texts_get(ask->label));
        wire_set_string(&m, WIRE_TAG_HELP, help);
        wire_set_number(&m, WIRE_TAG_ECHO, ask->echoed);
        wire_set_number(&m, WIRE_TAG_ROOM, ask->room);
        wire_set_number(&m, WIRE_TAG_SECONDS, now < a->deadline_ms ? (a->deadline_ms - now + 999) / 1000 : 0);
        if (conversation_send(a->h, &m) != WIRE_OK)
                a->gone = true;
        a->prompted = ask->number;
        a->asked = false;
}
