/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * utf8.h - is this text safe to show on a terminal and to write in a log?
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum utf8_lines {
        UTF8_ONE_LINE,          /* no newline                                                     */
        UTF8_LINES,             /* newlines allowed                                               */
};

/*
 * True if the @n bytes of @s are well-formed UTF-8 (RFC 3629: no overlong
 * forms, no surrogates, at most U+10FFFF) without NUL, C0 and C1 controls,
 * DEL, line and paragraph separators, and the bidirectional controls with
 * which one text can be made to look like another (U+200E, U+200F,
 * U+202A-202E, U+2066-2069).
 */
bool utf8_is_clean(const void *s, size_t n, enum utf8_lines lines);

/* Make it so: each byte of what is not clean becomes "?". */
void utf8_make_clean(char *s, size_t n, enum utf8_lines lines);

/*
 * Decode the character at @s of @n bytes.  Returns its length in bytes (1-4)
 * and stores it in *@ret, or returns 0 if there is no well-formed one.
 */
size_t utf8_decode(const void *s, size_t n, uint32_t *ret);

/*
 * Text that was cut at @n bytes: how many of them are whole characters.  No
 * more than the last three bytes go; what is not UTF-8 elsewhere stays.
 */
size_t utf8_fit(const char *s, size_t n);

/* Characters, not bytes, of well-formed UTF-8. */
size_t utf8_length(const char *s, size_t n);

/* The beginning of @s for a sentence: 40 bytes at most, whole characters. */
const char *utf8_short(const char *s, char ret[static 41]);

/* Take what is left of a character that was cut from the end of @s. */
void utf8_trim(char *s);
