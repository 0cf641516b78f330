/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened.c - that something was looked at, and whose a client, a group or a uid is, for the report of who did open
 */

#include "act.h"
#include "host.h"
#include "sql.h"
#include "trail.h"

#include "i18n.h"

#include <stdio.h>
#include <string.h>

static int client_name(struct directory *d, const char *query, int64_t id, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, query, SQL_BIND(sql_integer(id)), &stmt);

        if (r == DIRECTORY_OK)
                (void) snprintf(ret, DIRECTORY_CLIENT_NAME_MAX + 1, "%s", sql_column(stmt, 0));
        return r;
}

int directory_client_name(struct directory *d, int64_t client, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]) {
        return client_name(d, "SELECT o.name || '-' || c.number FROM client c JOIN organisation o ON o.id = c.organisation"
                              " WHERE c.id = ?1", client, ret);
}

int directory_gid_client(struct directory *d, int64_t gid, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]) {
        return client_name(d, "SELECT o.name || '-' || c.number FROM care_group g JOIN client c ON c.id = g.client"
                              " JOIN organisation o ON o.id = c.organisation WHERE g.gid = ?1", gid, ret);
}

int directory_looked(struct directory *d, const struct directory_act *act, const char *act_name, const char *kind, int64_t id,
                     const char *of, size_t rows) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        return act_end(d, act, r, &(struct act_report) {
                .act = act_name, .kind = kind, .id = id,
                .detail = of ? json_pack("{s:s, s:I}", "of", of, "rows", (json_int_t) rows) : json_object(),
        });
}

int directory_opener(struct directory *d, int64_t person) {
        int64_t id;
        const int r = sql_find_integer(d, "SELECT id FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)), &id);

        return r == DIRECTORY_E_NOT_FOUND ? directory_fail(d, r, _("by: there is no such person")) : r;
}

/* -- Whose a uid is ------------------------------------------------------------------------------------------ */

/* Nothing of the database is held when it returns. */
static int account_find(struct directory *d, const char *query, const struct sql_value *values, size_t n, struct directory_whose *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, query, values, n, &stmt);

        if (r == DIRECTORY_OK) {
                (void) snprintf(ret->name, sizeof ret->name, "%s", sql_column(stmt, 0));
                ret->person = sqlite3_column_int64(stmt, 1);
        }
        return r;
}

int directory_uid_whose(struct directory *d, uint32_t uid, struct directory_whose *ret) {
        char name[HOST_USER_MAX + 1];
        int64_t n_host;
        int r;

        *ret = (struct directory_whose) { .person = 0 };
        r = account_find(d, "SELECT name, person FROM account WHERE uid = ?1", SQL_BIND(sql_integer(uid)), ret);
        if (r == DIRECTORY_E_NOT_FOUND)
                r = sql_find_integer(d, "SELECT count(*) FROM account WHERE source = 'host'", SQL_NONE, &n_host);
        else
                return r;
        if (r != DIRECTORY_OK || n_host == 0)
                return r;

        /* Or one that the host knows by another source: its number is the host's to say. */
        r = host_user_of(uid, name);
        if (r == 1)
                r = account_find(d, "SELECT name, person FROM account WHERE source = 'host' AND name = ?1", SQL_BIND(sql_text(name)), ret);
        else if (r == 0)
                ret->unsure = true;
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}
