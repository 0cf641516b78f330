/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * existing.c - what a row's values stand for, and whether it is there already
 */

#include "existing.h"
#include "clients.h"
#include "day.h"
#include "reference.h"
#include "sql.h"
#include "turns.h"

#include "i18n.h"
#include "scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
        DATES    = TRANSFER_FIRST_DAY | TRANSFER_LAST_DAY,
        INTEGERS = DATES | TRANSFER_PERSON | TRANSFER_CLIENT | TRANSFER_YES | TRANSFER_NUMBER | TRANSFER_DAYS | TRANSFER_HOURS,
};

static int wrong(const struct row_listener *l, const struct row *row, size_t i, const char *name, const char *right) {
        row_say(l, &row->at[i], "%s: %s", name, right);
        return DIRECTORY_E_INVALID;
}

static int read_person(struct directory *d, const struct transfer_kind *kind, const struct row *row, size_t i,
                       const struct row_listener *l, struct values *ret) {
        const int r = directory_person_find(d, row->value[i], &ret->integer[i]);

        ret->known[i] = r == DIRECTORY_OK;
        if (r == DIRECTORY_E_NOT_FOUND && kind->put && i == 0 && strcmp(kind->name, "persons") == 0)
                return DIRECTORY_OK;                    /* the one who is going to be added       */
        if (r == DIRECTORY_E_NOT_FOUND)
                return wrong(l, row, i, kind->columns[i].name, _("there is no person with this key"));
        if (r == DIRECTORY_E_INVALID)
                row_say(l, &row->at[i], "%s", directory_complaint(d));
        return r;
}

/* Whoever adds the row says that there is no such client, and what would be right. */
static int read_client(struct directory *d, const struct row *row, size_t i, struct values *ret) {
        const int r = directory_client_find(d, row->value[i], &ret->integer[i]);

        ret->known[i] = r == DIRECTORY_OK;
        return r < 0 ? r : DIRECTORY_OK;
}

static int read_turns(const struct transfer_kind *kind, const struct row *row, size_t i, const struct row_listener *l,
                      struct values *ret) {
        uint16_t from, until;
        uint8_t days;

        if (kind->columns[i].flags & TRANSFER_DAYS) {
                if (turns_parse_days(row->value[i], &days) < 0)
                        return wrong(l, row, i, kind->columns[i].name, _("is to be days like mon-fri or sat,sun"));
                ret->integer[i] = days;
        } else {
                if (turns_parse_hours(row->value[i], &from, &until) < 0)
                        return wrong(l, row, i, kind->columns[i].name, _("is to be hours like 21:00-07:00"));
                ret->integer[i] = from * TRANSFER_MINUTES + until;
        }
        ret->known[i] = true;
        return DIRECTORY_OK;
}

static int read_day(const char *zone, const struct transfer_kind *kind, const struct row *row, size_t i,
                    const struct row_listener *l, struct values *ret) {
        int64_t begin, end;
        const int r = day_bounds(zone, row->value[i], &begin, &end);

        if (r == -EINVAL)
                return wrong(l, row, i, kind->columns[i].name, _("is to be a date like 2026-11-21"));
        if (r < 0)
                return wrong(l, row, i, kind->columns[i].name, _("the time zone of its organisation can't be used"));
        ret->integer[i] = kind->columns[i].flags & TRANSFER_FIRST_DAY ? begin : end;
        ret->known[i] = true;
        return DIRECTORY_OK;
}

static int read_one(struct directory *d, const struct transfer_kind *kind, const struct row *row, size_t i, const char *zone,
                    const struct row_listener *l, struct values *ret) {
        const unsigned flags = kind->columns[i].flags;
        const char *const value = row->value[i];
        uint32_t number;

        if (flags & TRANSFER_PERSON)
                return read_person(d, kind, row, i, l, ret);
        if (flags & TRANSFER_CLIENT)
                return read_client(d, row, i, ret);
        if (flags & DATES)
                return zone ? read_day(zone, kind, row, i, l, ret) : DIRECTORY_OK;
        if (flags & (TRANSFER_DAYS | TRANSFER_HOURS))
                return read_turns(kind, row, i, l, ret);
        if (flags & TRANSFER_YES) {
                if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
                        return wrong(l, row, i, kind->columns[i].name, _("is to be yes or no"));
                ret->integer[i] = *value == 'y';
                ret->known[i] = true;
        }
        if (flags & TRANSFER_NUMBER) {
                if (!scan_whole_u32(value, INT32_MAX, &number) || number == 0)
                        return wrong(l, row, i, kind->columns[i].name, _("is to be a number from 1 on"));
                ret->integer[i] = number;
                ret->known[i] = true;
        }
        return DIRECTORY_OK;
}

/* The N-th column as ?N; after the last, @now. */
static int bind(struct directory *d, const char *query, const struct transfer_kind *kind, const struct row *row,
                const struct values *values, int64_t now, sqlite3_stmt **ret) {
        struct sql_value bound[TRANSFER_COLUMNS_MAX + 1];
        auto_stmt sqlite3_stmt *stmt = NULL;
        const size_t n = transfer_n_columns(kind);
        int r, n_wanted;

        for (size_t i = 0; i < n; i++)
                if (kind->columns[i].flags & INTEGERS)
                        bound[i] = sql_integer_or_null(values->known[i] ? &values->integer[i] : NULL);
                else
                        bound[i] = sql_text(row->value[i]);
        bound[n] = sql_integer(now);
        r = sql_prepare(d, query, NULL, 0, &stmt);
        if (r != DIRECTORY_OK)
                return r;
        n_wanted = sqlite3_bind_parameter_count(stmt);
        r = sql_bind(d, stmt, bound, (size_t) n_wanted < n + 1 ? (size_t) n_wanted : n + 1);
        if (r == DIRECTORY_OK)
                *ret = STEAL_PTR(stmt);
        return r;
}

static bool has_dates(const struct transfer_kind *kind, const struct row *row) {
        for (size_t i = 0; kind->columns[i].name; i++)
                if (row->value[i] && kind->columns[i].flags & DATES)
                        return true;
        return false;
}

/* A place that there isn't has no zone: whoever adds the row says so. */
static int find_zone(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct values *values,
                     char ret[static DAY_ZONE_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        ret[0] = '\0';
        if (!kind->zone || !has_dates(kind, row))
                return DIRECTORY_OK;
        r = bind(d, kind->zone, kind, row, values, 0, &stmt);
        if (r == DIRECTORY_OK)
                r = sql_next(d, stmt);
        if (r == DIRECTORY_OK)
                (void) snprintf(ret, DAY_ZONE_MAX + 1, "%s", sql_column(stmt, 0));
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int values_read(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct row_listener *l,
                struct values *ret) {
        char zone[DAY_ZONE_MAX + 1];
        int r, verdict = DIRECTORY_OK;

        memset(ret, 0, sizeof *ret);
        *zone = '\0';
        /* Dates last: whose they are tells their zone. */
        for (int dates = 0; dates < 2; dates++) {
                for (size_t i = 0; kind->columns[i].name; i++) {
                        if (!row->value[i] || !(kind->columns[i].flags & DATES) != !dates)
                                continue;
                        r = read_one(d, kind, row, i, *zone ? zone : NULL, l, ret);
                        if (r < 0)
                                return r;
                        if (r != DIRECTORY_OK)
                                verdict = DIRECTORY_E_INVALID;
                }
                r = dates ? DIRECTORY_OK : find_zone(d, kind, row, ret, zone);
                if (r != DIRECTORY_OK)
                        return r;
        }
        return verdict;
}

static bool is_same(sqlite3_stmt *stmt, int i, unsigned flags, const struct row *row, const struct values *values) {
        if (flags & (TRANSFER_PERSON | TRANSFER_NUMBER | TRANSFER_DAYS | TRANSFER_HOURS))
                return sqlite3_column_type(stmt, i) == SQLITE_INTEGER && sqlite3_column_int64(stmt, i) == values->integer[i];
        return strcmp(sql_column(stmt, i), row->value[i]) == 0;
}

/* What is wrong with a name stops a whole file: say what mends it. */
static void say_another(const struct row_listener *l, const struct transfer_kind *kind, size_t i, const struct row_place *at) {
        const char *const name = kind->columns[i].name, *const underline = strchr(name, '_');

        if (strcmp(kind->name, "persons") == 0 && i > 0)
                row_say(l, at, _("%s: it is there already with another value; what changes it: careid person change KEY --%s"), name,
                        underline ? "names" : name);
        else
                row_say(l, at, _("%s: it is there already with another value"), name);
}

int existing_find(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct values *values,
                  int64_t now, const struct row_listener *l) {
        static const int verdicts[] = { TRANSFER_SAME, TRANSFER_ENDED, TRANSFER_CHANGED };
        const int n = (int) transfer_n_columns(kind);
        auto_stmt sqlite3_stmt *stmt = NULL;
        bool differs = false;
        int r;

        if (!kind->existing)
                return DIRECTORY_E_NOT_FOUND;
        r = bind(d, kind->existing, kind, row, values, now, &stmt);
        if (r == DIRECTORY_OK)
                r = sql_next(d, stmt);
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_count(stmt) <= n)            /* the key is all of it */
                return verdicts[sqlite3_column_int(stmt, 0)];
        if (sqlite3_column_int(stmt, n))
                return TRANSFER_ARCHIVED;
        for (int i = 0; i < n; i++)
                if (row->value[i] && !is_same(stmt, i, kind->columns[i].flags, row, values)) {
                        say_another(l, kind, (size_t) i, &row->at[i]);
                        differs = true;
                }
        return differs ? DIRECTORY_E_EXISTS : TRANSFER_SAME;
}

int existing_is_gone(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct values *values, bool *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        *ret = false;
        if (!kind->gone)
                return DIRECTORY_OK;
        r = bind(d, kind->gone, kind, row, values, 0, &stmt);
        if (r == DIRECTORY_OK)
                r = sql_next(d, stmt);
        *ret = r == DIRECTORY_OK;
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}
