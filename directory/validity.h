/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * validity.h - from the days that an administrator writes to the seconds that are kept (X20)
 *
 * A day is a whole day in the time zone of an organisation; the last day is
 * included, so what is kept is the first second after it.  Complaints name
 * the fields "from" and "until".
 */

#include "sql.h"

struct validity {
        bool    has_from, has_until;            /* else unbounded                                 */
        int64_t from, until;
};

/*
 * Dates like "2026-11-21", or NULL.  INVALID: no such day, the last day before
 * the first, or the last day over at @now.
 */
int validity_read(struct directory *d, int64_t organisation, const char *from_date, const char *until_date, int64_t now,
                  struct validity *ret);

/* One day: its first second, and the first one after it; either may be NULL.  INVALID names @field. */
int validity_day(struct directory *d, int64_t organisation, const char *field, const char *date, int64_t *ret_begin,
                 int64_t *ret_end);

/* As values of a statement. */
static inline struct sql_value validity_from(const struct validity *v) {
        return v->has_from ? sql_integer(v->from) : sql_null();
}

static inline struct sql_value validity_until(const struct validity *v) {
        return v->has_until ? sql_integer(v->until) : sql_null();
}
