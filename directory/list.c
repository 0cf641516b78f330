/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * list.c - the lists, one row at a time
 *
 *  1. MUST show an alias wherever there is one, and the name beside it nowhere (X10).
 *  2. MUST show of a personal number only that there is one, and of which country.
 */

#include "acts.h"
#include "assigned.h"
#include "day.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <string.h>

#define UTC(column)    "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch')"
#define YES(condition) "CASE WHEN " condition " THEN 'yes' ELSE 'no' END"
#define CLIENT         "o.name || '-' || c.number"
#define SHOWN_NAME     "ifnull(p.alias, p.given_name || ' ' || p.family_name)"

/*
 * Where turns go over midnight a first or last day begins when those of the
 * day before have ended (turns.h): noon of the day that was said.
 */
#define DAY_OF(column, sign)                                                                                    \
        "ifnull((SELECT " column " - t.minute_until * 60 " sign " 43200 FROM assignment t"                      \
        " WHERE t.id = ifnull(s.deputy_of, s.id) AND t.minute_until BETWEEN 1 AND t.minute_from), " column ")"

/* Accounts that count, with the unit of each assignment that is valid now; and what they have besides an e-ID. */
#define AT_UNITS                                                                                                \
        " FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"         \
        " LEFT JOIN (SELECT DISTINCT account, unit FROM assignment WHERE ended IS NULL AND ifnull(valid_from <= ?2, 1)" \
        "  AND ifnull(valid_until > ?2, 1)) s ON s.account = a.id LEFT JOIN unit u ON u.id = s.unit"            \
        " WHERE a.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND o.archived IS NULL"
#define PASSWORD      "EXISTS (SELECT 1 FROM password WHERE account = a.id)"
#define TOTP          "EXISTS (SELECT 1 FROM totp WHERE account = a.id)"
#define REACHED(kind) "EXISTS (SELECT 1 FROM contact WHERE person = a.person AND kind = '" kind "' AND ended IS NULL)"
#define SECOND_FACTOR "(" TOTP " OR " REACHED("phone") " OR " REACHED("mail") ")"
#define EXEMPT        "EXISTS (SELECT 1 FROM exemption WHERE account = a.id AND ended IS NULL AND until > ?2)"
#define CREDENTIALS                                                                                             \
        "trim(CASE WHEN " PASSWORD " THEN 'password ' ELSE '' END || CASE WHEN " TOTP " THEN 'totp ' ELSE '' END" \
        " || CASE WHEN " REACHED("phone") " THEN 'phone ' ELSE '' END || CASE WHEN " REACHED("mail") " THEN 'mail' ELSE '' END)"

/* The other columns of a grant, and where they are from. */
#define GRANT                                                                                                   \
        CLIENT ", r.name, g.basis, g.document, g.checked_by, g.review_on, g.valid_from, g.valid_until,"         \
        " CASE WHEN ifnull(g.ended <= ?2, 0) THEN g.ended_why WHEN ifnull(g.valid_until <= ?2, 0) THEN 'expired'" \
        " WHEN c.archived IS NOT NULL OR r.archived IS NOT NULL OR o.archived IS NOT NULL OR p.archived IS NOT NULL" \
        " OR a.archived IS NOT NULL OR w.archived IS NOT NULL THEN 'archived'"                                  \
        " WHEN ifnull(g.valid_from > ?2, 0) THEN 'future' ELSE 'valid' END, o.time_zone"                        \
        " FROM client_grant g JOIN account a ON a.id = g.account JOIN person w ON w.id = a.person"              \
        " JOIN client c ON c.id = g.client JOIN organisation o ON o.id = c.organisation JOIN person p ON p.id = c.person" \
        " JOIN role r ON r.id = g.role"

/*
 * ?1 is the filter or NULL, ?2 is now.  Column @day_from, and if it is there
 * the one after it, hold the ends of a validity in seconds, and the column
 * past the last one the time zone that they are shown in, as whole days; so
 * does column @review, which is one day.
 */
static const struct list {
        const char *what;
        const char *columns[DIRECTORY_COLUMNS_MAX + 1];
        const char *query;
        int         day_from, review;           /* 0: no such columns                             */
} lists[] = {
        { .what = "organisations", .columns = { "name", "title", "country", "time_zone", "archived" }, .query =
          "SELECT name, title, country, time_zone, " YES("archived IS NOT NULL") " FROM organisation"
          " WHERE ?1 IS NULL OR name = ?1 ORDER BY name" },
        { .what = "units", .columns = { "name", "organisation", "title", "archived" }, .query =
          "SELECT u.name, o.name, u.title, " YES("u.archived IS NOT NULL")
          " FROM unit u JOIN organisation o ON o.id = u.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (u.name, o.name) ORDER BY o.name, u.name" },
        { .what = "services", .columns = { "name", "number", "title", "opens", "module", "external", "lobby", "archived" }, .query =
          "SELECT name, number, title, opens, module, " YES("external") ", " YES("lobby") ", " YES("archived IS NOT NULL") " FROM service"
          " WHERE ?1 IS NULL OR name = ?1 OR CAST(number AS TEXT) = ?1 ORDER BY name" },
        { .what = "roles", .columns = { "name", "title", "kind", "daily_planning", "services", "archived" }, .query =
          "SELECT r.name, r.title, r.kind, " YES("r.daily_planning") ","
          " (SELECT group_concat(n, ' ') FROM (SELECT v.name AS n FROM role_service rs"
          "  JOIN service v ON v.id = rs.service WHERE rs.role = r.id ORDER BY v.name)), " YES("r.archived IS NOT NULL")
          " FROM role r WHERE ?1 IS NULL OR r.name = ?1 ORDER BY r.name" },
        { .what = "persons", .columns = { "id", "name", "reference", "protected", "language", "numbers", "contacts", "accounts",
                                          "clients", "died", "locked", "archived" }, .query =
          "SELECT p.id, " SHOWN_NAME ", p.reference, " YES("p.protected") ", p.language,"
          " (SELECT group_concat(n, ' ') FROM (SELECT DISTINCT issuer AS n FROM identity"
          "  WHERE person = p.id AND ended IS NULL ORDER BY n)),"
          " (SELECT group_concat(n, ' ') FROM (SELECT kind AS n FROM contact WHERE person = p.id AND ended IS NULL ORDER BY n)),"
          " (SELECT group_concat(n, ' ') FROM (SELECT name AS n FROM account WHERE person = p.id ORDER BY n)),"
          " (SELECT group_concat(n, ' ') FROM (SELECT o.name || '-' || c.number AS n FROM client c"
          "  JOIN organisation o ON o.id = c.organisation WHERE c.person = p.id ORDER BY o.name, c.number)),"
          " date(p.died - 43200, 'unixepoch'),"         /* noon of the day that ended then, in any zone that is meant */
          " (SELECT group_concat(DISTINCT ifnull(l.region, l.requested_by)) FROM lock l JOIN client c ON c.id = l.client"
          "  WHERE c.person = p.id AND l.lifted IS NULL),"
          " " YES("p.archived IS NOT NULL")
          " FROM person p WHERE ?1 IS NULL OR CAST(p.id AS TEXT) = ?1 OR p.reference = ?1 OR 'key:' || p.reference = ?1"
          " ORDER BY p.id" },
        { .what = "accounts", .columns = { "name", "kind", "organisation", "person", "person_name", "source", "uid",
                                           "home", "shell", "assigned", "archived" }, .query =
          "SELECT a.name, a.kind, o.name, p.id, " SHOWN_NAME ", a.source, a.uid, a.home, a.shell, "
          YES(SQL_ASSIGNED("?2")) ", "
          YES("a.archived IS NOT NULL OR p.archived IS NOT NULL OR o.archived IS NOT NULL")
          " FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, CAST(p.id AS TEXT)) ORDER BY a.name" },
        { .what = "assignments", .columns = { "id", "account", "person", "person_name", "role", "unit", "organisation",
                                              "from", "until", "state", "weekdays", "hours", "deputy_of" },
          .day_from = 7, .query =
          "SELECT s.id, a.name, p.id, " SHOWN_NAME ", r.name, u.name, o.name, " DAY_OF("s.valid_from", "+") ", " DAY_OF("s.valid_until", "-") ","
          " CASE WHEN ifnull(s.ended <= ?2, 0) THEN 'ended' WHEN ifnull(s.valid_until <= ?2, 0) THEN 'expired'"
          " WHEN r.archived IS NOT NULL OR u.archived IS NOT NULL OR o.archived IS NOT NULL"
          " OR a.archived IS NOT NULL OR p.archived IS NOT NULL THEN 'archived'"
          " WHEN EXISTS (SELECT 1 FROM assignment h WHERE h.id = s.deputy_of AND (h.ended <= ?2 OR h.valid_until <= ?2))"
          " THEN 'ended' WHEN ifnull(s.valid_from > ?2, 0) THEN 'future' ELSE 'valid' END,"
          " careid_days(s.weekdays), careid_hours(s.minute_from, s.minute_until), s.deputy_of, o.time_zone"
          " FROM assignment s JOIN account a ON a.id = s.account JOIN person p ON p.id = a.person"
          " JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit JOIN organisation o ON o.id = u.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, r.name, u.name, CAST(s.id AS TEXT)) ORDER BY s.id" },
        { .what = "mandates", .columns = { "id", "person", "person_name", "act", "organisation", "unit", "from", "until",
                                           "state" },
          .day_from = 6, .query =
          "SELECT m.id, p.id, " SHOWN_NAME ", m.act, o.name, u.name, m.valid_from, m.valid_until,"
          " CASE WHEN m.ended IS NOT NULL THEN 'ended' WHEN ifnull(m.valid_until <= ?2, 0) THEN 'expired'"
          " WHEN u.archived IS NOT NULL OR o.archived IS NOT NULL OR p.archived IS NOT NULL THEN 'archived'"
          " WHEN ifnull(m.valid_from > ?2, 0) THEN 'future' ELSE 'valid' END, o.time_zone"
          " FROM mandate m JOIN person p ON p.id = m.person JOIN organisation o ON o.id = m.organisation"
          " LEFT JOIN unit u ON u.id = m.unit"
          " WHERE ?1 IS NULL OR ?1 IN (m.act, o.name, u.name, CAST(p.id AS TEXT), 'id:' || m.id) ORDER BY m.id" },
        { .what = "messages", .columns = { "id", "at", "purpose", "person", "account", "kind", "state", "tries" }, .query =
          "SELECT m.id, " UTC("ifnull(m.ended, m.created)") ", m.purpose, m.person, a.name, m.kind, ifnull(m.outcome, 'waiting'), m.tries"
          " FROM message m LEFT JOIN account a ON a.id = m.account"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, 'id:' || m.id, CAST(m.person AS TEXT)) ORDER BY m.id" },
        { .what = "modules", .columns = { "module", "organisation" }, .query =
          "SELECT m.module, o.name FROM organisation_module m JOIN organisation o ON o.id = m.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (m.module, o.name) ORDER BY o.name, m.module" },
        { .what = "clients", .columns = { "name", "person", "person_name", "units", "granted_to", "state" }, .query =
          "SELECT " CLIENT ", p.id, " SHOWN_NAME ","
          " (SELECT group_concat(n, ' ') FROM (SELECT DISTINCT u.name AS n FROM enrolment e JOIN unit u ON u.id = e.unit"
          "  WHERE e.client = c.id AND e.ended IS NULL AND (e.valid_from IS NULL OR e.valid_from <= ?2)"
          "  AND (e.valid_until IS NULL OR e.valid_until > ?2) AND u.archived IS NULL ORDER BY n)),"
          " (SELECT group_concat(n, ' ') FROM (SELECT DISTINCT a.name AS n FROM client_grant g JOIN account a ON a.id = g.account"
          "  WHERE g.client = c.id AND g.ended IS NULL AND (g.valid_from IS NULL OR g.valid_from <= ?2)"
          "  AND (g.valid_until IS NULL OR g.valid_until > ?2) ORDER BY n)),"
          " CASE WHEN p.died IS NOT NULL THEN 'died'"
          " WHEN c.archived IS NOT NULL OR p.archived IS NOT NULL OR o.archived IS NOT NULL THEN 'archived' ELSE 'valid' END"
          " FROM client c JOIN organisation o ON o.id = c.organisation JOIN person p ON p.id = c.person"
          " WHERE ?1 IS NULL OR ?1 IN (" CLIENT ", o.name, CAST(p.id AS TEXT)) ORDER BY o.name, c.number" },
        { .what = "enrolments", .columns = { "id", "client", "unit", "from", "until", "state" }, .day_from = 3, .query =
          "SELECT e.id, " CLIENT ", u.name, e.valid_from, e.valid_until,"
          " CASE WHEN ifnull(e.ended <= ?2, 0) THEN 'ended' WHEN ifnull(e.valid_until <= ?2, 0) THEN 'expired'"
          " WHEN c.archived IS NOT NULL OR u.archived IS NOT NULL OR o.archived IS NOT NULL OR p.archived IS NOT NULL"
          " THEN 'archived' WHEN ifnull(e.valid_from > ?2, 0) THEN 'future' ELSE 'valid' END, o.time_zone"
          " FROM enrolment e JOIN client c ON c.id = e.client JOIN organisation o ON o.id = c.organisation"
          " JOIN person p ON p.id = c.person JOIN unit u ON u.id = e.unit"
          " WHERE ?1 IS NULL OR ?1 IN (" CLIENT ", u.name, CAST(e.id AS TEXT)) ORDER BY e.id" },
        { .what = "grants", .columns = { "id", "account", "client", "role", "basis", "document", "checked_by", "review_on",
                                         "from", "until", "state" }, .day_from = 8, .review = 7, .query =
          "SELECT g.id, a.name, " GRANT " WHERE ?1 IS NULL OR ?1 IN (a.name, " CLIENT ", r.name, CAST(g.id AS TEXT)) ORDER BY g.id" },
        { .what = "grants-about", .columns = { "id", "account", "person_name", "client", "role", "basis", "document", "checked_by",
                                               "review_on", "from", "until", "state" }, .day_from = 9, .review = 8, .query =
          "SELECT g.id, a.name, ifnull(w.alias, w.given_name || ' ' || w.family_name), " GRANT
          " WHERE c.person = CAST(?1 AS INTEGER) ORDER BY g.id" },
        { .what = "locks", .columns = { "id", "client", "requested_by", "region", "provider", "reason", "reason_text", "reference",
                                        "by", "at", "lifted", "lifted_for" }, .query =
          "SELECT l.id, " CLIENT ", l.requested_by, l.region, l.provider, l.reason, l.reason_text, l.reference, l.by_actor,"
          " " UTC("l.created") ", " UTC("l.lifted") ", l.lifted_for"
          " FROM lock l JOIN client c ON c.id = l.client JOIN organisation o ON o.id = c.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (" CLIENT ", l.region, CAST(l.id AS TEXT)) ORDER BY l.id" },
        { .what = "templates", .columns = { "name", "title", "organisation", "role", "unit", "days", "weekdays", "hours",
                                            "archived" }, .query =
          "SELECT t.name, t.title, o.name, r.name, u.name, t.days, careid_days(t.weekdays),"
          " careid_hours(t.minute_from, t.minute_until), " YES("t.archived IS NOT NULL")
          " FROM template t JOIN role r ON r.id = t.role JOIN unit u ON u.id = t.unit JOIN organisation o ON o.id = u.organisation"
          " WHERE ?1 IS NULL OR ?1 IN (t.name, r.name, u.name, o.name) ORDER BY t.name" },
        { .what = "keys", .columns = { "id", "state", "numbers", "contacts", "evidence", "codes" }, .query =
          "WITH id (id) AS (SELECT key FROM meta UNION SELECT hmac_key FROM identity UNION SELECT cipher_key FROM identity"
          "  UNION SELECT cipher_key FROM contact UNION SELECT cipher_key FROM evidence UNION SELECT cipher_key FROM totp"
          "  UNION SELECT cipher_key FROM contact_notice UNION SELECT mac_key FROM code WHERE ended IS NULL AND until > ?2)"
          " SELECT id, CASE WHEN id = (SELECT key FROM meta) THEN 'in-use' ELSE 'old' END,"
          " (SELECT count(*) FROM identity WHERE id.id IN (hmac_key, cipher_key)),"
          " (SELECT count(*) FROM contact WHERE cipher_key = id.id), (SELECT count(*) FROM evidence WHERE cipher_key = id.id),"
          " (SELECT count(*) FROM code WHERE mac_key = id.id AND ended IS NULL AND until > ?2)"
          " FROM id WHERE ?1 IS NULL OR CAST(id AS TEXT) = ?1 ORDER BY id" },
        { .what = "groups", .columns = { "name", "gid", "kind" }, .query =
          "SELECT name, gid, kind FROM care_group WHERE ?1 IS NULL OR name = ?1 OR CAST(gid AS TEXT) = ?1"
          " ORDER BY name" },
        { .what = "logins", .columns = { "id", "at", "account", "method", "authenticator", "assurance", "host",
                                         "service", "source", "target" }, .query =
          "SELECT l.id, " UTC("l.at") ", a.name, l.method, l.authenticator, l.assurance, l.host, l.service,"
          " l.source, l.target FROM login l JOIN account a ON a.id = l.account"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, CAST(l.id AS TEXT)) ORDER BY l.id" },
        { .what = "sessions", .columns = { "id", "account", "login", "host", "service", "source", "tty",
                                           "opened", "closed" }, .query =
          "SELECT s.id, a.name, s.login, s.host, s.service, s.source, s.tty, " UTC("s.opened") ", " UTC("s.closed")
          " FROM session s JOIN account a ON a.id = s.account"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, CAST(s.id AS TEXT)) ORDER BY s.id" },
        { .what = "evidence", .columns = { "login", "at", "account", "method", "kept_until", "bytes" }, .query =
          "SELECT e.login, " UTC("l.at") ", a.name, l.method, " UTC("e.kept_until") ", length(e.cipher) - 28"
          " FROM evidence e JOIN login l ON l.id = e.login JOIN account a ON a.id = l.account"
          " WHERE ?1 IS NULL OR ?1 IN (a.name, CAST(e.login AS TEXT)) ORDER BY e.login" },
        { .what = "credentials", .columns = { "account", "kind", "created", "until", "basis" }, .query =
          "SELECT a.name, c.kind, " UTC("c.created") ", " UTC("c.until") ", c.basis FROM account a JOIN ("
          "  SELECT account, 'password' AS kind, created, NULL AS until, proven_by AS basis FROM password"
          "  UNION ALL SELECT account, 'password-due', since, NULL, NULL FROM password_due"
          "  UNION ALL SELECT account, 'totp', created, NULL, NULL FROM totp"
          "  UNION ALL SELECT account, kind, created, until, checked FROM code"
          "   WHERE ended IS NULL AND until > ?2 AND kind IN ('activation', 'temporary')"
          "  UNION ALL SELECT account, 'exemption', created, until, why FROM exemption WHERE ended IS NULL AND until > ?2"
          "  UNION ALL SELECT n.id, 'number-' || i.issuer, i.created, NULL, NULL FROM identity i JOIN account n ON n.person = i.person"
          "   WHERE i.ended IS NULL"
          "  UNION ALL SELECT n.id, k.kind, k.created, NULL, NULL FROM contact k JOIN account n ON n.person = k.person"
          "   WHERE k.ended IS NULL) c ON c.account = a.id"
          " WHERE ?1 IS NULL OR a.name = ?1 ORDER BY a.name, c.kind" },
        { .what = "exemptions", .columns = { "id", "account", "requested_by", "reason", "until", "state" }, .review = 4, .query =
          "SELECT e.id, a.name, e.requested_by, e.why, e.until - 1, CASE WHEN e.ended IS NOT NULL THEN 'ended'"
          " WHEN e.until <= ?2 THEN 'expired' WHEN a.archived IS NOT NULL THEN 'archived' ELSE 'valid' END, o.time_zone"
          " FROM exemption e JOIN account a ON a.id = e.account JOIN organisation o ON o.id = a.organisation"
          " WHERE ?1 IS NULL OR a.name = ?1 ORDER BY e.id" },
        { .what = "outages", .columns = { "id", "from", "until", "ended", "reason", "state" }, .query =
          "SELECT id, " UTC("began") ", " UTC("until") ", " UTC("ended") ", reason,"
          " CASE WHEN ended IS NOT NULL THEN 'ended' WHEN until <= ?2 THEN 'expired' ELSE 'valid' END FROM outage WHERE ?1 IS NULL ORDER BY id" },
        { .what = "unbound", .columns = { "organisation", "unit", "account", "kind", "person", "credentials", "exempt" }, .query =
          "SELECT o.name, u.name, a.name, a.kind, a.person, " CREDENTIALS ", " YES(EXEMPT) AT_UNITS
          " AND NOT EXISTS (SELECT 1 FROM identity i WHERE i.person = a.person AND i.ended IS NULL)"
          " AND (?1 IS NULL OR ?1 IN (u.name, o.name)) ORDER BY o.name, u.name, a.name" },
        { .what = "unready", .columns = { "organisation", "unit", "account", "kind", "person", "credentials", "missing" }, .query =
          "SELECT o.name, u.name, a.name, a.kind, a.person, " CREDENTIALS ", CASE WHEN NOT " PASSWORD " THEN 'password' ELSE 'second-factor' END"
          AT_UNITS " AND NOT (" PASSWORD " AND " SECOND_FACTOR ") AND (?1 IS NULL OR ?1 IN (u.name, o.name)) ORDER BY o.name, u.name, a.name" },
        { .what = "audit", .columns = { "sequence", "at", "host_id", "actor", "act", "object", "detail",
                                        "hash" }, .query =
          "SELECT sequence, " UTC("at") ", host_id, actor, act, object, detail, lower(hex(hash)) FROM audit"
          " WHERE ?1 IS NULL OR ?1 IN (actor, act, object) OR CAST(sequence AS TEXT) = ?1 ORDER BY sequence" },
};

struct directory_list {
        struct directory  *directory;
        const struct list *list;
        sqlite3_stmt      *stmt;
        int                n_columns;
        char               days[3][DAY_TEXT + 1];
};

int directory_list_open(struct directory *d, const char *what, const char *filter, int64_t now,
                        const char *const **ret_columns, struct directory_list **ret) {

        auto_stmt sqlite3_stmt *stmt = NULL;
        const struct list *list = NULL;
        auto_free struct directory_list *l = NULL;
        int r;

        for (size_t i = 0; i < N_ELEMENTS(lists); i++)
                if (what && strcmp(lists[i].what, what) == 0)
                        list = &lists[i];
        if (!list)
                return directory_fail(d, DIRECTORY_E_INVALID, _("list: there is none of that name"));
        r = sql_prepare(d, list->query, SQL_BIND(sql_text(filter)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_bind_parameter_count(stmt) > 1 && sqlite3_bind_int64(stmt, 2, now) != SQLITE_OK)
                return sql_failed(d);

        l = calloc(1, sizeof *l);
        if (!l)
                return -ENOMEM;
        l->directory = d;
        l->list = list;
        l->stmt = STEAL_PTR(stmt);
        while (list->columns[l->n_columns])
                l->n_columns++;
        *ret_columns = list->columns;
        *ret = STEAL_PTR(l);
        return DIRECTORY_OK;
}

/* One end of a validity, as a day; the end is exclusive, so the last day is the one before it. */
static int show_day(struct directory_list *l, int column, int64_t before, char *text, const char **ret) {
        struct directory *d = l->directory;
        int r;

        *ret = "";
        if (sqlite3_column_type(l->stmt, column) == SQLITE_NULL)
                return DIRECTORY_OK;
        r = day_of(sql_column(l->stmt, l->n_columns), sqlite3_column_int64(l->stmt, column) - before, text);
        if (r < 0)
                return directory_fail(d, r, _("a date can't be shown in its time zone"));
        *ret = text;
        return DIRECTORY_OK;
}

int directory_list_next(struct directory_list *l, const char *values[static DIRECTORY_COLUMNS_MAX]) {
        const int from = l->list->day_from;
        int r;

        r = sql_next(l->directory, l->stmt);
        if (r != DIRECTORY_OK)
                return r;

        for (int i = 0; i < DIRECTORY_COLUMNS_MAX; i++)
                values[i] = i < l->n_columns ? sql_column(l->stmt, i) : NULL;
        if (from > 0)
                r = show_day(l, from, 0, l->days[0], &values[from]);
        if (from > 0 && r == DIRECTORY_OK)
                r = show_day(l, from + 1, 1, l->days[1], &values[from + 1]);
        if (l->list->review > 0 && r == DIRECTORY_OK)
                r = show_day(l, l->list->review, 0, l->days[2], &values[l->list->review]);
        return r;
}

struct directory_list *directory_list_close(struct directory_list *l) {
        if (!l)
                return NULL;
        sql_finalizep(&l->stmt);
        free(l);
        return NULL;
}
