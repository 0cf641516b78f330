/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * findings.c - what the care directory says that somebody should look at
 */

#include "findings.h"

#include "acts.h"
#include "assigned.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>

/* How many, and one of them. */
static const char *const queries[FINDINGS] = {
        [FINDING_REVIEWS] =
                "SELECT count(*), min(g.id) FROM client_grant g WHERE g.ended IS NULL AND g.review_on <= ?1"
                " AND ifnull(g.valid_until > ?1, 1)",
        [FINDING_CLIENTS] =
                "SELECT count(*), min(o.name || '-' || c.number) FROM client c JOIN organisation o ON o.id = c.organisation"
                " JOIN person p ON p.id = c.person WHERE c.archived IS NULL AND o.archived IS NULL AND p.archived IS NULL"
                " AND p.died IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.client = c.id AND " SQL_IN_BOUNDS("e", "?1") ")",
        [FINDING_UNITS] =
                "SELECT count(*), min(u.name) FROM unit u JOIN organisation o ON o.id = u.organisation"
                " WHERE u.archived IS NULL AND o.archived IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM assignment s JOIN account a ON a.id = s.account JOIN person p ON p.id = a.person"
                " WHERE s.unit = u.id AND a.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND " SQL_IN_BOUNDS("s", "?1") ")",
        [FINDING_ALIASES] =
                "SELECT count(*), min(id) FROM person WHERE protected = 1 AND archived IS NULL"
                " AND instr(lower(alias), lower(family_name)) > 0",
        [FINDING_TEMPLATES] =
                "SELECT count(*), min(t.name) FROM template t JOIN role r ON r.id = t.role JOIN unit u ON u.id = t.unit"
                " JOIN organisation o ON o.id = t.organisation WHERE t.archived IS NULL"
                " AND (r.archived IS NOT NULL OR u.archived IS NOT NULL OR o.archived IS NOT NULL)",
        [FINDING_ROLE_SERVICES] =
                "SELECT count(*), min(r.name || ' ' || s.name) FROM role_service x JOIN role r ON r.id = x.role"
                " JOIN service s ON s.id = x.service WHERE r.archived IS NULL AND s.archived IS NULL"
                " AND ((r.kind <> 'staff' AND s.opens = 'record') OR (r.kind IN ('client', 'relative') AND s.module IS NULL)"
                " OR (r.kind = 'external' AND s.external = 0))",
        [FINDING_NUMBERS] =
                "SELECT count(*), min(name) FROM (SELECT a.name FROM account a LEFT JOIN number n ON n.number = a.uid"
                "  AND n.used_for = 'uid' AND n.name = a.name WHERE a.uid IS NOT NULL AND n.number IS NULL"
                " UNION ALL SELECT g.name FROM care_group g LEFT JOIN number n ON n.number = g.gid AND n.used_for = 'gid'"
                "  AND n.name = g.name WHERE n.number IS NULL OR g.name NOT GLOB CASE g.kind WHEN 'role-at-unit' THEN 'unit-*-*'"
                "  WHEN 'service-record' THEN 'service-*' WHEN 'client-service' THEN 'client-*-*-*' ELSE g.kind || '-*' END)",
        [FINDING_KEYS] =
                "SELECT count(*), min(person) FROM identity WHERE ended IS NULL AND hmac_key <> (SELECT key FROM meta)",
};

/* No query knows that: the snapshots are made, and thrown away. */
static int find_unsaid(struct directory *d, int64_t now, struct directory_found *ret) {
        const char *name, *why;
        int r;

        r = directory_find_unsaid(d, now);
        if (r == DIRECTORY_OK) {
                ret->n = directory_unsaid(d, &name, &why);
                (void) snprintf(ret->example, sizeof ret->example, "%s", name);
        }
        return r;
}

int directory_findings(struct directory *d, int64_t now, struct directory_found ret[static FINDINGS]) {
        for (size_t i = 0; i < FINDINGS; i++) {
                auto_stmt sqlite3_stmt *stmt = NULL;
                int r;

                if (!queries[i])
                        continue;
                r = sql_prepare(d, queries[i], SQL_NONE, &stmt);
                if (r != DIRECTORY_OK)
                        return r;
                /* Not all of them ask for the time. */
                if (sqlite3_bind_parameter_count(stmt) > 0 && sqlite3_bind_int64(stmt, 1, now) != SQLITE_OK)
                        return sql_failed(d);
                r = sql_next(d, stmt);
                if (r != DIRECTORY_OK)
                        return r == DIRECTORY_E_NOT_FOUND ? -EUCLEAN : r;
                ret[i].n = sqlite3_column_int64(stmt, 0);
                (void) snprintf(ret[i].example, sizeof ret[i].example, "%s", sql_column(stmt, 1));
        }
        return find_unsaid(d, now, &ret[FINDING_UNSAID]);
}
