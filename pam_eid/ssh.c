/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ssh.c - the rows for sshd: no escape codes, since the client prints them as text
 *
 * With live=yes each message is shown at once, by an sshd from OpenSSH 10.3 on
 * and clients of that age.  An older client writes it to its log: letters
 * beyond ASCII as numbers, a kilobyte at most, nothing with -q.  Nobody can
 * answer then, so nothing is offered to be answered.
 *
 * Before OpenSSH 10.3 a message is shown at the next prompt only, and after 32
 * of them sshd ends the process.  So here everything is a prompt: the person
 * asks for each picture with Enter, and the order is not started before the
 * phone is ready, because its pictures are good for seconds.
 *
 * The first line that such a client prints begins with "(user@host) ", which
 * would shift the first row of a picture; so every message begins with a newline.
 *
 * For a name that the host does not know, sshd puts characters of its own in
 * the place of those that were typed, as many.  So no letter may mean anything
 * here that another does not: a single one, whichever, is "i", and any four
 * are "link", which goes from codes to a link on this device and back.  Who
 * wants to give up ends the connection.
 */

#include "talk.h"

#include "lines.h"
#include "texts.h"

#include <stdio.h>
#include <string.h>

/* One prompt is kept for the text that says how it ended (attempt.c). */
enum { PROMPTS_NOT_LAST = CONVERSE_MESSAGE_MAX - 1 };

static void paragraph(struct drawing *d, const char *text) {
        if (text[0] == '\0')
                return;
        draw_text(d, "\n");
        draw_text(d, text);
        draw_text(d, "\n");
}

static void check_code(struct drawing *d, const struct draw_texts *texts) {
        if (texts->check_code[0] == '\0')
                return;
        draw_text(d, "\n");
        draw_text(d, texts->code_label);
        draw_text(d, ": ");
        draw_text(d, texts->check_code);
        draw_text(d, "\n");
}

/* The one row below a picture: the check code, what to do, and room for the answer. */
static void prompt_row(struct drawing *d, const struct draw_texts *texts) {
        const size_t n_code = strlen(texts->check_code);

        draw_text(d, texts->check_code);
        draw_text(d, "  ");
        draw_text_fit(d, texts->help, DRAW_PROMPT_COLUMNS - text_columns(texts->check_code, n_code) - 3);
        draw_text(d, " ");
}

/*
 * A client whose locale is not UTF-8 prints a block as twelve digits, and a
 * picture as some hundred lines of them.  So it is tried on three.
 */
static void blocks_try(struct drawing *d, const struct talk *talk) {
        draw_text(d, "\n\u2588\u2584\u2588  ");
        draw_text(d, text_get(TEXT_BLOCKS, talk_language(talk)));
        draw_text(d, "\n");
}

/* Everything in words: before the order, and while there is no code to scan. */
static void draw_words(const struct talk *talk, const struct draw_texts *texts, bool first) {
        struct drawing *const d = talk->drawing;

        drawing_begin(d);
        if (first)
                paragraph(d, texts->about);
        paragraph(d, texts->text);
        paragraph(d, texts->link);
        check_code(d, texts);
        if (first && talk->host.row != HOST_PLAIN)
                blocks_try(d, talk);
        if (texts->help[0] == '\0')
                return;
        draw_text(d, "\n");
        draw_text(d, texts->help);
        draw_text(d, " ");
}

/* 23 rows of code and one of words: what 24 rows have room for. */
static void draw_picture(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                         bool inverted) {
        drawing_begin(d);
        draw_text(d, "\n");
        draw_plain(d, code, inverted);
        prompt_row(d, texts);
}

/*
 * The texts stand beside the code: with the row that the client's cursor is left in, 24 rows have no room for any
 * below it.  The client ends the last row.
 */
static void draw_live(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts) {
        const struct draw_size cells = draw_code_size(code->side, 1);
        const size_t used = cells.columns + DRAW_GAP;
        const size_t columns = used < DRAW_PROMPT_COLUMNS ? DRAW_PROMPT_COLUMNS - used : 0;
        struct lines lines = { .n = 0 };
        char check_line[128] = "", seconds_line[32];

        if (texts->check_code[0] != '\0')
                (void) snprintf(check_line, sizeof check_line, "%s: %s", texts->code_label, texts->check_code);
        (void) snprintf(seconds_line, sizeof seconds_line, "%u:%02u", texts->seconds / 60, texts->seconds % 60);
        if (columns >= DRAW_TEXT_COLUMNS) {
                lines_add(&lines, check_line, columns, false);
                lines_gap(&lines);
                lines_add(&lines, texts->text, columns, false);
                lines_gap(&lines);
                lines_add(&lines, texts->about, columns, false);
                lines_gap(&lines);
                lines_add(&lines, seconds_line, columns, false);
        }

        drawing_begin(d);
        for (size_t row = 0; row < cells.rows; row++) {
                if (row > 0)
                        drawing_put_string(d, "\n");
                draw_plain_row(d, code, false, row);
                if (row < lines.n && lines.line[row].n > 0) {
                        drawing_put_times(d, " ", DRAW_GAP);
                        drawing_put(d, lines.line[row].start, lines.line[row].n);
                }
        }
        d->rows = cells.rows;
        if (columns < DRAW_TEXT_COLUMNS) {
                drawing_put_string(d, "\n");
                drawing_put_string(d, check_line);
        }
}

static int ask(struct talk *talk, enum converse_choice *ret) {
        if (talk->drawing->overflowed)
                return TALK_E_LOST;
        return talk_conversed(converse_ask(&talk->converse, PAM_PROMPT_ECHO_OFF, talk->drawing->data, ret));
}

/* What the answer wants before the next picture. */
static int answer(struct talk *talk, enum converse_choice choice, bool *inverted) {
        if (choice == CONVERSE_FOUR)
                return talk_may_turn(talk) ? talk_say(talk, WIRE_TURN) : 0;
        if (choice != CONVERSE_GO_ON)
                *inverted = !*inverted;
        return 0;
}

int ssh_asked_run(struct talk *talk) {
        struct draw_texts texts = talk_texts(talk);
        enum converse_choice choice;
        bool inverted = false;
        int r;

        draw_words(talk, &texts, true);
        r = ask(talk, &choice);
        if (r != 0)
                return r;
        r = talk_say(talk, WIRE_START);
        if (r == 0 && choice == CONVERSE_FOUR)
                r = answer(talk, choice, &inverted);
        if (r != 0)
                return r;

        for (;;) {
                struct draw_code code;

                r = talk_say(talk, WIRE_ASK);
                if (r != 0)
                        return r;
                r = talk_hear(talk);
                if (r != TALK_SHOW)
                        return r;
                if (talk->converse.n_prompts >= PROMPTS_NOT_LAST)
                        return TALK_E_TOO_MANY;

                code = talk_code(talk);
                texts = talk_texts(talk);
                if (code.side > 0)
                        draw_picture(talk->drawing, &code, &texts, inverted);
                else
                        draw_words(talk, &texts, false);
                r = ask(talk, &choice);
                if (r == 0)
                        r = answer(talk, choice, &inverted);
                if (r != 0)
                        return r;
        }
}

int ssh_live_run(struct talk *talk) {
        struct draw_texts texts = talk_texts(talk);
        int r;

        texts.help = "";
        draw_words(talk, &texts, true);
        r = talk_conversed(converse_tell(&talk->converse, PAM_TEXT_INFO, CONVERSE_ESSENTIAL, talk->drawing->data));
        if (r != 0)
                return r;
        r = talk_say(talk, WIRE_START);
        if (r != 0)
                return r;

        for (;;) {
                struct draw_code code;

                r = talk_hear(talk);
                if (r != TALK_SHOW)
                        return r;
                code = talk_code(talk);
                texts = talk_texts(talk);
                texts.help = "";
                if (code.side > 0)
                        draw_live(talk->drawing, &code, &texts);
                else
                        draw_words(talk, &texts, false);
                if (talk->drawing->overflowed)
                        return TALK_E_LOST;
                r = talk_conversed(converse_tell(&talk->converse, PAM_TEXT_INFO, CONVERSE_ESSENTIAL,
                                                 talk->drawing->data));
                if (r != 0)
                        return r;
        }
}
