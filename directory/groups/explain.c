/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * explain.c - why somebody holds a group or not
 */

#include "explain-reasons.h"

#include "assigned.h"
#include "i18n.h"
#include "lookup.h"
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

/* -- Who and which ------------------------------------------------------------------------------------- */

static int find_holder(struct directory *d, const char *name, struct explain_holder *ret) {
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

static bool is_private(const struct explain_holder *h) {
        return h->kind != MEMBERSHIPS_OF_STAFF;
}

enum reasons_of explain_reasons_of(const struct explain_holder *h) {
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

int explain_describe(struct directory *d, const struct reason *reason, struct explain_reason *ret) {
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

enum explain_cause explain_say(const struct reason *reason, int64_t now, int64_t *ret_from, int64_t *ret_until) {
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

/* In the order of their strength; the weakest fall off the end. */
static struct explain_reason *list_add(struct explain_list *l, const struct explain_reason *reason) {
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

static void list_add_bare(struct explain_list *l, enum explain_cause cause) {
        (void) list_add(l, &(struct explain_reason) { .cause = cause, .from = INT64_MIN, .until = INT64_MAX });
}

/* A reason that is about the same client or could give a service, and does not: 0 if it is about something else. */
static int why_not_service(struct explain_list *l, const struct asked *asked, const struct reason *reason, enum explain_cause *ret) {
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

static int add_reason(struct explain_list *l, const struct gathered *g, size_t i, const struct asked *asked, int64_t now) {
        const struct reason *const reason = &g->reason[i];
        struct explain_reason e = { .cause = 0 };
        int r;

        e.cause = explain_say(reason, now, &e.from, &e.until);
        if (!gathered_gives(g, i, asked->gid)) {
                enum explain_cause refused;

                r = why_not_service(l, asked, reason, &refused);
                if (r != DIRECTORY_OK || refused == 0)
                        return r;
                if (explain_holds(e.cause))
                        e.cause = asked->archived ? EXPLAIN_ARCHIVED : asked->is_off ? EXPLAIN_KIND_OFF : refused;
        }
        r = explain_describe(l->d, reason, &e);
        if (r == DIRECTORY_OK)
                (void) list_add(l, &e);
        return r;
}

/* What gives the group; and of a service, what could. */
static int add_reasons(struct explain_list *l, const struct gathered *g, const struct asked *asked, int64_t now) {
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
static bool is_forbidden(const struct explain_holder *h, const struct asked *asked) {
        return !h->counts || asked->archived || asked->is_off || (asked->is_record && is_private(h));
}

int explain_gather(struct directory *d, const char *account, int64_t now, struct explain_holder *ret_holder, struct gathered *ret) {
        const int r = find_holder(d, account, ret_holder);

        return r == DIRECTORY_OK ? gathered_read(d, ret_holder->id, explain_reasons_of(ret_holder), now, ret) : r;
}

int explain_collect(struct explain_list *l, const struct explain_holder *h, const struct gathered *g, const char *group, int64_t now) {
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

int explain_begin(struct directory *d) {
        *d->complaint = '\0';
        return sql_run(d, "SAVEPOINT explain", SQL_NONE);
}

int explain_end(struct directory *d, int r) {
        (void) sqlite3_exec(d->db, "RELEASE explain", NULL, NULL, NULL);        /* nothing was written */
        return r;
}

int directory_explain_group(struct directory *d, const char *account, const char *group, int64_t now, bool *ret_holds,
                            size_t *ret_n, struct explain_reason ret[static EXPLAIN_REASONS_MAX]) {
        AUTO(gathered_done) struct gathered g = { .n = 0 };
        struct explain_list l = { .d = d, .reason = ret };
        struct explain_holder h = { .id = 0 };
        int r;

        r = explain_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = explain_gather(d, account, now, &h, &g);
        r = explain_end(d, r == DIRECTORY_OK ? explain_collect(&l, &h, &g, group, now) : r);
        if (r == DIRECTORY_OK) {
                *ret_n = l.n;
                *ret_holds = explain_holds(ret[0].cause);
        }
        return r;
}
