/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * asked.c - the rows in which each picture is asked for: sshd before OpenSSH 10.3, and a terminal that moves no cursor
 *
 * Such an sshd shows a message at the next prompt only, and after 32 of them
 * it ends the process.  So here everything is a prompt: the person asks for
 * each picture with Enter, and the order is not started before the phone is
 * ready, because its pictures are good for seconds.  No escape codes, since
 * the client prints them as text.
 *
 * For a name that the host does not know, sshd puts characters of its own in
 * the place of those that were typed, as many.  So no letter may mean anything
 * here that another does not: a single one, whichever, is "i", any four are
 * "link", which goes from codes to a link on this device and back, any five
 * are "other", which goes to the next of the ways that are offered, and any six
 * are "larger", which makes the code twice as large, and small again.  Nobody
 * knows how large the client's window is.  Who wants to give up ends the
 * connection.
 */

#include "words.h"

#include "texts.h"

#include <string.h>

/* One prompt is kept for the text that says how it ended (attempt.c). */
enum { PROMPTS_NOT_LAST = CONVERSE_MESSAGE_MAX - 1 };

/* How the person wants the code. */
struct wish {
        bool inverted, larger;
};

/* The one row below a picture: the check code, what to do, and room for the answer. */
static void prompt_row(struct drawing *d, const struct draw_texts *texts) {
        const size_t n_code = strlen(texts->check_code);

        drawing_put_string(d, texts->check_code);
        drawing_put_string(d, "  ");
        draw_text_fit(d, texts->help, DRAW_PROMPT_COLUMNS - text_columns(texts->check_code, n_code) - 3);
        drawing_put_string(d, " ");
}

/* 23 rows of code and one of words: what 24 rows have room for.  45 in 90 columns, where it is to be larger. */
static void draw_picture(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                         const struct wish *wish) {
        drawing_begin(d);
        drawing_put_string(d, "\n");
        draw_plain(d, code, words_scale(code, wish->larger), wish->inverted);
        prompt_row(d, texts);
}

/* What the answer wants before the next picture. */
static int answer(struct talk *talk, enum converse_choice choice, struct wish *wish) {
        if (choice == CONVERSE_FOUR)
                return talk_may_turn(talk) ? talk_say(talk, WIRE_TURN) : 0;
        if (choice == CONVERSE_FIVE)
                return talk_may_way(talk) ? talk_say(talk, WIRE_WAY) : 0;
        if (choice == CONVERSE_SIX)
                wish->larger = !wish->larger;
        else if (choice != CONVERSE_GO_ON)
                wish->inverted = !wish->inverted;
        return 0;
}

/* Until the person is ready for a picture: nobody has to get ready for what is typed. */
static int begin(struct talk *talk, struct wish *wish) {
        struct draw_texts texts = talk_texts(talk);
        enum converse_choice choice = CONVERSE_GO_ON;
        int r = 0;

        if (!talk_types(talk)) {
                words_draw(talk, &texts, true);
                r = talk_prompt(talk, &choice);
                talk->introduced = true;
        }
        if (r == 0)
                r = talk_say(talk, WIRE_START);
        if (r == 0 && (choice == CONVERSE_FOUR || choice == CONVERSE_FIVE || choice == CONVERSE_SIX))
                r = answer(talk, choice, wish);
        return r;
}

int asked_run(struct talk *talk) {
        struct wish wish = { .inverted = talk->host.light, .larger = talk->host.larger };
        int r = begin(talk, &wish);

        if (r != 0)
                return r;

        for (;;) {
                struct draw_texts texts;
                enum converse_choice choice;
                struct draw_code code;

                r = talk_ask(talk);
                if (r != TALK_SHOW)
                        return r;
                if (talk->converse.n_prompts >= PROMPTS_NOT_LAST)
                        return TALK_E_TOO_MANY;

                code = talk_code(talk);
                texts = talk_texts(talk);
                if (code.side > 0)
                        draw_picture(talk->drawing, &code, &texts, &wish);
                else
                        words_draw(talk, &texts, false);
                r = talk_prompt(talk, &choice);
                if (r == 0)
                        r = answer(talk, choice, &wish);
                if (r != 0)
                        return r;
        }
}
