/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * number.c - the only reader of personal numbers
 *
 *     number  = *blank date *blank [ sign *blank ] serial *blank
 *     date    = 8 digits YYYYMMDD / 6 digits YYMMDD (Sweden), 6 digits DDMMYY (Denmark)
 *     serial  = 4 digits
 *     sign    = "-" / "+" (Sweden: a hundred years or more) / U+2010..2013 / U+2212
 *     blank   = " " / HT / U+00A0
 *
 * Sweden: the digits YYMMDDNNNC pass the Luhn sum and NNN is not 000.  A
 * personnummer has a date of the calendar.  A samordningsnummer has the day
 * plus 60, and Skatteverket gives exceptions: month 00, day 60, and 89-91 in
 * months that have no such day; so its date is held to the limits of its two
 * fields only, and means nothing about birth.
 *
 * Denmark: the date is one of the calendar, its century told by the first
 * digit of the serial.  The modulus-11 sum is not looked at: since October
 * 2007 numbers without it are given out.
 */

#include "number.h"

#include "cleanup.h"
#include "i18n.h"
#include "scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
        YEAR_MIN = 1800, YEAR_MAX = 2099,
        N_SERIAL = 4, N_SHORT_DATE = 6, N_LONG_DATE = 8,
        COORDINATION = 60,                      /* is added to the day of a samordningsnummer     */
};

enum sign { SIGN_NONE, SIGN_MINUS, SIGN_PLUS };

struct spelling {
        uint8_t   digit[N_LONG_DATE + N_SERIAL];
        size_t    n_date;                       /* digits before the serial                       */
        enum sign sign;
};

static void take_blanks(struct scan *c) {
        while (scan_literal(c, " ") || scan_literal(c, "\t") || scan_literal(c, "\xc2\xa0"))
                ;
}

static enum sign take_sign(struct scan *c) {
        /* What a word processor or a web page makes of a hyphen is a hyphen. */
        static const char *const minus[] = {
                "-", "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x88\x92",
        };

        for (size_t i = 0; i < N_ELEMENTS(minus); i++)
                if (scan_literal(c, minus[i]))
                        return SIGN_MINUS;
        return scan_literal(c, "+") ? SIGN_PLUS : SIGN_NONE;
}

/* The digits at the cursor, at most @max; more are not taken. */
static size_t take_digits(struct scan *c, size_t max, uint8_t *ret) {
        size_t n = 0;

        for (; n < max && c->at < c->end && ascii_is_digit(*c->at); c->at++)
                ret[n++] = (uint8_t) (*c->at - '0');
        return n;
}

/* Is there anything that no spelling of any number has? */
static bool has_stranger(const char *text, size_t n) {
        struct scan c = scan_bytes(text, n);
        uint8_t digit;

        while (!scan_at_end(&c)) {
                take_blanks(&c);
                if (!scan_at_end(&c) && take_sign(&c) == SIGN_NONE && take_digits(&c, 1, &digit) == 0)
                        return true;
        }
        return false;
}

static enum number_verdict spelling_read(const char *text, struct spelling *ret) {
        const size_t n = strnlen(text, NUMBER_TEXT_MAX + 1);
        struct scan c = scan_bytes(text, n);
        struct spelling s = { .n_date = 0 };
        size_t n_run;

        if (n > NUMBER_TEXT_MAX)
                return NUMBER_E_SHAPE;
        if (has_stranger(text, n))
                return NUMBER_E_CHARACTER;

        take_blanks(&c);
        n_run = take_digits(&c, sizeof s.digit, s.digit);
        take_blanks(&c);
        if (n_run == N_SHORT_DATE || n_run == N_LONG_DATE) {
                s.sign = take_sign(&c);
                take_blanks(&c);
                n_run += take_digits(&c, N_SERIAL, s.digit + n_run);
                take_blanks(&c);
        }
        if (!scan_at_end(&c) || (n_run != N_SHORT_DATE + N_SERIAL && n_run != N_LONG_DATE + N_SERIAL))
                return NUMBER_E_SHAPE;

        s.n_date = n_run - N_SERIAL;
        *ret = s;
        return NUMBER_OK;
}

static int two_digits(const uint8_t *digit) {
        return digit[0] * 10 + digit[1];
}

static bool is_date(struct number_date d) {
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        const bool leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;

        if (d.year < YEAR_MIN || d.year > YEAR_MAX || d.month < 1 || d.month > 12 || d.day < 1)
                return false;
        return d.day <= days[d.month - 1] + (leap && d.month == 2);
}

static bool is_after(struct number_date a, struct number_date b) {
        if (a.year != b.year)
                return a.year > b.year;
        return a.month != b.month ? a.month > b.month : a.day > b.day;
}

/* Does the last of @n digits make the Luhn sum a multiple of ten? */
static bool passes_luhn(const uint8_t *digit, size_t n) {
        int sum = 0;

        for (size_t i = 0; i < n; i++) {
                const int d = digit[i] * (i % 2 == 0 ? 2 : 1);

                sum += d > 9 ? d - 9 : d;
        }
        return sum % 10 == 0;
}

/*
 * The year of a Swedish number.  '+' takes the hyphen's place on the first
 * day of the year in which one becomes a hundred; without it a date that has
 * not come yet is one of the century before.
 */
static bool se_year(const struct spelling *s, const struct number_date *today, struct number_date *d) {
        if (s->n_date == N_LONG_DATE) {
                d->year = two_digits(s->digit) * 100 + two_digits(s->digit + 2);
                return s->sign != SIGN_PLUS || !today || today->year - d->year >= 100;
        }
        if (!today)
                return false;

        d->year = today->year - today->year % 100 + two_digits(s->digit);
        if (s->sign == SIGN_PLUS)
                while (today->year - d->year < 100)
                        d->year -= 100;
        else if (is_after(*d, *today))
                d->year -= 100;
        return true;
}

static enum number_verdict se_check(const struct spelling *s, const struct number_date *today, char *ret) {
        const uint8_t *const ten = s->digit + s->n_date - N_SHORT_DATE;
        struct number_date d = { .month = two_digits(ten + 2), .day = two_digits(ten + 4) };
        const bool coordination = d.day >= COORDINATION;

        if (coordination)
                d.day -= COORDINATION;
        if (!se_year(s, today, &d))
                return NUMBER_E_CENTURY;
        if (coordination ? d.year < YEAR_MIN || d.year > YEAR_MAX || d.month > 12 || d.day > 31 : !is_date(d))
                return NUMBER_E_DATE;
        if (ten[6] == 0 && ten[7] == 0 && ten[8] == 0)
                return NUMBER_E_SERIAL;
        if (!passes_luhn(ten, N_SHORT_DATE + N_SERIAL))
                return NUMBER_E_CHECK_DIGIT;

        ret[0] = (char) ('0' + d.year / 1000);
        ret[1] = (char) ('0' + d.year / 100 % 10);
        for (size_t i = 0; i < N_SHORT_DATE + N_SERIAL; i++)
                ret[2 + i] = (char) ('0' + ten[i]);
        ret[NUMBER_SE_DIGITS] = '\0';
        return NUMBER_OK;
}

/* The century by the first digit of the serial and the two of the year. */
static int dk_year(int yy, int digit) {
        if (digit <= 3)
                return 1900 + yy;
        if (digit == 4 || digit == 9)
                return yy <= 36 ? 2000 + yy : 1900 + yy;
        return yy <= 57 ? 2000 + yy : 1800 + yy;
}

static enum number_verdict dk_check(const struct spelling *s, char *ret) {
        const struct number_date d = {
                .year = dk_year(two_digits(s->digit + 4), s->digit[6]),
                .month = two_digits(s->digit + 2),
                .day = two_digits(s->digit),
        };

        if (s->n_date != N_SHORT_DATE || s->sign == SIGN_PLUS)
                return NUMBER_E_SHAPE;
        if (!is_date(d))
                return NUMBER_E_DATE;

        for (size_t i = 0; i < NUMBER_DK_DIGITS; i++)
                ret[i] = (char) ('0' + s->digit[i]);
        ret[NUMBER_DK_DIGITS] = '\0';
        return NUMBER_OK;
}

enum number_verdict number_normalise(const char *country, const char *text, const struct number_date *today,
                                     char ret[static NUMBER_MAX + 1]) {
        const bool se = strcmp(country, "SE") == 0;
        enum number_verdict verdict;
        struct spelling s;

        if (!se && strcmp(country, "DK") != 0)
                return NUMBER_E_COUNTRY;
        verdict = spelling_read(text, &s);
        if (verdict == NUMBER_OK)
                verdict = se ? se_check(&s, today, ret) : dk_check(&s, ret);

        explicit_bzero(&s, sizeof s);
        return verdict;
}

const char *number_verdict_text(enum number_verdict verdict) {
        switch (verdict) {
        case NUMBER_OK:
                return N_("it is a personal number");
        case NUMBER_E_COUNTRY:
                return N_("the country is to be SE or DK");
        case NUMBER_E_CHARACTER:
                return N_("only digits, blanks and one hyphen or plus sign may stand in it "
                          "(an interim number with a letter is no use with an e-ID)");
        case NUMBER_E_SHAPE:
                return N_("write it as YYYYMMDD-NNNN or YYMMDD-NNNN (SE), or DDMMYY-NNNN (DK)");
        case NUMBER_E_CENTURY:
                return N_("write the year with four digits");
        case NUMBER_E_DATE:
                return N_("its first part is no date");
        case NUMBER_E_SERIAL:
                return N_("000 after the date is never given out");
        case NUMBER_E_CHECK_DIGIT:
                return N_("its last digit does not fit the others, so one of them is mistyped");
        }
        return N_("it is no personal number");
}
