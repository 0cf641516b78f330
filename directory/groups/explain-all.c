/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * explain-all.c - all groups that somebody holds, and those that they could
 */

#include "explain-reasons.h"

#include "sql.h"

static void memberships_donep(struct memberships *m) {
        memberships_done(m);
}

static int tell_held(struct directory *d, const struct explain_holder *h, const struct gathered *g, const struct snapshot_timed *entry,
                     int64_t now, int (*each)(void *, const struct explain_held *), void *about) {
        struct explain_reason reasons[EXPLAIN_REASONS_MAX];
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct explain_held held = { .gid = entry->gid, .until = entry->until };
        struct explain_list l = { .d = d, .reason = reasons };
        int r;

        r = sql_find(d, "SELECT name FROM care_group WHERE gid = ?1", SQL_BIND(sql_integer(entry->gid)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        held.group = sql_column(stmt, 0);
        r = explain_collect(&l, h, g, held.group, now);
        if (r != DIRECTORY_OK || !explain_holds(reasons[0].cause))
                return r;                       /* of a group that is archived: nobody is told of it */
        held.reason = reasons[0];
        for (size_t i = 1; i < l.n; i++)
                if (reasons[i].until > held.reason.until)
                        held.reason = reasons[i];
        return each(about, &held);
}

static int tell_all(struct directory *d, const char *account, int64_t now,
                    int (*each)(void *, const struct explain_held *), void *about) {
        AUTO(memberships_donep) struct memberships m = { .now = now };
        AUTO(gathered_done) struct gathered g = { .n = 0 };
        struct explain_holder h;
        int r;

        r = explain_gather(d, account, now, &h, &g);
        if (r != DIRECTORY_OK || !h.counts)
                return r;
        r = memberships_open(d, &m);
        if (r == DIRECTORY_OK)
                r = memberships_of(d, &m, &(struct memberships_account) { .id = h.id, .kind = h.kind, .primary = h.primary });
        if (r == DIRECTORY_OK && h.primary)
                r = tell_held(d, &h, &g, &(struct snapshot_timed) { .gid = h.primary, .from = INT64_MIN, .until = INT64_MAX },
                              now, each, about);
        for (size_t k = 0; k < MEMBERSHIPS_LISTS; k++)
                for (size_t i = 0; r == DIRECTORY_OK && i < m.list[k].n; i++)
                        if (m.list[k].entry[i].from <= now && now < m.list[k].entry[i].until)
                                r = tell_held(d, &h, &g, &m.list[k].entry[i], now, each, about);
        return r;
}

int directory_explain_held(struct directory *d, const char *account, int64_t now,
                           int (*each)(void *about, const struct explain_held *held), void *about) {
        int r;

        r = explain_begin(d);
        return r == DIRECTORY_OK ? explain_end(d, tell_all(d, account, now, each, about)) : r;
}

/* -- All that somebody could hold -------------------------------------------------------------------------- */

static const char query_expected[] =
        "WITH has (role, unit, organisation) AS (SELECT s.role, s.unit, u.organisation FROM assignment s JOIN unit u ON u.id = s.unit"
        "  WHERE s.account = ?1)"
        " SELECT g.name FROM care_group g WHERE g.kind = 'org' AND g.organisation = (SELECT organisation FROM account WHERE id = ?1)"
        "  OR EXISTS (SELECT 1 FROM has h WHERE g.kind = 'role' AND g.role = h.role OR g.kind = 'unit' AND g.unit = h.unit"
        "   OR g.kind = 'role-at-unit' AND g.role = h.role AND g.unit = h.unit OR g.kind = 'org' AND g.organisation = h.organisation)"
        "  OR g.service IS NOT NULL AND g.client IS NULL AND EXISTS (SELECT 1 FROM has)"
        "  OR g.client IN (SELECT client FROM client_grant WHERE account = ?1)"
        " ORDER BY g.name";

static int tell_missing(struct directory *d, const char *account, int64_t now,
                        int (*each)(void *, const struct explain_missing *), void *about) {
        struct explain_reason reasons[EXPLAIN_REASONS_MAX];
        AUTO(gathered_done) struct gathered g = { .n = 0 };
        auto_stmt sqlite3_stmt *row = NULL;
        struct explain_holder h;
        int r;

        r = explain_gather(d, account, now, &h, &g);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query_expected, SQL_BIND(sql_integer(h.id)), &row);
        if (r != DIRECTORY_OK)
                return r;
        while ((r = sql_next(d, row)) == DIRECTORY_OK) {
                struct explain_list l = { .d = d, .reason = reasons };

                r = explain_collect(&l, &h, &g, sql_column(row, 0), now);
                if (r == DIRECTORY_OK && !explain_holds(reasons[0].cause))
                        r = each(about, &(struct explain_missing) { .group = sql_column(row, 0), .reason = reasons[0] });
                if (r != DIRECTORY_OK)
                        return r;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_explain_missing(struct directory *d, const char *account, int64_t now,
                              int (*each)(void *about, const struct explain_missing *missing), void *about) {
        int r;

        r = explain_begin(d);
        return r == DIRECTORY_OK ? explain_end(d, tell_missing(d, account, now, each, about)) : r;
}
