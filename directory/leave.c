/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * leave.c - somebody leaves, or has died: everything that they hold ends
 */

#include "act.h"
#include "client.h"
#include "clients.h"
#include "credentials.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"
#include "validity.h"

/* What has been over for long stays as it was: it ended by itself. */
#define STANDING "ended IS NULL AND (valid_until IS NULL OR valid_until > ?2)"

static int run(struct directory *d, const char *text, const struct sql_value *values, size_t n, int64_t *ret_n) {
        const int r = sql_run(d, text, values, n);

        if (r == DIRECTORY_OK)
                *ret_n = sqlite3_changes(d->db);
        return r;
}

/* Whatever is of the person, on any of their accounts. */
static int end_all(struct directory *d, const struct directory_act *act, int64_t person, const char *why, struct directory_left *ret) {
        int r;

        r = run(d, "UPDATE assignment SET ended = ?2 WHERE account IN (SELECT id FROM account WHERE person = ?1) AND " STANDING,
                SQL_BIND(sql_integer(person), sql_integer(act->now)), &ret->assignments);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE client_grant SET ended = ?2, ended_why = ?3"
                           " WHERE account IN (SELECT id FROM account WHERE person = ?1) AND " STANDING,
                        SQL_BIND(sql_integer(person), sql_integer(act->now), sql_text(why)), &ret->grants);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE mandate SET ended = ?2 WHERE person = ?1 AND " STANDING,
                        SQL_BIND(sql_integer(person), sql_integer(act->now)), &ret->mandates);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE account SET archived = ?2 WHERE person = ?1 AND archived IS NULL",
                        SQL_BIND(sql_integer(person), sql_integer(act->now)), &ret->accounts);
        if (r == DIRECTORY_OK)
                r = credentials_end(d, person, act->now, &ret->credentials);
        return r;
}

int directory_person_leave(struct directory *d, const struct directory_act *act, int64_t person, struct directory_left *ret) {
        struct directory_left left = { .accounts = 0 };
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK)
                r = lookup_person_alive(d, person);
        if (r == DIRECTORY_OK)
                r = end_all(d, act, person, "left", &left);
        if (r == DIRECTORY_OK && left.assignments + left.grants + left.mandates + left.accounts + left.credentials == 0)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: has left already: there is nothing to end"));
        r = act_end(d, act, r, &(struct act_report) {
                .act = "person.leave", .kind = "person", .id = person, .changes = true,
                .detail = json_pack("{s:I, s:I, s:I, s:I, s:I}", "assignments", (json_int_t) left.assignments, "grants",
                                    (json_int_t) left.grants, "mandates", (json_int_t) left.mandates, "accounts",
                                    (json_int_t) left.accounts, "credentials", (json_int_t) left.credentials),
        });
        if (r == DIRECTORY_OK && ret)
                *ret = left;
        return r;
}

/* -- Death ------------------------------------------------------------------------------------------- */

/* In the time zone of an organisation that knows them: as a client first. */
static int find_place(struct directory *d, int64_t person, int64_t *ret) {
        const int r = sql_find_integer(d, "SELECT id FROM (SELECT organisation AS id, 1 AS first FROM client WHERE person = ?1"
                                          " UNION ALL SELECT organisation, 2 FROM account WHERE person = ?1"
                                          " UNION ALL SELECT id, 3 FROM organisation) ORDER BY first, id LIMIT 1",
                                       SQL_BIND(sql_integer(person)), ret);

        return r == DIRECTORY_E_NOT_FOUND ? directory_fail(d, r, _("organisation: there is none yet")) : r;
}

static int put_died(struct directory *d, const struct directory_act *act, int64_t person, const char *date) {
        int64_t place = 0, begin = 0, end = 0;
        int r;

        r = find_place(d, person, &place);
        if (r == DIRECTORY_OK)
                r = validity_day(d, place, "date", date, &begin, &end);
        if (r == DIRECTORY_OK && begin > act->now)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("date: that day is yet to come"));
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "UPDATE person SET died = ?2 WHERE id = ?1", SQL_BIND(sql_integer(person), sql_integer(end)));
}

static int end_about(struct directory *d, const struct directory_act *act, int64_t person, struct directory_left *left) {
        int r;

        r = client_grants_end_about(d, person, act->now, "died");
        if (r == DIRECTORY_OK)
                left->about = sqlite3_changes(d->db);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE enrolment SET ended = ?2 WHERE client IN (SELECT id FROM client WHERE person = ?1) AND " STANDING,
                        SQL_BIND(sql_integer(person), sql_integer(act->now)), &left->enrolments);
        return r == DIRECTORY_OK ? end_all(d, act, person, "died", left) : r;
}

/* What was not so. */
static int take_back(struct directory *d, const struct directory_act *act, int64_t person) {
        int64_t died = 0;
        int r;

        r = sql_find_integer(d, "SELECT died IS NOT NULL FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)), &died);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("person: there is none with this id; see: careid list persons"));
        if (r == DIRECTORY_OK && !died)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: it is not recorded that they have died"));
        if (r == DIRECTORY_OK)
                r = mandate_covers_not_died(d, act, person);
        return r == DIRECTORY_OK ? sql_run(d, "UPDATE person SET died = NULL WHERE id = ?1", SQL_BIND(sql_integer(person))) : r;
}

int directory_person_died(struct directory *d, const struct directory_act *act, int64_t person, const char *date,
                          struct directory_left *ret) {
        struct directory_left left = { .accounts = 0 };
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK && date)
                r = lookup_person_alive(d, person);
        if (r == DIRECTORY_OK)
                r = date ? put_died(d, act, person, date) : take_back(d, act, person);
        if (r == DIRECTORY_OK && date)
                r = end_about(d, act, person, &left);
        r = act_end(d, act, r, &(struct act_report) {
                .act = date ? "person.died" : "person.not-died", .kind = "person", .id = person, .changes = true,
                .detail = json_pack("{s:s?, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "date", date, "about", (json_int_t) left.about,
                                    "enrolments", (json_int_t) left.enrolments, "assignments", (json_int_t) left.assignments,
                                    "grants", (json_int_t) left.grants, "mandates", (json_int_t) left.mandates, "accounts",
                                    (json_int_t) left.accounts, "credentials", (json_int_t) left.credentials),
        });
        if (r == DIRECTORY_OK && ret)
                *ret = left;
        return r;
}
