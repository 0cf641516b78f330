/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened.c - that something was looked at, and whose a client, a group or a uid is, for the report of who did open
 */

#include "act.h"
#include "host.h"
#include "sql.h"
#include "trail.h"

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

static void found(sqlite3_stmt *stmt, char ret_name[static 33], int64_t *ret_person) {
        (void) snprintf(ret_name, 33, "%s", sql_column(stmt, 0));
        *ret_person = sqlite3_column_int64(stmt, 1);
}

int directory_uid_whose(struct directory *d, uint32_t uid, char ret_name[static 33], int64_t *ret_person) {
        auto_stmt sqlite3_stmt *stmt = NULL, *hosts = NULL;
        int r;

        r = sql_find(d, "SELECT name, person FROM account WHERE uid = ?1", SQL_BIND(sql_integer(uid)), &stmt);
        if (r == DIRECTORY_OK)
                found(stmt, ret_name, ret_person);
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;

        /* Or one that the host knows by another source: its number is the host's to say. */
        r = sql_prepare(d, "SELECT name, person FROM account WHERE source = 'host'", SQL_NONE, &hosts);
        while (r == DIRECTORY_OK && (r = sql_next(d, hosts)) == DIRECTORY_OK) {
                uint32_t id;

                if (host_user(sql_column(hosts, 0), &id) == 1 && id == uid) {
                        found(hosts, ret_name, ret_person);
                        return DIRECTORY_OK;
                }
        }
        return r;
}
