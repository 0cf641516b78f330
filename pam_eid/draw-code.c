/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * draw-code.c - the modules of a code as cells of a terminal
 *
 * Black on white in every theme.  Grounds draw whatever they can, since fonts
 * leave hairlines between their blocks.  Where a cell is half dark, its light
 * half is inked, so that these are dark on light, which readers forgive, and
 * not light across a dark module, which they do not.
 */

#include "draw-code.h"

enum { DARK, LIGHT, MIXED };

/*
 * Grounds of cells that are dark or light as a whole, then of those with a
 * light half, which is inked.  Not bold: the light of a ground has none.
 */
static const char *const grounds[][3] = {
        [DRAW_COLOURS]          = { "\033[0;40m", "\033[0;47m", "\033[0;37;40m" },
        [DRAW_COLOURS_INVERTED] = { "\033[0;47m", "\033[0;40m", "\033[0;30;47m" },
        [DRAW_MONO]             = { "\033[0m",    "\033[0;7m",  "\033[0m"       },
        [DRAW_MONO_INVERTED]    = { "\033[0;7m",  "\033[0m",    "\033[0;7m"     },
};
static const char ground_off[] = "\033[0m";

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

struct draw_size draw_code_size(size_t side, unsigned scale) {
        const size_t across = with_quiet_zone(side) * scale;

        return (struct draw_size) { .rows = (across + 1) / 2, .columns = across };
}

/* The two halves of a cell: rows of modules. */
static size_t upper_of(size_t row, unsigned scale) {
        return 2 * row / scale;
}

static size_t lower_of(size_t row, unsigned scale) {
        return (2 * row + 1) / scale;
}

void draw_code_row(struct drawing *d, const struct draw_code *code, unsigned scale, enum draw_ink ink, size_t row) {
        int before = -1;

        for (size_t column = 0; column < with_quiet_zone(code->side); column++) {
                const bool upper = is_dark(code, upper_of(row, scale), column);
                const bool lower = is_dark(code, lower_of(row, scale), column);
                const int ground = upper != lower ? MIXED : upper ? DARK : LIGHT;

                if (ground != before)
                        drawing_put_string(d, grounds[ink][ground]);
                drawing_put_times(d, ground != MIXED ? " " : upper ? "\u2584" : "\u2580", scale);
                before = ground;
        }
        drawing_put_string(d, ground_off);
}

void draw_plain_row(struct drawing *d, const struct draw_code *code, unsigned scale, bool inverted, size_t row) {
        static const char *const glyphs[2][2] = { { " ", "\u2584" }, { "\u2580", "\u2588" } };

        for (size_t column = 0; column < with_quiet_zone(code->side); column++)
                drawing_put_times(d, glyphs[is_dark(code, upper_of(row, scale), column) == inverted]
                                           [is_dark(code, lower_of(row, scale), column) == inverted], scale);
}

void draw_plain(struct drawing *d, const struct draw_code *code, unsigned scale, bool inverted) {
        const struct draw_size cells = draw_code_size(code->side, scale);

        for (size_t row = 0; row < cells.rows; row++) {
                draw_plain_row(d, code, scale, inverted, row);
                drawing_put_string(d, "\n");
        }
        d->rows += cells.rows;
}
