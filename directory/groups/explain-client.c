/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * explain-client.c - who can reach a client
 */

#include "explain-reasons.h"

#include "clients.h"
#include "i18n.h"
#include "lookup.h"
#include "sql.h"

static void reasons_done(struct reasons **o) {
        *o = reasons_close(*o);
}

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
        struct explain_holder h = { .id = sqlite3_column_int64(row, 0) };
        struct reason reason;
        int r;

        r = memberships_kind_of(sql_column(row, 2), &h.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: an account of no kind"));
        r = reasons_begin(o, h.id, explain_reasons_of(&h));
        for (;;) {
                struct explain_who who = {
                        .account = sql_column(row, 1), .kind = sql_column(row, 2), .person = sql_column(row, 3),
                };
                bool reaches, enrolled = true;

                if (r == DIRECTORY_OK)
                        r = reasons_next(o, &reason);
                if (r != DIRECTORY_OK)
                        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
                who.reason.cause = explain_say(&reason, now, &who.reason.from, &who.reason.until);
                reaches = explain_holds(who.reason.cause) && (reason.client == 0 || reason.client == client);
                if (reaches && reason.client == 0)
                        r = is_enrolled(d, client, reason.unit, now, &enrolled);
                reaches = reaches && enrolled;
                if (reaches && r == DIRECTORY_OK)
                        r = explain_describe(d, &reason, &who.reason);
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

        r = explain_begin(d);
        return r == DIRECTORY_OK ? explain_end(d, tell_reach(d, client, now, each, about)) : r;
}
