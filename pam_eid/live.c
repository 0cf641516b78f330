/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * live.c - the row for an sshd that shows each message at once (live=yes)
 *
 * OpenSSH does from 10.3 on, to clients of that age.  An older client writes
 * it to its log: letters beyond ASCII as numbers, a kilobyte at most, nothing
 * with -q.  No escape codes, since the client prints them as text.  Nobody can
 * answer then, so nothing is offered to be answered: where there is more than
 * one way, it is asked before the first.
 */

#include "words.h"

#include "lines.h"
#include "texts.h"

#include <stdio.h>

/*
 * The texts stand beside the code: with the row that the client's cursor is left in, 24 rows have no room for any
 * below it.  The client ends the last row.
 */
static void code_draw(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts) {
        const struct draw_size cells = draw_code_size(code->side, 1);
        const size_t used = cells.columns + DRAW_GAP;
        const size_t columns = used < DRAW_PROMPT_COLUMNS ? DRAW_PROMPT_COLUMNS - used : 0;
        struct lines lines = { .n = 0 };
        char check_line[DRAW_LINE_SIZE], seconds_line[32];

        draw_check_code(texts, check_line);
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
                draw_plain_row(d, code, 1, false, row);
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

static int begin(struct talk *talk) {
        struct draw_texts texts = talk_texts(talk);
        enum converse_choice choice = CONVERSE_GO_ON;
        int r = 0;

        if (!talk_types(talk) && !talk_may_way(talk)) {
                texts.help = "";
                words_draw(talk, &texts, true);
                r = talk_conversed(converse_tell(&talk->converse, PAM_TEXT_INFO, CONVERSE_ESSENTIAL, talk->drawing->data));
        } else if (!talk_types(talk)) {
                texts.help = "";
                words_draw(talk, &texts, true);
                drawing_put_string(talk->drawing, "\n");
                drawing_put_string(talk->drawing, text_get(TEXT_PRESS_ENTER, talk_language(talk)));
                r = talk_prompt(talk, &choice);
        }
        talk->introduced = !talk_types(talk);
        if (r == 0)
                r = talk_say(talk, WIRE_START);
        if (r == 0 && choice == CONVERSE_FIVE)
                r = talk_say(talk, WIRE_WAY);
        return r;
}

int live_run(struct talk *talk) {
        struct draw_texts texts;
        int r = begin(talk);

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
                        code_draw(talk->drawing, &code, &texts);
                else
                        words_draw(talk, &texts, false);
                if (talk->drawing->overflowed)
                        return TALK_E_LOST;
                r = talk_conversed(converse_tell(&talk->converse, PAM_TEXT_INFO, CONVERSE_ESSENTIAL,
                                                 talk->drawing->data));
                if (r != 0)
                        return r;
        }
}
