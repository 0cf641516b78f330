/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * scan.c - bounded scanning of text, the same in every locale
 */

#include "scan.h"

bool scan_char(struct scan *s, char c) {
        if (scan_at_end(s) || *s->at != c)
                return false;
        s->at++;
        return true;
}

size_t scan_blanks(struct scan *s) {
        const char *start = s->at;

        while (!scan_at_end(s) && ascii_is_blank(*s->at))
                s->at++;
        return (size_t) (s->at - start);
}

bool scan_literal(struct scan *s, const char *literal) {
        const size_t n = strlen(literal);

        if (scan_left(s) < n || memcmp(s->at, literal, n) != 0)
                return false;
        s->at += n;
        return true;
}

bool scan_u64(struct scan *s, uint64_t max, uint64_t *ret) {
        const char *p = s->at;
        uint64_t v = 0;

        if (p == s->end || !ascii_is_digit(*p))
                return false;
        if (*p == '0' && s->end - p > 1 && ascii_is_digit(p[1]))
                return false;
        for (; p != s->end && ascii_is_digit(*p); p++) {
                const uint64_t digit = (uint64_t) (*p - '0');

                /* v * 10 + digit <= max, without the product that could overflow. */
                if (v > max / 10 || (v == max / 10 && digit > max % 10))
                        return false;
                v = v * 10 + digit;
        }
        s->at = p;
        *ret = v;
        return true;
}

bool scan_u32(struct scan *s, uint32_t max, uint32_t *ret) {
        uint64_t v;

        if (!scan_u64(s, max, &v))
                return false;
        *ret = (uint32_t) v;
        return true;
}

bool scan_whole_u64(const char *text, uint64_t max, uint64_t *ret) {
        struct scan s = scan_text(text);
        uint64_t v;

        if (!scan_u64(&s, max, &v) || !scan_at_end(&s))
                return false;
        *ret = v;
        return true;
}

bool scan_whole_u32(const char *text, uint32_t max, uint32_t *ret) {
        uint64_t v;

        if (!scan_whole_u64(text, max, &v))
                return false;
        *ret = (uint32_t) v;
        return true;
}

bool scan_word(struct scan *s, bool (*is)(char), size_t max, const char **ret, size_t *ret_n) {
        const char *p = s->at;

        while (p != s->end && is(*p))
                p++;
        if (p == s->at || (size_t) (p - s->at) > max)
                return false;
        *ret = s->at;
        *ret_n = (size_t) (p - s->at);
        s->at = p;
        return true;
}

bool scan_line(struct scan *s, const char **ret, size_t *ret_n) {
        const char *lf;

        if (scan_at_end(s))
                return false;
        lf = memchr(s->at, '\n', scan_left(s));
        *ret = s->at;
        *ret_n = lf ? (size_t) (lf - s->at) : scan_left(s);
        s->at = lf ? lf + 1 : s->end;
        return true;
}

/* Exactly @n digits, leading zeros and all. */
static bool digits(struct scan *s, size_t n, unsigned *ret) {
        unsigned v = 0;

        if (scan_left(s) < n)
                return false;
        for (size_t i = 0; i < n; i++) {
                if (!ascii_is_digit(s->at[i]))
                        return false;
                v = v * 10 + (unsigned) (s->at[i] - '0');
        }
        s->at += n;
        *ret = v;
        return true;
}

bool scan_whole_date(const char *text) {
        static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        struct scan s = scan_text(text);
        unsigned year, month, day, last;

        if (!digits(&s, 4, &year) || !scan_char(&s, '-') || !digits(&s, 2, &month) || !scan_char(&s, '-') ||
            !digits(&s, 2, &day) || !scan_at_end(&s))
                return false;
        if (year < 1900 || year > 2999 || month < 1 || month > 12)
                return false;
        last = days[month - 1];
        if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
                last = 29;
        return day >= 1 && day <= last;
}
