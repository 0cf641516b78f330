/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * day.h - a date is a whole day in a time zone (X20)
 *
 * Not for programs with threads: libc's time zone is switched and switched back.
 */

#include <stdbool.h>
#include <stdint.h>

#define DAY_ZONES "/usr/share/zoneinfo/"        /* where tzdata is                                */

enum {
        DAY_ZONE_MAX = 64,              /* bytes of a time zone's name                            */
        DAY_TEXT     = 10,              /* bytes of "YYYY-MM-DD"                                  */
        DAY_CLOCKS_MAX = 8,             /* times that a zone's clocks stay as they are, within one look */
};

/* Is this the name of a time zone that the host's tzdata has? */
bool day_has_zone(const char *zone);

/*
 * The seconds at which the day @date ("2026-11-21") begins in @zone, and at
 * which the next one does.  Returns 0; -EINVAL: no such date, or a day that
 * the zone left out; -ENOENT: no such zone.
 */
int day_bounds(const char *zone, const char *date, int64_t *ret_begin, int64_t *ret_end);

/* The date that @at lies in.  Returns 0, -ENOENT, or -ERANGE for a year that has not four digits. */
int day_of(const char *zone, int64_t at, char ret[static DAY_TEXT + 1]);

/* From @from on, until the next one's, clocks are @east seconds ahead of UTC. */
struct day_clock {
        int64_t from;
        int64_t east;
};

/*
 * How the clocks of @zone stand from @begin, at most 64 days, until @end.  The
 * first holds from @begin on.  Returns how many; -ENOENT: no such zone;
 * -ERANGE: more than 64 days, or DAY_CLOCKS_MAX.
 */
int day_clocks(const char *zone, int64_t begin, int64_t end, struct day_clock ret[static DAY_CLOCKS_MAX]);
