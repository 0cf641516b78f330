/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-turns.c - any text as weekdays, and as hours
 *
 * Properties: it is one of the two at most; what is taken is within its
 * bounds, fits where it is printed to, is read back as the same, and is
 * printed again as the same; what isn't leaves nothing behind.
 */

#include "turns.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { TEXT_MAX = 256, UNTOUCHED = 0xAA };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool try_days(const char *text) {
        char printed[TURNS_DAYS_TEXT], twice[TURNS_DAYS_TEXT];
        uint8_t days = UNTOUCHED, again = 0;
        const int r = turns_parse_days(text, &days);

        if (r != 0) {
                assert(r == -EINVAL && days == UNTOUCHED);
                return false;
        }
        assert(days >= 1 && days <= 127);
        turns_print_days(days, printed);
        assert(memchr(printed, '\0', sizeof printed) && strlen(printed) <= sizeof "mon,tue,wed,thu,fri,sat,sun" - 1);
        assert(turns_parse_days(printed, &again) == 0 && again == days);
        turns_print_days(again, twice);
        assert(strcmp(printed, twice) == 0);
        return true;
}

static bool try_hours(const char *text) {
        uint16_t from = UNTOUCHED, until = UNTOUCHED, from_again = 0, until_again = 0;
        char printed[TURNS_HOURS_TEXT];
        const int r = turns_parse_hours(text, &from, &until);

        if (r != 0) {
                assert(r == -EINVAL && from == UNTOUCHED && until == UNTOUCHED);
                return false;
        }
        assert(from < 24 * 60 && until < 24 * 60);
        turns_print_hours(from, until, printed);
        assert(turns_parse_hours(printed, &from_again, &until_again) == 0 && from_again == from && until_again == until);
        /* There is one way to write it, but for an end at midnight. */
        assert(strcmp(printed, text) == 0 || (until == 0 && strncmp(printed, text, 6) == 0 && strcmp(text + 6, "00:00") == 0));
        return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        char text[TEXT_MAX];
        bool days;

        if (n >= sizeof text || memchr(data, 0, n))
                return 0;
        memcpy(text, data, n);
        text[n] = '\0';
        days = try_days(text);
        assert(!(try_hours(text) && days));
        return 0;
}
