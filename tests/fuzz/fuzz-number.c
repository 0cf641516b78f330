/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-number.c - any bytes: a verdict, or a number that is the same however it is written again
 *
 * The first byte chooses the country, the next two the year in which today is.
 */

#include "number.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int year_of(const char *number) {
        return (number[0] - '0') * 1000 + (number[1] - '0') * 100 + (number[2] - '0') * 10 + (number[3] - '0');
}

static void check_again(const char *country, const char *text, const struct number_date *today, const char *number) {
        char again[NUMBER_MAX + 1] = "";

        assert(number_normalise(country, text, today, again) == NUMBER_OK);
        assert(strcmp(again, number) == 0);
}

/* The spellings of a Swedish number: in full, and short where the short one can mean it. */
static void check_spellings(const char *number, const struct number_date *today) {
        const int age = today->year - year_of(number);
        char text[32];

        (void) snprintf(text, sizeof text, "%.8s-%.4s", number, number + 8);
        check_again("SE", text, NULL, number);
        if (age >= 1 && age < 200) {
                (void) snprintf(text, sizeof text, "%.6s%c%.4s", number + 2, age >= 100 ? '+' : '-', number + 8);
                check_again("SE", text, today, number);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        char text[NUMBER_TEXT_MAX + 8], number[NUMBER_MAX + 1] = "";
        struct number_date today = { .month = 6, .day = 30 };
        bool se;

        if (n < 3 || n - 3 >= sizeof text || memchr(data + 3, 0, n - 3))
                return 0;
        se = data[0] % 2 == 0;
        today.year = 1900 + (data[1] << 8 | data[2]) % 200;
        memcpy(text, data + 3, n - 3);
        text[n - 3] = '\0';

        if (number_normalise(se ? "SE" : "DK", text, &today, number) != NUMBER_OK) {
                assert(*number == '\0');
                return 0;
        }
        assert(strlen(number) == (se ? NUMBER_SE_DIGITS : NUMBER_DK_DIGITS));
        assert(strspn(number, "0123456789") == strlen(number));

        /* Canonical: what we store is what we would store of it. */
        check_again(se ? "SE" : "DK", number, NULL, number);
        if (se)
                check_spellings(number, &today);
        return 0;
}
