/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * client-groups.c - the groups of clients: client-ORG-N, and client-ORG-N-SERVICE where there is something to reach
 *
 *  1. MUST never take a group for another client's, or another service's, because the names are alike:
 *     client-a-1-b-2 may be client 1 of a and its service b-2, or client 2 of a-1-b.
 */

#include "client-groups.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What is archived may come back, and then needs its groups; a grant that is over doesn't. */
#define WANTED(service, condition)                                                                                     \
        "SELECT DISTINCT c.id, o.id, o.name, c.number, v.id, v.name"                                                   \
        " FROM client_grant g JOIN client c ON c.id = g.client JOIN organisation o ON o.id = c.organisation"           \
        " JOIN " service " JOIN organisation_module m ON m.organisation = o.id AND m.module = v.module"                \
        " WHERE " condition " AND g.ended IS NULL AND (g.valid_until IS NULL OR g.valid_until > ?4)"                   \
        " AND NOT EXISTS (SELECT 1 FROM care_group x WHERE x.client = c.id AND x.service = v.id)"                      \
        " ORDER BY c.id, v.id"

/* Asked once: a module that no role has a service of yet costs nothing, however many grants there are. */
#define ANY_SERVICE "EXISTS (SELECT 1 FROM role_service s JOIN service x ON x.id = s.service WHERE x.module = ?3)"

#define SERVICE_OF_ROLE "role_service rs ON rs.role = g.role JOIN service v ON v.id = rs.service"

/* g.role > 0 lets the index client_grant_role be used (see the schema).  What is not there yet when the plan is made: the grant, the part of the role, the module. */
static const struct {
        const char *before, *within;
        size_t      n_before;                   /* values; @within has all four                   */
} queries[] = {
        [CLIENT_GROUPS_CLIENT] = { .n_before = 2, .before =
                "SELECT c.id, o.id, o.name, c.number, v.id, v.name"
                " FROM client c JOIN organisation o ON o.id = c.organisation JOIN role_service rs ON rs.role = ?2"
                " JOIN service v ON v.id = rs.service"
                " JOIN organisation_module m ON m.organisation = o.id AND m.module = v.module"
                " WHERE c.id = ?1 AND NOT EXISTS (SELECT 1 FROM care_group x WHERE x.client = c.id AND x.service = v.id)"
                " ORDER BY v.id",
                .within = WANTED(SERVICE_OF_ROLE, "g.client = ?1 AND g.role = ?2"),
        },
        [CLIENT_GROUPS_MODULE] = { .n_before = 4, .before =
                "SELECT DISTINCT c.id, o.id, o.name, c.number, v.id, v.name"
                " FROM client c JOIN organisation o ON o.id = c.organisation JOIN client_grant g ON g.client = c.id"
                " JOIN " SERVICE_OF_ROLE
                " WHERE " ANY_SERVICE " AND c.organisation = ?1 AND v.module = ?3 AND g.ended IS NULL AND (g.valid_until IS NULL OR g.valid_until > ?4)"
                " AND NOT EXISTS (SELECT 1 FROM care_group x WHERE x.client = c.id AND x.service = v.id)"
                " ORDER BY c.id, v.id",
                .within = WANTED(SERVICE_OF_ROLE, ANY_SERVICE " AND c.organisation = ?1 AND v.module = ?3"),
        },
        [CLIENT_GROUPS_ROLE] = { .n_before = 4, .before =
                WANTED("service v ON v.id = ?2", "g.role = ?1 AND g.role > 0"),
                .within = WANTED(SERVICE_OF_ROLE, "g.role = ?1 AND g.role > 0 AND v.id = ?2"),
        },
};

static int find(struct directory *d, const char *query, size_t n, const struct client_groups_want *want, sqlite3_stmt **ret) {
        const struct sql_value values[] = { sql_integer(want->one), sql_integer(want->other), sql_text(want->module),
                                            sql_integer(want->now) };

        return sql_prepare(d, query, values, n, ret);
}

static int grow(struct client_groups *groups) {
        const size_t n_room = groups->n ? groups->n * 2 : 8;
        struct client_group *more;

        if (groups->n < groups->n_room)
                return 0;
        more = reallocarray(groups->group, n_room, sizeof *more);
        if (!more)
                return -ENOMEM;
        groups->group = more;
        groups->n_room = n_room;
        return 0;
}

/* MUST 1: a group of ours that has the name is another one, since this one is not there. */
static int plan_one(struct directory *d, const char *name, struct client_groups *groups, struct client_group *g) {
        const uint32_t after = groups->n ? groups->group[groups->n - 1].plan.id : 0;
        int r;

        r = ids_plan_client_group(d, name, after, &g->plan);
        if (r == DIRECTORY_OK && g->plan.there)
                r = directory_fail(d, DIRECTORY_E_EXISTS, _("name: the group %s is there already, and is another one"), name);
        if (r == DIRECTORY_OK)
                r = grow(groups);
        if (r == DIRECTORY_OK)
                groups->group[groups->n++] = *g;
        return r;
}

int client_groups_plan_own(struct directory *d, int64_t organisation, const char *name, uint32_t number,
                           struct client_groups *ret) {
        struct client_group g = { .organisation = organisation };
        char group[IDS_CLIENT_NAME_MAX + 1];

        (void) snprintf(group, sizeof group, "client-%s-%" PRIu32, name, number);
        return plan_one(d, group, ret, &g);
}

int client_groups_plan(struct directory *d, const struct client_groups_want *want, struct client_groups *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = find(d, queries[want->scope].before, queries[want->scope].n_before, want, &stmt);
        while (r == DIRECTORY_OK) {
                char name[IDS_CLIENT_NAME_MAX + 1];
                struct client_group g;

                r = sql_next(d, stmt);
                if (r != DIRECTORY_OK)
                        break;
                g = (struct client_group) {
                        .client = sqlite3_column_int64(stmt, 0), .organisation = sqlite3_column_int64(stmt, 1),
                        .service = sqlite3_column_int64(stmt, 4),
                };
                (void) snprintf(name, sizeof name, "client-%s-%lld-%s", sql_column(stmt, 2),
                                (long long) sqlite3_column_int64(stmt, 3), sql_column(stmt, 5));
                r = plan_one(d, name, ret, &g);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int client_groups_take(struct directory *d, const struct client_groups *groups, const struct client_groups_want *want,
                       int64_t client) {
        auto_stmt sqlite3_stmt *left = NULL;
        int r = DIRECTORY_OK;

        for (size_t i = 0; r == DIRECTORY_OK && i < groups->n; i++) {
                const struct client_group *const g = &groups->group[i];

                r = ids_take_group(d, &g->plan, &(struct ids_group) {
                        .kind = g->service ? "client-service" : "client", .organisation = g->organisation,
                        .client = g->service ? g->client : client, .service = g->service,
                });
        }
        if (r != DIRECTORY_OK || !want)
                return r;

        /* Somebody may have granted, or changed a role, since the plan was made. */
        r = find(d, queries[want->scope].within, 4, want, &left);
        if (r == DIRECTORY_OK)
                r = sql_next(d, left);
        if (r == DIRECTORY_OK)
                return directory_fail(d, -EBUSY, _("somebody else changed the same at the same moment; try again"));
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

void client_groups_done(struct client_groups *groups) {
        free(groups->group);
        *groups = (struct client_groups) { .n = 0 };
}
