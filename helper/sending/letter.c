/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * letter.c - a mail as it is sent: headers and text
 *
 * 1. MUST not let a subject, name or address become another header.
 * 2. MUST not have anything of the host in it but what the configuration says.
 */

#include "letter.h"

#include "cleanup.h"
#include "scan.h"
#include "utf8.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
        WORD_BYTES = 42,                /* of text in one encoded word: 56 of base64, 68 in all   */
        LINE_BYTES = 75,                /* of quoted-printable before a soft break                */
};

struct paper {
        char  *text;
        size_t n;
        bool   full;
};

__attribute__((__format__(__printf__, 2, 3)))
static void put(struct paper *p, const char *format, ...) {
        va_list arguments;
        int k;

        va_start(arguments, format);
        k = vsnprintf(p->text + p->n, LETTER_MAX - p->n, format, arguments);
        va_end(arguments);
        if (k < 0 || (size_t) k >= LETTER_MAX - p->n)
                p->full = true;
        else
                p->n += (size_t) k;
}

/* -- Headers ----------------------------------------------------------------------------------------- */

static bool is_address(const char *s) {
        const char *const at = strchr(s, '@');

        if (!at || at == s || !at[1] || strchr(at + 1, '@') || strlen(s) > SENDING_TO_MAX)
                return false;
        for (; *s; s++)
                if (*s <= ' ' || *s > '~' || strchr("\"(),:;<>[\\]", *s))
                        return false;
        return true;
}

/* How many of the @n bytes of @s are whole characters that go into one encoded word. */
static size_t word_fit(const char *s, size_t n) {
        return n <= WORD_BYTES ? n : utf8_fit(s, WORD_BYTES);
}

/* Encoded words, one a line; between two of them a line break and a blank mean nothing (RFC 2047, 6.2). */
static void put_words(struct paper *p, const char *s) {
        const size_t n = strlen(s);

        for (size_t at = 0; at < n;) {
                const size_t k = word_fit(s + at, n - at);
                unsigned char base64[WORD_BYTES / 3 * 4 + 5];

                (void) EVP_EncodeBlock(base64, (const unsigned char *) s + at, (int) k);
                put(p, "%s=?UTF-8?B?%s?=", at ? "\r\n " : "", (const char *) base64);
                at += k;
        }
}

/* The C locale's names, whatever the program speaks. */
static int put_date(struct paper *p, int64_t date) {
        static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
        static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
        const time_t t = (time_t) date;
        struct tm tm;

        if (!gmtime_r(&t, &tm))
                return -EINVAL;
        put(p, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], 1900 + tm.tm_year,
            tm.tm_hour, tm.tm_min, tm.tm_sec);
        return 0;
}

static int put_headers(struct paper *p, const struct letter *l) {
        const int r = put_date(p, l->date);

        put(p, "From:");
        if (*l->from_name) {
                put(p, " ");
                put_words(p, l->from_name);
                put(p, "\r\n");
        }
        put(p, " <%s>\r\nTo: <%s>\r\nSubject: ", l->from, l->to);
        put_words(p, l->subject);
        put(p, "\r\nMessage-ID: <");
        for (size_t i = 0; i < LETTER_ID; i++)
                put(p, "%02x", l->id[i]);
        put(p, "@%s>\r\n", strchr(l->from, '@') + 1);
        put(p, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
               "Auto-Submitted: auto-generated\r\n\r\n");
        return r;
}

/* -- Text -------------------------------------------------------------------------------------------- */

/* Blanks at the end of a line are encoded, as whoever carries it may drop them. */
static bool is_plain(const char *s, const char *end) {
        if (*s == ' ' || *s == '\t')
                return s + 1 < end && s[1] != '\n';
        return *s > ' ' && *s <= '~' && *s != '=';
}

static void put_text(struct paper *p, const char *s) {
        const char *const end = s + strlen(s);
        size_t column = 0;

        for (; s < end; s++) {
                const size_t k = is_plain(s, end) ? 1 : 3;

                if (*s == '\n') {
                        put(p, "\r\n");
                        column = 0;
                        continue;
                }
                if (column + k > LINE_BYTES) {
                        put(p, "=\r\n");
                        column = 0;
                }
                if (k == 1)
                        put(p, "%c", *s);
                else
                        put(p, "=%02X", (unsigned char) *s);
                column += k;
        }
        if (column > 0)
                put(p, "\r\n");
}

int letter_write(const struct letter *l, char **ret, size_t *ret_n) {
        struct paper p = { .n = 0 };
        int r;

        if (!is_address(l->from) || !is_address(l->to) || strlen(l->subject) > SENDING_SUBJECT_MAX || strlen(l->text) > SENDING_TEXT_MAX ||
            !*l->subject || strlen(l->from_name) > SENDING_SUBJECT_MAX || !utf8_is_clean(l->subject, strlen(l->subject), UTF8_ONE_LINE) ||
            !utf8_is_clean(l->from_name, strlen(l->from_name), UTF8_ONE_LINE) || !utf8_is_clean(l->text, strlen(l->text), UTF8_LINES))
                return -EINVAL;
        p.text = malloc(LETTER_MAX);
        if (!p.text)
                return -ENOMEM;
        r = put_headers(&p, l);
        put_text(&p, l->text);
        if (r == 0 && p.full)
                r = -EINVAL;
        if (r < 0) {
                explicit_bzero(p.text, LETTER_MAX);
                free(p.text);
                return r;
        }
        *ret = p.text;
        *ret_n = p.n;
        return 0;
}
