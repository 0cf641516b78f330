/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mandate.c - giving acts to persons, and taking them back
 *
 * 1. MUST let nobody give themselves anything, nor anybody but root what gives or watches: configure, read-audit.
 */

#include "act.h"
#include "day.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
        [MANDATE_INVITE] = "invite", [MANDATE_ADD] = "add", [MANDATE_GRANT] = "grant", [MANDATE_LOCK] = "lock",
        [MANDATE_SEAL] = "seal", [MANDATE_BLOCK] = "block", [MANDATE_BIND] = "bind", [MANDATE_READ_AUDIT] = "read-audit",
        [MANDATE_CONFIGURE] = "configure",
};

const char *mandate_word(enum mandate_act act) {
        return words[act];
}

int mandate_of_word(const char *word, enum mandate_act *ret) {
        for (size_t i = MANDATE_INVITE; word && i < N_ELEMENTS(words); i++)
                if (strcmp(words[i], word) == 0) {
                        *ret = (enum mandate_act) i;
                        return 0;
                }
        return -EINVAL;
}

/* What gives mandates, or watches those who hold them, comes from outside the organisation. */
static bool is_root_alone(enum mandate_act what) {
        return what == MANDATE_CONFIGURE || what == MANDATE_READ_AUDIT;
}

struct plan {
        enum mandate_act what;
        int64_t          person, organisation, unit;            /* unit 0: the whole organisation */
        int64_t          from, until;
        bool             has_from, has_until;
};

static int plan_what(struct directory *d, const char *word, const char *unit, struct plan *p) {
        if (mandate_of_word(word, &p->what) < 0)
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("act: is to be one of: invite add grant lock seal block bind read-audit configure"));
        if (unit && is_root_alone(p->what))
                return directory_fail(d, DIRECTORY_E_INVALID, _("unit: %s is given for a whole organisation"), word);
        return DIRECTORY_OK;
}

static int check_giver(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t organisation,
                       int64_t about) {
        return mandate_covers(d, act, MANDATE_CONFIGURE, is_root_alone(what) ? MANDATE_ROOT_ALONE : organisation, 0, about);
}

static int check_staff(struct directory *d, const struct plan *p) {
        int64_t one;
        int r;

        r = sql_find_integer(d, "SELECT 1 FROM account WHERE person = ?1 AND organisation = ?2 AND kind = 'staff' AND archived IS NULL"
                                " LIMIT 1", SQL_BIND(sql_integer(p->person), sql_integer(p->organisation)), &one);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("person: only staff of the organisation may administer it, and this person has no such account"));
        return r;
}

static int plan_place(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation, const char *unit, struct plan *p) {
        char text[24];
        int r;

        (void) snprintf(text, sizeof text, "%lld", (long long) person);
        p->person = person;
        r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &p->organisation);
        if (r == DIRECTORY_OK && unit)
                r = lookup_live(d, LOOKUP_UNIT, unit, &p->unit);
        /* Whoever may give nothing there is told of no person, and who may of none but staff. */
        if (r == DIRECTORY_OK)
                r = check_giver(d, act, p->what, p->organisation, person);
        if (r == DIRECTORY_OK && act->by_person)
                r = check_staff(d, p);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_PERSON, text, &p->person);
        return r == DIRECTORY_OK ? lookup_person_alive(d, p->person) : r;
}

static int plan_day(struct directory *d, const char *zone, const char *field, const char *date, int64_t *ret_begin,
                    int64_t *ret_end) {
        int r;

        r = day_bounds(zone, date, ret_begin, ret_end);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be a date like 2026-11-21"), field);
        if (r < 0)
                return directory_fail(d, r, _("%s: the time zone %s can't be used"), field, zone);
        return DIRECTORY_OK;
}

static int plan_days(struct directory *d, int64_t now, const char *from_date, const char *until_date, struct plan *p) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t ignored;
        int r;

        r = sql_find(d, "SELECT time_zone FROM organisation WHERE id = ?1", SQL_BIND(sql_integer(p->organisation)), &stmt);
        if (r == DIRECTORY_OK && from_date)
                r = plan_day(d, sql_column(stmt, 0), "from", from_date, &p->from, &ignored);
        if (r == DIRECTORY_OK && until_date)
                r = plan_day(d, sql_column(stmt, 0), "until", until_date, &ignored, &p->until);
        if (r != DIRECTORY_OK)
                return r;
        p->has_from = from_date != NULL;
        p->has_until = until_date != NULL;
        if (from_date && until_date && p->from >= p->until)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: is before the first day"));
        if (until_date && p->until <= now)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: that day is over"));
        return DIRECTORY_OK;
}

static int check_same(struct directory *d, const struct directory_act *act, const struct plan *p) {
        int64_t id;
        int r;

        r = sql_find_integer(d, "SELECT id FROM mandate WHERE person = ?1 AND act = ?2 AND organisation = ?3 AND unit IS ?4"
                                " AND ended IS NULL AND (valid_until IS NULL OR valid_until > max(?5, ?7))"
                                " AND (valid_from IS NULL OR ?6 IS NULL OR valid_from < ?6) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(p->person), sql_text(words[p->what]), sql_integer(p->organisation),
                                      p->unit ? sql_integer(p->unit) : sql_null(), sql_integer(p->has_from ? p->from : act->now),
                                      sql_integer_or_null(p->has_until ? &p->until : NULL), sql_integer(act->now)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        return directory_fail(d, DIRECTORY_E_EXISTS, _("the person has that mandate already: %lld"), (long long) id);
}

static int insert(struct directory *d, const struct directory_act *act, const struct plan *p, int64_t *ret) {
        int r;

        r = check_giver(d, act, p->what, p->organisation, p->person);
        if (r == DIRECTORY_OK)
                r = check_staff(d, p);
        if (r == DIRECTORY_OK)
                r = check_same(d, act, p);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO mandate (person, act, organisation, unit, valid_from, valid_until, by_person, created)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                            SQL_BIND(sql_integer(p->person), sql_text(words[p->what]), sql_integer(p->organisation),
                                     p->unit ? sql_integer(p->unit) : sql_null(),
                                     sql_integer_or_null(p->has_from ? &p->from : NULL),
                                     sql_integer_or_null(p->has_until ? &p->until : NULL),
                                     act->by_person ? sql_integer(act->by_person) : sql_null(), sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                *ret = sqlite3_last_insert_rowid(d->db);
        return r;
}

int directory_mandate_add(struct directory *d, const struct directory_act *act, int64_t person, const char *word,
                          const char *organisation, const char *unit, const char *from_date, const char *until_date,
                          int64_t *ret_id) {

        struct plan p = { .unit = 0 };
        int64_t id = 0;
        int r;

        r = plan_what(d, word, unit, &p);
        if (r == DIRECTORY_OK)
                r = plan_place(d, act, person, organisation, unit, &p);
        if (r == DIRECTORY_OK)
                r = plan_days(d, act->now, from_date, until_date, &p);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = insert(d, act, &p, &id);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "mandate.add", .kind = "mandate", .id = id,
                .detail = json_pack("{s:I, s:s, s:s, s:s?, s:s?, s:s?}", "person", (json_int_t) person, "act", word,
                                    "organisation", organisation, "unit", unit, "from", from_date, "until", until_date),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

static int end(struct directory *d, const struct directory_act *act, int64_t mandate) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        enum mandate_act what;
        int r;

        r = sql_find(d, "SELECT person, act, organisation, ended IS NOT NULL OR ifnull(valid_until <= ?2, 0) FROM mandate WHERE id = ?1",
                     SQL_BIND(sql_integer(mandate), sql_integer(act->now)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return mandate_hide(d, act, "mandate", directory_fail(d, r, _("mandate: there is none with this id; see: careid mandates")), 0);
        if (r != DIRECTORY_OK)
                return r;
        if (mandate_of_word(sql_column(stmt, 1), &what) < 0)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: a mandate to do nothing"));
        r = check_giver(d, act, what, sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 0));
        if (r != DIRECTORY_OK)
                return is_root_alone(what) ? r : mandate_hide(d, act, "mandate", r, sqlite3_column_int64(stmt, 0));
        if (sqlite3_column_int(stmt, 3))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("mandate: has ended already"));
        return sql_run(d, "UPDATE mandate SET ended = ?2 WHERE id = ?1", SQL_BIND(sql_integer(mandate), sql_integer(act->now)));
}

int directory_mandate_end(struct directory *d, const struct directory_act *act, int64_t mandate) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = end(d, act, mandate);
        return act_end(d, act, r, &(struct act_report) {
                .act = "mandate.end", .kind = "mandate", .id = mandate, .detail = json_object(),
        });
}
