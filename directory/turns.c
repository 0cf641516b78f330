/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * turns.c - assignments that repeat: from weekdays and hours to the times that they mean
 */

#include "turns.h"

#include "scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
        DAY_S      = 24 * 3600,
        DAY_MIN    = 24 * 60,
        WINDOW_MAX = 14 * DAY_S,
        BEFORE     = 3 * DAY_S,         /* a turn that began the day before, in any zone, with clocks that change */
        BEHIND     = 3 * DAY_S,
        MONDAY     = 4,                 /* 1970-01-05 was one: days since 1970-01-01              */
        WEEK       = 7,
};

/* -- From a clock's time to when it is --------------------------------------------------------------- */

int turns_clocks_read(const char *zone, int64_t begin, int64_t end, struct turns_clocks *ret) {
        int n;

        if (end < begin || end - begin > WINDOW_MAX || begin < -(INT64_C(1) << 40) || end > INT64_C(1) << 40)
                return -EINVAL;
        n = day_clocks(zone, begin - BEFORE, end + BEHIND, ret->clock);
        if (n < 0)
                return n == -ENOMEM ? n : -EINVAL;
        ret->begin = begin;
        ret->end = end;
        ret->n = n;
        return 0;
}

int turns_clocks_cached(struct turns_cache *cache, const char *zone, int64_t begin, int64_t end,
                        const struct turns_clocks **ret) {
        int r = 0;

        if (strcmp(cache->zone, zone) != 0 || cache->clocks.begin != begin || cache->clocks.end != end) {
                cache->zone[0] = '\0';
                r = turns_clocks_read(zone, begin, end, &cache->clocks);
                if (r == 0)
                        (void) snprintf(cache->zone, sizeof cache->zone, "%s", zone);
        }
        if (r == 0)
                *ret = &cache->clocks;
        return r;
}

static int64_t clock_end(const struct turns_clocks *c, int i) {
        return i + 1 < c->n ? c->clock[i + 1].from : INT64_MAX;
}

/* When clocks show @local (seconds as if they were UTC's): the first time or the last, or when they first show more. */
static int64_t when(const struct turns_clocks *c, int64_t local, bool last) {
        int64_t found = INT64_MIN;

        for (int i = 0; i < c->n; i++) {
                const int64_t at = local - c->clock[i].east;

                if (at >= (i == 0 ? INT64_MIN : c->clock[i].from) && at < clock_end(c, i) &&
                    (last || found == INT64_MIN))
                        found = at;
        }
        for (int i = 1; found == INT64_MIN && i < c->n; i++)
                if (c->clock[i].from + c->clock[i].east > local)
                        found = c->clock[i].from;
        return found;
}

/* -- Turns -------------------------------------------------------------------------------------------- */

static int64_t floor_days(int64_t local) {
        return local / DAY_S - (local % DAY_S < 0);
}

static bool is_on(uint8_t weekdays, int64_t day) {
        const int64_t since = ((day - MONDAY) % WEEK + WEEK) % WEEK;

        return weekdays >> since & 1;
}

static int add(struct turns_time *list, int n, struct turns_time t) {
        if (n > 0 && t.from <= list[n - 1].until) {
                if (t.until > list[n - 1].until)
                        list[n - 1].until = t.until;
                return n;
        }
        if (n == TURNS_MAX)
                return -E2BIG;
        list[n] = t;
        return n + 1;
}

int turns_expand_by(const struct turns_clocks *c, const struct turns_rule *rule,
                    struct turns_time ret[static TURNS_MAX]) {
        const bool over_midnight = rule->minute_until <= rule->minute_from;
        const int64_t first = floor_days(c->begin + c->clock[0].east) - 2;
        const int64_t last = floor_days(c->end + c->clock[c->n - 1].east) + 1;
        int n = 0;

        for (int64_t day = first; n >= 0 && day <= last; day++) {
                struct turns_time t;

                if (!is_on(rule->weekdays, day))
                        continue;
                t.from = when(c, day * DAY_S + (int64_t) rule->minute_from * 60, false);
                t.until = when(c, (day + over_midnight) * DAY_S + (int64_t) rule->minute_until * 60, true);
                t.from = t.from > rule->from ? t.from : rule->from;
                t.until = t.until < rule->until ? t.until : rule->until;
                if (t.from < t.until && t.until > c->begin && t.from < c->end)
                        n = add(ret, n, t);
        }
        return n;
}

int turns_expand(const struct turns_rule *rule, int64_t begin, int64_t end, struct turns_time ret[static TURNS_MAX]) {
        struct turns_clocks clocks;
        int r;

        r = turns_clocks_read(rule->zone, begin, end, &clocks);
        return r < 0 ? r : turns_expand_by(&clocks, rule, ret);
}

int turns_day_begin(const struct turns_rule *rule, int64_t midnight, int64_t *ret) {
        struct turns_clocks c;
        int64_t east;
        int r;

        if (rule->weekdays == 0 || rule->minute_until > rule->minute_from || rule->minute_until == 0) {
                *ret = midnight;
                return 0;
        }
        r = turns_clocks_read(rule->zone, midnight, midnight + DAY_S, &c);
        if (r < 0)
                return r;
        east = c.clock[0].east;
        for (int i = 1; i < c.n; i++)
                if (c.clock[i].from <= midnight)
                        east = c.clock[i].east;
        *ret = when(&c, floor_days(midnight + east) * DAY_S + (int64_t) rule->minute_until * 60, true);
        return 0;
}

int turns_common(const struct turns_time *a, size_t n_a, const struct turns_time *b, size_t n_b,
                 struct turns_time *ret, size_t max) {
        size_t n = 0;

        for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
                const struct turns_time t = {
                        .from = a[i].from > b[k].from ? a[i].from : b[k].from,
                        .until = a[i].until < b[k].until ? a[i].until : b[k].until,
                };

                if (t.from < t.until) {
                        if (n == max)
                                return -E2BIG;
                        ret[n++] = t;
                }
                if (a[i].until < b[k].until)
                        i++;
                else
                        k++;
        }
        return (int) n;
}

/* -- Words -------------------------------------------------------------------------------------------- */

static const char days[WEEK][4] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static bool parse_day(struct scan *s, unsigned *ret) {
        for (unsigned i = 0; i < WEEK; i++)
                if (scan_literal(s, days[i])) {
                        *ret = i;
                        return true;
                }
        return false;
}

int turns_parse_days(const char *text, uint8_t *ret) {
        struct scan s;
        uint8_t all = 0;

        if (!text || strnlen(text, 128) == 128)
                return -EINVAL;
        s = scan_text(text);
        do {
                unsigned from, until;

                if (!parse_day(&s, &from))
                        return -EINVAL;
                until = from;
                if (scan_char(&s, '-') && !parse_day(&s, &until))
                        return -EINVAL;
                for (unsigned i = from; ; i = (i + 1) % WEEK) {
                        all |= (uint8_t) (1U << i);
                        if (i == until)
                                break;
                }
        } while (scan_char(&s, ','));
        if (!scan_at_end(&s))
                return -EINVAL;
        *ret = all;
        return 0;
}

static bool parse_two(struct scan *s, unsigned max, unsigned *ret) {
        if (scan_left(s) < 2 || !ascii_is_digit(s->at[0]) || !ascii_is_digit(s->at[1]))
                return false;
        *ret = (unsigned) (s->at[0] - '0') * 10 + (unsigned) (s->at[1] - '0');
        s->at += 2;
        return *ret <= max;
}

static bool parse_time(struct scan *s, unsigned *ret) {
        unsigned hour, minute;

        if (!parse_two(s, 24, &hour) || !scan_char(s, ':') || !parse_two(s, 59, &minute))
                return false;
        *ret = hour * 60 + minute;
        return *ret <= DAY_MIN;
}

int turns_parse_hours(const char *text, uint16_t *ret_from, uint16_t *ret_until) {
        unsigned from, until;
        struct scan s;

        if (!text || strnlen(text, 16) == 16)
                return -EINVAL;
        s = scan_text(text);
        if (!parse_time(&s, &from) || !scan_char(&s, '-') || !parse_time(&s, &until) || !scan_at_end(&s) ||
            from == DAY_MIN)
                return -EINVAL;
        *ret_from = (uint16_t) from;
        *ret_until = (uint16_t) (until % DAY_MIN);
        return 0;
}

void turns_print_days(uint8_t weekdays, char ret[static TURNS_DAYS_TEXT]) {
        size_t n = 0;

        ret[0] = '\0';
        for (unsigned i = 0; i < WEEK; i++) {
                unsigned last = i;

                if (!(weekdays >> i & 1))
                        continue;
                while (last + 1 < WEEK && weekdays >> (last + 1) & 1)
                        last++;
                n += (size_t) snprintf(ret + n, TURNS_DAYS_TEXT - n, "%s%s", n ? "," : "", days[i]);
                if (last > i)
                        n += (size_t) snprintf(ret + n, TURNS_DAYS_TEXT - n, "%c%s", last > i + 1 ? '-' : ',', days[last]);
                i = last;
        }
}

void turns_print_hours(uint16_t minute_from, uint16_t minute_until, char ret[static TURNS_HOURS_TEXT]) {
        const unsigned from = minute_from % DAY_MIN;
        const unsigned until = minute_until == 0 ? DAY_MIN : minute_until % DAY_MIN;

        (void) snprintf(ret, TURNS_HOURS_TEXT, "%02u:%02u-%02u:%02u", from / 60, from % 60, until / 60, until % 60);
}
