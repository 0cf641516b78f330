/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * lines.h - text broken into lines of a width in columns
 *
 * wcwidth(3) answers for the locale of the host program, which is none of
 * ours; so the widths that matter are here.
 */

#include <stdbool.h>
#include <stddef.h>

enum { LINES_MAX = 96 };

struct line {
        const char *start;              /* borrowed                                                      */
        size_t      n;                  /* bytes                                                         */
        bool        strong;             /* to be shown in bold                                           */
};

struct lines {
        size_t      n;
        struct line line[LINES_MAX];
};

/* Columns that the @n bytes of clean UTF-8 (utf8_is_clean) at @s take on one line. */
size_t text_columns(const char *s, size_t n);

/* The longest beginning of @s, in bytes, that takes @columns columns at most; a newline ends it. */
size_t text_fit(const char *s, size_t columns);

/*
 * Append @text, broken between words where it is longer than @columns (inside
 * a word that is longer on its own).  Lines over LINES_MAX are left out.
 */
void lines_add(struct lines *lines, const char *text, size_t columns, bool strong);

/* An empty line, unless there is none before it. */
void lines_gap(struct lines *lines);
