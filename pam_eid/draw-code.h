/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * draw-code.h - the modules of a code as cells of a terminal
 *
 * A cell is twice as high as wide.  At scale 1 a module is one column wide and
 * half a cell high, drawn with half blocks; at scale 2 two columns wide and a
 * cell high, at scale 4 twice that.  Even scales need no half blocks: background
 * colours alone draw them, in every font and without a line between the cells.
 */

#include "drawing.h"

#include <stdint.h>

enum {
        DRAW_QUIET_ZONE = 2,                    /* modules; with fewer, readers fail (4 do not fit)      */
        DRAW_SCALE_MAX  = 6,                    /* of a BankID code, 270x135 cells: DRAW_BYTES_MAX       */
};

/* The modules of a code, as WIRE_TAG_QR_BITS has them; side 0: none. */
struct draw_code {
        size_t         side;
        const uint8_t *bits;
};

enum draw_ink {
        DRAW_COLOURS = 1,                       /* black on white, whatever the theme                    */
        DRAW_COLOURS_INVERTED,                  /* white on black: for a terminal that shows it the other way */
        DRAW_MONO,                              /* the terminal's own colours: right on a dark theme     */
        DRAW_MONO_INVERTED,                     /* and these on a light one                              */
};

struct draw_size {
        size_t rows, columns;
};

/* The size in cells of a code with its quiet zone. */
struct draw_size draw_code_size(size_t side, unsigned scale);

/* Append one row of cells, 0 to draw_code_size().rows - 1, for a terminal; the colours are its own again after it. */
void draw_code_row(struct drawing *d, const struct draw_code *code, unsigned scale, enum draw_ink ink, size_t row);

/* Append the code alone, without escape codes; a newline ends every row.  Light is inked, unless inverted. */
void draw_plain(struct drawing *d, const struct draw_code *code, unsigned scale, bool inverted);
void draw_plain_row(struct drawing *d, const struct draw_code *code, unsigned scale, bool inverted, size_t row);     /* one, without it */
