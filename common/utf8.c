/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * utf8.c - the only judge of text that came from elsewhere
 */

#include "utf8.h"

#include <string.h>

size_t utf8_decode(const void *s, size_t n, uint32_t *ret) {
        static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
        const uint8_t *p = s;
        uint32_t c;
        size_t length;

        if (n == 0)
                return 0;
        if (p[0] < 0x80)
                length = 1, c = p[0];
        else if ((p[0] & 0xe0) == 0xc0)
                length = 2, c = p[0] & 0x1fu;
        else if ((p[0] & 0xf0) == 0xe0)
                length = 3, c = p[0] & 0x0fu;
        else if ((p[0] & 0xf8) == 0xf0)
                length = 4, c = p[0] & 0x07u;
        else
                return 0;
        if (length > n)
                return 0;
        for (size_t i = 1; i < length; i++) {
                if ((p[i] & 0xc0) != 0x80)
                        return 0;
                c = c << 6 | (p[i] & 0x3fu);
        }
        if (c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
                return 0;
        *ret = c;
        return length;
}

static bool is_shown(uint32_t c) {
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                return false;
        if (c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
                return false;
        return c != 0xfeff;
}

bool utf8_is_clean(const void *s, size_t n, enum utf8_lines lines) {
        const uint8_t *p = s;

        for (size_t at = 0; at < n;) {
                uint32_t c;
                size_t length = utf8_decode(p + at, n - at, &c);

                if (length == 0)
                        return false;
                if (!is_shown(c) && !(c == '\n' && lines == UTF8_LINES))
                        return false;
                at += length;
        }
        return true;
}

void utf8_make_clean(char *s, size_t n, enum utf8_lines lines) {
        while (n > 0) {
                uint32_t ignored;
                size_t k = utf8_decode(s, n, &ignored);

                if (k == 0 || !utf8_is_clean(s, k, lines)) {
                        k = k == 0 ? 1 : k;
                        memset(s, '?', k);
                }
                s += k;
                n -= k;
        }
}

size_t utf8_fit(const char *s, size_t n) {
        for (size_t back = 1; back <= 3 && back <= n; back++) {
                const uint8_t c = (uint8_t) s[n - back];
                size_t length = 1;

                if ((c & 0xc0) == 0x80)
                        continue;
                if ((c & 0xe0) == 0xc0)
                        length = 2;
                else if ((c & 0xf0) == 0xe0)
                        length = 3;
                else if ((c & 0xf8) == 0xf0)
                        length = 4;
                return length > back ? n - back : n;
        }
        return n;
}

void utf8_trim(char *s) {
        s[utf8_fit(s, strlen(s))] = '\0';
}

const char *utf8_short(const char *s, char ret[static 41]) {
        const size_t n = utf8_fit(s, strnlen(s, 40));

        memcpy(ret, s, n);
        ret[n] = '\0';
        return ret;
}

size_t utf8_length(const char *s, size_t n) {
        size_t length = 0;

        for (size_t i = 0; i < n; i++)
                length += ((unsigned char) s[i] & 0xc0) != 0x80;
        return length;
}
