/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * assignment.c - who is what, where, from when until when
 */

#include "act.h"
#include "day.h"
#include "i18n.h"
#include "ids.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>

/* What an assignment is between, and when. */
struct plan {
        int64_t         account, role, unit, organisation;
        char            zone[DAY_ZONE_MAX + 1];
        int64_t         from, until;
        struct ids_plan group;
};

static int plan_place(struct directory *d, struct plan *p) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT o.id, o.time_zone, o.archived IS NOT NULL"
                        " FROM unit u JOIN organisation o ON o.id = u.organisation WHERE u.id = ?1",
                     SQL_BIND(sql_integer(p->unit)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: a unit without organisation"));
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_int(stmt, 2))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("unit: its organisation is archived"));
        p->organisation = sqlite3_column_int64(stmt, 0);
        (void) snprintf(p->zone, sizeof p->zone, "%s", sql_column(stmt, 1));
        return DIRECTORY_OK;
}

/* The beginning (or, for the last day, the end) of a day. */
static int plan_date(struct directory *d, const struct plan *p, const char *field, const char *date,
                     int64_t *ret_begin, int64_t *ret_end) {
        int64_t begin, end;
        int r;

        r = day_bounds(p->zone, date, &begin, &end);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be a date like 2026-11-21"), field);
        if (r < 0)
                return directory_fail(d, r, _("%s: the time zone %s can't be used"), field, p->zone);
        if (ret_begin)
                *ret_begin = begin;
        if (ret_end)
                *ret_end = end;
        return DIRECTORY_OK;
}

static int plan_dates(struct directory *d, struct plan *p, const char *from_date, const char *until_date,
                      int64_t now) {
        int r = DIRECTORY_OK;

        if (from_date)
                r = plan_date(d, p, "from", from_date, &p->from, NULL);
        if (r == DIRECTORY_OK && until_date)
                r = plan_date(d, p, "until", until_date, NULL, &p->until);
        if (r == DIRECTORY_OK && from_date && until_date && p->from >= p->until)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: is before the first day"));
        if (r == DIRECTORY_OK && until_date && p->until <= now)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: that day is over"));
        return r;
}

static int plan_group(struct directory *d, const char *role, const char *unit, struct plan *p) {
        char group[64];
        int r;

        (void) snprintf(group, sizeof group, "unit-%s-%s", unit, role);
        r = ids_plan_group(d, group, &p->group);
        if (r == DIRECTORY_E_INVALID)
                return directory_fail(
                        d, r,
                        _("role, unit: their group %s would have more than 32 characters; shorter names are needed"),
                        group);
        return r;
}

/* Once is enough: two of the same at the same time would each have to be ended to end anything. */
static int check_same(struct directory *d, const struct directory_act *act, const struct plan *p, bool has_from,
                      bool has_until) {
        int64_t id;
        int r;

        r = sql_find_integer(d, "SELECT id FROM assignment WHERE account = ?1 AND role = ?2 AND unit = ?3"
                                " AND ended IS NULL AND (valid_until IS NULL OR valid_until > max(?4, ?6))"
                                " AND (valid_from IS NULL OR ?5 IS NULL OR valid_from < ?5) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(p->account), sql_integer(p->role), sql_integer(p->unit),
                                      sql_integer(has_from ? p->from : act->now),
                                      sql_integer_or_null(has_until ? &p->until : NULL), sql_integer(act->now)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        return directory_fail(d, DIRECTORY_E_EXISTS,
                              _("the account has that role at that unit already: assignment %lld; for other days, first "
                                "end that one: careid unassign %lld"),
                              (long long) id, (long long) id);
}

static int insert(struct directory *d, const struct directory_act *act, const struct plan *p, bool has_from,
                  bool has_until, int64_t *ret) {
        int r;

        r = mandate_covers_assignment(d, act, p->account, p->role, p->unit, has_until ? &p->until : NULL);
        if (r == DIRECTORY_OK)
                r = check_same(d, act, p, has_from, has_until);
        if (r != DIRECTORY_OK)
                return r;
        r = ids_take_group(d, &p->group, &(struct ids_group) {
                .kind = "role-at-unit", .organisation = p->organisation, .unit = p->unit, .role = p->role,
        });
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO assignment (account, role, unit, valid_from, valid_until, by_person, created)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    SQL_BIND(sql_integer(p->account), sql_integer(p->role), sql_integer(p->unit),
                             sql_integer_or_null(has_from ? &p->from : NULL),
                             sql_integer_or_null(has_until ? &p->until : NULL),
                             act->by_person ? sql_integer(act->by_person) : sql_null(), sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                *ret = sqlite3_last_insert_rowid(d->db);
        return r;
}

int directory_assignment_add(struct directory *d, const struct directory_act *act,
                             const char *account, const char *role, const char *unit,
                             const char *from_date, const char *until_date, int64_t *ret_id) {

        struct plan p = { .from = 0 };
        int64_t id = 0;
        int r;

        r = lookup_live(d, LOOKUP_ACCOUNT, account, &p.account);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ROLE, role, &p.role);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_UNIT, unit, &p.unit);
        if (r == DIRECTORY_OK)
                r = plan_place(d, &p);
        if (r == DIRECTORY_OK)
                r = plan_dates(d, &p, from_date, until_date, act->now);
        if (r == DIRECTORY_OK)
                r = plan_group(d, role, unit, &p);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = insert(d, act, &p, from_date != NULL, until_date != NULL, &id);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "assignment.add", .kind = "assignment", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:s, s:s, s:s?, s:s?}", "account", (json_int_t) p.account, "role", role,
                                    "unit", unit, "from", from_date, "until", until_date),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

int directory_assignment_end(struct directory *d, const struct directory_act *act, int64_t assignment) {
        int64_t over;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = sql_find_integer(d, "SELECT ended IS NOT NULL OR ifnull(valid_until <= ?2, 0)"
                                " FROM assignment WHERE id = ?1",
                             SQL_BIND(sql_integer(assignment), sql_integer(act->now)), &over);
        if (r == DIRECTORY_E_NOT_FOUND)
                r = directory_fail(d, r, _("assignment: there is none with this id; see: careid list assignments"));
        else if (r == DIRECTORY_OK)
                r = mandate_covers_end(d, act, assignment);
        if (r == DIRECTORY_OK && over)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("assignment: has ended already"));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE assignment SET ended = ?2 WHERE id = ?1",
                            SQL_BIND(sql_integer(assignment), sql_integer(act->now)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "assignment.end", .kind = "assignment", .id = assignment, .changes = true,
                .detail = json_object(),
        });
}
