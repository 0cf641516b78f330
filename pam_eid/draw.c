/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * draw.c - a code and its texts on a screen: where each stands, and what of it is new
 */

#include "draw.h"

#include "cleanup.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static const char strong_on[] = "\033[1m";
static const char strong_off[] = "\033[0m";
static const char line_clear[] = "\033[K";
static const char below_clear[] = "\033[J";
static const char screen_clear[] = "\033[H\033[2J";

/* A letter without its accent, for a terminal that does not take UTF-8. */
static char letter_of(uint32_t c) {
        static const struct { uint32_t c; char letter; } letters[] = {
                { 0xc4, 'A' }, { 0xc5, 'A' }, { 0xc6, 'A' }, { 0xc9, 'E' }, { 0xd6, 'O' }, { 0xd8, 'O' },
                { 0xdc, 'U' }, { 0xe1, 'a' }, { 0xe4, 'a' }, { 0xe5, 'a' }, { 0xe6, 'a' }, { 0xe9, 'e' },
                { 0xf6, 'o' }, { 0xf8, 'o' }, { 0xfc, 'u' }, { 0x2013, '-' }, { 0x2019, '\'' },
        };

        for (size_t i = 0; i < N_ELEMENTS(letters); i++)
                if (letters[i].c == c)
                        return letters[i].letter;
        return c < 0x80 ? (char) c : '?';
}

static void put_text(struct drawing *d, const char *s, size_t n, bool utf8) {
        if (utf8) {
                drawing_put(d, s, n);
                return;
        }
        for (size_t at = 0; at < n;) {
                uint32_t c = '?';
                const size_t k = utf8_decode(s + at, n - at, &c);
                const char letter = letter_of(c);

                drawing_put(d, &letter, 1);
                at += k > 0 ? k : 1;
        }
}

static void put_line(struct drawing *d, const struct line *line, bool utf8) {
        if (line->strong)
                drawing_put_string(d, strong_on);
        put_text(d, line->start, line->n, utf8);
        if (line->strong)
                drawing_put_string(d, strong_off);
}

static size_t larger(size_t a, size_t b) {
        return a > b ? a : b;
}

/* -- The texts in lines -------------------------------------------------------------------------- */

/* The lines of texts that have no place of their own in struct draw_texts. */
struct small_lines {
        char code[DRAW_LINE_SIZE], seconds[DRAW_LINE_SIZE], need[32];
};

void draw_check_code(const struct draw_texts *texts, char ret[static DRAW_LINE_SIZE]) {
        ret[0] = '\0';
        if (texts->check_code[0] != '\0')
                (void) snprintf(ret, DRAW_LINE_SIZE, "%s: %s", texts->code_label, texts->check_code);
}

static void small_lines_make(struct small_lines *s, const struct draw_texts *texts, struct draw_size need) {
        draw_check_code(texts, s->code);
        (void) snprintf(s->seconds, sizeof s->seconds, "%s: %u:%02u", texts->time_label, texts->seconds / 60,
                        texts->seconds % 60);
        (void) snprintf(s->need, sizeof s->need, "%zu x %zu", need.columns, need.rows);
}

static void gap_add(struct lines *lines, bool gaps) {
        if (gaps)
                lines_gap(lines);
}

/* Who asks, for what; and unless that is all there is room for, what stands under it. */
static void about_add(struct lines *lines, const char *about, size_t columns, bool whole) {
        const char *const end = strchr(about, '\n');
        const size_t before = lines->n;

        lines_add(lines, about, columns, false);
        while (!whole && end && lines->n > before && lines->line[lines->n - 1].start > end)
                lines->n--;
}

/*
 * Everything beside the code: what stays as it is first, since lines that move
 * are written anew.  Without the gaps where they would not all fit, and then by
 * weight.  Do they all, but for what stands under the first line?
 */
static bool texts_break(struct lines *lines, const struct draw_texts *texts, const struct small_lines *small,
                        const struct draw_layout *at) {
        for (unsigned room = 3; room-- > 0;) {
                const bool gaps = room == 2;

                lines->n = 0;
                lines_add(lines, small->code, at->text_columns, true);
                lines_add(lines, small->seconds, at->text_columns, false);
                gap_add(lines, gaps);
                about_add(lines, texts->about, at->text_columns, room > 0);
                gap_add(lines, gaps);
                lines_add(lines, texts->text, at->text_columns, false);
                gap_add(lines, gaps);
                lines_add(lines, texts->link, at->text_columns, false);
                gap_add(lines, gaps);
                lines_add(lines, texts->help, at->text_columns, false);
                if (lines->n <= at->text_rows)
                        return true;
        }
        lines->n = 0;
        lines_add(lines, small->code, at->text_columns, true);
        lines_add(lines, texts->text, at->text_columns, false);
        lines_add(lines, texts->link, at->text_columns, false);
        lines_add(lines, texts->help, at->text_columns, false);
        if (lines->n > at->text_rows)
                lines->n = at->text_rows;
        return false;
}

/* Instead of it; the size is what must be read, whatever else has room. */
static void too_small_break(struct lines *lines, const struct draw_texts *texts, const struct small_lines *small,
                            const struct draw_layout *at) {
        for (unsigned others = 3; others-- > 0;) {
                lines->n = 0;
                lines_add(lines, others > 0 ? texts->too_small : "", at->text_columns, false);
                lines_add(lines, small->need, at->text_columns, true);
                lines_add(lines, others > 1 ? texts->help : "", at->text_columns, false);
                if (lines->n <= at->text_rows)
                        return;
        }
        lines->n = at->text_rows;
}

/* -- Places -------------------------------------------------------------------------------------- */

static unsigned scale_least(const struct draw_look *look) {
        return look->half_blocks ? 1 : 2;
}

/* The next smaller one, or 0.  Half blocks are for want of room alone: what they leave between them is in no larger code. */
static unsigned scale_below(unsigned scale, const struct draw_look *look) {
        return scale > 2 ? scale - 2 : scale == 2 && look->half_blocks ? 1 : 0;
}

/* The code at @scale, and a place for texts, beside it or above; false: no room. */
static bool layout_with_texts(struct draw_layout *ret, size_t side, unsigned scale, struct draw_size size) {
        const struct draw_size code = draw_code_size(side, scale);

        *ret = (struct draw_layout) { .size = size, .scale = scale, .code = code };
        if (size.columns >= code.columns + DRAW_GAP + DRAW_TEXT_COLUMNS) {
                ret->text_left = code.columns + DRAW_GAP;
                ret->text_rows = size.rows;
                /* A column short: after the last one the cursor stands where clearing would take a letter. */
                ret->text_columns = size.columns - ret->text_left - 1;
                return code.rows <= size.rows;
        }
        /* At least the check code must stand somewhere. */
        if (code.columns > size.columns || code.rows + 1 > size.rows)
                return false;
        ret->text_rows = size.rows - code.rows;
        ret->text_columns = size.columns - 1;
        return true;
}

/* Texts above take the rows they need, and the code follows. */
static void layout_follow(struct draw_layout *at, const struct lines *lines) {
        if (at->text_left == 0)
                at->top = lines->n;
}

static bool layout_large(struct draw_layout *ret, struct lines *lines, const struct draw_code *code,
                         const struct draw_texts *texts, const struct small_lines *small, const struct draw_look *look,
                         struct draw_size size) {
        for (unsigned scale = DRAW_SCALE_MAX; scale > 0; scale = scale_below(scale, look))
                if (layout_with_texts(ret, code->side, scale, size) && texts_break(lines, texts, small, ret)) {
                        layout_follow(ret, lines);
                        return true;
                }
        return false;
}

/* The code in the middle; below it one line, if there is a row for it. */
static bool layout_alone(struct draw_layout *ret, struct lines *lines, const struct draw_code *code,
                         const struct draw_texts *texts, const struct draw_look *look, struct draw_size size) {
        for (unsigned scale = DRAW_SCALE_MAX; scale > 0; scale = scale_below(scale, look)) {
                const struct draw_size cells = draw_code_size(code->side, scale);

                if (cells.columns > size.columns || cells.rows > size.rows)
                        continue;
                *ret = (struct draw_layout) {
                        .size = size, .scale = scale, .code = cells,
                        .text_rows = size.rows > cells.rows, .text_columns = size.columns - 1,
                        .left = (size.columns - cells.columns) / 2,
                };
                ret->top = (size.rows - cells.rows - ret->text_rows) / 2;
                ret->text_left = ret->left;
                ret->text_columns -= ret->left;
                ret->text_top = ret->top + cells.rows;
                lines_add(lines, texts->help, ret->text_columns, false);
                if (lines->n > ret->text_rows)
                        lines->n = ret->text_rows;
                return true;
        }
        return false;
}

/*
 * Find a place for everything, and break the texts for it: *lines borrows from
 * @texts and @small.  Where there is no code (yet, or any more), the texts stand
 * where they stand beside one.
 */
static void layout_find(struct draw_layout *ret, struct lines *lines, struct small_lines *small,
                        const struct draw_code *code, const struct draw_texts *texts, const struct draw_look *look,
                        struct draw_size size) {
        const struct draw_layout words = { .size = size, .text_rows = size.rows, .text_columns = size.columns - 1 };
        const struct draw_code supposed = { .side = code->side > 0 ? code->side : DRAW_SIDE_SUPPOSED };
        const unsigned least = scale_least(look);
        struct draw_size need = draw_code_size(supposed.side, least);
        bool found;

        need.rows++;
        small_lines_make(small, texts, need);
        lines->n = 0;
        if (code->side > 0 && look->view == DRAW_ALONE && layout_alone(ret, lines, code, texts, look, size))
                return;
        found = look->view == DRAW_LARGE && layout_large(ret, lines, &supposed, texts, small, look, size);
        if (!found) {
                found = layout_with_texts(ret, supposed.side, least, size);
                if (found) {
                        (void) texts_break(lines, texts, small, ret);
                        layout_follow(ret, lines);
                }
        }
        /* A link that is broken into lines is none. */
        if (found && code->side == 0 && (look->view == DRAW_ALONE || ret->text_left == 0 || texts->link[0] != '\0'))
                found = false;
        if (found) {
                if (code->side == 0) {
                        ret->scale = 0;
                        ret->code = (struct draw_size) { .rows = 0, .columns = 0 };
                }
                return;
        }
        *ret = words;
        if (code->side == 0)
                (void) texts_break(lines, texts, small, ret);
        else
                too_small_break(lines, texts, small, ret);
}

/* Do texts, and the code if there is one in both, stand in the same places? */
static bool is_same_place(const struct draw_layout *a, const struct draw_layout *b) {
        return a->size.rows == b->size.rows && a->size.columns == b->size.columns && a->text_top == b->text_top &&
               a->text_left == b->text_left && a->text_columns == b->text_columns && a->top == b->top && a->left == b->left &&
               (a->scale == b->scale || a->scale == 0 || b->scale == 0);
}

/* -- Rows ---------------------------------------------------------------------------------------- */

/* FNV-1a: two texts that are taken for one make a stale line, no more. */
static uint64_t digest(const struct line *line) {
        uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (line ? 1u + line->strong : 0u);

        for (size_t i = 0; line && i < line->n; i++)
                h = (h ^ (uint8_t) line->start[i]) * UINT64_C(0x100000001b3);
        return h;
}

struct rows {
        const struct draw_code   *code;
        const struct draw_look   *look;
        const struct draw_layout *at;
        const struct lines       *lines;
        struct draw_size          before;       /* of the code that is shown                             */
        bool                      all;          /* nothing of what is shown stays                        */
};

static enum draw_ink ink_of(const struct draw_look *look) {
        if (look->mono)
                return look->inverted ? DRAW_MONO_INVERTED : DRAW_MONO;
        return look->inverted ? DRAW_COLOURS_INVERTED : DRAW_COLOURS;
}

/*
 * One row: the code's part of it, which is new each time, and the text's, where
 * it is.  After a row that fills the screen's width the cursor still stands on
 * its last column, and clearing would take that.
 */
static void put_row(struct drawing *d, const struct rows *rows, size_t row, uint64_t *shown) {
        const struct draw_layout *at = rows->at;
        const bool has_code = row >= at->top && row - at->top < at->code.rows;
        const bool has_text = row >= at->text_top && row - at->text_top < rows->lines->n;
        const struct line *line = has_text ? &rows->lines->line[row - at->text_top] : NULL;
        const bool is_new = rows->all || digest(line) != *shown;
        size_t column = 0;

        *shown = digest(line);
        if (has_code) {
                drawing_put_times(d, " ", at->left);
                draw_code_row(d, rows->code, at->scale, ink_of(rows->look), row - at->top);
                column = at->left + at->code.columns;
        } else if (!rows->all && row >= at->top && row - at->top < rows->before.rows) {
                drawing_put_times(d, " ", at->left + rows->before.columns);
                column = at->left + rows->before.columns;
        }
        if (!is_new)
                return;
        if (has_text) {
                drawing_put_times(d, " ", at->text_left > column ? at->text_left - column : 0);
                put_line(d, line, rows->look->utf8);
        }
        if (has_text || column < at->size.columns)
                drawing_put_string(d, line_clear);
}

void draw_terminal(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                   const struct draw_look *look, struct draw_size size, struct draw_shown *shown) {
        struct small_lines small;
        struct lines lines;
        struct draw_layout at;
        struct rows rows = { .code = code, .look = look, .at = &at, .lines = &lines };
        uint64_t beyond = 0;

        drawing_begin(d);
        size.rows = larger(size.rows, 2);
        size.columns = larger(size.columns, 2);
        layout_find(&at, &lines, &small, code, texts, look, size);
        rows.all = shown->rows == 0 || !is_same_place(&at, &shown->layout);
        rows.before = shown->layout.code;

        drawing_put_string(d, "\r");
        if (shown->rows > size.rows)
                shown->rows = size.rows;
        if (shown->rows > 1)
                drawing_put_format(d, "\033[%zuA", shown->rows - 1);
        d->rows = larger(larger(at.top + at.code.rows, at.text_top + lines.n), shown->rows);
        for (size_t row = 0; row < d->rows; row++) {
                put_row(d, &rows, row, row < LINES_MAX ? &shown->line[row] : &beyond);
                if (row + 1 < d->rows)
                        drawing_put_string(d, "\r\n");
        }
        shown->rows = d->rows;
        shown->layout = at;
}

void draw_erase(struct drawing *d, size_t rows_before) {
        drawing_begin(d);
        if (rows_before == 0) {
                drawing_put_string(d, screen_clear);
                return;
        }
        drawing_put_string(d, "\r");
        if (rows_before > 1)
                drawing_put_format(d, "\033[%zuA", rows_before - 1);
        drawing_put_string(d, below_clear);
}

void draw_text_fit(struct drawing *d, const char *text, size_t columns) {
        drawing_put(d, text, text_fit(text, columns));
}
