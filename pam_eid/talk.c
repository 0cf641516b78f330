/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * talk.c - the helper's end of a VERIFY conversation, as the rows see it
 */

#include "talk.h"

#include "cleanup.h"
#include "texts.h"

struct talk *talk_new(pam_handle_t *pamh, int flags) {
        AUTO(talk_freep) struct talk *talk = calloc(1, sizeof *talk);

        if (!talk)
                return NULL;
        talk->fd = -1;
        talk->host.tty = -1;
        talk->converse = (struct converse) { .pamh = pamh, .silent = ((unsigned) flags & PAM_SILENT) != 0 };
        talk->drawing = drawing_new();
        return talk->drawing ? STEAL_PTR(talk) : NULL;
}

struct talk *talk_free(struct talk *talk) {
        if (talk) {
                auto_closep(&talk->fd);
                host_done(&talk->host);
                (void) drawing_free(talk->drawing);
                free(talk);
        }
        return NULL;
}

static int lost(struct talk *talk, int fault) {
        talk->fault = fault;
        return TALK_E_LOST;
}

/* Asked after its time, the helper has gone as it should. */
static int gone(struct talk *talk, int fault) {
        return fault == WIRE_E_CLOSED && wire_now_ms() >= talk->ends_ms ? TALK_E_TIMED_OUT : lost(talk, fault);
}

static uint64_t deadline_ms(const struct talk *talk) {
        const uint64_t least = wire_now_ms() + TALK_LEAST_MS, last = talk->ends_ms + TALK_GRACE_MS;

        return least > last ? least : last;
}

int talk_send(struct talk *talk, const struct wire_message *m) {
        const int r = wire_send(talk->fd, m, deadline_ms(talk));

        /* A helper that has said its last word and gone: it is there to be read. */
        return r == WIRE_OK || r == WIRE_E_CLOSED ? 0 : lost(talk, r);
}

int talk_say(struct talk *talk, enum wire_kind kind) {
        wire_message_init(&talk->message, kind);
        return talk_send(talk, &talk->message);
}

static int hear_once(struct talk *talk) {
        const uint32_t kinds = UINT32_C(1) << WIRE_SHOW | UINT32_C(1) << WIRE_PROMPT | UINT32_C(1) << WIRE_VERDICT;
        const int r = wire_receive(talk->fd, kinds, deadline_ms(talk), &talk->message);

        if (r != WIRE_OK)
                return gone(talk, r);
        if (talk->message.kind == WIRE_VERDICT)
                return TALK_VERDICT;
        /* Who still has something to show, and no verdict, would go on for ever: the time is ours to end. */
        if (wire_now_ms() >= talk->ends_ms + TALK_GRACE_MS)
                return TALK_E_TIMED_OUT;
        return talk->message.kind == WIRE_PROMPT ? TALK_PROMPT : TALK_SHOW;
}

int talk_hear(struct talk *talk) {
        for (;;) {
                int r = hear_once(talk);

                if (r != TALK_PROMPT)
                        return r;
                if (talk->aside)
                        talk->aside(talk->screen);
                r = typed_answer(talk);
                if (r != 0)
                        return r;
        }
}

int talk_ask(struct talk *talk) {
        const int r = talk_say(talk, WIRE_ASK);

        return r == 0 ? talk_hear(talk) : r;
}

int talk_prompt(struct talk *talk, enum converse_choice *ret) {
        if (talk->drawing->overflowed)
                return TALK_E_LOST;
        return talk_conversed(converse_ask(&talk->converse, PAM_PROMPT_ECHO_OFF, talk->drawing->data, ret));
}

struct draw_code talk_code(const struct talk *talk) {
        const struct wire_message *m = &talk->message;

        if (m->kind != WIRE_SHOW || !wire_has(m, WIRE_TAG_QR_BITS))
                return (struct draw_code) { .side = 0 };
        return (struct draw_code) {
                .side = (size_t) m->number[WIRE_TAG_QR_SIDE],
                .bits = m->bytes[WIRE_TAG_QR_BITS],
        };
}

bool talk_may_turn(const struct talk *talk) {
        return wire_has(&talk->intro, WIRE_TAG_MAY_TURN);
}

bool talk_may_way(const struct talk *talk) {
        return wire_has(&talk->intro, WIRE_TAG_WAYS);
}

bool talk_types(const struct talk *talk) {
        return wire_has(&talk->intro, WIRE_TAG_TYPES);
}

const char *talk_language(const struct talk *talk) {
        const struct wire_message *m = &talk->message;

        /* The verdict's may be the person's own; the introduction may be a verdict. */
        return m->kind == WIRE_VERDICT && wire_has(m, WIRE_TAG_LANGUAGE) ? m->string[WIRE_TAG_LANGUAGE]
                                                                         : talk->intro.string[WIRE_TAG_LANGUAGE];
}

struct draw_texts talk_texts(const struct talk *talk) {
        const bool shows = talk->message.kind == WIRE_SHOW;
        const struct wire_message *m = shows ? &talk->message : &talk->intro;

        return (struct draw_texts) {
                .about      = talk->intro.string[WIRE_TAG_ABOUT],
                .code_label = text_get(TEXT_CHECK_CODE, talk_language(talk)),
                .time_label = text_get(TEXT_TIME_LEFT, talk_language(talk)),
                .check_code = talk->intro.string[WIRE_TAG_CHECK_CODE],
                .text       = m->string[WIRE_TAG_TEXT],
                .link       = shows && wire_has(m, WIRE_TAG_LINK) ? m->string[WIRE_TAG_LINK] : "",
                .help       = m->string[WIRE_TAG_HELP],
                .too_small  = text_get(talk->host.console ? TEXT_CONSOLE : TEXT_TOO_SMALL, talk_language(talk)),
                .seconds    = shows ? (uint32_t) m->number[WIRE_TAG_SECONDS] : 0,
        };
}

int talk_conversed(int r) {
        switch (r) {
        case CONVERSE_OK:
                return 0;
        case CONVERSE_E_TOO_MANY:
                return TALK_E_TOO_MANY;
        case CONVERSE_E_FAILED:
                break;
        }
        return TALK_E_CONVERSATION;
}
