/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-turns.c - weekdays and hours mean the times that a clock on the wall would show, in every night
 *
 * Without arguments: tables, and random rules against an oracle that looks at
 * the clock minute by minute.  With a line "ZONE DAYS HOURS BEGIN END" on
 * standard input for each rule (argument "-"): the times, for test-turns.py.
 */

#include "day.h"
#include "turns.h"

#include "cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned n_tests, failed;

static void result(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        failed += !ok;
}

/* -- Words -------------------------------------------------------------------------------------------- */

static void test_words(void) {
        static const struct { const char *text, *printed; int r; uint8_t days; } words[] = {
                { "mon", "mon", 0, 1 }, { "mon-fri", "mon-fri", 0, 31 }, { "sat,sun", "sat,sun", 0, 96 },
                { "fri-mon", "mon,fri-sun", 0, 1 + 16 + 32 + 64 }, { "mon-sun", "mon-sun", 0, 127 },
                { "sun,mon,wed", "mon,wed,sun", 0, 1 + 4 + 64 }, { "mon,mon", "mon", 0, 1 }, { "sun-mon", "mon,sun", 0, 65 },
                { "mon-tue,thu-fri", "mon,tue,thu,fri", 0, 1 + 2 + 8 + 16 }, { "mon,wed,fri,sun", "mon,wed,fri,sun", 0, 85 },
                { "", "", -EINVAL, 0 }, { "Mon", "", -EINVAL, 0 }, { "mon,", "", -EINVAL, 0 }, { "mon-", "", -EINVAL, 0 },
                { "mon fri", "", -EINVAL, 0 }, { "monday", "", -EINVAL, 0 }, { ",mon", "", -EINVAL, 0 }, { "1-5", "", -EINVAL, 0 },
        };
        static const struct { const char *text, *printed; int r; uint16_t from, until; } hours[] = {
                { "21:00-07:00", "21:00-07:00", 0, 1260, 420 }, { "00:00-24:00", "00:00-24:00", 0, 0, 0 },
                { "08:30-00:00", "08:30-24:00", 0, 510, 0 }, { "23:59-00:01", "23:59-00:01", 0, 1439, 1 },
                { "24:00-07:00", "", -EINVAL, 0, 0 }, { "07:00-24:01", "", -EINVAL, 0, 0 }, { "7:00-8:00", "", -EINVAL, 0, 0 },
                { "07:60-08:00", "", -EINVAL, 0, 0 }, { "07:00", "", -EINVAL, 0, 0 }, { "07:00-08:00 ", "", -EINVAL, 0, 0 },
                { "", "", -EINVAL, 0, 0 }, { "07.00-08.00", "", -EINVAL, 0, 0 }, { "-1:00-08:00", "", -EINVAL, 0, 0 },
        };
        char days_text[TURNS_DAYS_TEXT], hours_text[TURNS_HOURS_TEXT];
        bool ok = true;

        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                uint8_t days = 0;
                const int r = turns_parse_days(words[i].text, &days);

                turns_print_days(days, days_text);
                if (r != words[i].r || days != words[i].days || strcmp(days_text, words[i].printed) != 0) {
                        printf("# %s: %d %u %s\n", words[i].text, r, days, days_text);
                        ok = false;
                }
        }
        result(ok, "days of the week are read, printed, or refused");
        ok = true;
        for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
                uint16_t from = 0, until = 0;
                const int r = turns_parse_hours(hours[i].text, &from, &until);

                turns_print_hours(from, until, hours_text);
                if (r != hours[i].r || from != hours[i].from || until != hours[i].until ||
                    (r == 0 && strcmp(hours_text, hours[i].printed) != 0)) {
                        printf("# %s: %d %u %u %s\n", hours[i].text, r, from, until, hours_text);
                        ok = false;
                }
        }
        result(ok, "hours are read, printed, or refused");
        ok = true;
        for (unsigned set = 1; set < 128; set++) {
                uint8_t days = 0;

                turns_print_days((uint8_t) set, days_text);
                ok = ok && turns_parse_days(days_text, &days) == 0 && days == set;
        }
        result(ok, "what is printed of any days is read back as the same");
}

/* -- Times -------------------------------------------------------------------------------------------- */

static const struct {
        const char *name, *zone, *days, *hours;
        int64_t begin, end;             /* the window                                             */
        int64_t from, until;            /* the rule's bounds; 0: none                             */
        int n;
        struct turns_time want[3];
} cases[] = {
        { "a day's turn in winter", "Europe/Stockholm", "mon", "08:00-16:00", 1795215600, 1795820400, 0, 0, 1, { { 1795417200, 1795446000 } } },
        { "a night's turn ends the next day", "Europe/Stockholm", "mon", "21:00-07:00", 1795215600, 1795820400, 0, 0, 1, { { 1795464000, 1795500000 } } },
        { "one that began before the window", "Europe/Stockholm", "mon", "21:00-07:00", 1795499000, 1795499001, 0, 0, 1, { { 1795464000, 1795500000 } } },
        { "one that ended as the window begins", "Europe/Stockholm", "mon", "21:00-07:00", 1795500000, 1795500001, 0, 0, 0, { { 0 } } },
        { "cut by the first and the last day", "Europe/Stockholm", "mon", "21:00-07:00", 1795215600, 1795820400, 1795470000, 1795480000, 1, { { 1795470000, 1795480000 } } },
        { "over before it begins", "Europe/Stockholm", "mon", "21:00-07:00", 1795215600, 1795820400, 0, 1795464000, 0, { { 0 } } },
        { "the night that clocks go forward: nine hours", "Europe/Stockholm", "sat", "21:00-07:00", 1774652400, 1774800000, 0, 0, 1, { { 1774728000, 1774760400 } } },
        { "the night that clocks go back: eleven hours", "Europe/Stockholm", "sat", "21:00-07:00", 1792792800, 1792965600, 0, 0, 1, { { 1792868400, 1792908000 } } },
        { "a beginning that does not exist", "Europe/Stockholm", "sun", "02:30-07:00", 1774652400, 1774800000, 0, 0, 1, { { 1774746000, 1774760400 } } },
        { "an end that does not exist", "Europe/Stockholm", "sun", "01:00-02:30", 1774652400, 1774800000, 0, 0, 1, { { 1774742400, 1774746000 } } },
        { "a turn that does not exist", "Europe/Stockholm", "sun", "02:10-02:50", 1774652400, 1774800000, 0, 0, 0, { { 0 } } },
        { "a beginning that comes twice: the earlier", "Europe/Stockholm", "sun", "02:30-07:00", 1792792800, 1792965600, 0, 0, 1, { { 1792888200, 1792908000 } } },
        { "an end that comes twice: the later", "Europe/Stockholm", "sun", "01:00-02:30", 1792792800, 1792965600, 0, 0, 1, { { 1792882800, 1792891800 } } },
        { "whole days that touch are one", "Europe/Stockholm", "mon-wed", "00:00-24:00", 1795215600, 1795820400, 0, 0, 1, { { 1795388400, 1795647600 } } },
        { "whole days of 23 and 25 hours touch as well", "Europe/Stockholm", "sat-mon", "00:00-24:00", 1792792800, 1793052000, 0, 0, 1, { { 1792792800, 1793055600 } } },
        { "a zone behind UTC", "America/Sao_Paulo", "fri", "22:00-06:00", 1795215600, 1795820400, 0, 0, 1, { { 1795222800, 1795251600 } } },
        { "a zone far ahead, where a day was left out", "Pacific/Apia", "fri", "08:00-16:00", 1325016000, 1325620800, 0, 0, 0, { { 0 } } },
};

static void test_times(void) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                struct turns_rule rule = {
                        .zone = cases[i].zone, .from = cases[i].from ? cases[i].from : INT64_MIN,
                        .until = cases[i].until ? cases[i].until : INT64_MAX,
                };
                struct turns_time got[TURNS_MAX];
                bool ok;
                int n;

                if (turns_parse_days(cases[i].days, &rule.weekdays) < 0 ||
                    turns_parse_hours(cases[i].hours, &rule.minute_from, &rule.minute_until) < 0)
                        abort();
                n = turns_expand(&rule, cases[i].begin, cases[i].end, got);
                ok = n == cases[i].n;
                for (int k = 0; ok && k < n; k++)
                        ok = got[k].from == cases[i].want[k].from && got[k].until == cases[i].want[k].until;
                result(ok, cases[i].name);
                for (int k = 0; !ok && k < n; k++)
                        printf("# %d: %" PRId64 " %" PRId64 "\n", n, got[k].from, got[k].until);
        }
}

static void test_refused(void) {
        const struct turns_rule rule = { .zone = "Europe/Oakville", .weekdays = 1, .from = INT64_MIN, .until = INT64_MAX };
        struct turns_rule sound = rule;
        struct turns_time got[TURNS_MAX];

        sound.zone = "Europe/Stockholm";
        result(turns_expand(&rule, 1795215600, 1795215700, got) == -EINVAL, "a zone that there is not");
        result(turns_expand(&sound, 1795215600, 1795215600 + 15 * 86400, got) == -EINVAL, "a window of more than two weeks");
        result(turns_expand(&sound, 1795215600, 1795215599, got) == -EINVAL, "a window that ends before it begins");
        result(turns_expand(&sound, INT64_MIN, INT64_MIN + 5, got) == -EINVAL, "a window before time");
        sound.weekdays = 127;
        sound.minute_from = 600;
        sound.minute_until = 660;
        result(turns_expand(&sound, 1795215600, 1795215600 + 14 * 86400, got) == 14, "a turn a day for two weeks");
}

static void test_common(void) {
        const struct turns_time a[] = { { 0, 10 }, { 20, 30 }, { 40, 50 } }, b[] = { { 5, 25 }, { 30, 40 }, { 45, 60 } };
        const struct turns_time want[] = { { 5, 10 }, { 20, 25 }, { 45, 50 } };
        struct turns_time got[3];

        result(turns_common(a, 3, b, 3, got, 3) == 3 && memcmp(got, want, sizeof want) == 0 &&
               turns_common(b, 3, a, 3, got, 3) == 3 && memcmp(got, want, sizeof want) == 0, "what two lists of times have in common");
        result(turns_common(a, 3, b, 3, got, 2) == -E2BIG && turns_common(a, 0, b, 3, got, 3) == 0, "too many, and none");
}

/* -- An oracle that looks at the clock, minute by minute ---------------------------------------------- */

static uint64_t state = UINT64_C(88172645463325252);

static uint64_t draw(uint64_t below) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % below;
}

enum { MARGIN = 3 * 24 * 60, WINDOW = 3 * 24 * 60, MINUTES = WINDOW + 2 * MARGIN };

static int64_t shown[MINUTES];          /* by a clock on the wall, in minutes since 1970-01-01 there */

static void look_at_clock(const char *zone, int64_t begin) {
        (void) setenv("TZ", zone, 1);
        tzset();
        for (int i = 0; i < MINUTES; i++) {
                const time_t t = (time_t) (begin + (i - MARGIN) * INT64_C(60));
                struct tm tm;

                (void) localtime_r(&t, &tm);
                shown[i] = (int64_t) timegm(&tm) / 60;
        }
}

/* Which minutes of the margin and the window are in a turn. */
static void oracle(const struct turns_rule *rule, bool ret[static MINUTES]) {
        memset(ret, 0, MINUTES);
        for (int64_t day = shown[0] / 1440; day <= shown[MINUTES - 1] / 1440; day++) {
                const int64_t from = day * 1440 + rule->minute_from;
                const int64_t until = day * 1440 + rule->minute_until + (rule->minute_until <= rule->minute_from ? 1440 : 0);
                int first = -1, after = -1, last = -1;

                if (!(rule->weekdays >> ((day + 3) % 7) & 1))
                        continue;
                for (int i = MINUTES - 1; i >= 0; i--)          /* the earlier beginning, the later end */
                        if (shown[i] == from)
                                first = i;
                for (int i = 0; first < 0 && i < MINUTES; i++)
                        if (shown[i] > from)
                                first = i;
                for (int i = 0; i < MINUTES; i++)
                        if (shown[i] == until)
                                last = i;
                for (int i = 0; last < 0 && after < 0 && i < MINUTES; i++)
                        if (shown[i] > until)
                                after = i;
                last = last >= 0 ? last : after >= 0 ? after : MINUTES;
                for (int i = first; first >= 0 && i < last; i++)
                        ret[i] = true;
        }
}

static bool agrees(const struct turns_rule *rule, int64_t begin, const bool *want) {
        struct turns_time got[TURNS_MAX];
        const int n = turns_expand(rule, begin, begin + WINDOW * 60, got);

        for (int i = 0; n >= 0 && i < WINDOW; i++) {
                const int64_t at = begin + i * INT64_C(60);
                bool is = false;

                for (int k = 0; k < n; k++)
                        is = is || (got[k].from <= at && at < got[k].until);
                if (is != want[MARGIN + i]) {
                        printf("# %s days %u %u-%u at %" PRId64 ": %d\n", rule->zone, rule->weekdays, rule->minute_from,
                               rule->minute_until, at, is);
                        return false;
                }
        }
        return n >= 0;
}

static void test_random(void) {
        /* Windows around nights in which clocks change, and one in which they don't. */
        static const struct { const char *zone; int64_t at; } nights[] = {
                { "Europe/Stockholm", 1774746000 }, { "Europe/Stockholm", 1792890000 }, { "Europe/Copenhagen", 1795258800 },
                { "America/Sao_Paulo", 1541300400 }, { "America/Sao_Paulo", 1518919200 }, { "Australia/Lord_Howe", 1791041400 },
                { "Pacific/Apia", 1325239200 }, { "Africa/Casablanca", 1771725600 },
        };
        static bool want[MINUTES];

        for (size_t i = 0; i < sizeof nights / sizeof *nights; i++) {
                bool ok = true;

                for (int window = 0; ok && window < 3; window++) {
                        const int64_t begin = nights[i].at - (int64_t) draw(WINDOW) * 60;

                        look_at_clock(nights[i].zone, begin);
                        for (int k = 0; ok && k < 60; k++) {
                                const struct turns_rule rule = {
                                        .zone = nights[i].zone, .weekdays = (uint8_t) (1 + draw(127)),
                                        .minute_from = (uint16_t) (k % 3 ? draw(1440) : draw(12) * 15),
                                        .minute_until = (uint16_t) (k % 2 ? draw(1440) : draw(16) * 15),
                                        .from = INT64_MIN, .until = INT64_MAX,
                                };

                                oracle(&rule, want);
                                ok = agrees(&rule, begin, want);
                        }
                }
                printf("# %s\n", nights[i].zone);
                result(ok, "random turns around a night: as a clock on the wall shows them, minute by minute");
        }
        (void) unsetenv("TZ");
        tzset();
}

/* -- For test-turns.py -------------------------------------------------------------------------------- */

static int answer(void) {
        char zone[65], days[65], hours[17];
        int64_t begin, end;

        while (scanf("%64s %64s %16s %" SCNd64 " %" SCNd64, zone, days, hours, &begin, &end) == 5) {
                struct turns_rule rule = { .zone = zone, .from = INT64_MIN, .until = INT64_MAX };
                struct turns_time got[TURNS_MAX];
                int n;

                if (turns_parse_days(days, &rule.weekdays) < 0 || turns_parse_hours(hours, &rule.minute_from, &rule.minute_until) < 0)
                        return 1;
                n = turns_expand(&rule, begin, end, got);
                if (n < 0)
                        return 1;
                for (int i = 0; i < n; i++)
                        printf("%s%" PRId64 "-%" PRId64, i ? " " : "", got[i].from, got[i].until);
                printf("\n");
        }
        return 0;
}

int main(int argc, char **argv) {
        if (argc == 2 && strcmp(argv[1], "-") == 0)
                return answer();
        test_words();
        test_times();
        test_refused();
        test_common();
        test_random();
        printf("1..%u\n", n_tests);
        return failed != 0;
}
