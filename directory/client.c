/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * client.c - whom an organisation cares for, and at which units
 */

#include "client.h"
#include "act.h"
#include "client-groups.h"
#include "clients.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"
#include "validity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int directory_client_find(struct directory *d, const char *name, int64_t *ret_client) {
        bool archived;

        return lookup_any(d, LOOKUP_CLIENT, name, ret_client, &archived);
}

int client_look(struct directory *d, const char *name, struct client *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = lookup_live(d, LOOKUP_CLIENT, name, &ret->id);
        if (r == DIRECTORY_OK)
                r = sql_find(d, "SELECT c.person, c.organisation, o.archived IS NOT NULL, p.archived IS NOT NULL, p.died IS NOT NULL"
                                " FROM client c JOIN organisation o ON o.id = c.organisation JOIN person p ON p.id = c.person"
                                " WHERE c.id = ?1", SQL_BIND(sql_integer(ret->id)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_int(stmt, 2))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("client: the organisation is archived"));
        if (sqlite3_column_int(stmt, 3))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("client: the person is archived"));
        if (sqlite3_column_int(stmt, 4))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("client: the person has died"));
        ret->person = sqlite3_column_int64(stmt, 0);
        ret->organisation = sqlite3_column_int64(stmt, 1);
        return DIRECTORY_OK;
}

int client_grants_end(struct directory *d, int64_t client, int64_t now, const char *why) {
        return sql_run(d, "UPDATE client_grant SET ended = ?2, ended_why = ?3 WHERE client = ?1 AND ended IS NULL",
                       SQL_BIND(sql_integer(client), sql_integer(now), sql_text(why)));
}

int client_grants_end_about(struct directory *d, int64_t person, int64_t now, const char *why) {
        return sql_run(d, "UPDATE client_grant SET ended = ?2, ended_why = ?3 WHERE ended IS NULL"
                          " AND client IN (SELECT id FROM client WHERE person = ?1)",
                       SQL_BIND(sql_integer(person), sql_integer(now), sql_text(why)));
}

int client_grants_end_held(struct directory *d, int64_t account, int64_t person, int64_t now, const char *why) {
        return sql_run(d, "UPDATE client_grant SET ended = ?3, ended_why = ?4 WHERE ended IS NULL"
                          " AND account IN (SELECT id FROM account WHERE id = ?1 OR person = ?2)",
                       SQL_BIND(sql_integer(account), sql_integer(person), sql_integer(now), sql_text(why)));
}

/* -- Becoming one ------------------------------------------------------------------------------------ */

static int check_new(struct directory *d, int64_t person, int64_t organisation, const char *name) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        long long number;
        int r;

        r = lookup_person_alive(d, person);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find(d, "SELECT number, archived IS NOT NULL FROM client WHERE organisation = ?1 AND person = ?2",
                     SQL_BIND(sql_integer(organisation), sql_integer(person)), &stmt);
        if (r != DIRECTORY_OK)
                return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
        number = sqlite3_column_int64(stmt, 0);
        if (sqlite3_column_int(stmt, 1))
                return directory_fail(d, DIRECTORY_E_EXISTS,
                                      _("person: is an archived client there; to bring them back: careid restore client %s-%lld"),
                                      name, number);
        return directory_fail(d, DIRECTORY_E_EXISTS, _("person: is a client there already: %s-%lld"), name, number);
}

/* Counted in each organisation, from 1; those of archived clients stay theirs. */
static int next_number(struct directory *d, int64_t organisation, int64_t *ret) {
        int r;

        r = sql_find_integer(d, "SELECT ifnull(max(number), 0) + 1 FROM client WHERE organisation = ?1",
                             SQL_BIND(sql_integer(organisation)), ret);
        if (r == DIRECTORY_OK && *ret > LOOKUP_CLIENT_NUMBER_MAX)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("organisation: has had as many clients as there are numbers for"));
        return r;
}

static int insert(struct directory *d, const struct directory_act *act, int64_t person, int64_t organisation, int64_t number,
                  const struct client_groups *groups, int64_t *ret) {
        int64_t still;
        int r;

        r = next_number(d, organisation, &still);
        if (r == DIRECTORY_OK && still > number)
                return directory_fail(d, -EBUSY, _("somebody else took a number at the same moment; try again"));
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO client (person, organisation, number, created) VALUES (?1, ?2, ?3, ?4)",
                    SQL_BIND(sql_integer(person), sql_integer(organisation), sql_integer(number), sql_integer(act->now)));
        if (r != DIRECTORY_OK)
                return r;
        *ret = sqlite3_last_insert_rowid(d->db);
        return client_groups_take(d, groups, NULL, *ret);
}

/*
 * Both a place there and the person: whoever becomes a client of an
 * organisation comes within reach of those who may add in all of it.
 */
static int may_add(struct directory *d, const struct directory_act *act, int64_t person, int64_t organisation) {
        const int r = mandate_covers(d, act, MANDATE_ADD, organisation, 0, person);

        return r == DIRECTORY_OK ? mandate_covers_person(d, act, MANDATE_ADD, person) : r;
}

/* @wanted 0: the next. */
static int client_add(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation,
                      int64_t wanted, int64_t *ret_client, uint32_t *ret_number) {

        AUTO(client_groups_done) struct client_groups groups = { .n = 0 };
        int64_t id = 0, organisation_id = 0, number = 0;
        int r;

        r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &organisation_id);
        /* Asked before anything is said of the person, and again in the act. */
        if (r == DIRECTORY_OK)
                r = may_add(d, act, person, organisation_id);
        if (r == DIRECTORY_OK)
                r = check_new(d, person, organisation_id, organisation);
        if (r == DIRECTORY_OK)
                r = next_number(d, organisation_id, &number);
        if (r == DIRECTORY_OK && wanted > 0 && wanted < number)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("client: numbers up to %lld have been given there, and none is given "
                                                                "again"), (long long) number - 1);
        if (r == DIRECTORY_OK && wanted > 0)
                number = wanted;
        if (r == DIRECTORY_OK)
                r = client_groups_plan_own(d, organisation_id, organisation, (uint32_t) number, &groups);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = may_add(d, act, person, organisation_id);
        if (r == DIRECTORY_OK)
                r = insert(d, act, person, organisation_id, number, &groups, &id);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "client.add", .kind = "client", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:s, s:I}", "person", (json_int_t) person, "organisation", organisation,
                                    "number", (json_int_t) number),
        });
        if (r == DIRECTORY_OK && ret_client)
                *ret_client = id;
        if (r == DIRECTORY_OK && ret_number)
                *ret_number = (uint32_t) number;
        return r;
}

int directory_client_add(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation,
                         int64_t *ret_client, uint32_t *ret_number) {
        return client_add(d, act, person, organisation, 0, ret_client, ret_number);
}

int directory_client_add_as(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation,
                            uint32_t number) {
        return client_add(d, act, person, organisation, number, NULL, NULL);
}

/* -- Enrolments -------------------------------------------------------------------------------------- */

/* Units are no secret, clients are: whoever has no mandate there is told nothing of them, nor of others' clients. */
static int check_unit(struct directory *d, const struct directory_act *act, const char *unit, const char *client, int64_t *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const char *hyphen;
        size_t n;
        int r;

        r = lookup_live(d, LOOKUP_UNIT, unit, ret);
        if (r == DIRECTORY_OK)
                r = sql_find(d, "SELECT o.id, o.name FROM unit u JOIN organisation o ON o.id = u.organisation WHERE u.id = ?1",
                             SQL_BIND(sql_integer(*ret)), &stmt);
        if (r == DIRECTORY_OK)
                r = mandate_covers(d, act, MANDATE_ADD, sqlite3_column_int64(stmt, 0), *ret, 0);
        if (r != DIRECTORY_OK)
                return r;
        hyphen = client ? strrchr(client, '-') : NULL;
        n = strlen(sql_column(stmt, 1));
        if (hyphen && ((size_t) (hyphen - client) != n || strncmp(client, sql_column(stmt, 1), n) != 0))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("unit: %s is of another organisation than the client"), unit);
        return DIRECTORY_OK;
}

/* Once is enough: two of the same at the same time would each have to be ended to end anything. */
static int check_same(struct directory *d, int64_t client, int64_t unit, const struct validity *v, int64_t now) {
        int64_t id;
        int r;

        r = sql_find_integer(d, "SELECT id FROM enrolment WHERE client = ?1 AND +unit = ?2 AND ended IS NULL"
                                " AND (valid_until IS NULL OR valid_until > max(?3, ?5))"
                                " AND (valid_from IS NULL OR ?4 IS NULL OR valid_from < ?4) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(client), sql_integer(unit), sql_integer(v->has_from ? v->from : now),
                                      validity_until(v), sql_integer(now)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        return directory_fail(d, DIRECTORY_E_EXISTS,
                              _("the client is enrolled at that unit already: enrolment %lld; for other days, first end that "
                                "one: careid unenrol %lld"), (long long) id, (long long) id);
}

int directory_enrolment_add(struct directory *d, const struct directory_act *act, const char *client, const char *unit,
                            const char *from_date, const char *until_date, int64_t *ret_id) {

        struct validity v = { .has_from = false };
        struct client c = { .id = 0 };
        int64_t id = 0, unit_id = 0;
        int r;

        r = check_unit(d, act, unit, client, &unit_id);
        if (r == DIRECTORY_OK)
                r = client_look(d, client, &c);
        if (r == DIRECTORY_OK)
                r = validity_read(d, c.organisation, from_date, until_date, act->now, &v);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_ADD, c.organisation, unit_id, c.person);
        if (r == DIRECTORY_OK)
                r = check_same(d, c.id, unit_id, &v, act->now);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO enrolment (client, unit, valid_from, valid_until, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                            SQL_BIND(sql_integer(c.id), sql_integer(unit_id), validity_from(&v), validity_until(&v),
                                     sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "enrolment.add", .kind = "enrolment", .id = id,
                .detail = json_pack("{s:I, s:s, s:s?, s:s?}", "client", (json_int_t) c.id, "unit", unit,
                                    "from", from_date, "until", until_date),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

/* One that stands, and may whoever acts end it? */
static int check_end(struct directory *d, const struct directory_act *act, int64_t enrolment) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t about = 0;
        int r;

        r = sql_find(d, "SELECT e.ended IS NOT NULL OR ifnull(e.valid_until <= ?2, 0), c.organisation, e.unit, c.person"
                        " FROM enrolment e JOIN client c ON c.id = e.client WHERE e.id = ?1",
                     SQL_BIND(sql_integer(enrolment), sql_integer(act->now)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                r = directory_fail(d, r, _("enrolment: there is none with this id; see: careid list enrolments"));
        if (r == DIRECTORY_OK) {
                about = sqlite3_column_int64(stmt, 3);
                r = mandate_covers(d, act, MANDATE_ADD, sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2), about);
        }
        if (r != DIRECTORY_OK)
                return mandate_hide(d, act, "enrolment", r, about);
        if (sqlite3_column_int(stmt, 0))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("enrolment: has ended already"));
        return DIRECTORY_OK;
}

int directory_enrolment_end(struct directory *d, const struct directory_act *act, int64_t enrolment) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = check_end(d, act, enrolment);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE enrolment SET ended = ?2 WHERE id = ?1",
                            SQL_BIND(sql_integer(enrolment), sql_integer(act->now)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "enrolment.end", .kind = "enrolment", .id = enrolment, .detail = json_object(),
        });
}
