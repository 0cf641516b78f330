/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * person.c - persons, and archiving of whatever there is
 */

#include "act.h"
#include "client.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "reference.h"
#include "sql.h"

#include <errno.h>

static int person_add(struct directory *d, const struct directory_act *act, const char *reference,
                      const char *given_name, const char *family_name, const char *alias, const char *language,
                      int64_t *ret_person) {

        int64_t id = 0;
        int r;

        r = field_title(d, "given name", given_name);
        if (r == DIRECTORY_OK)
                r = field_title(d, "family name", family_name);
        if (r == DIRECTORY_OK && alias)
                r = field_title(d, "alias", alias);
        if (r == DIRECTORY_OK && language)
                r = field_choice(d, "language", language, "sv da en");
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_ADD, MANDATE_ANY, MANDATE_ANY, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO person (given_name, family_name, alias, language, by_person, created, protected,"
                               " reference) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3 IS NOT NULL, ?7)",
                            SQL_BIND(sql_text(given_name), sql_text(family_name), sql_text(alias), sql_text(language),
                                     act->by_person ? sql_integer(act->by_person) : sql_null(), sql_integer(act->now),
                                     sql_text(reference)));
        if (r == DIRECTORY_E_EXISTS)
                r = directory_fail(d, r, _("person: there is one with this key already"));
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);

        /* The audit trail outlives the person's data, so it holds no name. */
        r = act_end(d, act, r, &(struct act_report) {
                .act = "person.add", .kind = "person", .id = id,
                .detail = json_pack("{s:b}", "protected", alias != NULL),
        });
        if (r == DIRECTORY_OK)
                *ret_person = id;
        return r;
}

int directory_person_add(struct directory *d, const struct directory_act *act,
                         const char *given_name, const char *family_name, const char *alias, const char *language,
                         int64_t *ret_person) {
        return person_add(d, act, NULL, given_name, family_name, alias, language, ret_person);
}

int directory_person_add_as(struct directory *d, const struct directory_act *act, const char *reference,
                            const char *given_name, const char *family_name, const char *alias, const char *language,
                            int64_t *ret_person) {
        const int r = reference_check(d, reference);

        return r == DIRECTORY_OK ? person_add(d, act, reference, given_name, family_name, alias, language, ret_person) : r;
}

int directory_person_change(struct directory *d, const struct directory_act *act, int64_t person,
                            const struct directory_person_change *to) {
        int r = DIRECTORY_OK;

        if (to->given_name)
                r = field_title(d, "given name", to->given_name);
        if (r == DIRECTORY_OK && to->family_name)
                r = field_title(d, "family name", to->family_name);
        if (r == DIRECTORY_OK && to->alias)
                r = field_title(d, "alias", to->alias);
        if (r == DIRECTORY_OK && to->language)
                r = field_choice(d, "language", to->language, "sv da en");
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK)
                r = lookup_person_alive(d, person);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE person SET given_name = ifnull(?2, given_name), family_name = ifnull(?3, family_name),"
                               " alias = ifnull(?4, alias), language = ifnull(?5, language)"
                               " WHERE id = ?1 AND (?4 IS NULL OR protected)",
                            SQL_BIND(sql_integer(person), sql_text(to->given_name), sql_text(to->family_name),
                                     sql_text(to->alias), sql_text(to->language)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                   _("alias: only who is protected has one; see: careid person protect"));
        return act_end(d, act, r, &(struct act_report) {
                .act = "person.change", .kind = "person", .id = person,
                .detail = json_pack("{s:b, s:b, s:b}", "name", to->given_name || to->family_name, "alias", to->alias != NULL,
                                    "language", to->language != NULL),
        });
}

/* Both statements of each kind are literals, so that nothing is ever put together. */
static const struct {
        const char *archive, *restore;
} updates[LOOKUP_KINDS] = {
        [LOOKUP_ORGANISATION] = { "UPDATE organisation SET archived = ?2 WHERE id = ?1",
                                  "UPDATE organisation SET archived = NULL WHERE id = ?1" },
        [LOOKUP_UNIT]         = { "UPDATE unit SET archived = ?2 WHERE id = ?1",
                                  "UPDATE unit SET archived = NULL WHERE id = ?1" },
        [LOOKUP_ROLE]         = { "UPDATE role SET archived = ?2 WHERE id = ?1",
                                  "UPDATE role SET archived = NULL WHERE id = ?1" },
        [LOOKUP_SERVICE]      = { "UPDATE service SET archived = ?2 WHERE id = ?1",
                                  "UPDATE service SET archived = NULL WHERE id = ?1" },
        [LOOKUP_ACCOUNT]      = { "UPDATE account SET archived = ?2 WHERE id = ?1",
                                  "UPDATE account SET archived = NULL WHERE id = ?1" },
        [LOOKUP_CLIENT]       = { "UPDATE client SET archived = ?2 WHERE id = ?1",
                                  "UPDATE client SET archived = NULL WHERE id = ?1" },
        [LOOKUP_PERSON]       = { "UPDATE person SET archived = ?2 WHERE id = ?1",
                                  "UPDATE person SET archived = NULL WHERE id = ?1" },
        [LOOKUP_TEMPLATE]     = { "UPDATE template SET archived = ?2 WHERE id = ?1",
                                  "UPDATE template SET archived = NULL WHERE id = ?1" },
};

static int may_archive_client(struct directory *d, const struct directory_act *act, int64_t id) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT organisation, person FROM client WHERE id = ?1", SQL_BIND(sql_integer(id)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        return mandate_covers(d, act, MANDATE_ADD, sqlite3_column_int64(stmt, 0), 0, sqlite3_column_int64(stmt, 1));
}

static int may_archive(struct directory *d, const struct directory_act *act, enum lookup_kind which, int64_t id) {
        int64_t of;
        int r;

        switch (which) {
        case LOOKUP_UNIT:
                r = sql_find_integer(d, "SELECT organisation FROM unit WHERE id = ?1", SQL_BIND(sql_integer(id)), &of);
                return r == DIRECTORY_OK ? mandate_covers(d, act, MANDATE_CONFIGURE, of, 0, 0) : r;
        case LOOKUP_TEMPLATE:
                r = sql_find_integer(d, "SELECT organisation FROM template WHERE id = ?1", SQL_BIND(sql_integer(id)), &of);
                return r == DIRECTORY_OK ? mandate_covers(d, act, MANDATE_CONFIGURE, of, 0, 0) : r;
        case LOOKUP_ACCOUNT:
                r = sql_find_integer(d, "SELECT person FROM account WHERE id = ?1", SQL_BIND(sql_integer(id)), &of);
                return r == DIRECTORY_OK ? mandate_covers_person(d, act, MANDATE_ADD, of) : r;
        case LOOKUP_CLIENT:
                return may_archive_client(d, act, id);
        case LOOKUP_PERSON:
                return mandate_covers_person(d, act, MANDATE_ADD, id);
        case LOOKUP_ORGANISATION:
        case LOOKUP_ROLE:
        case LOOKUP_SERVICE:
        case LOOKUP_KINDS:
                break;
        }
        return mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
}

/* Of what there is not: refused as what is out of reach would be, but for what is no secret. */
static int may_know(struct directory *d, const struct directory_act *act, enum lookup_kind which, const char *name) {
        int64_t organisation;
        int r;

        if (which == LOOKUP_PERSON || which == LOOKUP_ACCOUNT)
                return mandate_covers_person(d, act, MANDATE_ADD, 0);
        if (which != LOOKUP_CLIENT)
                return lookup_none(d, which, name);
        r = lookup_client_organisation(d, name, &organisation);
        if (r == DIRECTORY_OK)
                r = mandate_covers(d, act, MANDATE_ADD, organisation, 0, 0);
        return r == DIRECTORY_OK ? lookup_none(d, which, name) : r;
}

/*
 * A8: with the client, or the person who is one, whatever was granted about them ends, and does not come back with them;
 * and with the account that it was granted to, or the person whose that is.
 */
static int end_grants(struct directory *d, enum lookup_kind kind, int64_t id, int64_t now) {
        int r;

        if (kind == LOOKUP_CLIENT)
                return client_grants_end(d, id, now, "archived");
        if (kind == LOOKUP_ACCOUNT)
                return client_grants_end_held(d, id, 0, now, "archived");
        if (kind != LOOKUP_PERSON)
                return DIRECTORY_OK;
        r = client_grants_end_about(d, id, now, "archived");
        return r == DIRECTORY_OK ? client_grants_end_held(d, 0, id, now, "archived") : r;
}

/* A log-in, or a client, of somebody who has died stays closed: what was not so is taken back by its own act. */
static int may_restore(struct directory *d, enum lookup_kind which, int64_t id) {
        static const char *const queries[LOOKUP_KINDS] = {
                [LOOKUP_ACCOUNT] = "SELECT p.id FROM account a JOIN person p ON p.id = a.person WHERE a.id = ?1 AND p.died IS NOT NULL",
                [LOOKUP_CLIENT]  = "SELECT p.id FROM client c JOIN person p ON p.id = c.person WHERE c.id = ?1 AND p.died IS NOT NULL",
                [LOOKUP_PERSON]  = "SELECT id FROM person WHERE id = ?1 AND died IS NOT NULL",
        };
        int64_t person;
        int r;

        if (!queries[which])
                return DIRECTORY_OK;
        r = sql_find_integer(d, queries[which], SQL_BIND(sql_integer(id)), &person);
        if (r == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: has died; if that is not so: careid died %lld --not-so"),
                                      (long long) person);
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_archive(struct directory *d, const struct directory_act *act, const char *kind,
                      const char *name_or_id, bool archive) {

        const enum lookup_kind which = lookup_kind_of(kind);
        bool archived = false;
        int64_t id = 0;
        int r;

        if (which == LOOKUP_KINDS)
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("kind: is to be one of: organisation unit role service template account person client"));
        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = lookup_any(d, which, name_or_id, &id, &archived);
        if (r == DIRECTORY_E_NOT_FOUND && act->by_person)
                r = may_know(d, act, which, name_or_id);
        if (r == DIRECTORY_OK)
                r = may_archive(d, act, which, id);
        if (r == DIRECTORY_OK && !archive)
                r = mandate_covers_opening(d, act, kind, id);
        if (r == DIRECTORY_OK && archived == archive)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                   archive ? _("%s: %s is archived already") : _("%s: %s is not archived"), kind,
                                   name_or_id);
        if (r == DIRECTORY_OK && !archive)
                r = may_restore(d, which, id);
        if (r == DIRECTORY_OK && archive)
                r = sql_run(d, updates[which].archive, SQL_BIND(sql_integer(id), sql_integer(act->now)));
        else if (r == DIRECTORY_OK)
                r = sql_run(d, updates[which].restore, SQL_BIND(sql_integer(id)));
        if (r == DIRECTORY_OK && archive)
                r = end_grants(d, which, id, act->now);
        return act_end(d, act, r, &(struct act_report) {
                .act = archive ? "archive" : "restore", .kind = lookup_kind_name(which), .id = id,
                .changes = which != LOOKUP_TEMPLATE,
                .detail = json_object(),
        });
}
