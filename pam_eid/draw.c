/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * draw.c - a code and its texts as bytes for a terminal or a message
 *
 * Light modules are inked in white on a black background, so that the picture
 * is black on white in every theme, and so that the hairlines some terminals
 * leave between cells are dark on light, which readers forgive, and not light
 * across a dark module, which they do not.
 */

#include "draw.h"

#include "cleanup.h"
#include "lines.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* White ink on black, as the 8 colours and bold that every terminal has. */
static const char ink_on[] = "\033[0;40;37;1m";
static const char ink_inverted[] = "\033[0;47;30m";
static const char ink_off[] = "\033[0m";
static const char strong_on[] = "\033[1m";
static const char cell_light[] = "\033[0;47m";
static const char cell_dark[] = "\033[0;40m";
static const char line_clear[] = "\033[K";
static const char below_clear[] = "\033[J";
static const char screen_clear[] = "\033[H\033[2J";

struct drawing *drawing_new(void) {
        auto_free struct drawing *d = calloc(1, sizeof *d);

        if (!d)
                return NULL;
        d->data = calloc(1, DRAW_BYTES_MAX);
        return d->data ? STEAL_PTR(d) : NULL;
}

struct drawing *drawing_free(struct drawing *d) {
        if (d) {
                free(d->data);
                free(d);
        }
        return NULL;
}

static void put(struct drawing *d, const char *s, size_t n) {
        if (d->overflowed || n >= DRAW_BYTES_MAX - d->n) {
                d->overflowed = true;
                return;
        }
        memcpy(d->data + d->n, s, n);
        d->n += n;
        d->data[d->n] = '\0';
}

static void put_string(struct drawing *d, const char *s) {
        put(d, s, strlen(s));
}

static void put_times(struct drawing *d, const char *s, size_t times) {
        while (times-- > 0)
                put_string(d, s);
}

__attribute__((__format__(printf, 2, 3)))
static void put_format(struct drawing *d, const char *format, ...) {
        char s[64];
        va_list ap;
        int n;

        va_start(ap, format);
        n = vsnprintf(s, sizeof s, format, ap);
        va_end(ap);
        if (n > 0 && (size_t) n < sizeof s)
                put(d, s, (size_t) n);
}

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
                put(d, s, n);
                return;
        }
        for (size_t at = 0; at < n;) {
                uint32_t c = '?';
                const size_t k = utf8_decode(s + at, n - at, &c);
                const char letter = letter_of(c);

                put(d, &letter, 1);
                at += k > 0 ? k : 1;
        }
}

/* Modules of a row with the quiet zone on both sides. */
static size_t with_quiet_zone(size_t side) {
        return side + 2 * (size_t) DRAW_QUIET_ZONE;
}

/* Is the module dark?  The quiet zone, and what lies beyond, is light. */
static bool is_dark(const struct draw_code *code, size_t row, size_t column) {
        size_t at;

        if (row < DRAW_QUIET_ZONE || column < DRAW_QUIET_ZONE)
                return false;
        row -= DRAW_QUIET_ZONE;
        column -= DRAW_QUIET_ZONE;
        if (row >= code->side || column >= code->side)
                return false;
        at = row * code->side + column;
        return code->bits[at / 8] & 0x80u >> at % 8;
}

struct draw_size draw_code_size(size_t side, enum draw_cells cells) {
        const size_t modules = with_quiet_zone(side);

        if (cells == DRAW_HALF_BLOCKS)
                return (struct draw_size) { .rows = (modules + 1) / 2, .columns = modules };
        return (struct draw_size) { .rows = modules, .columns = 2 * modules };
}

/* One row of half blocks; ink is what @inked_dark says. */
static void put_half_row(struct drawing *d, const struct draw_code *code, size_t row, bool inked_dark) {
        static const char *const glyphs[2][2] = { { " ", "\u2584" }, { "\u2580", "\u2588" } };

        for (size_t column = 0; column < with_quiet_zone(code->side); column++)
                put_string(d, glyphs[is_dark(code, 2 * row, column) == inked_dark]
                                    [is_dark(code, 2 * row + 1, column) == inked_dark]);
}

static void put_full_row(struct drawing *d, const struct draw_code *code, size_t row, bool inverted) {
        bool before = false;

        for (size_t column = 0; column < with_quiet_zone(code->side); column++) {
                const bool dark = is_dark(code, row, column) != inverted;

                if (column == 0 || dark != before)
                        put_string(d, dark ? cell_dark : cell_light);
                put_string(d, "  ");
                before = dark;
        }
}

static void put_code_row(struct drawing *d, const struct draw_code *code, const struct draw_look *look, size_t row) {
        if (look->cells == DRAW_HALF_BLOCKS) {
                /* Inverted, the same glyphs in the other colours. */
                put_string(d, look->inverted ? ink_inverted : ink_on);
                put_half_row(d, code, row, false);
        } else
                put_full_row(d, code, row, look->inverted);
        put_string(d, ink_off);
}

static void put_line(struct drawing *d, const struct line *line, bool utf8) {
        if (line->strong)
                put_string(d, strong_on);
        put_text(d, line->start, line->n, utf8);
        if (line->strong)
                put_string(d, ink_off);
}

/* Everything beside the code, in lines; without the gaps where they would not all fit. */
static void texts_break(struct lines *lines, const struct draw_texts *texts, const char *code_line,
                        const char *seconds_line, size_t columns, size_t rows) {
        for (unsigned gaps = 2; gaps-- > 0;) {
                lines->n = 0;
                lines_add(lines, code_line, columns, true);
                if (gaps)
                        lines_gap(lines);
                lines_add(lines, texts->text, columns, false);
                if (gaps)
                        lines_gap(lines);
                lines_add(lines, texts->about, columns, false);
                if (gaps)
                        lines_gap(lines);
                lines_add(lines, texts->help, columns, false);
                if (gaps)
                        lines_gap(lines);
                lines_add(lines, seconds_line, columns, false);
                if (lines->n <= rows)
                        return;
        }
        lines->n = rows;
}

static size_t larger(size_t a, size_t b) {
        return a > b ? a : b;
}

/*
 * Between two rows: the rest of this one is cleared, the next begins at the left edge.  After a row that fills the
 * screen's width the cursor still stands on its last column, and clearing would take that: so @full is not cleared,
 * and texts stay one column short.
 */
static void row_end(struct drawing *d, size_t row, size_t rows, bool full) {
        if (!full)
                put_string(d, line_clear);
        if (row + 1 < rows)
                put_string(d, "\r\n");
}

static void draw_too_small(struct drawing *d, const struct draw_texts *texts, const struct draw_look *look,
                           struct draw_size need, struct draw_size size, size_t rows_before) {
        struct lines lines = { .n = 0 };
        char numbers[32];

        (void) snprintf(numbers, sizeof numbers, "%zu x %zu", need.columns, need.rows);
        lines_add(&lines, texts->too_small, size.columns - 1, false);
        lines_add(&lines, numbers, size.columns - 1, true);
        lines_add(&lines, texts->help, size.columns - 1, false);
        if (lines.n > size.rows)
                lines.n = size.rows;
        d->rows = larger(lines.n, rows_before);
        for (size_t row = 0; row < d->rows; row++) {
                if (row < lines.n)
                        put_line(d, &lines.line[row], look->utf8);
                row_end(d, row, d->rows, false);
        }
}

void draw_terminal(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                   const struct draw_look *look, struct draw_size size, size_t rows_before) {
        const struct draw_size cells = code->side > 0 ? draw_code_size(code->side, look->cells)
                                                      : (struct draw_size) { .rows = 0, .columns = 0 };
        struct lines lines = { .n = 0 };
        char code_line[128], seconds_line[32];
        size_t above, left;

        d->n = 0;
        d->overflowed = false;
        size.rows = larger(size.rows, 2);
        size.columns = larger(size.columns, 2);
        if (rows_before > size.rows)
                rows_before = size.rows;
        put_string(d, "\r");
        if (rows_before > 1)
                put_format(d, "\033[%zuA", rows_before - 1);

        /* Beside the code if there is room, else above it: at least the check code must stand somewhere. */
        left = size.columns >= cells.columns + DRAW_GAP + DRAW_TEXT_COLUMNS ? cells.columns : 0;
        above = left > 0 || code->side == 0 ? 0 : 1;
        if (cells.columns > size.columns || cells.rows + above > size.rows) {
                const struct draw_size need = { .rows = cells.rows + 1, .columns = cells.columns };

                draw_too_small(d, texts, look, need, size, rows_before);
                return;
        }

        code_line[0] = '\0';
        if (texts->check_code[0] != '\0')
                (void) snprintf(code_line, sizeof code_line, "%s: %s", texts->code_label, texts->check_code);
        (void) snprintf(seconds_line, sizeof seconds_line, "%u:%02u", texts->seconds / 60, texts->seconds % 60);
        texts_break(&lines, texts, code_line, seconds_line,
                    left > 0 ? size.columns - left - DRAW_GAP - 1 : size.columns - 1,
                    above ? size.rows - cells.rows : size.rows);

        if (above)
                above = lines.n;
        d->rows = above ? above + cells.rows : larger(cells.rows, lines.n);
        d->rows = larger(d->rows, rows_before);
        for (size_t row = 0; row < d->rows; row++) {
                const bool has_line = row < lines.n;
                bool full = false;

                if (row >= above && row - above < cells.rows) {
                        put_code_row(d, code, look, row - above);
                        full = cells.columns == size.columns;
                        if (has_line && !above)
                                put_times(d, " ", DRAW_GAP);
                } else if (has_line && !above && left > 0)
                        put_times(d, " ", left + DRAW_GAP);
                if (has_line)
                        put_line(d, &lines.line[row], look->utf8);
                row_end(d, row, d->rows, full);
        }
}

void draw_erase(struct drawing *d, size_t rows_before) {
        d->n = 0;
        d->rows = 0;
        d->overflowed = false;
        if (rows_before == 0) {
                put_string(d, screen_clear);
                return;
        }
        put_string(d, "\r");
        if (rows_before > 1)
                put_format(d, "\033[%zuA", rows_before - 1);
        put_string(d, below_clear);
}

void draw_plain(struct drawing *d, const struct draw_code *code, bool inverted) {
        const struct draw_size cells = draw_code_size(code->side, DRAW_HALF_BLOCKS);

        for (size_t row = 0; row < cells.rows; row++) {
                put_half_row(d, code, row, inverted);
                put_string(d, "\n");
        }
        d->rows += cells.rows;
}

void draw_text(struct drawing *d, const char *text) {
        put_string(d, text);
}

void draw_text_fit(struct drawing *d, const char *text, size_t columns) {
        put(d, text, text_fit(text, columns));
}
