/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * words.c - what a message says where it shows no code
 *
 * The first line that a client prints begins with "(user@host) ", which would
 * shift it; so every message begins with a newline.
 */

#include "words.h"

#include "texts.h"

enum { SCALE_LARGER = 2, BLOCK_BYTES = 3, WORDS_BYTES = 1024 };

unsigned words_scale(const struct draw_code *code, bool larger) {
        const struct draw_size cells = draw_code_size(code->side, SCALE_LARGER);

        return larger && cells.rows * (cells.columns * BLOCK_BYTES + 1) + WORDS_BYTES <= CONVERSE_TEXT_MAX ? SCALE_LARGER : 1;
}

static void paragraph(struct drawing *d, const char *text) {
        if (text[0] == '\0')
                return;
        drawing_put_string(d, "\n");
        drawing_put_string(d, text);
        drawing_put_string(d, "\n");
}

static void check_code(struct drawing *d, const struct draw_texts *texts) {
        char line[DRAW_LINE_SIZE];

        draw_check_code(texts, line);
        paragraph(d, line);
}

/*
 * A client whose locale is not UTF-8 prints a block as twelve digits, and a
 * picture as some hundred lines of them.  So it is tried on three.
 */
static void blocks_try(struct drawing *d, const struct talk *talk) {
        drawing_put_string(d, "\n\u2588\u2584\u2588  ");
        drawing_put_string(d, text_get(TEXT_BLOCKS, talk_language(talk)));
        drawing_put_string(d, "\n");
}

static void other_ways(struct drawing *d, const struct talk *talk) {
        if (!talk_may_way(talk))
                return;
        paragraph(d, talk->intro.string[WIRE_TAG_WAYS]);
        drawing_put_string(d, text_get(TEXT_OTHER_WAY, talk_language(talk)));
        drawing_put_string(d, "\n");
}

void words_draw(const struct talk *talk, const struct draw_texts *texts, bool first) {
        struct drawing *const d = talk->drawing;

        drawing_begin(d);
        if (first)
                paragraph(d, texts->about);
        paragraph(d, texts->text);
        paragraph(d, texts->link);
        check_code(d, texts);
        if (first && talk->host.row != HOST_PLAIN)
                blocks_try(d, talk);
        if (first)
                other_ways(d, talk);
        if (texts->help[0] == '\0')
                return;
        if (first)
                paragraph(d, text_get(TEXT_LARGER, talk_language(talk)));
        drawing_put_string(d, "\n");
        drawing_put_string(d, texts->help);
        drawing_put_string(d, " ");
}
