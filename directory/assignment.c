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
#include "turns.h"

#include <errno.h>
#include <stdio.h>

enum { DELEGATED_MAX = 24 };                    /* assignments of one account that who has a mandate can bring it to */

/* What an assignment is between, and when. */
struct plan {
        int64_t         account, role, unit, organisation;
        char            zone[DAY_ZONE_MAX + 1];
        int64_t         from, until;
        bool            has_from, has_until;
        bool            repeats;                        /* @rule is its own                       */
        struct turns_rule rule;                         /* its turns, or those of what is held; no weekdays: none */
        int64_t         deputy_of;                      /* 0: it stands for itself                */
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
        p->rule.zone = p->zone;
        return DIRECTORY_OK;
}

/* The beginning (or, for the last day, the end) of a day: with turns that go over midnight, of its turns. */
static int plan_date(struct directory *d, const struct plan *p, const char *field, const char *date,
                     int64_t *ret_begin, int64_t *ret_end) {
        int64_t begin, end;
        int r;

        r = day_bounds(p->zone, date, &begin, &end);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be a date like 2026-11-21"), field);
        if (r == 0)
                r = turns_day_begin(&p->rule, begin, &begin);
        if (r == 0)
                r = turns_day_begin(&p->rule, end, &end);
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

static int plan_turns(struct directory *d, struct plan *p, const char *weekdays, const char *hours) {
        if (!weekdays && !hours)
                return DIRECTORY_OK;
        p->repeats = true;
        if (!weekdays)
                weekdays = "mon-sun";
        if (turns_parse_days(weekdays, &p->rule.weekdays) < 0)
                return directory_fail(d, DIRECTORY_E_INVALID, _("weekdays: are to be like mon-fri or mon,wed,sat"));
        if (turns_parse_hours(hours ? hours : "00:00-24:00", &p->rule.minute_from, &p->rule.minute_until) < 0)
                return directory_fail(d, DIRECTORY_E_INVALID, _("hours: are to be like 21:00-07:00, which ends the next day"));
        return DIRECTORY_OK;
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

/*
 * Once is enough: two of the same at the same time would each have to be ended to end anything.
 * Turns on other days or at other hours are not the same.
 */
static int check_same(struct directory *d, const struct directory_act *act, const struct plan *p) {
        int64_t id;
        int r;

        r = sql_find_integer(d, "SELECT id FROM assignment WHERE account = ?1 AND role = ?2 AND +unit = ?3"
                                " AND ended IS NULL AND (valid_until IS NULL OR valid_until > max(?4, ?6))"
                                " AND (valid_from IS NULL OR ?5 IS NULL OR valid_from < ?5) AND deputy_of IS ?7"
                                " AND (?8 IS NULL OR weekdays IS NULL OR (weekdays & ?8 AND minute_from = ?9"
                                "      AND minute_until = ?10)) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(p->account), sql_integer(p->role), sql_integer(p->unit),
                                      sql_integer(p->has_from ? p->from : act->now),
                                      sql_integer_or_null(p->has_until ? &p->until : NULL), sql_integer(act->now),
                                      p->deputy_of ? sql_integer(p->deputy_of) : sql_null(),
                                      p->repeats ? sql_integer(p->rule.weekdays) : sql_null(), sql_integer(p->rule.minute_from),
                                      sql_integer(p->rule.minute_until)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        /* What whoever has a mandate can't end is no advice. */
        if (act->by_person && mandate_covers_end(d, act, id) != DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("the account has that role at that unit already: assignment %lld; who may "
                                                               "grant there, or root, can end it"), (long long) id);
        return directory_fail(d, DIRECTORY_E_EXISTS,
                              _("the account has that role at that unit already: assignment %lld; for other days, first "
                                "end that one: careid unassign %lld"),
                              (long long) id, (long long) id);
}

/* An account that has more than the snapshots can say would be everybody's harm: who has a mandate can't bring that about. */
static int check_room(struct directory *d, const struct directory_act *act, const struct plan *p) {
        int64_t n;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find_integer(d, "SELECT count(*) FROM assignment WHERE account = ?1 AND ended IS NULL AND (valid_until IS NULL OR valid_until > ?2)",
                             SQL_BIND(sql_integer(p->account), sql_integer(act->now)), &n);
        if (r == DIRECTORY_OK && n >= DELEGATED_MAX)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("account: it has %d assignments already; end some first, or ask root"),
                                      DELEGATED_MAX);
        return r;
}

/* What is given to somebody who is archived, or has died, would count the day that is taken back. */
static int check_alive(struct directory *d, const struct plan *p) {
        int64_t person;
        int r;

        r = sql_find_integer(d, "SELECT person FROM account WHERE id = ?1", SQL_BIND(sql_integer(p->account)), &person);
        return r == DIRECTORY_OK ? lookup_person_alive(d, person) : r;
}

static int insert(struct directory *d, const struct directory_act *act, const struct plan *p, int64_t *ret) {
        const struct sql_value none = sql_null();
        int r;

        r = mandate_covers_assignment(d, act, p->account, p->role, p->unit, p->has_until ? &p->until : NULL,
                                      p->rule.weekdays ? &p->rule : NULL);
        if (r == DIRECTORY_OK)
                r = check_alive(d, p);
        if (r == DIRECTORY_OK)
                r = check_same(d, act, p);
        if (r == DIRECTORY_OK)
                r = check_room(d, act, p);
        if (r != DIRECTORY_OK)
                return r;
        r = ids_take_group(d, &p->group, &(struct ids_group) {
                .kind = "role-at-unit", .organisation = p->organisation, .unit = p->unit, .role = p->role,
        });
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO assignment (account, role, unit, valid_from, valid_until, by_person, created,"
                       " weekdays, minute_from, minute_until, deputy_of)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    SQL_BIND(sql_integer(p->account), sql_integer(p->role), sql_integer(p->unit),
                             sql_integer_or_null(p->has_from ? &p->from : NULL),
                             sql_integer_or_null(p->has_until ? &p->until : NULL),
                             act->by_person ? sql_integer(act->by_person) : none, sql_integer(act->now),
                             p->repeats ? sql_integer(p->rule.weekdays) : none,
                             p->repeats ? sql_integer(p->rule.minute_from) : none,
                             p->repeats ? sql_integer(p->rule.minute_until) : none,
                             p->deputy_of ? sql_integer(p->deputy_of) : none));
        if (r == DIRECTORY_OK)
                *ret = sqlite3_last_insert_rowid(d->db);
        return r;
}

/* Who is a client or relative is no business of whoever assigns: to them there is no such account. */
static int look_account(struct directory *d, const struct directory_act *act, const char *account, struct plan *p) {
        int64_t works = 1;
        bool archived;
        int r;

        r = lookup_any(d, LOOKUP_ACCOUNT, account, &p->account, &archived);
        if (r == DIRECTORY_OK && act->by_person)
                r = sql_find_integer(d, "SELECT kind IN ('staff', 'external') FROM account WHERE id = ?1", SQL_BIND(sql_integer(p->account)), &works);
        if (r == DIRECTORY_OK && !works)
                return lookup_none(d, LOOKUP_ACCOUNT, account);
        return r == DIRECTORY_OK ? lookup_live(d, LOOKUP_ACCOUNT, account, &p->account) : r;
}

int directory_assign(struct directory *d, const struct directory_act *act, const struct directory_assignment *a,
                     int64_t *ret_id) {

        struct plan p = { .has_from = a->from_date != NULL, .has_until = a->until_date != NULL };
        int64_t id = 0;
        int r;

        r = lookup_live(d, LOOKUP_UNIT, a->unit, &p.unit);
        if (r == DIRECTORY_OK)
                r = plan_place(d, &p);
        if (r == DIRECTORY_OK)
                r = mandate_covers_place(d, act, p.organisation, p.unit);
        if (r == DIRECTORY_OK)
                r = look_account(d, act, a->account, &p);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ROLE, a->role, &p.role);
        if (r == DIRECTORY_OK)
                r = plan_turns(d, &p, a->weekdays, a->hours);
        if (r == DIRECTORY_OK)
                r = plan_dates(d, &p, a->from_date, a->until_date, act->now);
        if (r == DIRECTORY_OK)
                r = plan_group(d, a->role, a->unit, &p);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = insert(d, act, &p, &id);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "assignment.add", .kind = "assignment", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:s, s:s, s:s?, s:s?, s:s*, s:s*}", "account", (json_int_t) p.account, "role",
                                    a->role, "unit", a->unit, "from", a->from_date, "until", a->until_date, "weekdays",
                                    a->weekdays, "hours", a->hours),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

int directory_assignment_add(struct directory *d, const struct directory_act *act,
                             const char *account, const char *role, const char *unit,
                             const char *from_date, const char *until_date, int64_t *ret_id) {

        return directory_assign(d, act, &(struct directory_assignment) {
                .account = account, .role = role, .unit = unit, .from_date = from_date, .until_date = until_date,
        }, ret_id);
}

/* -- Deputies ---------------------------------------------------------------------------------------- */

/* The assignment that is to be held, and the names that its group is made of. */
static int plan_held(struct directory *d, const struct directory_act *act, int64_t held, struct plan *p,
                     char ret_role[static IDS_NAME_MAX + 1], char ret_unit[static IDS_NAME_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t person;
        int r;

        r = sql_find(d, "SELECT s.role, s.unit, r.name, u.name, a.person, s.deputy_of IS NOT NULL,"
                        " s.ended IS NOT NULL OR ifnull(s.valid_until <= ?2, 0), ifnull(s.weekdays, 0), s.minute_from, s.minute_until"
                        " FROM assignment s JOIN account a ON a.id = s.account JOIN role r ON r.id = s.role"
                        " JOIN unit u ON u.id = s.unit WHERE s.id = ?1",
                     SQL_BIND(sql_integer(held), sql_integer(act->now)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("assignment: there is none with this id; see: careid list assignments"));
        if (r != DIRECTORY_OK)
                return r;
        p->role = sqlite3_column_int64(stmt, 0);
        p->unit = sqlite3_column_int64(stmt, 1);
        p->rule.weekdays = (uint8_t) sqlite3_column_int(stmt, 7);
        p->rule.minute_from = (uint16_t) sqlite3_column_int(stmt, 8);
        p->rule.minute_until = (uint16_t) sqlite3_column_int(stmt, 9);
        (void) snprintf(ret_role, IDS_NAME_MAX + 1, "%s", sql_column(stmt, 2));
        (void) snprintf(ret_unit, IDS_NAME_MAX + 1, "%s", sql_column(stmt, 3));
        if (sqlite3_column_int(stmt, 5))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("assignment: is itself held for somebody; name the one that it is held for"));
        if (sqlite3_column_int(stmt, 6))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("assignment: has ended already"));

        r = sql_find_integer(d, "SELECT person FROM account WHERE id = ?1", SQL_BIND(sql_integer(p->account)), &person);
        if (r == DIRECTORY_OK && person == sqlite3_column_int64(stmt, 4))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("account: is of the person whose assignment it is"));
        return r;
}

/* Whoever may give nothing where it is learns nothing of it. */
static int may_hold(struct directory *d, const struct directory_act *act, int64_t held) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find(d, "SELECT u.organisation, u.id FROM assignment s JOIN unit u ON u.id = s.unit WHERE s.id = ?1",
                     SQL_BIND(sql_integer(held)), &stmt);
        if (r == DIRECTORY_OK)
                r = mandate_covers_place(d, act, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
        return mandate_hide(d, act, "assignment", r, 0);
}

int directory_deputy_add(struct directory *d, const struct directory_act *act, int64_t held, const char *account,
                         const char *from_date, const char *until_date, int64_t *ret_id) {

        struct plan p = { .deputy_of = held, .has_from = from_date != NULL, .has_until = true };
        char role[IDS_NAME_MAX + 1], unit[IDS_NAME_MAX + 1];
        int64_t id = 0;
        int r;

        if (!until_date)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: is missing; a deputy holds an assignment for a time"));
        r = may_hold(d, act, held);
        if (r == DIRECTORY_OK)
                r = look_account(d, act, account, &p);
        if (r == DIRECTORY_OK)
                r = plan_held(d, act, held, &p, role, unit);
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

        r = insert(d, act, &p, &id);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "assignment.deputy", .kind = "assignment", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:I, s:s?, s:s}", "account", (json_int_t) p.account, "held",
                                    (json_int_t) held, "from", from_date, "until", until_date),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

/* -- Ending ------------------------------------------------------------------------------------------ */

static int check_end(struct directory *d, const struct directory_act *act, int64_t assignment) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT s.ended IS NOT NULL OR ifnull(s.valid_until <= ?2, 0), a.person"
                        " FROM assignment s JOIN account a ON a.id = s.account WHERE s.id = ?1",
                     SQL_BIND(sql_integer(assignment), sql_integer(act->now)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return mandate_hide(d, act, "assignment", directory_fail(
                                            d, r, _("assignment: there is none with this id; see: careid list assignments")), 0);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_covers_end(d, act, assignment);
        if (r != DIRECTORY_OK)
                return mandate_hide(d, act, "assignment", r, sqlite3_column_int64(stmt, 1));
        if (sqlite3_column_int(stmt, 0))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("assignment: has ended already"));
        return DIRECTORY_OK;
}

int directory_assignment_end(struct directory *d, const struct directory_act *act, int64_t assignment) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = check_end(d, act, assignment);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE assignment SET ended = ?2 WHERE id = ?1",
                            SQL_BIND(sql_integer(assignment), sql_integer(act->now)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "assignment.end", .kind = "assignment", .id = assignment, .changes = true,
                .detail = json_object(),
        });
}

/* -- Turns that come -------------------------------------------------------------------------------- */

int directory_turns_renew(struct directory *d, int64_t now) {
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = store_changed(d);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT OR REPLACE INTO changed (what, id, change)"
                               " SELECT 'account', s.account, changes FROM assignment s, meta"
                               "  WHERE s.weekdays IS NOT NULL AND s.ended IS NULL AND (s.valid_until IS NULL OR s.valid_until > ?1)"
                               " UNION SELECT 'account', s.account, changes FROM assignment h JOIN assignment s ON s.deputy_of = h.id, meta"
                               "  WHERE h.weekdays IS NOT NULL AND s.ended IS NULL AND s.valid_until > ?1",
                            SQL_BIND(sql_integer(now)));
        return store_end(d, r);
}
