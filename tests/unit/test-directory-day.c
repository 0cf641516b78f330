/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-day.c - a date is that whole day in its time zone, in nights of 23 and 25 hours too (X20)
 */

#include "day.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned n, failed;

static void result(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n, name);
        failed += !ok;
}

static const struct {
        const char *name, *zone, *date;
        int         want;
        int64_t     begin, hours;
} cases[] = {
        { "a winter's day in Stockholm",        "Europe/Stockholm",  "2026-11-21", 0, 1795215600, 24 },
        { "a summer's day in Copenhagen",       "Europe/Copenhagen", "2026-07-01", 0, 1782856800, 24 },
        { "the night that clocks go forward",   "Europe/Stockholm",  "2026-03-29", 0, 1774738800, 23 },
        { "the night that clocks go back",      "Europe/Stockholm",  "2026-10-25", 0, 1792879200, 25 },
        { "the day after",                      "Europe/Stockholm",  "2026-10-26", 0, 1792969200, 24 },
        { "the last day of a year",             "Europe/Stockholm",  "2026-12-31", 0, 1798671600, 24 },
        { "a leap day",                         "Europe/Stockholm",  "2028-02-29", 0, 1835391600, 24 },
        { "UTC",                                "UTC",               "1970-01-01", 0, 0,          24 },
        { "before 1970",                        "UTC",               "1969-12-31", 0, -86400,     24 },
        { "a day without its midnight",         "America/Sao_Paulo", "2018-11-04", 0, 1541300400, 23 },
        { "a day whose last hour comes twice",  "America/Sao_Paulo", "2018-02-17", 0, 1518832800, 25 },
        { "half an hour: Lord Howe",            "Australia/Lord_Howe", "2026-07-01", 0, 1782826200, 24 },
        { "the day before one left out",        "Pacific/Apia",      "2011-12-29", 0, 1325152800, 24 },
        { "a day that Samoa left out",          "Pacific/Apia",      "2011-12-30", -EINVAL, 0, 0 },
        { "no leap year",                       "Europe/Stockholm",  "2026-02-29", -EINVAL, 0, 0 },
        { "month 13",                           "Europe/Stockholm",  "2026-13-01", -EINVAL, 0, 0 },
        { "another spelling",                   "Europe/Stockholm",  "2026-1-1",   -EINVAL, 0, 0 },
        { "something behind",                   "Europe/Stockholm",  "2026-01-01 ", -EINVAL, 0, 0 },
        { "words",                              "Europe/Stockholm",  "tomorrow",   -EINVAL, 0, 0 },
        { "empty",                              "Europe/Stockholm",  "",           -EINVAL, 0, 0 },
        { "no zone of tzdata",                  "Europe/Oakville",   "2026-11-21", -ENOENT, 0, 0 },
        { "a rule is no name",                  "CET-1CEST",         "2026-11-21", -ENOENT, 0, 0 },
        { "a path",                             "/etc/localtime",    "2026-11-21", -ENOENT, 0, 0 },
        { "out of tzdata",                      "Europe/../../zoneinfo/UTC", "2026-11-21", -ENOENT, 0, 0 },
        { "a file that is no zone",             "zone.tab",          "2026-11-21", -ENOENT, 0, 0 },
        { "a directory",                        "Europe",            "2026-11-21", -ENOENT, 0, 0 },
        { "no name",                            "",                  "2026-11-21", -ENOENT, 0, 0 },
        { "a long name", "Europe/Stockholmstockholmstockholmstockholmstockholmstockholmstock", "2026-11-21", -ENOENT, 0, 0 },
};

static void test_case(size_t i) {
        char first[DAY_TEXT + 1] = "", last[DAY_TEXT + 1] = "", before[DAY_TEXT + 1] = "", after[DAY_TEXT + 1] = "";
        int64_t begin = -1, end = -1;
        const int r = day_bounds(cases[i].zone, cases[i].date, &begin, &end);
        bool ok = r == cases[i].want;

        if (ok && r == 0)
                ok = begin == cases[i].begin && end == begin + cases[i].hours * 3600;
        if (ok && r == 0)
                ok = day_of(cases[i].zone, begin, first) == 0 && strcmp(first, cases[i].date) == 0 &&
                     day_of(cases[i].zone, end - 1, last) == 0 && strcmp(last, cases[i].date) == 0 &&
                     day_of(cases[i].zone, begin - 1, before) == 0 && strcmp(before, cases[i].date) < 0 &&
                     day_of(cases[i].zone, end, after) == 0 && strcmp(after, cases[i].date) > 0;
        if (!ok)
                printf("# %d %lld %lld %s %s %s %s\n", r, (long long) begin, (long long) end, before, first, last, after);
        result(ok, cases[i].name);
}

/* Every day of some years ends where the next one begins. */
static void test_years(const char *zone) {
        int64_t begin, end, expected = 0;
        unsigned gaps = 0;

        for (int year = 2024; year <= 2027; year++)
                for (int month = 1; month <= 12; month++)
                        for (int day = 1; day <= 31; day++) {
                                char date[32];

                                (void) snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
                                if (day_bounds(zone, date, &begin, &end) != 0)
                                        continue;
                                gaps += expected != 0 && begin != expected;
                                expected = end;
                        }
        result(gaps == 0 && expected > 0, zone);
}

int main(void) {
        for (size_t i = 0; i < N_ELEMENTS(cases); i++)
                test_case(i);
        test_years("Europe/Stockholm");
        test_years("Europe/Copenhagen");
        test_years("Australia/Lord_Howe");

        /* The process's own time zone is as it was, set or not. */
        {
                int64_t begin, end;

                (void) setenv("TZ", "America/New_York", 1);
                (void) setenv("TZDIR", "/nonexistent", 1);
                result(day_bounds("Europe/Stockholm", "2026-11-20", &begin, &end) == 0 && begin == 1795129200,
                       "neither TZ nor TZDIR has a say");
                result(day_bounds("Europe/Stockholm", "2026-11-21", &begin, &end) == 0 && begin == 1795215600,
                       "what was asked for lately is the same");
                (void) unsetenv("TZDIR");
                /* Other days: of those that were asked for lately nothing need be looked up. */
                (void) day_bounds("Europe/Stockholm", "2026-11-22", &begin, &end);
                result(getenv("TZ") && strcmp(getenv("TZ"), "America/New_York") == 0 && timezone == 5 * 3600, "TZ is given back");
                (void) unsetenv("TZ");
                (void) day_bounds("Europe/Stockholm", "2026-11-23", &begin, &end);
                result(!getenv("TZ"), "no TZ is given back");
        }
        printf("1..%u\n", n);
        return failed != 0;
}
