/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ways.c - what the decision about ways asks the care directory (policy/ways.h)
 *
 * 1. MUST look at no account for what is shown to every name.
 */

#include "assigned.h"
#include "day.h"
#include "directory.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>

/* The rows of a grant have no turns, and are held for nobody. */
static const char roles_sql[] =
        "SELECT r.name FROM role r WHERE r.archived IS NULL AND ("
        " EXISTS (SELECT 1 FROM assignment s JOIN unit u ON u.id = s.unit JOIN organisation uo ON uo.id = u.organisation"
        "  WHERE s.account = ?1 AND s.role = r.id AND u.archived IS NULL AND uo.archived IS NULL"
        "  AND " SQL_IN_TIME("s", "uo.time_zone", "?2") " AND " SQL_HELD_FOR("s", "uo.time_zone", "?2") ")"
        " OR EXISTS (SELECT 1 FROM client_grant g WHERE g.account = ?1 AND g.role = r.id AND " SQL_IN_BOUNDS("g", "?2") "))"
        " ORDER BY r.name";

int directory_roles(struct directory *d, int64_t account, int64_t now, struct directory_roles *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct directory_roles roles = { .n = 0 };
        int r;

        r = sql_find(d, roles_sql, SQL_BIND(sql_integer(account), sql_integer(now)), &stmt);
        for (; r == DIRECTORY_OK; r = sql_next(d, stmt)) {
                if (roles.n == DIRECTORY_ROLES_MAX)
                        return -EOVERFLOW;
                (void) snprintf(roles.name[roles.n++], sizeof roles.name[0], "%s", sql_column(stmt, 0));
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        *ret = roles;
        return DIRECTORY_OK;
}

int directory_scene(struct directory *d, int64_t now, struct directory_scene *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct directory_scene scene = { .today = "" };
        int64_t stands;
        int r;

        r = sql_find(d, "SELECT time_zone FROM organisation WHERE archived IS NULL ORDER BY id LIMIT 1", NULL, 0, &stmt);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return r;
        r = day_of(r == DIRECTORY_OK ? sql_column(stmt, 0) : "UTC", now, scene.today);
        if (r < 0)
                return r;
        r = sql_find_integer(d, "SELECT EXISTS (SELECT 1 FROM outage WHERE ended IS NULL AND began <= ?1 AND until > ?1)"
                                " + 2 * EXISTS (SELECT 1 FROM exemption WHERE ended IS NULL AND until > ?1)",
                             SQL_BIND(sql_integer(now)), &stands);
        if (r != DIRECTORY_OK)
                return r;
        scene.outage = stands & 1;
        scene.exemptions = stands & 2;
        *ret = scene;
        return DIRECTORY_OK;
}
