/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * draw.h - a code and its texts as bytes for a terminal or a message
 *
 * Pure: takes what is to be shown and the size there is, gives bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        DRAW_BYTES_MAX      = 128 * 1024,       /* of one drawing                                        */
        DRAW_QUIET_ZONE     = 2,                /* modules; with fewer, readers fail (4 do not fit)      */
        DRAW_GAP            = 2,                /* columns between the code and the texts                */
        DRAW_TEXT_COLUMNS   = 24,               /* fewer, and the texts go above the code                */
        DRAW_ROWS_PRESET    = 24,               /* where a terminal does not know its size               */
        DRAW_COLUMNS_PRESET = 80,
        DRAW_PROMPT_COLUMNS = 79,
};

/* The modules of a code, as WIRE_TAG_QR_BITS has them; side 0: none. */
struct draw_code {
        size_t         side;
        const uint8_t *bits;
};

/* What stands beside the code, top down.  Borrowed, never NULL; "" where there is nothing. */
struct draw_texts {
        const char *about;                      /* who asks, for what                                    */
        const char *code_label, *check_code;
        const char *text;                       /* what to do now                                        */
        const char *help;
        const char *too_small;                  /* instead of all the rest, before the size needed       */
        uint32_t    seconds;                    /* left                                                  */
};

enum draw_cells {
        DRAW_HALF_BLOCKS = 1,                   /* two modules a cell: needs UTF-8 and a font with blocks */
        DRAW_FULL_CELLS,                        /* two cells a module, background colours only           */
};

struct draw_look {
        enum draw_cells cells;
        bool            inverted;               /* light and dark exchanged                              */
        bool            utf8;                   /* otherwise letters with accents lose them              */
};

struct draw_size {
        size_t rows, columns;
};

/* A drawing that grows up to DRAW_BYTES_MAX, and then is none. */
struct drawing {
        char  *data;                            /* NUL-terminated                                        */
        size_t n;
        bool   overflowed;
        size_t rows;                            /* that the drawing takes                                */
};

struct drawing *drawing_new(void);              /* NULL: no memory                                       */
struct drawing *drawing_free(struct drawing *drawing);
static inline void drawing_freep(struct drawing **drawing) {
        (void) drawing_free(*drawing);
}

/* The size in cells of a code with its quiet zone. */
struct draw_size draw_code_size(size_t side, enum draw_cells cells);

/*
 * Draw for a terminal, from the left edge of the row that the cursor is in,
 * or, with @rows_before, over the drawing of so many rows whose last row it is
 * in.  The drawing takes at least @rows_before rows, at most @size.rows; the
 * cursor is left at the end of its last row.  A code that @size has no room
 * for is replaced by texts->too_small.
 */
void draw_terminal(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                   const struct draw_look *look, struct draw_size size, size_t rows_before);

/*
 * Take the drawing of @rows_before rows away, whose last row the cursor is in;
 * the cursor is left where it began.  0: the whole screen, from its top.
 */
void draw_erase(struct drawing *d, size_t rows_before);

/* The code alone, in half blocks, without escape codes; a newline ends every row.  Light is inked, unless inverted. */
void draw_plain(struct drawing *d, const struct draw_code *code, bool inverted);

/* Append text as it is, or its first line as far as @columns go. */
void draw_text(struct drawing *d, const char *text);
void draw_text_fit(struct drawing *d, const char *text, size_t columns);
