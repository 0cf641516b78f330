/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * memberships.c - which groups an account holds, and when
 *
 * An assignment gives the groups of its role, of its unit, of that role at
 * that unit, of the unit's organisation, and of the role's services, each for
 * as long as the assignment lasts.
 */

#include "memberships.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* All assignments that count, in one pass: one query an account would read the groups once an account. */
static const char query[] =
        "WITH live AS ("
        "  SELECT s.account, s.role, s.unit, u.organisation, s.valid_from AS begins,"
        "         CASE WHEN s.ended IS NULL THEN s.valid_until WHEN s.valid_until IS NULL THEN s.ended"
        "              ELSE min(s.ended, s.valid_until) END AS ends"
        "  FROM assignment s JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"
        "       JOIN organisation o ON o.id = u.organisation"
        "  WHERE r.archived IS NULL AND u.archived IS NULL AND o.archived IS NULL)"
        " SELECT account, g.gid, begins, ends, 0 FROM live"
        "  JOIN care_group g ON g.kind = 'role' AND g.role = live.role"
        " UNION ALL"
        " SELECT account, g.gid, begins, ends, 0 FROM live"
        "  JOIN care_group g ON g.kind = 'unit' AND g.unit = live.unit"
        " UNION ALL"
        " SELECT account, g.gid, begins, ends, 0 FROM live"
        "  JOIN care_group g ON g.kind = 'role-at-unit' AND g.unit = live.unit AND g.role = live.role"
        " UNION ALL"
        " SELECT account, g.gid, begins, ends, 0 FROM live"
        "  JOIN care_group g ON g.kind = 'org' AND g.organisation = live.organisation"
        " UNION ALL"
        " SELECT account, g.gid, begins, ends, 1 FROM live JOIN role_service rs ON rs.role = live.role"
        "  JOIN service v ON v.id = rs.service AND v.archived IS NULL"
        "  JOIN care_group g ON g.kind IN ('service', 'service-record') AND g.service = v.id"
        " ORDER BY 1";

int memberships_open(struct directory *d, struct memberships *m) {
        int r;

        r = sql_prepare(d, query, SQL_NONE, &m->stmt);
        if (r == DIRECTORY_OK)
                r = sql_next(d, m->stmt);
        m->has_row = r == DIRECTORY_OK;
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

void memberships_done(struct memberships *m) {
        (void) sqlite3_finalize(m->stmt);
        m->stmt = NULL;
        for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++) {
                free(m->list[i].entry);
                m->list[i].entry = NULL;
        }
}

static int add(struct directory *d, struct memberships *m, enum memberships_which which,
               struct snapshot_timed entry) {
        const size_t n = m->list[which].n;

        if (n == MEMBERSHIPS_MAX)
                return directory_fail(d, -E2BIG, _("an account has more than %d memberships"), MEMBERSHIPS_MAX);
        if (n == m->list[which].n_room) {
                const size_t n_room = n ? n * 2 : 16;
                struct snapshot_timed *const more = realloc(m->list[which].entry, n_room * sizeof *more);

                if (!more)
                        return -ENOMEM;
                m->list[which].entry = more;
                m->list[which].n_room = n_room;
        }
        m->list[which].entry[n] = entry;
        m->list[which].n++;
        return 0;
}

static int64_t bound(sqlite3_stmt *row, int column, int64_t unbounded) {
        return sqlite3_column_type(row, column) == SQLITE_NULL ? unbounded : sqlite3_column_int64(row, column);
}

static int add_row(struct directory *d, struct memberships *m, const struct memberships_account *account) {
        const struct snapshot_timed entry = {
                .from = bound(m->stmt, 2, INT64_MIN), .until = bound(m->stmt, 3, INT64_MAX),
                .gid = (uint32_t) sqlite3_column_int64(m->stmt, 1),
        };
        const bool is_service = sqlite3_column_int(m->stmt, 4) != 0;

        if (entry.gid == account->primary || entry.from >= entry.until || entry.until <= m->now)
                return 0;
        return add(d, m, account->staff && is_service ? MEMBERSHIPS_SERVICES : MEMBERSHIPS_MAIN, entry);
}

static int compare(const void *a, const void *b) {
        const struct snapshot_timed *const x = a, *const y = b;

        if (x->gid != y->gid)
                return x->gid < y->gid ? -1 : 1;
        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        return x->until < y->until ? -1 : x->until > y->until;
}

/* A role held at two units ends when the later one does. */
static size_t join(struct snapshot_timed *entry, size_t n) {
        size_t n_joined = 0;

        if (n > 0)
                qsort(entry, n, sizeof *entry, compare);
        for (size_t i = 0; i < n; i++) {
                struct snapshot_timed *const last = n_joined ? &entry[n_joined - 1] : NULL;

                if (!last || last->gid != entry[i].gid || entry[i].from > last->until)
                        entry[n_joined++] = entry[i];
                else if (entry[i].until > last->until)
                        last->until = entry[i].until;
        }
        return n_joined;
}

int memberships_of(struct directory *d, struct memberships *m, const struct memberships_account *account) {
        int r = 0;

        for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++)
                m->list[i].n = 0;

        while (r == 0 && m->has_row && sqlite3_column_int64(m->stmt, 0) <= account->id) {
                if (sqlite3_column_int64(m->stmt, 0) == account->id)    /* else of an account that is archived */
                        r = add_row(d, m, account);
                if (r == 0)
                        r = sql_next(d, m->stmt);
                if (r == DIRECTORY_E_NOT_FOUND) {
                        m->has_row = 0;
                        r = 0;
                }
        }
        for (size_t i = 0; r == 0 && i < MEMBERSHIPS_LISTS; i++)
                m->list[i].n = join(m->list[i].entry, m->list[i].n);
        return r;
}
