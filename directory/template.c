/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * template.c - what a temp gets in one command: a role at a unit, for some days, in some turns (X17)
 */

#include "act.h"
#include "day.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"
#include "turns.h"

#include <stdio.h>

enum { DAYS_MAX = 366 };

/* -- Adding ------------------------------------------------------------------------------------------ */

struct plan {
        int64_t           role, unit, organisation;
        struct turns_rule rule;
};

static int plan(struct directory *d, const struct directory_template *t, struct plan *ret) {
        const bool repeats = t->weekdays || t->hours;
        int r;

        r = field_name(d, "name", t->name, true);
        if (r == DIRECTORY_OK)
                r = field_title(d, "title", t->title);
        if (r == DIRECTORY_OK && (t->days < 1 || t->days > DAYS_MAX))
                r = directory_fail(d, DIRECTORY_E_INVALID, _("days: are to be 1 to %d"), DAYS_MAX);
        if (r == DIRECTORY_OK && repeats && turns_parse_days(t->weekdays ? t->weekdays : "mon-sun", &ret->rule.weekdays) < 0)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("weekdays: are to be like mon-fri or mon,wed,sat"));
        if (r == DIRECTORY_OK && repeats &&
            turns_parse_hours(t->hours ? t->hours : "00:00-24:00", &ret->rule.minute_from, &ret->rule.minute_until) < 0)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("hours: are to be like 21:00-07:00, which ends the next day"));
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ROLE, t->role, &ret->role);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_UNIT, t->unit, &ret->unit);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT organisation FROM unit WHERE id = ?1", SQL_BIND(sql_integer(ret->unit)),
                                     &ret->organisation);
        return r;
}

int directory_template_add(struct directory *d, const struct directory_act *act, const struct directory_template *t) {
        struct plan p = { .role = 0 };
        int64_t id = 0;
        int r;

        r = plan(d, t, &p);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, p.organisation, 0, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO template (organisation, name, title, role, unit, days, weekdays, minute_from,"
                               " minute_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                            SQL_BIND(sql_integer(p.organisation), sql_text(t->name), sql_text(t->title),
                                     sql_integer(p.role), sql_integer(p.unit), sql_integer(t->days),
                                     p.rule.weekdays ? sql_integer(p.rule.weekdays) : sql_null(),
                                     p.rule.weekdays ? sql_integer(p.rule.minute_from) : sql_null(),
                                     p.rule.weekdays ? sql_integer(p.rule.minute_until) : sql_null()));
        if (r == DIRECTORY_E_EXISTS)
                r = directory_fail(d, r, _("%s: there is one named %s already"), "template", t->name);
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);
        return act_end(d, act, r, &(struct act_report) {
                .act = "template.add", .kind = "template", .id = id,
                .detail = json_pack("{s:s, s:s, s:s, s:I, s:s*, s:s*}", "name", t->name, "role", t->role, "unit", t->unit,
                                    "days", (json_int_t) t->days, "weekdays", t->weekdays, "hours", t->hours),
        });
}

/* -- Using ------------------------------------------------------------------------------------------- */

/* The last of @days days, of which the one that @now lies in is the first. */
static int last_day(struct directory *d, const char *zone, int64_t from, int64_t days, char ret[static DAY_TEXT + 1]) {
        char date[DAY_TEXT + 1] = "";
        int64_t begin = 0, end = from;
        int r;

        for (int64_t i = 0; i < days; i++) {
                r = day_of(zone, end, date);
                if (r == 0)
                        r = day_bounds(zone, date, &begin, &end);
                if (r < 0)
                        return directory_fail(d, r, _("%s: the time zone %s can't be used"), "until", zone);
        }
        (void) snprintf(ret, DAY_TEXT + 1, "%s", date);
        return DIRECTORY_OK;
}

int directory_template_find(struct directory *d, const char *name, struct directory_template_found *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT o.name, r.kind, r.name, u.name, o.time_zone, t.days, careid_days(t.weekdays),"
                        " careid_hours(t.minute_from, t.minute_until), t.archived IS NOT NULL OR r.archived IS NOT NULL"
                        " OR u.archived IS NOT NULL OR o.archived IS NOT NULL"
                        " FROM template t JOIN role r ON r.id = t.role JOIN unit u ON u.id = t.unit"
                        " JOIN organisation o ON o.id = u.organisation WHERE t.name = ?1", SQL_BIND(sql_text(name)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("template: there is no %s; see: careid list templates"), name);
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_int(stmt, 8))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("template: %s is archived, or its role or unit is"), name);
        (void) snprintf(ret->organisation, sizeof ret->organisation, "%s", sql_column(stmt, 0));
        (void) snprintf(ret->kind, sizeof ret->kind, "%s", sql_column(stmt, 1));
        (void) snprintf(ret->role, sizeof ret->role, "%s", sql_column(stmt, 2));
        (void) snprintf(ret->unit, sizeof ret->unit, "%s", sql_column(stmt, 3));
        (void) snprintf(ret->zone, sizeof ret->zone, "%s", sql_column(stmt, 4));
        ret->days = sqlite3_column_int64(stmt, 5);
        (void) snprintf(ret->weekdays, sizeof ret->weekdays, "%s", sql_column(stmt, 6));
        (void) snprintf(ret->hours, sizeof ret->hours, "%s", sql_column(stmt, 7));
        return DIRECTORY_OK;
}

int directory_template_use(struct directory *d, const struct directory_act *act, const char *name, const char *account,
                           const char *from_date, const char *until_date, int64_t *ret_id) {
        struct directory_template_found t;
        char until[DAY_TEXT + 1];
        int64_t begin = act->now, end;
        int r;

        r = directory_template_find(d, name, &t);
        if (r != DIRECTORY_OK)
                return r;
        if (from_date && day_bounds(t.zone, from_date, &begin, &end) < 0)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be a date like 2026-11-21"), "from");
        r = last_day(d, t.zone, begin, t.days, until);
        if (r != DIRECTORY_OK)
                return r;
        return directory_assign(d, act, &(struct directory_assignment) {
                .account = account, .role = t.role, .unit = t.unit, .from_date = from_date,
                .until_date = until_date ? until_date : until,
                .weekdays = *t.weekdays ? t.weekdays : NULL, .hours = *t.hours ? t.hours : NULL,
        }, ret_id);
}
