/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * turns.h - assignments that repeat: from weekdays and hours to the times that they mean
 *
 * Pure: a zone, a rule and a window in; times out.  A turn belongs to the day
 * that it begins on; one that ends at or before its beginning ends the next
 * day.  In the night when clocks go forward a time that does not exist is the
 * first that does; when they go back a beginning is the earlier, an end the
 * later of the two.
 */

#include "day.h"

#include <stddef.h>
#include <stdint.h>

enum {
        TURNS_MAX       = 16,                   /* in one window: two weeks and two nights         */
        TURNS_DAYS_TEXT = 32,                   /* bytes of "mon,tue,wed,thu,fri,sat,sun", NUL added */
        TURNS_HOURS_TEXT = 16,                  /* of "21:00-07:00"                                */
};

struct turns_rule {
        const char *zone;                       /* IANA                                            */
        uint8_t     weekdays;                   /* bits, 1 Monday .. 64 Sunday                     */
        uint16_t    minute_from, minute_until;  /* of the day, 0..1439                             */
        int64_t     from, until;                /* the assignment's own bounds; INT64_MIN, INT64_MAX: none */
};

struct turns_time {
        int64_t from, until;                    /* seconds since 1970-01-01 UTC; until is exclusive */
};

/* How a zone's clocks stand around one window, for many rules. */
struct turns_clocks {
        int64_t          begin, end;            /* the window                                      */
        int              n;
        struct day_clock clock[DAY_CLOCKS_MAX];
};

/* Look them up.  -EINVAL: no such zone, or a window of more than two weeks or that ends before it begins. */
int turns_clocks_read(const char *zone, int64_t begin, int64_t end, struct turns_clocks *ret);

/* The same, of the last zone and window that were asked for. */
struct turns_cache {
        char               zone[DAY_ZONE_MAX + 1];              /* "": nothing yet                 */
        struct turns_clocks clocks;
};

int turns_clocks_cached(struct turns_cache *cache, const char *zone, int64_t begin, int64_t end,
                        const struct turns_clocks **ret);

/*
 * All turns that touch the window of @clocks, cut by the rule's own bounds, in
 * order; those that touch one another joined.  Returns how many; -E2BIG: more
 * than TURNS_MAX.  The rule's zone is not looked at.
 */
int turns_expand_by(const struct turns_clocks *clocks, const struct turns_rule *rule,
                    struct turns_time ret[static TURNS_MAX]);

/* Both, for one rule and the window [@begin, @end). */
int turns_expand(const struct turns_rule *rule, int64_t begin, int64_t end, struct turns_time ret[static TURNS_MAX]);

/*
 * When the day of a rule begins that is the day beginning at @midnight in
 * @zone: then, or for turns that go over midnight when those of the day before
 * have ended.  So a first and a last day are those of whole turns.
 * -EINVAL as above.
 */
int turns_day_begin(const struct turns_rule *rule, int64_t midnight, int64_t *ret);

/* What two lists of times have in common, at most @max (-E2BIG); both in order, without overlaps. */
int turns_common(const struct turns_time *a, size_t n_a, const struct turns_time *b, size_t n_b,
                 struct turns_time *ret, size_t max);

/*
 *     days  = range *( "," range ) ; range = day / day "-" day ; mon tue wed thu fri sat sun
 *     hours = HH ":" MM "-" HH ":" MM             ; 24:00 is 00:00 of the next day
 *
 * "fri-mon" goes over Sunday.  -EINVAL: not so.
 */
int turns_parse_days(const char *text, uint8_t *ret);
int turns_parse_hours(const char *text, uint16_t *ret_from, uint16_t *ret_until);

/* The shortest that is read back as the same; an end at 00:00 is written 24:00. */
void turns_print_days(uint8_t weekdays, char ret[static TURNS_DAYS_TEXT]);
void turns_print_hours(uint16_t minute_from, uint16_t minute_until, char ret[static TURNS_HOURS_TEXT]);
