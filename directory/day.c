/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * day.c - a date is a whole day in a time zone (X20)
 *
 * A day has 23, 24 or 25 hours and need not begin at midnight: where clocks
 * go forward at midnight it begins at one.  So its beginning is looked for,
 * not computed: the first quarter of an hour that bears the date.  No zone
 * has changed its clocks at another moment since 1950.
 */

#include "day.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
        QUARTER      = 15 * 60,
        LOOK_AHEAD   = 64 * 24 * 3600,  /* of day_clocks()                                        */
        LOOK_AROUND  = 4 * 3600,        /* more than any zone ever moved its clocks by, but for whole days */
        PATH_SIZE    = sizeof DAY_ZONES + DAY_ZONE_MAX + 1,
};

/* libc falls back to UTC for a zone that it does not find; so the file is looked at first. */
bool day_has_zone(const char *zone) {
        char path[PATH_SIZE], magic[4];
        auto_close int fd = -1;

        if (!zone || !*zone || strnlen(zone, DAY_ZONE_MAX + 1) > DAY_ZONE_MAX || !ascii_is_alnum(*zone))
                return false;
        for (const char *s = zone; *s; s++)
                if (!ascii_is_alnum(*s) && !strchr("/_+-", *s))
                        return false;

        (void) snprintf(path, sizeof path, DAY_ZONES "%s", zone);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        return fd >= 0 && pread(fd, magic, sizeof magic, 0) == sizeof magic &&
               memcmp(magic, "TZif", sizeof magic) == 0;
}

/* Switch to @zone; *@ret_before is what zone_leave() takes back. */
static int zone_enter(const char *zone, char **ret_before) {
        const char *const before = getenv("TZ");
        auto_free char *copy = NULL;
        char value[PATH_SIZE + 1];

        if (!day_has_zone(zone))
                return -ENOENT;
        if (before) {
                copy = strdup(before);
                if (!copy)
                        return -ENOMEM;
        }

        /* The whole path, so that TZDIR has no say. */
        (void) snprintf(value, sizeof value, ":" DAY_ZONES "%s", zone);
        if (setenv("TZ", value, 1) < 0)
                return -errno;
        tzset();
        *ret_before = STEAL_PTR(copy);
        return 0;
}

static void zone_leave(char *before) {
        if (before)
                (void) setenv("TZ", before, 1);
        else
                (void) unsetenv("TZ");
        tzset();
        free(before);
}

static bool is_on(time_t at, const struct tm *day) {
        struct tm tm;

        return localtime_r(&at, &tm) && tm.tm_year == day->tm_year && tm.tm_mon == day->tm_mon &&
               tm.tm_mday == day->tm_mday;
}

/* The first moment of the day, in the zone that is set. */
static int day_begin(const struct tm *day, int64_t *ret) {
        struct tm guess = {
                .tm_year = day->tm_year, .tm_mon = day->tm_mon, .tm_mday = day->tm_mday, .tm_isdst = -1,
        };
        const time_t about = mktime(&guess);

        for (time_t at = about - LOOK_AROUND; at <= about + LOOK_AROUND; at += QUARTER)
                if (is_on(at, day)) {
                        *ret = at;
                        return 0;
                }
        return -EINVAL;
}

/* The same for the day after, or for the one after that where the zone left a day out. */
static int day_after(const struct tm *day, int64_t *ret) {
        struct tm next = {
                .tm_year = day->tm_year, .tm_mon = day->tm_mon, .tm_mday = day->tm_mday + 1, .tm_hour = 12,
        };
        int64_t begin;
        int r;

        for (int skipped = 0; skipped < 2; skipped++, next.tm_mday++) {
                struct tm plain = next;
                const time_t as_utc = timegm(&plain);           /* carries the day over into the next month */

                if (!gmtime_r(&as_utc, &plain))
                        return -EINVAL;
                r = day_begin(&plain, &begin);
                if (r == 0) {
                        *ret = begin;
                        return 0;
                }
        }
        return -EINVAL;
}

static int two_digits(const char *s) {
        return (s[0] - '0') * 10 + (s[1] - '0');
}

/* What was asked for lately: an import asks for the same days over and over, and each takes a file to find out. */
enum { LATELY = 512 };

static struct {
        char    zone[DAY_ZONE_MAX + 1], date[DAY_TEXT + 1];
        int64_t begin, end;
} lately[LATELY];

/* @date is one, and so has digits where these are looked for. */
static size_t lately_place(const char *date) {
        return (size_t) (two_digits(date + 2) * 372 + two_digits(date + 5) * 31 + two_digits(date + 8)) % LATELY;
}

static int find_bounds(const char *zone, const char *date, int64_t *ret_begin, int64_t *ret_end);

int day_bounds(const char *zone, const char *date, int64_t *ret_begin, int64_t *ret_end) {
        size_t at;
        int r;

        if (!zone || !date || strnlen(zone, DAY_ZONE_MAX + 1) > DAY_ZONE_MAX || strnlen(date, DAY_TEXT + 1) != DAY_TEXT ||
            !scan_whole_date(date))
                return find_bounds(zone, date, ret_begin, ret_end);
        at = lately_place(date);
        if (strcmp(lately[at].zone, zone) != 0 || strcmp(lately[at].date, date) != 0) {
                r = find_bounds(zone, date, ret_begin, ret_end);
                if (r < 0)
                        return r;
                (void) snprintf(lately[at].zone, sizeof lately[at].zone, "%s", zone);
                (void) snprintf(lately[at].date, sizeof lately[at].date, "%s", date);
                lately[at].begin = *ret_begin;
                lately[at].end = *ret_end;
        }
        *ret_begin = lately[at].begin;
        *ret_end = lately[at].end;
        return 0;
}

static int find_bounds(const char *zone, const char *date, int64_t *ret_begin, int64_t *ret_end) {
        int64_t begin = 0, end = 0;
        char *before = NULL;
        struct tm day;
        int r;

        if (!date || strnlen(date, DAY_TEXT + 1) != DAY_TEXT || !scan_whole_date(date))
                return -EINVAL;
        day = (struct tm) {
                .tm_year = two_digits(date) * 100 + two_digits(date + 2) - 1900,
                .tm_mon = two_digits(date + 5) - 1,
                .tm_mday = two_digits(date + 8),
        };

        r = zone_enter(zone, &before);
        if (r < 0)
                return r;
        r = day_begin(&day, &begin);
        if (r == 0)
                r = day_after(&day, &end);
        zone_leave(before);

        if (r == 0) {
                *ret_begin = begin;
                *ret_end = end;
        }
        return r;
}

int day_of(const char *zone, int64_t at, char ret[static DAY_TEXT + 1]) {
        const time_t t = (time_t) at;
        char *before = NULL;
        char text[32];
        struct tm tm;
        int r;

        r = zone_enter(zone, &before);
        if (r < 0)
                return r;
        r = localtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%d", &tm) == DAY_TEXT ? 0 : -ERANGE;
        zone_leave(before);

        if (r == 0)
                memcpy(ret, text, DAY_TEXT + 1);
        return r;
}

/* Clocks change at whole quarters of an hour: see above. */
static int clocks_look(int64_t begin, int64_t end, struct day_clock ret[static DAY_CLOCKS_MAX]) {
        int n = 0;

        for (int64_t at = begin; at < end; at = at - (at % QUARTER + QUARTER) % QUARTER + QUARTER) {
                const time_t t = (time_t) at;
                struct tm tm;

                if (!localtime_r(&t, &tm))
                        return -ERANGE;
                if (n > 0 && ret[n - 1].east == tm.tm_gmtoff)
                        continue;
                if (n == DAY_CLOCKS_MAX)
                        return -ERANGE;
                ret[n++] = (struct day_clock) { .from = at, .east = tm.tm_gmtoff };
        }
        return n;
}

int day_clocks(const char *zone, int64_t begin, int64_t end, struct day_clock ret[static DAY_CLOCKS_MAX]) {
        char *before = NULL;
        int n, r;

        if (end <= begin || end - begin > LOOK_AHEAD)
                return -ERANGE;
        r = zone_enter(zone, &before);
        if (r < 0)
                return r;
        n = clocks_look(begin, end, ret);
        zone_leave(before);
        return n;
}
