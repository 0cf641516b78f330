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

#include <stddef.h>
#include <stdint.h>

enum {
        TURNS_MAX = 16,                         /* in one window: two weeks and two nights         */
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

/*
 * All turns that touch [@begin, @end), cut by the rule's own bounds, in order;
 * those that touch one another joined.  Returns how many; -E2BIG: more than
 * TURNS_MAX; -EINVAL: no such zone.
 */
int turns_expand(const struct turns_rule *rule, int64_t begin, int64_t end, struct turns_time ret[static TURNS_MAX]);

/*
 *     days  = day *( "," day ) / day "-" day      ; mon tue wed thu fri sat sun
 *     hours = HH ":" MM "-" HH ":" MM             ; 24:00 is 00:00 of the next day
 *
 * -EINVAL: not so.
 */
int turns_parse_days(const char *text, uint8_t *ret);
int turns_parse_hours(const char *text, uint16_t *ret_from, uint16_t *ret_until);
void turns_print_days(uint8_t weekdays, char ret[static 32]);
