/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * typed.c - what a person types: a password, a code
 *
 * The same in every row: one prompt of the host program's conversation, without escape codes.
 *
 *  1. MUST wipe what was typed, whatever becomes of it.
 *  2. MUST NOT log it, keep it, or give it to any other module: PAM_AUTHTOK is neither read nor set.
 *  3. MUST NOT show what is typed unless the helper says so.
 *
 * Enter alone is no password and no code: where there is another way, it goes there.  An sshd that types letters of its
 * own for names that the host does not know types none there, too.
 */

#include "talk.h"

#include "cleanup.h"
#include "utf8.h"

#include <string.h>

enum { PROMPT_BYTES_MAX = 700, LABEL_BYTES_MAX = 200 };

/* One line of at most that, for who shows no more: what to read, then what is asked for. */
static void line_draw(struct drawing *d, const struct wire_message *m) {
        const char *const label = m->string[WIRE_TAG_TEXT];
        const size_t n_label = utf8_fit(label, strnlen(label, LABEL_BYTES_MAX));

        for (const char *line = m->string[WIRE_TAG_HELP]; *line; line += *line == '\n') {
                const size_t n = strcspn(line, "\n");

                if (n > 0 && d->n + n + n_label + sizeof " : " <= PROMPT_BYTES_MAX) {
                        drawing_put(d, line, n);
                        drawing_put_string(d, " ");
                }
                line += n;
        }
        drawing_put(d, label, strcspn(label, "\n") < n_label ? strcspn(label, "\n") : n_label);
}

static void line_put(struct drawing *d, const char *text) {
        if (text[0] == '\0')
                return;
        drawing_put_string(d, text);
        drawing_put_string(d, "\n");
}

/* A client of ssh puts "(user@host) " before the first line: so that is an empty one. */
static void lines_draw(struct talk *talk, const struct wire_message *m) {
        struct drawing *const d = talk->drawing;

        if (talk->host.row == HOST_SSH_ASKED || talk->host.row == HOST_SSH_LIVE)
                drawing_put_string(d, "\n");
        if (!talk->introduced)
                line_put(d, talk->intro.string[WIRE_TAG_ABOUT]);
        talk->introduced = true;
        line_put(d, m->string[WIRE_TAG_HELP]);
        drawing_put_string(d, m->string[WIRE_TAG_TEXT]);
}

static void prompt_draw(struct talk *talk) {
        const struct wire_message *const m = &talk->message;

        drawing_begin(talk->drawing);
        if (talk->host.row == HOST_PROMPT || talk->host.row == HOST_OTHER)
                line_draw(talk->drawing, m);
        else
                lines_draw(talk, m);
        drawing_put_string(talk->drawing, ": ");
}

/* Say it, and in pace asked ask for what comes of it. */
static int way_say(struct talk *talk) {
        const int r = talk_say(talk, WIRE_WAY);

        return r == 0 && talk->asked ? talk_say(talk, WIRE_ASK) : r;
}

static int answer_say(struct talk *talk, const char *answer, size_t n) {
        struct wire_message m;

        wire_message_init(&m, WIRE_ANSWER);
        wire_set_bytes(&m, WIRE_TAG_ANSWER, answer, n);
        return talk_send(talk, &m);
}

int typed_answer(struct talk *talk) {
        const struct wire_message *const m = &talk->message;
        const int style = m->number[WIRE_TAG_ECHO] == 1 ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;
        const size_t room = (size_t) m->number[WIRE_TAG_ROOM];
        char answer[WIRE_ANSWER_MAX + 1];
        size_t n = 0;
        int r;

        prompt_draw(talk);
        if (talk->drawing->overflowed)
                return TALK_E_LOST;
        r = talk_conversed(converse_type(&talk->converse, style, talk->drawing->data, room, answer, &n));
        if (r == 0)
                r = n == 0 && talk_may_way(talk) ? way_say(talk) : answer_say(talk, answer, n);
        explicit_bzero(answer, sizeof answer);
        return r;
}

/* The row of a host program that nothing is known of, not even an address: what can be typed, and nothing else. */
int typed_run(struct talk *talk) {
        int r;

        if (!talk_types(talk))
                return TALK_E_NO_WAY;
        r = talk_say(talk, WIRE_START);
        if (r == 0)
                r = talk_hear(talk);
        return r == TALK_SHOW ? TALK_E_NO_WAY : r;
}
