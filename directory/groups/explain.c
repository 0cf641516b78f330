/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * explain.c - why somebody holds a group or not, and who can reach a client
 */

#include "assigned.h"
#include "clients.h"
#include "gathered.h"
#include "i18n.h"
#include "lookup.h"
#include "memberships.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

#define CLIENT_NAME "(SELECT co.name || '-' || c.number FROM client c JOIN organisation co ON co.id = c.organisation WHERE c.id = ?3)"

const char *explain_word(enum explain_cause cause) {
        static const char *const words[EXPLAIN_CAUSES] = {
                [EXPLAIN_ASSIGNMENT] = "assignment", [EXPLAIN_DEPUTY] = "deputy", [EXPLAIN_GRANT] = "grant",
                [EXPLAIN_OWN_ORGANISATION] = "organisation", [EXPLAIN_NO_SUCH_GROUP] = "no-such-group",
                [EXPLAIN_ARCHIVED] = "archived", [EXPLAIN_KIND_OFF] = "kind-off", [EXPLAIN_ENDED] = "ended", [EXPLAIN_NOT_YET] = "not-yet",
                [EXPLAIN_OVER] = "over", [EXPLAIN_NOT_THIS_HOUR] = "not-this-hour", [EXPLAIN_MODULE_OFF] = "module-off",
                [EXPLAIN_SERVICE_NOT_IN_ROLE] = "service-not-in-role", [EXPLAIN_K8] = "never-a-record",
                [EXPLAIN_NOTHING] = "nothing",
        };

        return cause > 0 && cause < EXPLAIN_CAUSES ? words[cause] : "";
}

bool explain_holds(enum explain_cause cause) {
        return cause >= EXPLAIN_ASSIGNMENT && cause <= EXPLAIN_OWN_ORGANISATION;
}

static void reasons_done(struct reasons **o) {
        *o = reasons_close(*o);
}

/* -- Who and which ------------------------------------------------------------------------------------- */

struct holder {
        int64_t id;
        enum memberships_kind kind;
        bool    counts;                         /* neither archived nor dead                       */
        gid_t   primary;                        /* 0: the host's                                   */
};

static int find_holder(struct directory *d, const char *name, struct holder *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT a.id, a.kind, " SQL_ACCOUNT_COUNTS ", iif(a.source = 'careid', g.gid, 0)"
                        " FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
                        " JOIN care_group g ON g.kind = 'org' AND g.organisation = o.id WHERE a.name = ?1",
                     SQL_BIND(sql_text(name)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("%s: there is no %s; see: careid list %ss"), "account", name, "account");
        if (r != DIRECTORY_OK)
                return r;
        ret->id = sqlite3_column_int64(stmt, 0);
        ret->counts = sqlite3_column_int(stmt, 2) != 0;
        ret->primary = (gid_t) sqlite3_column_int64(stmt, 3);
        r = memberships_kind_of(sql_column(stmt, 1), &ret->kind);
        return r < 0 ? directory_fail(d, r, _("the directory is damaged: an account of no kind")) : DIRECTORY_OK;
}

static bool is_private(const struct holder *h) {
        return h->kind != MEMBERSHIPS_OF_STAFF;
}

static enum reasons_of reasons_of(const struct holder *h) {
        return h->kind == MEMBERSHIPS_OF_STAFF || h->kind == MEMBERSHIPS_OF_EXTERNAL ? REASONS_ASSIGNMENTS : REASONS_GRANTS;
}

struct asked {
        gid_t   gid;
        bool    archived, is_record, is_off;    /* off: groups of its kind are not given          */
        int64_t client, service;                /* 0: not about one                                */
};

static int find_asked(struct directory *d, const char *name, struct asked *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT g.gid, g.kind = 'service-record', ifnull(g.client, 0), ifnull(g.service, 0),"
                        " o.archived IS NOT NULL OR u.archived IS NOT NULL OR r.archived IS NOT NULL OR v.archived IS NOT NULL"
                        " OR c.archived IS NOT NULL, NOT (" SQL_KIND_GIVEN ") FROM care_group g"
                        " LEFT JOIN organisation o ON o.id = g.organisation LEFT JOIN unit u ON u.id = g.unit"
                        " LEFT JOIN role r ON r.id = g.role LEFT JOIN service v ON v.id = g.service"
                        " LEFT JOIN client c ON c.id = g.client WHERE g.name = ?1", SQL_BIND(sql_text(name)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        *ret = (struct asked) {
                .gid = (gid_t) sqlite3_column_int64(stmt, 0), .is_record = sqlite3_column_int(stmt, 1) != 0,
                .client = sqlite3_column_int64(stmt, 2), .service = sqlite3_column_int64(stmt, 3),
                .archived = sqlite3_column_int(stmt, 4) != 0, .is_off = sqlite3_column_int(stmt, 5) != 0,
        };
        return DIRECTORY_OK;
}

/* -- Reasons in words ---------------------------------------------------------------------------------- */

static int describe(struct directory *d, const struct reason *reason, struct explain_reason *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        ret->object = reason->object;
        r = sql_find(d, "SELECT (SELECT name FROM role WHERE id = ?1), (SELECT name FROM unit WHERE id = ?2), " CLIENT_NAME ","
                        " (SELECT a.name FROM assignment s JOIN assignment h ON h.id = s.deputy_of JOIN account a ON a.id = h.account"
                        "  WHERE s.id = ?4 AND ?3 = 0)",
                     SQL_BIND(sql_integer(reason->role), sql_integer(reason->unit), sql_integer(reason->client),
                              sql_integer(reason->object)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(ret->role, sizeof ret->role, "%s", sql_column(stmt, 0));
        (void) snprintf(ret->unit, sizeof ret->unit, "%s", sql_column(stmt, 1));
        (void) snprintf(ret->client, sizeof ret->client, "%s", sql_column(stmt, 2));
        (void) snprintf(ret->held_for, sizeof ret->held_for, "%s", sql_column(stmt, 3));
        return DIRECTORY_OK;
}

/* What a reason says at @now of the groups that it gives, and the time that it says it of. */
static enum explain_cause say(const struct reason *reason, int64_t now, int64_t *ret_from, int64_t *ret_until) {
        *ret_from = reason->from;
        *ret_until = reason->until;
        if (!explain_holds(reason->cause))
                return reason->cause;
        for (size_t i = 0; i < reason->n_times; i++)
                if (reason->time[i].until > now) {
                        *ret_from = reason->time[i].from;
                        *ret_until = reason->time[i].until;
                        if (reason->time[i].from <= now)
                                return reason->cause;
                        break;
                }
        if (reason->from > now)
                return EXPLAIN_NOT_YET;
        return reason->repeats ? EXPLAIN_NOT_THIS_HOUR : EXPLAIN_OVER;
}

struct list {
        struct directory      *d;
        struct explain_reason *reason;
        size_t                 n;
};

/* In the order of their strength; the weakest fall off the end. */
static struct explain_reason *list_add(struct list *l, const struct explain_reason *reason) {
        size_t at = l->n;

        while (at > 0 && l->reason[at - 1].cause > reason->cause)
                at--;
        if (at == EXPLAIN_REASONS_MAX)
                return NULL;
        if (l->n < EXPLAIN_REASONS_MAX)
                l->n++;
        memmove(&l->reason[at + 1], &l->reason[at], (l->n - 1 - at) * sizeof *l->reason);
        l->reason[at] = *reason;
        return &l->reason[at];
}

static void list_add_bare(struct list *l, enum explain_cause cause) {
        (void) list_add(l, &(struct explain_reason) { .cause = cause, .from = INT64_MIN, .until = INT64_MAX });
}

/* A reason that is about the same client or could give a service, and does not: 0 if it is about something else. */
static int why_not_service(struct list *l, const struct asked *asked, const struct reason *reason, enum explain_cause *ret) {
        int64_t has;
        int r;

        *ret = 0;
        if (asked->service == 0 || reason->client != asked->client)
                return DIRECTORY_OK;
        r = sql_find_integer(l->d, "SELECT EXISTS (SELECT 1 FROM role_service WHERE role = ?1 AND service = ?2)",
                             SQL_BIND(sql_integer(reason->role), sql_integer(asked->service)), &has);
        if (r == DIRECTORY_OK)
                *ret = has ? EXPLAIN_MODULE_OFF : EXPLAIN_SERVICE_NOT_IN_ROLE;
        return r;
}

static int add_reason(struct list *l, const struct gathered *g, size_t i, const struct asked *asked, int64_t now) {
        const struct reason *const reason = &g->reason[i];
        struct explain_reason e = { .cause = 0 };
        int r;

        e.cause = say(reason, now, &e.from, &e.until);
        if (!gathered_gives(g, i, asked->gid)) {
                enum explain_cause refused;

                r = why_not_service(l, asked, reason, &refused);
                if (r != DIRECTORY_OK || refused == 0)
                        return r;
                if (explain_holds(e.cause))
                        e.cause = asked->archived ? EXPLAIN_ARCHIVED : asked->is_off ? EXPLAIN_KIND_OFF : refused;
        }
        r = describe(l->d, reason, &e);
        if (r == DIRECTORY_OK)
                (void) list_add(l, &e);
        return r;
}

/* What gives the group; and of a service, what could. */
static int add_reasons(struct list *l, const struct gathered *g, const struct asked *asked, int64_t now) {
        const struct given *given;
        int r = DIRECTORY_OK;
        size_t n;

        if (asked->service != 0) {
                for (size_t i = 0; r == DIRECTORY_OK && i < g->n; i++)
                        if (g->reason[i].client == asked->client)
                                r = add_reason(l, g, i, asked, now);
                return r;
        }
        given = gathered_giving(g, asked->gid, &n);
        for (size_t i = 0; r == DIRECTORY_OK && i < n; i++)
                r = add_reason(l, g, given[i].reason, asked, now);
        return r;
}

/* What stands against it whatever the account has. */
static bool is_forbidden(const struct holder *h, const struct asked *asked) {
        return !h->counts || asked->archived || asked->is_off || (asked->is_record && is_private(h));
}

/* Who it is, and all that they have. */
static int gather(struct directory *d, const char *account, int64_t now, struct holder *ret_holder, struct gathered *ret) {
        const int r = find_holder(d, account, ret_holder);

        return r == DIRECTORY_OK ? gathered_read(d, ret_holder->id, reasons_of(ret_holder), now, ret) : r;
}

static int collect(struct list *l, const struct holder *h, const struct gathered *g, const char *group, int64_t now) {
        struct asked asked;
        size_t n_for = 0;
        int r;

        r = find_asked(l->d, group, &asked);
        if (r == DIRECTORY_E_NOT_FOUND) {
                list_add_bare(l, EXPLAIN_NO_SUCH_GROUP);
                return DIRECTORY_OK;
        }
        if (r != DIRECTORY_OK)
                return r;
        r = add_reasons(l, g, &asked, now);
        if (r != DIRECTORY_OK)
                return r;

        if (h->primary == asked.gid)
                list_add_bare(l, EXPLAIN_OWN_ORGANISATION);
        while (n_for < l->n && explain_holds(l->reason[n_for].cause))
                n_for++;
        if (is_forbidden(h, &asked)) {
                memmove(l->reason, l->reason + n_for, (l->n - n_for) * sizeof *l->reason);
                l->n -= n_for;
                list_add_bare(l, !h->counts || asked.archived ? EXPLAIN_ARCHIVED : asked.is_off ? EXPLAIN_KIND_OFF : EXPLAIN_K8);
        } else if (n_for > 0) {
                l->n = n_for;
        } else if (l->n == 0) {
                list_add_bare(l, EXPLAIN_NOTHING);
        }
        return DIRECTORY_OK;
}

/* One state of the directory for all that is asked of it. */
static int begin(struct directory *d) {
        *d->complaint = '\0';
        return sql_run(d, "SAVEPOINT explain", SQL_NONE);
}

static int end(struct directory *d, int r) {
        (void) sqlite3_exec(d->db, "RELEASE explain", NULL, NULL, NULL);        /* nothing was written */
        return r;
}

int directory_explain_group(struct directory *d, const char *account, const char *group, int64_t now, bool *ret_holds,
                            size_t *ret_n, struct explain_reason ret[static EXPLAIN_REASONS_MAX]) {
        AUTO(gathered_done) struct gathered g = { .n = 0 };
        struct list l = { .d = d, .reason = ret };
        struct holder h = { .id = 0 };
        int r;

        r = begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = gather(d, account, now, &h, &g);
        r = end(d, r == DIRECTORY_OK ? collect(&l, &h, &g, group, now) : r);
        if (r == DIRECTORY_OK) {
                *ret_n = l.n;
                *ret_holds = explain_holds(ret[0].cause);
        }
        return r;
}

/* -- All that somebody holds ---------------------------------------------------------------------------- */

static void memberships_donep(struct memberships *m) {
        memberships_done(m);
}

static int tell_held(struct directory *d, const struct holder *h, const struct gathered *g, const struct snapshot_timed *entry,
                     int64_t now, int (*each)(void *, const struct explain_held *), void *about) {
        struct explain_reason reasons[EXPLAIN_REASONS_MAX];
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct explain_held held = { .gid = entry->gid, .until = entry->until };
        struct list l = { .d = d, .reason = reasons };
        int r;

        r = sql_find(d, "SELECT name FROM care_group WHERE gid = ?1", SQL_BIND(sql_integer(entry->gid)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        held.group = sql_column(stmt, 0);
        r = collect(&l, h, g, held.group, now);
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
        struct holder h;
        int r;

        r = gather(d, account, now, &h, &g);
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

        r = begin(d);
        return r == DIRECTORY_OK ? end(d, tell_all(d, account, now, each, about)) : r;
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
        struct holder h;
        int r;

        r = gather(d, account, now, &h, &g);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query_expected, SQL_BIND(sql_integer(h.id)), &row);
        if (r != DIRECTORY_OK)
                return r;
        while ((r = sql_next(d, row)) == DIRECTORY_OK) {
                struct list l = { .d = d, .reason = reasons };

                r = collect(&l, &h, &g, sql_column(row, 0), now);
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

        r = begin(d);
        return r == DIRECTORY_OK ? end(d, tell_missing(d, account, now, each, about)) : r;
}

/* -- Who can reach a client ------------------------------------------------------------------------------ */

/* Is @client enrolled at @unit at @now? */
static int is_enrolled(struct directory *d, int64_t client, int64_t unit, int64_t now, bool *ret) {
        int64_t yes = 0;
        int r;

        r = sql_find_integer(d, "SELECT EXISTS (SELECT 1 FROM enrolment e WHERE e.client = ?1 AND e.unit = ?2 AND " SQL_IN_BOUNDS("e", "?3") ")",
                             SQL_BIND(sql_integer(client), sql_integer(unit), sql_integer(now)), &yes);
        *ret = r == DIRECTORY_OK && yes != 0;
        return r;
}

static int tell_who(struct directory *d, struct reasons *o, sqlite3_stmt *row, int64_t client, int64_t now,
                    int (*each)(void *, const struct explain_who *), void *about) {
        struct holder h = { .id = sqlite3_column_int64(row, 0) };
        struct reason reason;
        int r;

        r = memberships_kind_of(sql_column(row, 2), &h.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: an account of no kind"));
        r = reasons_begin(o, h.id, reasons_of(&h));
        for (;;) {
                struct explain_who who = {
                        .account = sql_column(row, 1), .kind = sql_column(row, 2), .person = sql_column(row, 3),
                };
                bool reaches, enrolled = true;

                if (r == DIRECTORY_OK)
                        r = reasons_next(o, &reason);
                if (r != DIRECTORY_OK)
                        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
                who.reason.cause = say(&reason, now, &who.reason.from, &who.reason.until);
                reaches = explain_holds(who.reason.cause) && (reason.client == 0 || reason.client == client);
                if (reaches && reason.client == 0)
                        r = is_enrolled(d, client, reason.unit, now, &enrolled);
                reaches = reaches && enrolled;
                if (reaches && r == DIRECTORY_OK)
                        r = describe(d, &reason, &who.reason);
                if (reaches && r == DIRECTORY_OK)
                        r = each(about, &who);
        }
}

static int tell_reach(struct directory *d, const char *client, int64_t now,
                      int (*each)(void *, const struct explain_who *), void *about) {
        AUTO(reasons_done) struct reasons *o = NULL;
        auto_stmt sqlite3_stmt *row = NULL;
        int64_t id = 0, counts = 0;
        int r;

        r = directory_client_find(d, client, &id);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT c.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND o.archived IS NULL"
                                        " FROM client c JOIN person p ON p.id = c.person JOIN organisation o ON o.id = c.organisation"
                                        " WHERE c.id = ?1", SQL_BIND(sql_integer(id)), &counts);
        if (r != DIRECTORY_OK || !counts)
                return r;
        r = reasons_open(d, now, &o);
        /* Externals have assignments, too, and reach no client by them (M7). */
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, "SELECT a.id, a.name, a.kind, ifnull(p.alias, p.given_name || ' ' || p.family_name)"
                                   " FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
                                   " WHERE " SQL_ACCOUNT_COUNTS " AND a.kind <> 'external' AND a.id IN (SELECT account FROM client_grant WHERE client = ?1"
                                   "  UNION SELECT s.account FROM enrolment e JOIN assignment s ON s.unit = e.unit WHERE e.client = ?1)"
                                   " ORDER BY a.kind DESC, a.name", SQL_BIND(sql_integer(id)), &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = tell_who(d, o, row, id, now, each, about);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_explain_client(struct directory *d, const char *client, int64_t now,
                             int (*each)(void *about, const struct explain_who *who), void *about) {
        int r;

        r = begin(d);
        return r == DIRECTORY_OK ? end(d, tell_reach(d, client, now, each, about)) : r;
}
