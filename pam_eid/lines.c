/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * lines.c - text broken into lines of a width in columns
 */

#include "lines.h"

#include "cleanup.h"
#include "utf8.h"

#include <string.h>

static const struct {
        uint32_t first, last;
        unsigned columns;
} widths[] = {                          /* ascending; everything else is 1                               */
        { 0x00ad,  0x00ad,  0 },        /* soft hyphen                                                   */
        { 0x0300,  0x036f,  0 },        /* combining marks                                               */
        { 0x1100,  0x115f,  2 },
        { 0x1ab0,  0x1aff,  0 },
        { 0x1dc0,  0x1dff,  0 },
        { 0x200b,  0x200d,  0 },        /* zero width space and joiners                                  */
        { 0x20d0,  0x20ff,  0 },
        { 0x2e80,  0x303e,  2 },        /* East Asian scripts, up to the next                            */
        { 0x3041,  0xa4cf,  2 },
        { 0xac00,  0xd7a3,  2 },
        { 0xf900,  0xfaff,  2 },
        { 0xfe00,  0xfe0f,  0 },        /* variation selectors                                           */
        { 0xfe20,  0xfe2f,  0 },
        { 0xfe30,  0xfe6f,  2 },
        { 0xff00,  0xff60,  2 },
        { 0xffe0,  0xffe6,  2 },
        { 0x1f300, 0x1faff, 2 },        /* pictographs                                                   */
        { 0x20000, 0x3fffd, 2 },
};

/* Columns that a character takes: 0 (combining), 1 or 2. */
static unsigned character_columns(uint32_t c) {
        for (size_t i = 0; i < N_ELEMENTS(widths) && widths[i].first <= c; i++)
                if (c <= widths[i].last)
                        return widths[i].columns;
        return 1;
}

/* The character at @s: its bytes, never 0, and its columns.  What is no character takes one column a byte. */
static size_t character_at(const char *s, size_t n, unsigned *ret_columns) {
        uint32_t c;
        size_t k = utf8_decode(s, n, &c);

        *ret_columns = k > 0 ? character_columns(c) : 1;
        return k > 0 ? k : 1;
}

size_t text_columns(const char *s, size_t n) {
        size_t columns = 0;

        for (size_t at = 0; at < n;) {
                unsigned k;

                at += character_at(s + at, n - at, &k);
                columns += k;
        }
        return columns;
}

static size_t fit(const char *s, size_t n, size_t columns) {
        size_t at = 0;

        while (at < n && s[at] != '\n') {
                unsigned k;
                const size_t bytes = character_at(s + at, n - at, &k);

                if (k > columns)
                        break;
                columns -= k;
                at += bytes;
        }
        return at;
}

size_t text_fit(const char *s, size_t columns) {
        return fit(s, strlen(s), columns);
}

static void line_put(struct lines *lines, const char *start, size_t n, bool strong) {
        if (lines->n < LINES_MAX)
                lines->line[lines->n++] = (struct line) { .start = start, .n = n, .strong = strong };
}

void lines_gap(struct lines *lines) {
        if (lines->n > 0 && lines->line[lines->n - 1].n > 0)
                line_put(lines, "", 0, false);
}

void lines_add(struct lines *lines, const char *text, size_t columns, bool strong) {
        const char *at = text, *const end = text + strlen(text);

        if (columns == 0)
                return;
        while (at < end && lines->n < LINES_MAX) {
                size_t n = fit(at, (size_t) (end - at), columns), next;

                if (at + n < end && at[n] != '\n' && at[n] != ' ') {
                        /* The break falls inside a word: go back to before it, if it is not the first. */
                        size_t word = n;

                        while (word > 0 && at[word - 1] != ' ')
                                word--;
                        if (word > 0)
                                n = word;
                        else if (n == 0) {
                                /* One character that is wider than the line. */
                                unsigned k;

                                n = character_at(at, (size_t) (end - at), &k);
                        }
                }
                next = n;
                if (at + next < end && (at[next] == '\n' || at[next] == ' '))
                        next++;
                while (n > 0 && at[n - 1] == ' ')
                        n--;
                line_put(lines, at, n, strong);
                at += next;
        }
}
