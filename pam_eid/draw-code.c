/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * draw-code.c - the modules of a code as cells of a terminal
 *
 * Light modules are inked in white on a black background, so that the picture
 * is black on white in every theme, and so that the hairlines some terminals
 * leave between cells are dark on light, which readers forgive, and not light
 * across a dark module, which they do not.
 */

#include "draw-code.h"

/* Ink and background for half blocks, and the two grounds for whole cells. */
static const struct {
        const char *ink;
        const char *light, *dark;
} inks[] = {
        /* White ink on black, as the 8 colours and bold that every terminal has. */
        [DRAW_COLOURS]          = { "\033[0;40;37;1m", "\033[0;47m", "\033[0;40m" },
        [DRAW_COLOURS_INVERTED] = { "\033[0;47;30m",   "\033[0;40m", "\033[0;47m" },
        [DRAW_MONO]             = { "\033[0m",         "\033[0;7m",  "\033[0m"    },
        [DRAW_MONO_INVERTED]    = { "\033[0;7m",       "\033[0m",    "\033[0;7m"  },
};
static const char ink_off[] = "\033[0m";

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

static void put_half_row(struct drawing *d, const struct draw_code *code, unsigned scale, size_t row, bool inked_dark) {
        static const char *const glyphs[2][2] = { { " ", "\u2584" }, { "\u2580", "\u2588" } };
        const size_t upper = 2 * row / scale, lower = (2 * row + 1) / scale;

        for (size_t column = 0; column < with_quiet_zone(code->side); column++)
                drawing_put_times(d, glyphs[is_dark(code, upper, column) == inked_dark]
                                           [is_dark(code, lower, column) == inked_dark], scale);
}

static void put_full_row(struct drawing *d, const struct draw_code *code, unsigned scale, enum draw_ink ink, size_t row) {
        bool before = false;

        for (size_t column = 0; column < with_quiet_zone(code->side); column++) {
                const bool dark = is_dark(code, 2 * row / scale, column);

                if (column == 0 || dark != before)
                        drawing_put_string(d, dark ? inks[ink].dark : inks[ink].light);
                drawing_put_times(d, " ", scale);
                before = dark;
        }
}

void draw_code_row(struct drawing *d, const struct draw_code *code, unsigned scale, enum draw_ink ink, size_t row) {
        if (scale % 2 == 0)
                put_full_row(d, code, scale, ink, row);
        else {
                drawing_put_string(d, inks[ink].ink);
                put_half_row(d, code, scale, row, false);
        }
        drawing_put_string(d, ink_off);
}

void draw_plain_row(struct drawing *d, const struct draw_code *code, bool inverted, size_t row) {
        put_half_row(d, code, 1, row, inverted);
}

void draw_plain(struct drawing *d, const struct draw_code *code, bool inverted) {
        const struct draw_size cells = draw_code_size(code->side, 1);

        for (size_t row = 0; row < cells.rows; row++) {
                draw_plain_row(d, code, inverted, row);
                drawing_put_string(d, "\n");
        }
        d->rows += cells.rows;
}
