/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mandate-covers.c - may whoever acts do this, here, to them?
 *
 * 1. MUST answer no unless a mandate that counts now says yes; only root (by_person 0) needs none.
 * 2. MUST be asked within the transaction of the act: a mandate that was taken back meanwhile is none.
 * 3. MUST let nothing be done from a client's account, whatever mandates its person has as staff.
 */

#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A mandate "m" that counts at ?3. */
#define MANDATE_COUNTS                                                                                          \
        "mandate m JOIN organisation mo ON mo.id = m.organisation JOIN person mp ON mp.id = m.person"           \
        " LEFT JOIN unit mu ON mu.id = m.unit"                                                                  \
        " WHERE m.ended IS NULL"                                                                                \
        " AND (m.valid_from IS NULL OR m.valid_from <= ?3) AND (m.valid_until IS NULL OR m.valid_until > ?3)"   \
        " AND mo.archived IS NULL AND mu.archived IS NULL AND mp.archived IS NULL AND (mp.died IS NULL OR mp.died > ?3)" \
        " AND EXISTS (SELECT 1 FROM account ma WHERE ma.person = m.person AND ma.organisation = m.organisation" \
        "  AND ma.kind = 'staff' AND ma.archived IS NULL)"

/* One of the person ?1. */
#define MANDATE_HELD MANDATE_COUNTS " AND m.person = ?1"

/* One to do ?2. */
#define MANDATE MANDATE_HELD " AND m.act = ?2"

static int refuse(struct directory *d, enum mandate_act what, int64_t organisation, int64_t unit) {
        auto_stmt sqlite3_stmt *stmt = NULL;

        if (organisation == MANDATE_ROOT_ALONE)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("only root may do this"));
        if (unit > 0 && sql_find(d, "SELECT name FROM unit WHERE id = ?1", SQL_BIND(sql_integer(unit)), &stmt) == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("you have no mandate to %s at the unit %s; see: careid mandates"),
                                      mandate_word(what), sql_column(stmt, 0));
        if (organisation > 0 && sql_find(d, "SELECT name FROM organisation WHERE id = ?1", SQL_BIND(sql_integer(organisation)), &stmt) == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("you have no mandate to %s in the organisation %s; see: careid mandates"),
                                      mandate_word(what), sql_column(stmt, 0));
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("you have no mandate to %s; see: careid mandates"), mandate_word(what));
}

static int refuse_self(struct directory *d) {
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("nobody acts on themselves"));
}

/* Does the answer have a row?  NOT_FOUND: no. */
static int ask(struct directory *d, const char *query, const struct sql_value *values, size_t n) {
        int64_t one;

        return sql_find_integer(d, query, values, n, &one);
}

int mandate_covers(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t organisation,
                   int64_t unit, int64_t about) {
        int r;

        if (act->as_client)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("a client's account sees and ends what is granted about its person, and does nothing else"));
        if (act->by_person == 0)
                return DIRECTORY_OK;
        if (about != 0 && about == act->by_person)
                return refuse_self(d);
        if (organisation == MANDATE_ROOT_ALONE)
                return refuse(d, what, organisation, unit);
        r = ask(d, "SELECT 1 FROM " MANDATE " AND (?4 = -1 OR m.organisation = ?4) AND (m.unit IS NULL OR ?5 = -1 OR m.unit = ?5) LIMIT 1",
                SQL_BIND(sql_integer(act->by_person), sql_text(mandate_word(what)), sql_integer(act->now),
                         sql_integer(organisation), sql_integer(unit)));
        return r == DIRECTORY_E_NOT_FOUND ? refuse(d, what, organisation, unit) : r;
}

int mandate_covers_place(struct directory *d, const struct directory_act *act, int64_t organisation, int64_t unit) {
        if (mandate_covers(d, act, MANDATE_ADD, organisation, unit, 0) == DIRECTORY_OK)
                return DIRECTORY_OK;
        return mandate_covers(d, act, MANDATE_GRANT, organisation, unit, 0);
}

int mandate_hide(struct directory *d, const struct directory_act *act, const char *kind, int r, int64_t about) {
        if (act->by_person == 0 || act->as_client || about == act->by_person || (r != DIRECTORY_E_NOT_FOUND && r != DIRECTORY_E_CONSTRAINT))
                return r;
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s: there is none with this id that you have a mandate for; see: careid mandates"),
                              kind);
}

int mandate_held(struct directory *d, int64_t person, int64_t now) {
        return ask(d, "SELECT 1 FROM " MANDATE_HELD " LIMIT 1", SQL_BIND(sql_integer(person), sql_null(), sql_integer(now)));
}

/* A mandate for the whole organisation @o. */
#define WHOLE(o) "EXISTS (SELECT 1 FROM " MANDATE " AND m.unit IS NULL AND m.organisation = " o ")"

/* Something of the person @p is of an organisation that is theirs. */
#define OF_THEIRS(p) "(EXISTS (SELECT 1 FROM account a WHERE a.person = " p " AND " WHOLE("a.organisation") ")"      \
        " OR EXISTS (SELECT 1 FROM client c WHERE c.person = " p " AND " WHOLE("c.organisation") "))"

/*
 * What puts the person ?4 out of reach.  What the acting person can bring
 * about by other acts of theirs (an assignment) never brings anybody within
 * it, nor does time: what has ended elsewhere has left a home and files there.
 */
static const char *const out_of_reach[] = {
        /* Whom there is not: nobody learns it. */
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = ?4)",
        /* Who holds a mandate, or held one of an organisation that is not theirs. */
        "SELECT 1 FROM mandate h WHERE h.person = ?4 AND ((h.ended IS NULL AND (h.valid_until IS NULL OR h.valid_until > ?3))"
        " OR NOT " WHOLE("h.organisation") ")",
        /* An account of the host's own, of an organisation that is not theirs, or that somebody else has added. */
        "SELECT 1 FROM account a WHERE a.person = ?4 AND (a.source = 'host' OR NOT (" WHOLE("a.organisation")
        " OR (a.kind IN ('staff', 'external') AND a.by_person IS ?1)))",
        /* Who works, will work or has worked elsewhere. */
        "SELECT 1 FROM account a JOIN assignment s ON s.account = a.id JOIN unit su ON su.id = s.unit WHERE a.person = ?4"
        " AND NOT EXISTS (SELECT 1 FROM " MANDATE " AND m.organisation = su.organisation AND (m.unit IS NULL OR m.unit = su.id))",
        /* A client, or somebody to whom clients of others are or were granted. */
        "SELECT 1 FROM client c WHERE c.person = ?4 AND NOT " WHOLE("c.organisation"),
        "SELECT 1 FROM account a JOIN client_grant g ON g.account = a.id JOIN client c ON c.id = g.client"
        " WHERE a.person = ?4 AND NOT " WHOLE("c.organisation"),
        /* Whom somebody else has made up, or given a number, unless something of theirs is of an organisation that is theirs. */
        "SELECT 1 FROM person p WHERE p.id = ?4 AND p.by_person IS NOT ?1 AND NOT " OF_THEIRS("p.id"),
        "SELECT 1 FROM identity i WHERE i.person = ?4 AND i.by_person IS NOT ?1 AND NOT " OF_THEIRS("i.person"),
};

/* Has the person anything that is out of reach?  OK: yes; NOT_FOUND: no. */
static int has_more(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t person) {
        int r = DIRECTORY_E_NOT_FOUND;

        for (size_t i = 0; r == DIRECTORY_E_NOT_FOUND && i < N_ELEMENTS(out_of_reach); i++)
                r = ask(d, out_of_reach[i], SQL_BIND(sql_integer(act->by_person), sql_text(mandate_word(what)),
                                                     sql_integer(act->now), sql_integer(person)));
        return r;
}

int mandate_covers_person(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t person) {
        int r;

        r = mandate_covers(d, act, what, MANDATE_ANY, MANDATE_ANY, person);
        if (r != DIRECTORY_OK || act->by_person == 0)
                return r;
        r = has_more(d, act, what, person);
        if (r == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("person: has, or may have, more than you have a mandate for; root may do this"));
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int mandate_covers_assignment(struct directory *d, const struct directory_act *act, int64_t account, int64_t role,
                              int64_t unit, const int64_t *until, const struct turns_rule *turns) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t organisation, person;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find(d, "SELECT a.person, u.organisation FROM account a, unit u WHERE a.id = ?1 AND u.id = ?2",
                     SQL_BIND(sql_integer(account), sql_integer(unit)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        person = sqlite3_column_int64(stmt, 0);
        organisation = sqlite3_column_int64(stmt, 1);

        /* What a template offers, whoever adds people there may give; its days are counted from today. */
        if (until && mandate_covers(d, act, MANDATE_ADD, organisation, unit, person) == DIRECTORY_OK) {
                r = ask(d, "SELECT 1 FROM template WHERE unit = ?1 AND role = ?2 AND archived IS NULL"
                           " AND ?3 <= ?4 + days * 86400 + 3600 + iif(minute_until <= minute_from, minute_until * 60, 0)"
                           " AND (weekdays IS NULL OR (weekdays = ?5 AND minute_from = ?6 AND minute_until = ?7)) LIMIT 1",
                        SQL_BIND(sql_integer(unit), sql_integer(role), sql_integer(*until), sql_integer(act->now),
                                 sql_integer(turns ? turns->weekdays : 0), sql_integer(turns ? turns->minute_from : 0),
                                 sql_integer(turns ? turns->minute_until : 0)));
                if (r != DIRECTORY_E_NOT_FOUND)
                        return r;
        }
        return mandate_covers(d, act, MANDATE_GRANT, organisation, unit, person);
}

int mandate_covers_end(struct directory *d, const struct directory_act *act, int64_t assignment) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t organisation, unit, person;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find(d, "SELECT a.person, u.organisation, u.id, s.by_person IS ?2 FROM assignment s JOIN account a ON a.id = s.account"
                        " JOIN unit u ON u.id = s.unit WHERE s.id = ?1",
                     SQL_BIND(sql_integer(assignment), sql_integer(act->by_person)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        person = sqlite3_column_int64(stmt, 0);
        organisation = sqlite3_column_int64(stmt, 1);
        unit = sqlite3_column_int64(stmt, 2);
        if (sqlite3_column_int(stmt, 3) && mandate_covers(d, act, MANDATE_ADD, organisation, unit, person) == DIRECTORY_OK)
                return DIRECTORY_OK;
        return mandate_covers(d, act, MANDATE_GRANT, organisation, unit, person);
}

static int refuse_opening(struct directory *d, const char *kind) {
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s: was closed by root, and is root's to open again"), kind);
}

/*
 * Each closing about the thing ?1:?2, or about the person whose it is, since
 * it was added; one of root's stands until root has opened the thing, or what
 * was closed.  Whoever leaves or dies has their accounts closed with it.
 */
#define CLOSINGS                                                                                                \
        "WITH about (thing, person) AS (SELECT ?1 || ':' || ?2, 'person:' || CASE ?1"                           \
        "  WHEN 'account' THEN (SELECT person FROM account WHERE id = ?2)"                                      \
        "  WHEN 'client' THEN (SELECT person FROM client WHERE id = ?2) END),"                                  \
        " entry AS (SELECT sequence, act, object, actor LIKE 'person:%' AS by_mandate, thing FROM audit, about" \
        "  WHERE sequence > (SELECT ifnull(max(sequence), 0) FROM audit, about WHERE act = ?1 || '.add' AND object = thing)" \
        "  AND (act IN ('archive', 'restore') AND (object = thing OR object = person)"                          \
        "       OR act IN ('person.leave', 'person.died') AND object = person AND ?1 = 'account')),"            \
        " closing AS (SELECT by_mandate, NOT by_mandate AND NOT EXISTS (SELECT 1 FROM entry b"                  \
        "  WHERE b.act = 'restore' AND NOT b.by_mandate AND b.sequence > c.sequence"                            \
        "  AND (b.object = c.thing OR (c.act = 'archive' AND b.object = c.object))) AS stands"                  \
        "  FROM entry c WHERE act <> 'restore')"

/* By somebody with a mandate, and by root none that stands; what was closed before the trail begins is root's. */
int mandate_covers_opening(struct directory *d, const struct directory_act *act, const char *kind, int64_t id) {
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = ask(d, CLOSINGS " SELECT 1 WHERE EXISTS (SELECT 1 FROM closing WHERE by_mandate)"
                            " AND NOT EXISTS (SELECT 1 FROM closing WHERE stands)"
                            " AND NOT EXISTS (SELECT 1 FROM account WHERE ?1 = 'account' AND id = ?2 AND archived < (SELECT min(at) FROM audit))"
                            " AND NOT EXISTS (SELECT 1 FROM client WHERE ?1 = 'client' AND id = ?2 AND archived < (SELECT min(at) FROM audit))",
                SQL_BIND(sql_text(kind), sql_integer(id)));
        return r == DIRECTORY_E_NOT_FOUND ? refuse_opening(d, kind) : r;
}

int mandate_covers_not_died(struct directory *d, const struct directory_act *act, int64_t person) {
        int64_t by_mandate = 0;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find_integer(d, "SELECT actor LIKE 'person:%' FROM audit WHERE act = 'person.died' AND object = 'person:' || ?1"
                                " ORDER BY sequence DESC LIMIT 1",
                             SQL_BIND(sql_integer(person)), &by_mandate);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return r;
        return by_mandate ? DIRECTORY_OK : refuse_opening(d, "person");
}

int mandate_covers_list(struct directory *d, const struct directory_act *act, const char *unit) {
        int64_t id, organisation;
        bool archived;
        int r;

        r = lookup_any(d, LOOKUP_UNIT, unit, &id, &archived);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT organisation FROM unit WHERE id = ?1", SQL_BIND(sql_integer(id)), &organisation);
        return r == DIRECTORY_OK ? mandate_covers_place(d, act, organisation, id) : r;
}

int mandate_audit_part(struct directory *d, const struct directory_act *act, char ret[static MANDATE_PART_MAX]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        size_t n = 1;
        int r;

        *d->complaint = '\0';
        ret[0] = '\0';
        r = mandate_covers(d, act, MANDATE_READ_AUDIT, MANDATE_ANY, MANDATE_ANY, 0);
        if (r != DIRECTORY_OK || act->by_person == 0)
                return r;
        r = ask(d, "SELECT 1 FROM organisation o WHERE o.archived IS NULL AND NOT EXISTS (SELECT 1 FROM " MANDATE
                   " AND m.organisation = o.id AND m.unit IS NULL) LIMIT 1",
                SQL_BIND(sql_integer(act->by_person), sql_text(mandate_word(MANDATE_READ_AUDIT)), sql_integer(act->now)));
        if (r != DIRECTORY_OK)                  /* there is no other organisation: all of it       */
                return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
        memcpy(ret, " ", 2);
        r = sql_prepare(d, "SELECT DISTINCT m.organisation FROM " MANDATE " AND m.unit IS NULL",
                        SQL_BIND(sql_integer(act->by_person), sql_text(mandate_word(MANDATE_READ_AUDIT)), sql_integer(act->now)), &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                n += (size_t) snprintf(ret + n, MANDATE_PART_MAX - n, "%lld ", (long long) sqlite3_column_int64(stmt, 0));
                if (n >= MANDATE_PART_MAX)
                        return -E2BIG;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int mandate_holders(struct directory *d, enum mandate_act what, int64_t organisation, int64_t unit, int64_t now,
                    int (*each)(void *with, int64_t person), void *with) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_prepare(d, "SELECT DISTINCT m.person FROM " MANDATE_COUNTS " AND m.act = ?2 AND m.organisation = ?4"
                           " AND (m.unit IS NULL OR m.unit = ?5) AND ?1 IS NULL ORDER BY 1",
                        SQL_BIND(sql_null(), sql_text(mandate_word(what)), sql_integer(now), sql_integer(organisation), sql_integer(unit)), &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK)
                r = each(with, sqlite3_column_int64(stmt, 0));
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int mandate_holders_count(struct directory *d, const enum mandate_act *what, int64_t now, int64_t *ret, int64_t *ret_no_se_number) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT count(DISTINCT m.person), count(DISTINCT CASE WHEN NOT EXISTS (SELECT 1 FROM identity i"
                        " WHERE i.person = m.person AND i.issuer = 'se' AND i.ended IS NULL) THEN m.person END)"
                        " FROM " MANDATE_COUNTS " AND ?1 IS NULL AND m.act = ifnull(?2, m.act)",
                     SQL_BIND(sql_null(), what ? sql_text(mandate_word(*what)) : sql_null(), sql_integer(now)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        *ret = sqlite3_column_int64(stmt, 0);
        *ret_no_se_number = sqlite3_column_int64(stmt, 1);
        return DIRECTORY_OK;
}
