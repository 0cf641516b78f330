/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * group-settings.c - what [groups] of the configuration says about the snapshots
 */

#include "group-settings.h"

#include "act.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>

int directory_groups_read(struct directory *d, struct directory_groups *ret) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_find(d, "SELECT list_members, role_groups, unit_groups, service_groups FROM meta", SQL_NONE, &row);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it does not say whose it is"));
        if (r == DIRECTORY_OK)
                *ret = (struct directory_groups) {
                        .list_members = sqlite3_column_int(row, 0) != 0, .roles = sqlite3_column_int(row, 1) != 0,
                        .units = sqlite3_column_int(row, 2) != 0, .services = sqlite3_column_int(row, 3) != 0,
                };
        return r;
}

int directory_groups_timed(struct directory *d, int64_t now, bool *ret) {
        int64_t n = 0;
        const int r = sql_find_integer(d,
                "SELECT EXISTS (SELECT 1 FROM assignment WHERE (ended IS NULL OR ended > ?1)"
                "  AND (valid_until > ?1 OR (valid_until IS NULL AND weekdays IS NOT NULL)))"
                " OR EXISTS (SELECT 1 FROM client_grant WHERE (ended IS NULL OR ended > ?1) AND valid_until > ?1)",
                SQL_BIND(sql_integer(now)), &n);

        *ret = n != 0;
        return r;
}

int directory_groups_set(struct directory *d, const struct directory_act *act, const struct directory_groups *want, bool *ret_changed) {
        struct directory_groups there;
        int r;

        *ret_changed = false;
        r = directory_groups_read(d, &there);
        if (r != DIRECTORY_OK || directory_groups_same(&there, want))
                return r;
        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = act->by_person ? DIRECTORY_E_CONSTRAINT : DIRECTORY_OK;     /* root's alone: it is careid apply's */
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE meta SET list_members = ?1, role_groups = ?2, unit_groups = ?3, service_groups = ?4",
                            SQL_BIND(sql_integer(want->list_members), sql_integer(want->roles), sql_integer(want->units),
                                     sql_integer(want->services)));
        r = act_end(d, act, r, &(struct act_report) {
                .act = "groups.set", .kind = "directory", .changes = true,
                .detail = json_pack("{s:b, s:b, s:b, s:b}", "list-members", want->list_members, "roles", want->roles,
                                    "units", want->units, "services", want->services),
        });
        *ret_changed = r == DIRECTORY_OK;
        return r;
}
