/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * reasons.c - what gives an account its groups: assignments, deputyships, grants
 *
 * Of one account at a time, by indexes alone: what one change costs does not
 * grow with the county.  The groups of a role at a unit are asked for once
 * and kept, since thousands of accounts have the same.
 */

#include "reasons.h"
#include "sql.h"

#include "cleanup.h"
#include "i18n.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
        KEPT_SLOTS = 4096,              /* places kept, a power of two; another one overwrites     */
};

struct place {
        int64_t role, unit;             /* 0 0: an empty slot                                      */
        size_t  n;
        struct reason_group *group;
};

struct reasons {
        struct directory *d;
        int64_t           now;
        enum reasons_of   of;
        sqlite3_stmt     *assignments, *grants, *groups_of_place, *groups_of_client;
        struct reason_group buffer[REASONS_GROUPS_MAX];
        struct place      kept[KEPT_SLOTS];
        struct turns_cache zone;
};

/* MUST 2: the columns from 10 on are those of the assignment that is held for somebody else. */
static const char query_assignments[] =
        "SELECT s.id, s.role, s.unit, u.organisation, s.valid_from, s.valid_until, s.ended,"
        "  r.archived IS NOT NULL OR u.archived IS NOT NULL OR o.archived IS NOT NULL, o.time_zone, s.deputy_of,"
        "  h.valid_from, h.valid_until, h.ended,"
        "  ha.archived IS NOT NULL OR hp.archived IS NOT NULL OR hp.died IS NOT NULL,"
        "  s.weekdays, s.minute_from, s.minute_until, h.weekdays, h.minute_from, h.minute_until"
        " FROM assignment s JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"
        " JOIN organisation o ON o.id = u.organisation"
        " LEFT JOIN assignment h ON h.id = s.deputy_of LEFT JOIN account ha ON ha.id = h.account"
        " LEFT JOIN person hp ON hp.id = ha.person"
        " WHERE s.account = ?1 ORDER BY s.id";

static const char query_grants[] =
        "SELECT g.id, g.role, g.client, c.organisation, g.valid_from, g.valid_until, g.ended,"
        "  r.archived IS NOT NULL OR c.archived IS NOT NULL OR p.archived IS NOT NULL OR p.died IS NOT NULL"
        "  OR o.archived IS NOT NULL"
        " FROM client_grant g JOIN role r ON r.id = g.role JOIN client c ON c.id = g.client"
        " JOIN person p ON p.id = c.person JOIN organisation o ON o.id = c.organisation"
        " WHERE g.account = ?1 ORDER BY g.id";

/* What an earlier edition has named otherwise gives nothing. */
static const char query_place[] =
        "SELECT gid, 0 FROM care_group WHERE kind = 'role' AND role = ?1 AND name GLOB 'role-*' AND (SELECT role_groups FROM meta WHERE one = 1)"
        " UNION ALL SELECT gid, 0 FROM care_group WHERE kind = 'unit' AND unit = ?2 AND name GLOB 'unit-*' AND (SELECT unit_groups FROM meta WHERE one = 1)"
        " UNION ALL SELECT gid, 0 FROM care_group WHERE kind = 'role-at-unit' AND role = ?1 AND unit = ?2 AND name GLOB 'unit-*-*'"
        " UNION ALL SELECT gid, 0 FROM care_group WHERE kind = 'org'"
        "  AND organisation = (SELECT organisation FROM unit WHERE id = ?2) AND name GLOB 'org-*'"
        " UNION ALL SELECT g.gid, 1 FROM role_service rs JOIN service v ON v.id = rs.service AND v.archived IS NULL"
        "  JOIN care_group g ON g.service = v.id AND g.client IS NULL AND g.name GLOB 'service-*' WHERE rs.role = ?1 AND (SELECT service_groups FROM meta WHERE one = 1)"
        "  AND (v.external = 1 OR (SELECT kind FROM role WHERE id = ?1) <> 'external')";

/* MUST 3: "record" is no service of these roles by a trigger of the schema; it is left out here all the same (K8). */
static const char query_client[] =
        "SELECT g.gid, g.service IS NOT NULL FROM care_group g WHERE g.client = ?1 AND (g.service IS NULL OR EXISTS ("
        "  SELECT 1 FROM role_service rs JOIN service v ON v.id = rs.service"
        "  JOIN organisation_module m ON m.module = v.module AND m.organisation = ?3"
        "  WHERE rs.role = ?2 AND rs.service = g.service AND v.archived IS NULL AND v.opens <> 'record'))";

struct reasons *reasons_close(struct reasons *r) {
        if (!r)
                return NULL;
        sql_finalizep(&r->assignments);
        sql_finalizep(&r->grants);
        sql_finalizep(&r->groups_of_place);
        sql_finalizep(&r->groups_of_client);
        for (size_t i = 0; i < KEPT_SLOTS; i++)
                free(r->kept[i].group);
        free(r);
        return NULL;
}

int reasons_open(struct directory *d, int64_t now, struct reasons **ret) {
        AUTO(reasons_closep) struct reasons *o = calloc(1, sizeof *o);
        int r;

        if (!o)
                return -ENOMEM;
        o->d = d;
        o->now = now;
        r = sql_prepare(d, query_assignments, SQL_NONE, &o->assignments);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query_grants, SQL_NONE, &o->grants);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query_place, SQL_NONE, &o->groups_of_place);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query_client, SQL_NONE, &o->groups_of_client);
        if (r == DIRECTORY_OK)
                *ret = STEAL_PTR(o);
        return r;
}

static int bind_again(struct reasons *o, sqlite3_stmt *stmt, const int64_t *value, int n) {
        (void) sqlite3_reset(stmt);
        for (int i = 0; i < n; i++)
                if (sqlite3_bind_int64(stmt, i + 1, value[i]) != SQLITE_OK)
                        return sql_failed(o->d);
        return DIRECTORY_OK;
}

/* -- When -------------------------------------------------------------------------------------------- */

static int64_t bound(sqlite3_stmt *row, int column, int64_t unbounded) {
        return sqlite3_column_type(row, column) == SQLITE_NULL ? unbounded : sqlite3_column_int64(row, column);
}

static int64_t at_least(int64_t a, int64_t b) {
        return a > b ? a : b;
}

static int64_t at_most(int64_t a, int64_t b) {
        return a < b ? a : b;
}

int reasons_begin(struct reasons *o, int64_t account, enum reasons_of of) {
        o->of = of;
        return bind_again(o, of == REASONS_ASSIGNMENTS ? o->assignments : o->grants, &account, 1);
}

/* What columns 4 to 7 say is the same for both kinds. */
static void read_bounds(const struct reasons *o, sqlite3_stmt *row, enum explain_cause cause, struct reason *ret) {
        const int64_t ended = bound(row, 6, INT64_MAX);

        ret->object = sqlite3_column_int64(row, 0);
        ret->role = sqlite3_column_int64(row, 1);
        ret->from = bound(row, 4, INT64_MIN);
        ret->until = at_most(bound(row, 5, INT64_MAX), ended);
        ret->cause = sqlite3_column_int(row, 7) ? EXPLAIN_ARCHIVED
                   : ended <= o->now            ? EXPLAIN_ENDED
                   : ret->until <= o->now       ? EXPLAIN_OVER
                                                : cause;
}

static bool is_refused(const struct reason *r) {
        return r->cause == EXPLAIN_ARCHIVED || r->cause == EXPLAIN_ENDED || r->cause == EXPLAIN_OVER;
}

/* MUST 2 */
static void hold_for(const struct reasons *o, sqlite3_stmt *row, struct reason *r) {
        const int64_t ended = bound(row, 12, INT64_MAX);

        r->from = at_least(r->from, bound(row, 10, INT64_MIN));
        r->until = at_most(r->until, at_most(bound(row, 11, INT64_MAX), ended));
        if (is_refused(r))
                return;
        r->cause = sqlite3_column_int(row, 13) ? EXPLAIN_ARCHIVED
                 : ended <= o->now             ? EXPLAIN_ENDED
                 : r->until <= o->now          ? EXPLAIN_OVER
                                               : EXPLAIN_DEPUTY;
}

/* From three columns, the first of which is @column: NULL means always. */
static int expand(struct reasons *o, sqlite3_stmt *row, int column, int64_t from, int64_t until,
                  struct turns_time ret[static TURNS_MAX], bool *ret_repeats) {
        const struct turns_rule rule = {
                .weekdays = (uint8_t) sqlite3_column_int(row, column),
                .minute_from = (uint16_t) sqlite3_column_int(row, column + 1),
                .minute_until = (uint16_t) sqlite3_column_int(row, column + 2),
                .from = from, .until = until,
        };
        const struct turns_clocks *clocks = NULL;
        int n;

        if (sqlite3_column_type(row, column) == SQLITE_NULL) {
                ret[0] = (struct turns_time) { .from = from, .until = until };
                return 1;
        }
        *ret_repeats = true;
        n = turns_clocks_cached(&o->zone, sql_column(row, 8), o->now, o->now + REASONS_AHEAD, &clocks);
        if (n == 0)
                n = turns_expand_by(clocks, &rule, ret);
        if (n < 0)
                return directory_fail(o->d, n, _("the times of assignment %lld can't be told in the time zone %s"),
                                      (long long) sqlite3_column_int64(row, 0), sql_column(row, 8));
        return n;
}

/* MUST 1 and 2: the one place that lets something count. */
static int count(struct reasons *o, sqlite3_stmt *row, struct reason *r) {
        struct turns_time own[TURNS_MAX], held[TURNS_MAX];
        int n_own, n_held;

        r->n_times = 0;
        if (is_refused(r) || r->from >= r->until)
                return DIRECTORY_OK;
        if (o->of == REASONS_GRANTS) {
                r->time[r->n_times++] = (struct turns_time) { .from = r->from, .until = r->until };
                return DIRECTORY_OK;
        }
        n_own = expand(o, row, 14, r->from, r->until, own, &r->repeats);
        if (n_own < 0)
                return n_own;
        n_held = expand(o, row, 17, r->from, r->until, held, &r->repeats);
        if (n_held < 0)
                return n_held;
        n_own = turns_common(own, (size_t) n_own, held, (size_t) n_held, r->time, REASONS_TIMES_MAX);
        if (n_own < 0)
                return n_own;
        r->n_times = (size_t) n_own;
        return DIRECTORY_OK;
}

int reasons_next(struct reasons *o, struct reason *ret) {
        sqlite3_stmt *const row = o->of == REASONS_ASSIGNMENTS ? o->assignments : o->grants;
        int r;

        r = sql_next(o->d, row);
        if (r != DIRECTORY_OK)
                return r;
        ret->unit = ret->client = 0;
        ret->repeats = false;
        if (o->of == REASONS_GRANTS) {
                read_bounds(o, row, EXPLAIN_GRANT, ret);
                ret->client = sqlite3_column_int64(row, 2);
        } else {
                read_bounds(o, row, EXPLAIN_ASSIGNMENT, ret);
                ret->unit = sqlite3_column_int64(row, 2);
                if (sqlite3_column_type(row, 9) != SQLITE_NULL)
                        hold_for(o, row, ret);
        }
        ret->organisation = sqlite3_column_int64(row, 3);
        return count(o, row, ret);
}

/* -- Which groups ------------------------------------------------------------------------------------- */

static int read_groups(struct reasons *o, sqlite3_stmt *row, struct reason_group ret[static REASONS_GROUPS_MAX],
                       size_t *ret_n) {
        size_t n = 0;
        int r;

        for (;;) {
                r = sql_next(o->d, row);
                if (r == DIRECTORY_E_NOT_FOUND)
                        break;
                if (r != DIRECTORY_OK)
                        return r;
                if (n == REASONS_GROUPS_MAX)
                        return directory_fail(o->d, -E2BIG, _("a role gives more than %d groups"), REASONS_GROUPS_MAX);
                ret[n++] = (struct reason_group) {
                        .gid = (gid_t) sqlite3_column_int64(row, 0), .is_service = sqlite3_column_int(row, 1) != 0,
                };
        }
        *ret_n = n;
        return DIRECTORY_OK;
}

static int place_of(struct reasons *o, const struct reason *reason, struct place **ret) {
        const uint64_t mixed = ((uint64_t) reason->role * UINT64_C(0x9e3779b97f4a7c15)) ^ (uint64_t) reason->unit;
        struct place *const p = &o->kept[(mixed ^ mixed >> 32) % KEPT_SLOTS];
        size_t n;
        int r;

        if (p->role == reason->role && p->unit == reason->unit) {
                *ret = p;
                return DIRECTORY_OK;
        }
        r = bind_again(o, o->groups_of_place, (const int64_t[]) { reason->role, reason->unit }, 2);
        if (r == DIRECTORY_OK)
                r = read_groups(o, o->groups_of_place, o->buffer, &n);
        if (r != DIRECTORY_OK)
                return r;

        free(p->group);
        *p = (struct place) { .role = 0 };
        p->group = calloc(n + 1, sizeof *p->group);
        if (!p->group)
                return -ENOMEM;
        memcpy(p->group, o->buffer, n * sizeof *p->group);
        p->n = n;
        p->role = reason->role;
        p->unit = reason->unit;
        *ret = p;
        return DIRECTORY_OK;
}

int reasons_groups(struct reasons *o, const struct reason *reason, const struct reason_group **ret, size_t *ret_n) {
        struct place *place = NULL;
        size_t n = 0;
        int r;

        if (!reason->client) {
                r = place_of(o, reason, &place);
                if (r == DIRECTORY_OK) {
                        *ret = place->group;
                        *ret_n = place->n;
                }
                return r;
        }
        r = bind_again(o, o->groups_of_client,
                       (const int64_t[]) { reason->client, reason->role, reason->organisation }, 3);
        if (r == DIRECTORY_OK)
                r = read_groups(o, o->groups_of_client, o->buffer, &n);
        if (r == DIRECTORY_OK) {
                *ret = o->buffer;
                *ret_n = n;
        }
        return r;
}
