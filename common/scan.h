/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scan.h - bounded scanning of text, the same in every locale
 *
 * A cursor runs over bytes that need not be terminated.  Every scan_*()
 * either succeeds and moves the cursor past what it took, or returns false
 * and leaves cursor and output alone, so that parsers chain with &&.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct scan {
        const char *at, *end;
};

static inline struct scan scan_bytes(const char *s, size_t n) {
        return (struct scan) { .at = s, .end = s + n };
}

static inline struct scan scan_text(const char *s) {
        return scan_bytes(s, strlen(s));
}

static inline bool scan_at_end(const struct scan *s) {
        return s->at == s->end;
}

static inline size_t scan_left(const struct scan *s) {
        return (size_t) (s->end - s->at);
}

static inline bool ascii_is_digit(char c) {
        return c >= '0' && c <= '9';
}

static inline bool ascii_is_lower(char c) {
        return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_alnum(char c) {
        return ascii_is_digit(c) || ascii_is_lower(c) || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_blank(char c) {
        return c == ' ' || c == '\t';
}

/* The one character @c. */
bool scan_char(struct scan *s, char c);

/* Any number of blanks (space, tab), none included; how many were passed. */
size_t scan_blanks(struct scan *s);

/* The bytes of @literal. */
bool scan_literal(struct scan *s, const char *literal);

/*
 * A decimal number 0..@max: digits only, no sign, no leading zero but in "0"
 * itself.  One that is too big is not taken in part.
 */
bool scan_u32(struct scan *s, uint32_t max, uint32_t *ret);
bool scan_u64(struct scan *s, uint64_t max, uint64_t *ret);

/* The same for the whole of @text. */
bool scan_whole_u32(const char *text, uint32_t max, uint32_t *ret);
bool scan_whole_u64(const char *text, uint64_t max, uint64_t *ret);

/* One to @max bytes that @is admits, as many as there are; more than @max is none. */
bool scan_word(struct scan *s, bool (*is)(char), size_t max, const char **ret, size_t *ret_n);

/* Everything up to, without, the next LF; the LF is passed.  False at the end only. */
bool scan_line(struct scan *s, const char **ret, size_t *ret_n);

/* "YYYY-MM-DD", a day that the Gregorian calendar has, years 1900-2999; the whole of @text. */
bool scan_whole_date(const char *text);
