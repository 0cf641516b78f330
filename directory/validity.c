/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * validity.c - from the days that an administrator writes to the seconds that are kept (X20)
 */

#include "validity.h"
#include "day.h"
#include "i18n.h"

#include <errno.h>
#include <stdio.h>

static int zone_of(struct directory *d, int64_t organisation, char ret[static DAY_ZONE_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT time_zone FROM organisation WHERE id = ?1", SQL_BIND(sql_integer(organisation)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: there is no such organisation"));
        if (r == DIRECTORY_OK)
                (void) snprintf(ret, DAY_ZONE_MAX + 1, "%s", sql_column(stmt, 0));
        return r;
}

static int read_day(struct directory *d, const char *zone, const char *field, const char *date, int64_t *ret_begin,
                    int64_t *ret_end) {
        int64_t begin, end;
        int r;

        r = day_bounds(zone, date, &begin, &end);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be a date like 2026-11-21"), field);
        if (r < 0)
                return directory_fail(d, r, _("%s: the time zone %s can't be used"), field, zone);
        if (ret_begin)
                *ret_begin = begin;
        if (ret_end)
                *ret_end = end;
        return DIRECTORY_OK;
}

int validity_day(struct directory *d, int64_t organisation, const char *field, const char *date, int64_t *ret_begin,
                 int64_t *ret_end) {
        char zone[DAY_ZONE_MAX + 1];
        int r;

        r = zone_of(d, organisation, zone);
        return r == DIRECTORY_OK ? read_day(d, zone, field, date, ret_begin, ret_end) : r;
}

int validity_read(struct directory *d, int64_t organisation, const char *from_date, const char *until_date, int64_t now,
                  struct validity *ret) {
        struct validity v = { .has_from = from_date != NULL, .has_until = until_date != NULL };
        char zone[DAY_ZONE_MAX + 1];
        int r;

        r = zone_of(d, organisation, zone);
        if (r == DIRECTORY_OK && from_date)
                r = read_day(d, zone, "from", from_date, &v.from, NULL);
        if (r == DIRECTORY_OK && until_date)
                r = read_day(d, zone, "until", until_date, NULL, &v.until);
        if (r == DIRECTORY_OK && from_date && until_date && v.from >= v.until)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: is before the first day"));
        if (r == DIRECTORY_OK && until_date && v.until <= now)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: that day is over"));
        if (r == DIRECTORY_OK)
                *ret = v;
        return r;
}
