/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened.c - whose a client or a uid is, for the report of who did open
 */

#include "act.h"
#include "host.h"
#include "i18n.h"
#include "sql.h"
#include "trail.h"

#include <stdio.h>
#include <string.h>

int directory_client_whose(struct directory *d, const char *name, int64_t *ret_client, int64_t *ret_person) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT c.id, c.person FROM client c JOIN organisation o ON o.id = c.organisation"
                        " WHERE o.name || '-' || c.number = ?1", SQL_BIND(sql_text(name)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("client: there is none of this name"));
        if (r != DIRECTORY_OK)
                return r;
        *ret_client = sqlite3_column_int64(stmt, 0);
        *ret_person = sqlite3_column_int64(stmt, 1);
        return DIRECTORY_OK;
}

int directory_opened_told(struct directory *d, const struct directory_act *act, const char *kind, int64_t id) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        return act_end(d, act, r, &(struct act_report) {
                .act = "audit.opened", .kind = kind, .id = id, .detail = json_object(),
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
