/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * live.c - the row for an sshd that shows each message at once (live=yes)
 *
 * OpenSSH does from 10.3 on, to clients of that age.  An older client writes
 * it to its log: letters beyond ASCII as numbers, a kilobyte at most, nothing
 * with -q.  No escape codes, since the client prints them as text.  Nobody can
 * answer then, so nothing is offered to be answered: where there is more than
 * one way, it is asked before the first; how large a code is, and for which
 * ground, says the PAM line.
 *
 * Each message is read aloud as a whole by a screen reader.  So what there is
 * to do is said when it is something else than before, and beside the codes
 * that follow stands the check code alone.
 */

#include "words.h"

#include "lines.h"
#include "texts.h"

#include <stdio.h>
#include <string.h>

/* What has been said of what there is to do. */
struct said {
        char text[WIRE_TEXT_MAX + 1];
};

static bool is_news(struct said *said, const struct draw_texts *texts) {
        if (strcmp(said->text, texts->text) == 0)
                return false;
        (void) snprintf(said->text, sizeof said->text, "%s", texts->text);
        return true;
}

static void texts_break(const struct draw_texts *texts, bool news, size_t columns,
                        const char *check_line, const char *seconds_line, struct lines *ret) {
        lines_add(ret, check_line, columns, false);
        if (!news)
                return;
        lines_gap(ret);
        lines_add(ret, texts->text, columns, false);
        lines_gap(ret);
        lines_add(ret, texts->about, columns, false);
        lines_gap(ret);
        lines_add(ret, seconds_line, columns, false);
}

/*
 * The texts stand beside the code: with the row that the client's cursor is left in, 24 rows have no room for any
 * below it.  The client ends the last row.  Of a code that leaves no room beside it the check code stands below,
 * and news above.
 */
static void code_draw(struct talk *talk, const struct draw_code *code, const struct draw_texts *texts, bool news) {
        struct drawing *const d = talk->drawing;
        const unsigned scale = words_scale(code, talk->host.larger);
        const struct draw_size cells = draw_code_size(code->side, scale);
        const size_t used = cells.columns + DRAW_GAP;
        const size_t columns = used < DRAW_PROMPT_COLUMNS ? DRAW_PROMPT_COLUMNS - used : 0;
        const bool beside = columns >= DRAW_TEXT_COLUMNS;
        struct lines lines = { .n = 0 };
        char check_line[DRAW_LINE_SIZE], seconds_line[32];

        draw_check_code(texts, check_line);
        (void) snprintf(seconds_line, sizeof seconds_line, "%u:%02u", texts->seconds / 60, texts->seconds % 60);
        if (beside)
                texts_break(texts, news, columns, check_line, seconds_line, &lines);

        drawing_begin(d);
        if (!beside && news) {
                drawing_put_string(d, texts->text);
                drawing_put_string(d, "\n");
        }
        for (size_t row = 0; row < cells.rows; row++) {
                if (row > 0)
                        drawing_put_string(d, "\n");
                draw_plain_row(d, code, scale, talk->host.light, row);
                if (row < lines.n && lines.line[row].n > 0) {
                        drawing_put_times(d, " ", DRAW_GAP);
                        drawing_put(d, lines.line[row].start, lines.line[row].n);
                }
        }
        d->rows = cells.rows;
        if (!beside) {
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
        struct said said = { .text = "" };
        struct draw_texts texts;
        int r = begin(talk);

        if (r != 0)
                return r;

        for (;;) {
                struct draw_code code;
                bool news;

                r = talk_hear(talk);
                if (r != TALK_SHOW)
                        return r;
                code = talk_code(talk);
                texts = talk_texts(talk);
                texts.help = "";
                news = is_news(&said, &texts);
                if (code.side > 0)
                        code_draw(talk, &code, &texts, news);
                else if (news)
                        words_draw(talk, &texts, false);
                else
                        continue;
                if (talk->drawing->overflowed)
                        return TALK_E_LOST;
                r = talk_conversed(converse_tell(&talk->converse, PAM_TEXT_INFO, CONVERSE_ESSENTIAL,
                                                 talk->drawing->data));
                if (r != 0)
                        return r;
        }
}
