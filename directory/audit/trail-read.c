/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trail-read.c - who did what: the entries of the audit trail that somebody asks for
 */

#include "audit.h"
#include "clients.h"
#include "day.h"
#include "i18n.h"
#include "scan.h"
#include "sql.h"
#include "trail.h"

#include <errno.h>
#include <string.h>

enum { ABOUT_MAX = 128 };

/* Whom or what it is about: 0 and NULL where it is not that. */
struct about {
        int64_t     person, account, client;
        const char *object;
};

static int about_find(struct directory *d, const char *name, bool is_client, struct about *ret) {
        uint64_t number;
        int r;

        if (strlen(name) > ABOUT_MAX)
                return directory_fail(d, DIRECTORY_E_INVALID, _("about: is too long"));
        if (is_client)
                return directory_client_find(d, name, &ret->client);
        if (strchr(name, ':')) {
                ret->object = name;
                return DIRECTORY_OK;
        }
        if (scan_whole_u64(name, INT64_MAX, &number))
                r = sql_find_integer(d, "SELECT id FROM person WHERE id = ?1", SQL_BIND(sql_integer((int64_t) number)), &ret->person);
        else {
                r = sql_find_integer(d, "SELECT id FROM account WHERE name = ?1", SQL_BIND(sql_text(name)), &ret->account);
                if (r == DIRECTORY_E_NOT_FOUND)
                        r = directory_client_find(d, name, &ret->client);
        }
        if (r == DIRECTORY_E_NOT_FOUND || r == DIRECTORY_E_INVALID)
                return directory_fail(d, DIRECTORY_E_NOT_FOUND, _("about: there is no log-in, client or person (by id) of this name"));
        return r;
}

static int read_zone(struct directory *d, int64_t client, char ret[static DAY_ZONE_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT CASE WHEN ?1 = 0 THEN " AUDIT_ZONE " ELSE (SELECT o.time_zone FROM client c"
                                  " JOIN organisation o ON o.id = c.organisation WHERE c.id = ?1) END", SQL_BIND(sql_integer(client)), &stmt);

        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_type(stmt, 0) == SQLITE_NULL)
                return directory_fail(d, DIRECTORY_E_NOT_FOUND, _("client: there is no such client"));
        (void) snprintf(ret, DAY_ZONE_MAX + 1, "%s", sql_column(stmt, 0));
        return DIRECTORY_OK;
}

int directory_days_find(struct directory *d, int64_t client, const char *from_date, const char *until_date, int64_t *ret_from,
                        int64_t *ret_until) {
        char zone[DAY_ZONE_MAX + 1];
        int64_t ignored;
        int r;

        *ret_from = INT64_MIN;
        *ret_until = INT64_MAX;
        r = from_date || until_date ? read_zone(d, client, zone) : DIRECTORY_OK;
        if (r == DIRECTORY_OK && from_date)
                r = day_bounds(zone, from_date, ret_from, &ignored);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("from: must be a date, like 2026-11-21"));
        if (r == DIRECTORY_OK && until_date)
                r = day_bounds(zone, until_date, &ignored, ret_until);
        if (r == -EINVAL)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: must be a date, like 2026-11-21"));
        if (r == DIRECTORY_OK && *ret_from >= *ret_until)
                return directory_fail(d, DIRECTORY_E_INVALID, _("from, until: the last day is before the first"));
        return r;
}

/*
 * Is the entry ?2 certainly of the organisations ?1?  What is of no
 * organisation alone (roles, services, keys, the directory), and a sample, which
 * is drawn from all, has no row here; nor has what is unknown: NULL is not yes.
 */
#define PART(o) "instr(?1, ' ' || " o " || ' ') > 0"
#define OBJECT_ID "CAST(substr(audit.object, instr(audit.object, ':') + 1) AS INTEGER)"
#define ACTOR_ID "CAST(substr(audit.actor, 8) AS INTEGER)"
static const char certain[] =
        "SELECT CASE substr(object, 1, instr(object, ':') - 1)"
        " WHEN 'organisation' THEN " PART(OBJECT_ID)
        " WHEN 'unit' THEN (SELECT " PART("organisation") " FROM unit WHERE id = " OBJECT_ID ")"
        " WHEN 'template' THEN (SELECT " PART("organisation") " FROM template WHERE id = " OBJECT_ID ")"
        " WHEN 'account' THEN (SELECT " PART("organisation") " FROM account WHERE id = " OBJECT_ID ")"
        " WHEN 'client' THEN (SELECT " PART("organisation") " FROM client WHERE id = " OBJECT_ID ")"
        " WHEN 'mandate' THEN (SELECT " PART("organisation") " FROM mandate WHERE id = " OBJECT_ID ")"
        " WHEN 'enrolment' THEN (SELECT " PART("c.organisation") " FROM enrolment e JOIN client c ON c.id = e.client WHERE e.id = " OBJECT_ID ")"
        " WHEN 'lock' THEN (SELECT " PART("c.organisation") " FROM lock l JOIN client c ON c.id = l.client WHERE l.id = " OBJECT_ID ")"
        " WHEN 'login' THEN (SELECT " PART("a.organisation") " FROM login l JOIN account a ON a.id = l.account WHERE l.id = " OBJECT_ID ")"
        " WHEN 'assignment' THEN (SELECT " PART("a.organisation") " AND " PART("u.organisation")
        "  FROM assignment s JOIN account a ON a.id = s.account JOIN unit u ON u.id = s.unit WHERE s.id = " OBJECT_ID ")"
        " WHEN 'grant' THEN (SELECT " PART("a.organisation") " AND " PART("c.organisation")
        "  FROM client_grant g JOIN account a ON a.id = g.account JOIN client c ON c.id = g.client WHERE g.id = " OBJECT_ID ")"
        " WHEN 'person' THEN act <> 'audit.sample' AND"
        "  (EXISTS (SELECT 1 FROM account WHERE person = " OBJECT_ID ") OR EXISTS (SELECT 1 FROM client WHERE person = " OBJECT_ID "))"
        "  AND NOT EXISTS (SELECT 1 FROM account WHERE person = " OBJECT_ID " AND NOT " PART("organisation") ")"
        "  AND NOT EXISTS (SELECT 1 FROM client WHERE person = " OBJECT_ID " AND NOT " PART("organisation") ")"
        "  AND NOT EXISTS (SELECT 1 FROM mandate WHERE person = " OBJECT_ID " AND NOT " PART("organisation") ")"
        "  AND NOT EXISTS (SELECT 1 FROM account a JOIN assignment s ON s.account = a.id JOIN unit u ON u.id = s.unit"
        "   WHERE a.person = " OBJECT_ID " AND NOT " PART("u.organisation") ")"
        "  AND NOT EXISTS (SELECT 1 FROM account a JOIN client_grant g ON g.account = a.id JOIN client c ON c.id = g.client"
        "   WHERE a.person = " OBJECT_ID " AND NOT " PART("c.organisation") ")"
        "  AND (substr(actor, 1, 7) <> 'person:' OR NOT EXISTS"
        "   (SELECT 1 FROM mandate WHERE person = " ACTOR_ID " AND NOT " PART("organisation") "))"
        " ELSE 0 END FROM audit WHERE sequence = ?2";

/* ?1 person, ?2 account, ?3 client (0: none), ?4 object, ?5 act, ?6 word, ?7 and ?8 the time, ?9 readings alone. */
static const char query[] =
        "WITH whose(id) AS (SELECT ?1 WHERE ?1 <> 0 UNION ALL SELECT person FROM client WHERE ?9 AND id = ?3),"
        " accounts(id) AS (SELECT id FROM account WHERE person IN whose OR id = ?2),"
        " clients(id) AS (SELECT id FROM client WHERE person = ?1 OR id = ?3),"
        " objects(name) AS (SELECT 'person:' || id FROM whose"
        "  UNION ALL SELECT 'directory:0' WHERE ?9"
        "  UNION ALL SELECT 'account:' || id FROM accounts"
        "  UNION ALL SELECT 'client:' || id FROM clients"
        "  UNION ALL SELECT 'assignment:' || id FROM assignment WHERE account IN accounts"
        "  UNION ALL SELECT 'grant:' || id FROM client_grant WHERE account IN accounts OR client IN clients"
        "  UNION ALL SELECT 'enrolment:' || id FROM enrolment WHERE client IN clients"
        "  UNION ALL SELECT 'lock:' || id FROM lock WHERE client IN clients"
        "  UNION ALL SELECT 'mandate:' || id FROM mandate WHERE person = ?1"
        "  UNION ALL SELECT 'login:' || id FROM login WHERE account IN accounts)"
        " SELECT sequence, at, host_id, actor, act, object, detail, hash FROM audit"
        " WHERE at >= ?7 AND at < ?8"
        " AND (?5 IS NULL OR act = ?5 OR substr(act, 1, length(?5) + 1) = ?5 || '.')"
        " AND (?6 IS NULL OR ?6 IN (actor, act, object) OR CAST(sequence AS TEXT) = ?6)"
        " AND (?4 IS NULL OR ?4 IN (object, actor))"
        " AND (NOT ?9 OR act = 'export' OR act GLOB '*.read' OR act GLOB '*.show' OR act GLOB '*.export'"
        "  OR act GLOB '*.list' OR act GLOB '*.who')"
        /* A list of all shows nobody who was not there yet. */
        " AND (NOT ?9 OR object <> 'directory:0' OR at >= coalesce((SELECT created FROM person WHERE id IN whose), at))"
        " AND ((?1 = 0 AND ?2 = 0 AND ?3 = 0) OR object IN objects"
        /* What closes all of somebody at once is told of the person alone. */
        "  OR (act IN ('person.leave', 'person.died', 'person.not-died', 'archive', 'restore') AND object IN"
        "   (SELECT 'person:' || person FROM account WHERE id = ?2 UNION ALL SELECT 'person:' || person FROM client WHERE id = ?3))"
        "  OR (?1 <> 0 AND substr(actor || ' ', 1, length('person:' || ?1) + 1) = 'person:' || ?1 || ' ')"
        "  OR (NOT ?9 AND substr(actor, 1, 8) = 'account:' AND substr(actor, 9) IN (SELECT CAST(id AS TEXT) FROM accounts)))"
        " ORDER BY sequence";

/* Of each entry anew, by one statement.  OK: it is; NOT_FOUND: it is not, or nobody can say. */
static int is_certain(struct directory *d, sqlite3_stmt *stmt, int64_t sequence) {
        int r;

        (void) sqlite3_reset(stmt);
        if (sqlite3_bind_int64(stmt, 2, sequence) != SQLITE_OK)
                return -ENOMEM;
        r = sql_next(d, stmt);
        return r == DIRECTORY_OK && sqlite3_column_int(stmt, 0) != 1 ? DIRECTORY_E_NOT_FOUND : r;
}

int directory_trail_read(struct directory *d, const struct directory_trail_filter *f,
                         int (*each)(void *with, const struct directory_trail_entry *entry), void *with) {
        const char *const part = f->part && *f->part ? f->part : NULL;
        auto_stmt sqlite3_stmt *stmt = NULL, *of_theirs = NULL;
        struct about about = { .person = 0 };
        int64_t from, until;
        int r;

        r = f->about ? about_find(d, f->about, f->readings, &about) : DIRECTORY_OK;
        if (part && (r == DIRECTORY_E_NOT_FOUND || r == DIRECTORY_E_INVALID))
                return DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = directory_days_find(d, 0, f->from_date, f->until_date, &from, &until);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, query, SQL_BIND(sql_integer(about.person), sql_integer(about.account),
                                                   sql_integer(about.client), sql_text(about.object), sql_text(f->act),
                                                   sql_text(f->word), sql_integer(from), sql_integer(until),
                                                   sql_integer(f->readings)), &stmt);
        if (r == DIRECTORY_OK && part)
                r = sql_prepare(d, certain, SQL_BIND(sql_text(part), sql_integer(0)), &of_theirs);
        if (r != DIRECTORY_OK)
                return r;
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                const int theirs = part ? is_certain(d, of_theirs, sqlite3_column_int64(stmt, 0)) : DIRECTORY_OK;

                if (theirs == DIRECTORY_E_NOT_FOUND)
                        continue;
                if (theirs != DIRECTORY_OK)
                        return theirs;
                r = each(with, &(struct directory_trail_entry) {
                        .sequence = sqlite3_column_int64(stmt, 0), .at = sqlite3_column_int64(stmt, 1),
                        .host_id = sql_column(stmt, 2), .actor = sql_column(stmt, 3), .act = sql_column(stmt, 4),
                        .object = sql_column(stmt, 5), .detail = sql_column(stmt, 6),
                        .hash = sql_bytes(stmt, 7, AUDIT_HASH_SIZE),
                });
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}
