/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * standing.c - who may act at all
 *
 * 1. MUST answer no where anything is in doubt: who is taken for somebody with a mandate gets a process that can write.
 */

#include "standing.h"

#include "assigned.h"
#include "i18n.h"
#include "mandates.h"
#include "sql.h"

/* The account "a" counts, and is assigned where it is staff's. */
#define COUNTS(now) SQL_ACCOUNT_COUNTS " AND (a.kind = 'client' OR (a.kind = 'staff' AND " SQL_ASSIGNED(now) "))"

/* Anything of staff that is written by what the person holds alone, and not by a mandate: a sample that waits for them. */
static int has_sample(struct directory *d, int64_t person) {
        int64_t one;

        return sql_find_integer(d, "SELECT 1 FROM review WHERE reviewer = ?1 AND reviewed IS NULL LIMIT 1",
                                SQL_BIND(sql_integer(person)), &one);
}

static int has_grant(struct directory *d, int64_t person) {
        int64_t one;

        return sql_find_integer(d, "SELECT 1 FROM client c JOIN client_grant g ON g.client = c.id WHERE c.person = ?1 LIMIT 1",
                                SQL_BIND(sql_integer(person)), &one);
}

static int holds(struct directory *d, int64_t person, bool as_client, int64_t now) {
        int r;

        if (as_client)
                return has_grant(d, person);
        r = mandate_held(d, person, now);
        return r == DIRECTORY_E_NOT_FOUND ? has_sample(d, person) : r;
}

int directory_standing_find(struct directory *d, uid_t uid, const char *host_name, int64_t now) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_prepare(d, "SELECT a.person, a.kind = 'client' FROM account a JOIN person p ON p.id = a.person"
                           " JOIN organisation o ON o.id = a.organisation WHERE a.id IN"
                           " (SELECT id FROM account WHERE uid = ?1 AND source = 'careid' UNION ALL"
                           "  SELECT id FROM account WHERE name = ?2 AND source = 'host') AND " COUNTS("?3"),
                        SQL_BIND(sql_integer((int64_t) uid), sql_text(host_name), sql_integer(now)), &stmt);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, stmt);
                if (r != DIRECTORY_OK)
                        return r;
                r = holds(d, sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1) != 0, now);
                if (r != DIRECTORY_E_NOT_FOUND)
                        return r;
                r = DIRECTORY_OK;
        }
        return r;
}

int directory_standing_keeps(struct directory *d, const struct directory_act *act) {
        int64_t one;
        int r;

        if (act->by_account == 0)
                return DIRECTORY_OK;
        r = sql_find_integer(d, "SELECT 1 FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
                                " WHERE a.id = ?1 AND a.person = ?2 AND (a.kind = 'client') = ?4 AND " COUNTS("?3"),
                             SQL_BIND(sql_integer(act->by_account), sql_integer(act->by_person), sql_integer(act->now),
                                      sql_integer(act->as_client)), &one);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("your account has been closed meanwhile, or no assignment of yours is valid now"));
        return r;
}
