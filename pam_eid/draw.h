/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * draw.h - a code and its texts as bytes for a terminal or a message
 *
 * Pure: takes what is to be shown and the size there is, gives bytes.
 */

#include "draw-code.h"
#include "lines.h"

enum {
        DRAW_GAP            = 2,                /* columns between the code and the texts                */
        DRAW_TEXT_COLUMNS   = 24,               /* fewer, and the texts go above the code                */
        DRAW_SIDE_SUPPOSED  = 41,               /* of a BankID code: before the first one                */
        DRAW_ROWS_PRESET    = 24,               /* where a terminal does not know its size               */
        DRAW_COLUMNS_PRESET = 80,
        DRAW_PROMPT_COLUMNS = 79,
        DRAW_LINE_SIZE      = 128,              /* bytes of a line that is put together, with its NUL    */
};

/* What stands beside the code, top down.  Borrowed, never NULL; "" where there is nothing. */
struct draw_texts {
        const char *about;                      /* who asks, for what                                    */
        const char *code_label, *check_code;
        const char *text;                       /* what to do now                                        */
        const char *link;                       /* to open on this device, in place of a code            */
        const char *help;
        const char *too_small;                  /* instead of all the rest, before the size needed       */
        const char *time_label;
        uint32_t    seconds;                    /* left                                                  */
};

enum draw_view {
        DRAW_BESIDE = 1,                        /* the smallest code that can be drawn, and the texts    */
        DRAW_LARGE,                             /* the largest that leaves room for all the texts        */
        DRAW_ALONE,                             /* the largest that the screen has room for, in its middle */
};

struct draw_look {
        enum draw_view view;
        bool           half_blocks;             /* odd scales can be drawn: UTF-8, and a font with blocks */
        bool           inverted;                /* light and dark exchanged                              */
        bool           mono;                    /* in the terminal's own two colours                     */
        bool           utf8;                    /* otherwise letters with accents lose them              */
};

/* Where everything stands. */
struct draw_layout {
        struct draw_size size;                  /* of the screen                                         */
        unsigned         scale;                 /* 0: no code                                            */
        struct draw_size code;
        size_t           top, left;             /* rows above the code, columns before it                */
        size_t           text_top, text_left;
        size_t           text_rows, text_columns;       /* room for texts                                */
};

/*
 * What a terminal shows, so that the next drawing writes the code and those
 * lines that are new: what has been said once is not said again by a screen
 * reader.  All zero: nothing.
 */
struct draw_shown {
        size_t             rows;                /* that the drawing takes                                */
        struct draw_layout layout;
        uint64_t           line[LINES_MAX];     /* a digest of the text in each row                      */
};

/*
 * Draw for a terminal of @size: from the left edge of the row that the cursor
 * is in, or over what is shown, whose last row it is in.  The drawing takes at
 * least the rows of the one before, at most @size.rows; the cursor is left at
 * the end of its last row.  A code that @size has no room for is replaced by
 * texts->too_small.
 */
void draw_terminal(struct drawing *d, const struct draw_code *code, const struct draw_texts *texts,
                   const struct draw_look *look, struct draw_size size, struct draw_shown *shown);

/*
 * Take the drawing of @rows_before rows away, whose last row the cursor is in;
 * the cursor is left where it began.  0: the whole screen, from its top.
 */
void draw_erase(struct drawing *d, size_t rows_before);

/* The check code with its label, as one line; "" if there is none. */
void draw_check_code(const struct draw_texts *texts, char ret[static DRAW_LINE_SIZE]);

/* Append the first line of a text, as far as @columns go. */
void draw_text_fit(struct drawing *d, const char *text, size_t columns);
