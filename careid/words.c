/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * words.c - files of the host that are made of words on lines
 */

#include "words.h"

bool words_line(struct scan *file, struct scan *ret) {
        const char *line;
        size_t n;

        while (scan_line(file, &line, &n)) {
                const char *comment = memchr(line, '#', n);
                struct scan s = scan_bytes(line, comment ? (size_t) (comment - line) : n);

                while (s.end > s.at && (ascii_is_blank(s.end[-1]) || s.end[-1] == '\r'))
                        s.end--;
                (void) scan_blanks(&s);
                if (scan_at_end(&s))
                        continue;
                *ret = s;
                return true;
        }
        *ret = *file;
        return false;
}

bool words_next(struct scan *line, const char **ret, size_t *ret_n) {
        (void) scan_blanks(line);
        if (scan_at_end(line))
                return false;
        *ret = line->at;
        while (!scan_at_end(line) && !ascii_is_blank(*line->at))
                line->at++;
        *ret_n = (size_t) (line->at - *ret);
        return true;
}

bool words_same(const char *word, size_t n, const char *right) {
        return strlen(right) == n && strncasecmp(word, right, n) == 0;
}
