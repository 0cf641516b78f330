/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * lookup.c - from the name that an administrator writes to the row
 */

#include "lookup.h"
#include "acts.h"
#include "assigned.h"
#include "field.h"
#include "sql.h"

#include "i18n.h"
#include "mandates.h"
#include "scan.h"

#include <string.h>

static const struct {
        const char *name, *query;
} kinds[LOOKUP_KINDS] = {
        [LOOKUP_ORGANISATION] = { "organisation", "SELECT id, archived IS NOT NULL FROM organisation WHERE name = ?1" },
        [LOOKUP_UNIT]         = { "unit",         "SELECT id, archived IS NOT NULL FROM unit WHERE name = ?1"         },
        [LOOKUP_ROLE]         = { "role",         "SELECT id, archived IS NOT NULL FROM role WHERE name = ?1"         },
        [LOOKUP_SERVICE]      = { "service",      "SELECT id, archived IS NOT NULL FROM service WHERE name = ?1"      },
        [LOOKUP_ACCOUNT]      = { "account",      "SELECT id, archived IS NOT NULL FROM account WHERE name = ?1"      },
        [LOOKUP_PERSON]       = { "person",       "SELECT id, archived IS NOT NULL FROM person WHERE id = ?1"         },
        [LOOKUP_CLIENT]       = { "client",       "SELECT c.id, c.archived IS NOT NULL FROM client c"
                                                  " JOIN organisation o ON o.id = c.organisation"
                                                  " WHERE o.name = ?1 AND c.number = ?2" },
        [LOOKUP_TEMPLATE]     = { "template",     "SELECT id, archived IS NOT NULL FROM template WHERE name = ?1"     },
};

const char *lookup_kind_name(enum lookup_kind kind) {
        return kinds[kind].name;
}

enum lookup_kind lookup_kind_of(const char *name) {
        for (size_t i = 0; name && i < LOOKUP_KINDS; i++)
                if (strcmp(kinds[i].name, name) == 0)
                        return (enum lookup_kind) i;
        return LOOKUP_KINDS;
}

/* "oakclinic-17": the organisation's name may have hyphens itself, so the number is what follows the last. */
static int split_client(struct directory *d, const char *name, char ret[static FIELD_NAME_MAX + 1], uint64_t *ret_number) {
        const char *const hyphen = name ? strrchr(name, '-') : NULL;
        const size_t n = hyphen ? (size_t) (hyphen - name) : 0;

        if (n == 0 || n > FIELD_NAME_MAX || hyphen[1] == '0' || !scan_whole_u64(hyphen + 1, LOOKUP_CLIENT_NUMBER_MAX, ret_number))
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("client: is to be the organisation's name, a hyphen and the client's number there, like oakclinic-17"));
        memcpy(ret, name, n);
        ret[n] = '\0';
        return field_name(d, "client", ret, true);
}

static int check_name(struct directory *d, enum lookup_kind kind, const char *name, uint64_t *ret_number) {
        if (kind == LOOKUP_ACCOUNT)
                return field_account(d, kinds[kind].name, name);
        if (kind != LOOKUP_PERSON)
                return field_name(d, kinds[kind].name, name, true);
        if (!name || !scan_whole_u64(name, INT64_MAX, ret_number))
                return directory_fail(d, DIRECTORY_E_INVALID, _("person: is to be an id, a number like 17"));
        return DIRECTORY_OK;
}

int lookup_none(struct directory *d, enum lookup_kind kind, const char *name) {
        return directory_fail(d, DIRECTORY_E_NOT_FOUND, _("%s: there is no %s; see: careid list %ss"), kinds[kind].name, name,
                              kinds[kind].name);
}

int lookup_any(struct directory *d, enum lookup_kind kind, const char *name, int64_t *ret_id, bool *ret_archived) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        char organisation[FIELD_NAME_MAX + 1];
        uint64_t number = 0;
        int r;

        if (kind == LOOKUP_CLIENT)
                r = split_client(d, name, organisation, &number);
        else
                r = check_name(d, kind, name, &number);
        if (r != DIRECTORY_OK)
                return r;
        if (kind == LOOKUP_CLIENT)
                r = sql_find(d, kinds[kind].query, SQL_BIND(sql_text(organisation), sql_integer((int64_t) number)), &stmt);
        else
                r = sql_find(d, kinds[kind].query,
                             SQL_BIND(kind == LOOKUP_PERSON ? sql_integer((int64_t) number) : sql_text(name)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return lookup_none(d, kind, name);
        if (r != DIRECTORY_OK)
                return r;
        *ret_id = sqlite3_column_int64(stmt, 0);
        *ret_archived = sqlite3_column_int(stmt, 1) != 0;
        return DIRECTORY_OK;
}

int lookup_live(struct directory *d, enum lookup_kind kind, const char *name, int64_t *ret_id) {
        bool archived;
        int64_t id;
        int r;

        r = lookup_any(d, kind, name, &id, &archived);
        if (r != DIRECTORY_OK)
                return r;
        if (archived)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s: %s is archived"), kinds[kind].name, name);
        *ret_id = id;
        return DIRECTORY_OK;
}

int lookup_client_organisation(struct directory *d, const char *name, int64_t *ret_id) {
        char organisation[FIELD_NAME_MAX + 1];
        uint64_t number;
        bool archived;
        int r;

        r = split_client(d, name, organisation, &number);
        return r == DIRECTORY_OK ? lookup_any(d, LOOKUP_ORGANISATION, organisation, ret_id, &archived) : r;
}

int lookup_person_alive(struct directory *d, int64_t person) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT archived IS NOT NULL, died IS NOT NULL FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)),
                     &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("person: there is none with this id; see: careid list persons"));
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_int(stmt, 0))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: is archived"));
        if (sqlite3_column_int(stmt, 1))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: has died"));
        return DIRECTORY_OK;
}

int directory_readiness(struct directory *d, int64_t now, struct directory_readiness *ret) {
        static const enum mandate_act add = MANDATE_ADD;
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT count(*), ifnull(sum(NOT EXISTS (SELECT 1 FROM identity WHERE person = p.id AND issuer = 'se'"
                        " AND ended IS NULL)), 0),"
                        " ifnull(sum(a.kind IN ('staff', 'external') AND NOT " SQL_ASSIGNED("?1") "), 0),"
                        " (SELECT count(*) FROM client WHERE archived IS NULL),"
                        " (SELECT count(*) FROM assignment WHERE weekdays IS NOT NULL AND ended IS NULL AND ifnull(valid_until > ?1, 1)),"
                        " (SELECT count(*) FROM organisation WHERE archived IS NULL)"
                        " FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
                        " WHERE a.archived IS NULL AND p.archived IS NULL AND o.archived IS NULL",
                     SQL_BIND(sql_integer(now)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        *ret = (struct directory_readiness) {
                .accounts = sqlite3_column_int64(stmt, 0), .no_se_number = sqlite3_column_int64(stmt, 1),
                .no_assignment = sqlite3_column_int64(stmt, 2), .clients = sqlite3_column_int64(stmt, 3),
                .turns = sqlite3_column_int64(stmt, 4), .organisations = sqlite3_column_int64(stmt, 5),
        };
        r = mandate_holders_count(d, NULL, now, &ret->holders, &ret->holders_no_se_number);
        return r == DIRECTORY_OK ? mandate_holders_count(d, &add, now, &ret->adders, &ret->adders_no_se_number) : r;
}

unsigned directory_names(struct directory *d, const char *name) {
        int64_t group = 0, user = 0;

        (void) sql_find_integer(d, "SELECT 1 FROM care_group WHERE name = ?1", SQL_BIND(sql_text(name)), &group);
        (void) sql_find_integer(d, "SELECT 1 FROM account WHERE name = ?1 AND source = 'careid'", SQL_BIND(sql_text(name)), &user);
        return (group ? DIRECTORY_NAMES_GROUP : 0) | (user ? DIRECTORY_NAMES_USER : 0);
}
