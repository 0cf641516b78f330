/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * prompt.c - the row for a host program that nothing is known of, but an address that the log-in comes from
 *
 * No terminal, no sshd: what it does with a text nobody can say.  It may show
 * prompts alone, a prompt in one line, or letters and nothing else; so there is
 * one short prompt at a time, in one line, without escape codes, and no
 * picture.  What can stand in such a prompt is the link, or what is to be typed.  The link comes first, for
 * who shows the beginning alone; what is too much is left out from the end.
 * Each answer, whatever it is, asks for the state.
 *
 * Some programs answer all prompts by themselves, with the password that they
 * were given before: nobody reads the link.  Who reads is asked for Enter, and
 * after a few answers in a row that are more than that, it ends.
 */

#include "talk.h"

#include "texts.h"
#include "utf8.h"

#include <string.h>

enum {
        PROMPT_BYTES_MAX  = 700,
        PROMPT_TYPED_MAX  = 3,                  /* answers in a row that are not Enter                   */
};

/* The first line of a text, a blank before it if anything is. */
static void part_put(struct drawing *d, const char *text) {
        if (text[0] == '\0')
                return;
        if (d->n > 0)
                drawing_put_string(d, " ");
        drawing_put(d, text, strcspn(text, "\n"));
}

/* Each line of a text, as a sentence of its own. */
static void lines_put(struct drawing *d, const char *text) {
        for (const char *line = text; *line; line += *line == '\n') {
                const size_t n = strcspn(line, "\n");

                part_put(d, line);
                if (n > 0 && line[n - 1] != '.')
                        drawing_put_string(d, ".");
                line += n;
        }
}

/* What to do: what the helper says, where that can be done here. */
static const char *help_of(const struct talk *talk, const struct draw_texts *texts) {
        const bool scans = talk->message.number[WIRE_TAG_STATE] == WIRE_STATE_SCAN;

        return scans && texts->link[0] == '\0' ? text_get(TEXT_PRESS_ENTER, talk_language(talk)) : texts->help;
}

static void prompt_draw(struct talk *talk) {
        const struct draw_texts texts = talk_texts(talk);
        struct drawing *const d = talk->drawing;
        char check_line[DRAW_LINE_SIZE];

        draw_check_code(&texts, check_line);
        drawing_begin(d);
        part_put(d, texts.link[0] != '\0' ? texts.link : texts.text);
        lines_put(d, check_line);
        part_put(d, help_of(talk, &texts));
        if (texts.link[0] != '\0')
                lines_put(d, texts.about);
        if (!d->overflowed && d->n >= PROMPT_BYTES_MAX) {
                d->n = utf8_fit(d->data, PROMPT_BYTES_MAX - 1);
                d->data[d->n] = '\0';
        }
        if (d->n > 0 && d->data[d->n - 1] != ' ')
                drawing_put_string(d, " ");
}

int prompt_run(struct talk *talk) {
        enum converse_choice choice;
        int r;

        /* A code is of no use here: a link, or what is typed. */
        if (!talk_may_turn(talk) && !talk_types(talk) && !talk_may_way(talk))
                return TALK_E_NO_WAY;
        r = talk_say(talk, WIRE_START);
        if (r == 0 && !talk_types(talk))
                r = talk_say(talk, talk_may_turn(talk) ? WIRE_TURN : WIRE_WAY);
        if (r != 0)
                return r;

        for (;;) {
                r = talk_ask(talk);
                if (r != TALK_SHOW)
                        return r;
                /* After the state that the last answer asked for: whoever approved meanwhile is let in. */
                if (talk->converse.n_typed == PROMPT_TYPED_MAX)
                        return TALK_E_UNREAD;
                /* Back from the link, whose approval came from elsewhere. */
                if (talk_code(talk).side > 0)
                        return TALK_E_NO_WAY;
                /* Nothing to read yet: the next answer waits as this one did. */
                if (talk->message.number[WIRE_TAG_STATE] == WIRE_STATE_STARTING)
                        continue;
                prompt_draw(talk);
                r = talk_prompt(talk, &choice);
                if (r != 0)
                        return r;
        }
}
