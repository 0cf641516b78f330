/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * row-kinds.c - what of the care directory is imported and exported
 *
 * Exported is what stands: nothing that is archived, has ended or is over,
 * nobody who has died, and nothing that hangs on such.
 */

#include "row-kinds.h"
#include "put.h"

#include <string.h>

#define REQUIRED        TRANSFER_REQUIRED
#define YES(condition)  "CASE WHEN " condition " THEN 'yes' ELSE 'no' END"
/* The key of a person: their own, or this directory's beginning and their id (reference.h). */
#define KEY             "ifnull(p.reference, substr((SELECT host_id FROM meta), 1, 8) || '-' || p.id)"
#define UNIT_ZONE       "SELECT o.time_zone FROM unit u JOIN organisation o ON o.id = u.organisation WHERE u.name = "

#define HOURS(row)      row ".minute_from * 1440 + " row ".minute_until"
/* Days alone are whole days, hours alone are of every day. */
#define SAME_DAYS       "CASE WHEN ?6 IS NULL AND ?7 IS NULL THEN NULL ELSE ifnull(?6, 127) END"
#define SAME_HOURS      "CASE WHEN ?6 IS NULL AND ?7 IS NULL THEN NULL ELSE ifnull(?7, 0) END"
/*
 * Where turns go over midnight a first or last day begins when those of the
 * day before have ended (turns.h): noon of the day that was said.
 */
#define DAY_OF(column, sign)                                                                                    \
        "ifnull((SELECT " column " - t.minute_until * 60 " sign " 43200 FROM assignment t"                      \
        " WHERE t.id = ifnull(s.deputy_of, s.id) AND t.minute_until BETWEEN 1 AND t.minute_from), " column ")"
/* Is it that day?  No day has less than 23 hours. */
#define SAME_FROM(value)  "(s.valid_from IS NULL AND " value " IS NULL OR " DAY_OF("s.valid_from", "+") " - " value " BETWEEN 0 AND 82799)"
#define SAME_UNTIL(value) "(s.valid_until IS NULL AND " value " IS NULL OR " value " - " DAY_OF("s.valid_until", "-") " BETWEEN 0 AND 82799)"
/* Nowhere in a file is it said that somebody has died: from one they would come back alive. */
#define PERSON_STANDS(p) p ".archived IS NULL AND " p ".died IS NULL"

#define OF_ASSIGNMENT   "JOIN account a ON a.id = s.account JOIN person p ON p.id = a.person JOIN role r ON r.id = s.role" \
                        " JOIN unit u ON u.id = s.unit JOIN organisation o ON o.id = u.organisation"
#define ASSIGNMENT_STANDS(now) \
                        "s.ended IS NULL AND (s.valid_until IS NULL OR s.valid_until > " now ") AND a.archived IS NULL AND " \
                        PERSON_STANDS("p") " AND r.archived IS NULL AND u.archived IS NULL AND o.archived IS NULL"
/*
 * What was taken away when a row was ended is the time from that moment on,
 * or all of it where it had not begun.  Who says in a file that it is there at
 * the first moment of that says what has ended; who has it begin later says
 * something new.  The last turn of a day reaches into the next.
 */
#define TAKEN_AT(row)   "max(" row ".ended, ifnull(" row ".valid_from, 0))"
#define HAS_ENDED(row, from, until) \
                        row ".ended IS NOT NULL AND ifnull(" from ", 0) <= " TAKEN_AT(row) \
                        " AND (" until " IS NULL OR " until " + 86400 > " TAKEN_AT(row) ")"
/* What was ended when the last day that is said, or the last turn of it, was over already, has nothing that could come back. */
#define SAID_AND_OVER(until) \
                        "(" until " IS NOT NULL AND " until " + CASE WHEN s.minute_until BETWEEN 1 AND s.minute_from" \
                        " THEN s.minute_until * 60 ELSE 0 END <= s.ended)"
#define STANDING_FIRST(row) " ORDER BY " row ".ended IS NOT NULL LIMIT 1"

/* What a row hangs on and is no more. */
#define GONE(table, value)  "EXISTS (SELECT 1 FROM " table " WHERE name = " value " AND archived IS NOT NULL)"
#define GONE_UNIT(value)    "EXISTS (SELECT 1 FROM unit u JOIN organisation o ON o.id = u.organisation WHERE u.name = " value \
                            " AND (u.archived IS NOT NULL OR o.archived IS NOT NULL))"
#define GONE_PERSON(value)  "EXISTS (SELECT 1 FROM person WHERE id = " value " AND (archived IS NOT NULL OR died IS NOT NULL))"
#define GONE_ACCOUNT(value) "EXISTS (SELECT 1 FROM account a JOIN person p ON p.id = a.person WHERE a.name = " value \
                            " AND (a.archived IS NOT NULL OR p.archived IS NOT NULL OR p.died IS NOT NULL))"
#define GONE_CLIENT(value)  "EXISTS (SELECT 1 FROM client c JOIN person p ON p.id = c.person WHERE c.id = " value \
                            " AND (c.archived IS NOT NULL OR p.archived IS NOT NULL OR p.died IS NOT NULL))"
/* Held by account ?2 in role ?3 at unit ?4 once, and not now. */
#define HELD            "FROM assignment s JOIN account a ON a.id = s.account JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit" \
                        " WHERE a.name = ?2 AND r.name = ?3 AND u.name = ?4 AND s.deputy_of IS NULL AND s.ended IS "
#define GONE_HELD       "EXISTS (SELECT 1 " HELD "NOT NULL) AND NOT EXISTS (SELECT 1 " HELD "NULL)"

#define CLIENT_STANDS   "c.archived IS NULL AND " PERSON_STANDS("p") " AND o.archived IS NULL"

/* CROSS JOIN and a plus sign: from the account or client, who has few, not from a unit or a day, which have many. */
const struct transfer_kind transfer_kinds[TRANSFER_KINDS + 1] = {
        { .name = "organisations", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z, 0-9 and -" },
                { "title", REQUIRED, "its name for people" },
                { "country", REQUIRED, "SE, DK" },
                { "time_zone", 0, "a name of tzdata; empty: Europe/Stockholm, Europe/Copenhagen" } },
          .existing = "SELECT name, title, country, time_zone, archived IS NOT NULL FROM organisation WHERE name = ?1",
          .put = put_organisation,
          .all = "SELECT name, title, country, time_zone FROM organisation WHERE archived IS NULL ORDER BY name",
          .rows_of = "organisation" },
        { .name = "modules", .columns = {
                { "organisation", REQUIRED, "name of the organisation" },
                { "module", REQUIRED, "what it has; the names are in careid-module(8)" } },
          .existing = "SELECT 0 FROM organisation_module m JOIN organisation o ON o.id = m.organisation"
                      " WHERE o.name = ?1 AND m.module = ?2 UNION ALL SELECT 1 FROM organisation o JOIN taken t ON t.whose = o.id"
                      " WHERE o.name = ?1 AND t.what = 'module' AND t.that = ?2 ORDER BY 1 LIMIT 1",
          .gone = "SELECT 1 WHERE " GONE("organisation", "?1"),
          .put = put_module,
          .all = "SELECT o.name, m.module FROM organisation_module m JOIN organisation o ON o.id = m.organisation"
                 " WHERE o.archived IS NULL ORDER BY o.name, m.module",
          .rows_of = "organisation_module" },
        { .name = "units", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z and 0-9" },
                { "organisation", REQUIRED, "whose unit it is" },
                { "title", REQUIRED, "its name for people" } },
          .existing = "SELECT u.name, o.name, u.title, u.archived IS NOT NULL FROM unit u JOIN organisation o ON o.id = u.organisation"
                      " WHERE u.name = ?1",
          .gone = "SELECT 1 WHERE " GONE("organisation", "?2"),
          .put = put_unit,
          .all = "SELECT u.name, o.name, u.title FROM unit u JOIN organisation o ON o.id = u.organisation"
                 " WHERE u.archived IS NULL AND o.archived IS NULL ORDER BY u.name",
          .rows_of = "unit" },
        { .name = "services", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z, 0-9 and -" },
                { "title", REQUIRED, "its name for people" },
                { "opens", 0, "other, record, record-view" },
                { "module", 0, "the module that it belongs to" },
                { "external", TRANSFER_YES, "yes: externals may reach it" },
                { "lobby", TRANSFER_YES, "yes: open to those who are not yet clients" },
                { "number", TRANSFER_NUMBER, "its number elsewhere" } },
          .existing = "SELECT name, title, opens, module, " YES("external") ", " YES("lobby") ", number, archived IS NOT NULL"
                      " FROM service WHERE name = ?1",
          .put = put_service,
          .all = "SELECT name, title, opens, module, " YES("external") ", " YES("lobby") ", number FROM service"
                 " WHERE archived IS NULL ORDER BY name",
          .rows_of = "service" },
        { .name = "roles", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z and 0-9" },
                { "title", REQUIRED, "its name for people" },
                { "kind", REQUIRED, "staff, client, relative, external" },
                { "daily_planning", TRANSFER_YES, "yes: the role plans the day; never for relatives" } },
          .existing = "SELECT name, title, kind, " YES("daily_planning") ", archived IS NOT NULL FROM role WHERE name = ?1",
          .put = put_role,
          .all = "SELECT name, title, kind, " YES("daily_planning") " FROM role WHERE archived IS NULL ORDER BY name",
          .rows_of = "role" },
        { .name = "role-services", .columns = {
                { "role", REQUIRED, "name of the role" },
                { "service", REQUIRED, "name of a service that it is made of" } },
          .existing = "SELECT 0 FROM role_service s JOIN role r ON r.id = s.role JOIN service v ON v.id = s.service"
                      " WHERE r.name = ?1 AND v.name = ?2 UNION ALL SELECT 1 FROM role r JOIN taken t ON t.whose = r.id JOIN service v"
                      " ON v.id = CAST(t.that AS INTEGER) WHERE r.name = ?1 AND v.name = ?2 AND t.what = 'role-service' ORDER BY 1 LIMIT 1",
          .gone = "SELECT 1 WHERE " GONE("role", "?1") " OR " GONE("service", "?2"),
          .put = put_role_service,
          .all = "SELECT r.name, v.name FROM role_service s JOIN role r ON r.id = s.role JOIN service v ON v.id = s.service"
                 " WHERE r.archived IS NULL AND v.archived IS NULL ORDER BY r.name, v.name",
          .rows_of = "role_service" },
        { .name = "persons", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "your key of the person; never a personal number" },
                { "given_name", REQUIRED, "first name" },
                { "family_name", REQUIRED, "last name" },
                { "alias", 0, "shown instead of the name, everywhere" },
                { "language", 0, "sv, da, en" } },
          .existing = "SELECT id, given_name, family_name, alias, language, archived IS NOT NULL FROM person WHERE id = ?1",
          .put = put_person,
          .all = "SELECT " KEY " AS k, given_name, family_name, alias, language FROM person p WHERE " PERSON_STANDS("p") " ORDER BY k",
          .rows_of = "person" },
        { .name = "identities", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person" },
                { "country", REQUIRED, "SE, DK" },
                { "number", REQUIRED | TRANSFER_SEALED, "the personal number, in any usual spelling" } },
          .secret = true,
          .gone = "SELECT 1 WHERE " GONE_PERSON("?1"),
          .put = put_identity,
          .all = "SELECT " KEY " AS k, upper(i.issuer), i.cipher, p.id, i.issuer FROM identity i JOIN person p ON p.id = i.person"
                 " WHERE i.ended IS NULL AND i.issuer IN ('se', 'dk') AND " PERSON_STANDS("p") " ORDER BY k, i.issuer",
          .rows_of = "identity WHERE issuer IN ('se', 'dk')" },
        { .name = "contacts", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person" },
                { "kind", REQUIRED, "phone, mail" },
                { "value", REQUIRED | TRANSFER_CONTACT, "the number with its country, like +46 8 123 456 78, or the address" } },
          .secret = true,
          /* Of one that was removed nothing is known but that. */
          .existing = "SELECT 1 FROM contact c WHERE c.person = ?1 AND c.kind = ?2 AND c.ended IS NOT NULL AND NOT EXISTS"
                      " (SELECT 1 FROM contact n WHERE n.person = ?1 AND n.kind = ?2 AND n.ended IS NULL) LIMIT 1",
          .gone = "SELECT 1 WHERE " GONE_PERSON("?1"),
          .put = put_contact,
          .all = "SELECT " KEY " AS k, c.kind, c.cipher, p.id, c.kind FROM contact c JOIN person p ON p.id = c.person"
                 " WHERE c.ended IS NULL AND " PERSON_STANDS("p") " ORDER BY k, c.kind",
          .rows_of = "contact" },
        { .name = "accounts", .columns = {
                { "name", REQUIRED, "the log-in name" },
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person whose it is" },
                { "organisation", REQUIRED, "whose log-in it is" },
                { "kind", REQUIRED, "staff, client, relative, external" },
                { "source", 0, "careid, or host: the passwd entry is elsewhere" },
                { "home", 0, "empty: as configured" },
                { "shell", 0, "empty: as configured" } },
          .existing = "SELECT a.name, a.person, o.name, a.kind, a.source, a.home, a.shell, a.archived IS NOT NULL FROM account a"
                      " JOIN organisation o ON o.id = a.organisation WHERE a.name = ?1",
          .gone = "SELECT 1 WHERE " GONE_PERSON("?2") " OR " GONE("organisation", "?3"),
          .put = put_account,
          .all = "SELECT a.name, " KEY ", o.name, a.kind, a.source, a.home, a.shell FROM account a JOIN person p ON p.id = a.person"
                 " JOIN organisation o ON o.id = a.organisation"
                 " WHERE a.archived IS NULL AND " PERSON_STANDS("p") " AND o.archived IS NULL ORDER BY a.name",
          .rows_of = "account" },
        { .name = "assignments", .columns = {
                { "account", REQUIRED, "log-in name, of staff or an external" },
                { "role", REQUIRED, "name of the role" },
                { "unit", REQUIRED, "name of the unit" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", TRANSFER_LAST_DAY, "last day, included; empty: no end" },
                { "weekdays", TRANSFER_DAYS, "on which it counts, like mon-fri; empty: always, or every day at those hours" },
                { "hours", TRANSFER_HOURS, "at which, like 21:00-07:00" } },
          .existing = "SELECT CASE WHEN s.ended IS NOT NULL THEN NOT " SAID_AND_OVER("?5") " WHEN " SAME_UNTIL("?5") " THEN 0 ELSE 2 END"
                      " FROM account a CROSS JOIN assignment s ON s.account = a.id CROSS JOIN role r ON r.id = s.role"
                      " CROSS JOIN unit u ON u.id = s.unit WHERE a.name = ?1 AND r.name = ?2 AND u.name = ?3"
                      " AND s.weekdays IS " SAME_DAYS " AND " HOURS("s") " IS " SAME_HOURS " AND s.deputy_of IS NULL"
                      " AND (s.ended IS NULL AND " SAME_FROM("?4") " AND (" SAME_UNTIL("?5")
                      " OR s.valid_until IS NULL OR s.valid_until > ?8)"
                      " OR " HAS_ENDED("s", "?4", "?5") " OR " SAME_FROM("?4") " AND " SAID_AND_OVER("?5") ")"
                      " ORDER BY s.ended IS NOT NULL, NOT " SAME_UNTIL("?5") ", 1 LIMIT 1",
          .gone = "SELECT 1 WHERE " GONE_ACCOUNT("?1") " OR " GONE("role", "?2") " OR " GONE_UNIT("?3"),
          .zone = UNIT_ZONE "?3",
          .put = put_assignment,
          .change = change_assignment,
          .all = "SELECT a.name, r.name, u.name, " DAY_OF("s.valid_from", "+") ", " DAY_OF("s.valid_until", "-") ", s.weekdays, " HOURS("s") ", o.time_zone"
                 " FROM assignment s " OF_ASSIGNMENT " WHERE s.deputy_of IS NULL AND " ASSIGNMENT_STANDS("?1")
                 " ORDER BY a.name, r.name, u.name, s.valid_from, s.valid_until, s.weekdays, s.minute_from",
          .rows_of = "assignment WHERE deputy_of IS NULL" },
        { .name = "deputies", .columns = {
                { "account", REQUIRED, "log-in name of who holds it for a time" },
                { "deputy_for", REQUIRED, "log-in name of whose assignment it is" },
                { "role", REQUIRED, "name of its role" },
                { "unit", REQUIRED, "name of its unit" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", REQUIRED | TRANSFER_LAST_DAY, "last day, included" } },
          .existing = "SELECT s.ended IS NOT NULL FROM account a CROSS JOIN assignment s ON s.account = a.id CROSS JOIN assignment h ON h.id = s.deputy_of"
                      " CROSS JOIN account b ON b.id = h.account CROSS JOIN role r ON r.id = s.role CROSS JOIN unit u ON u.id = s.unit"
                      " WHERE a.name = ?1 AND b.name = ?2 AND r.name = ?3 AND u.name = ?4"
                      " AND (s.ended IS NULL AND " SAME_FROM("?5") " AND " SAME_UNTIL("?6")
                      " OR " HAS_ENDED("s", "?5", "?6") ")" STANDING_FIRST("s"),
          .gone = "SELECT 1 WHERE " GONE_ACCOUNT("?1") " OR " GONE_ACCOUNT("?2") " OR " GONE("role", "?3") " OR " GONE_UNIT("?4")
                  " OR " GONE_HELD,
          .zone = UNIT_ZONE "?4",
          .put = put_deputy,
          .all = "SELECT a.name, b.name, r.name, u.name, " DAY_OF("s.valid_from", "+") ", " DAY_OF("s.valid_until", "-") ", o.time_zone FROM assignment s " OF_ASSIGNMENT
                 " JOIN assignment h ON h.id = s.deputy_of JOIN account b ON b.id = h.account JOIN person q ON q.id = b.person"
                 " WHERE " ASSIGNMENT_STANDS("?1") " AND h.ended IS NULL AND (h.valid_until IS NULL OR h.valid_until > ?1)"
                 " AND b.archived IS NULL AND " PERSON_STANDS("q") " ORDER BY a.name, b.name, r.name, u.name, s.valid_from",
          .rows_of = "assignment WHERE deputy_of IS NOT NULL" },
        { .name = "templates", .columns = {
                { "name", REQUIRED, "its name: 1 to 16 of a-z, 0-9 and -" },
                { "title", REQUIRED, "its name for people" },
                { "role", REQUIRED, "name of the role that it gives" },
                { "unit", REQUIRED, "name of the unit where" },
                { "days", REQUIRED | TRANSFER_NUMBER, "for how many, 1 to 366" },
                { "weekdays", TRANSFER_DAYS, "on which it counts, like mon-fri" },
                { "hours", TRANSFER_HOURS, "at which, like 21:00-07:00" } },
          .existing = "SELECT t.name, t.title, r.name, u.name, t.days, t.weekdays, " HOURS("t") ", t.archived IS NOT NULL"
                      " FROM template t JOIN role r ON r.id = t.role JOIN unit u ON u.id = t.unit WHERE t.name = ?1",
          .gone = "SELECT 1 WHERE " GONE("role", "?3") " OR " GONE_UNIT("?4"),
          .put = put_template,
          .all = "SELECT t.name, t.title, r.name, u.name, t.days, t.weekdays, " HOURS("t") " FROM template t"
                 " JOIN role r ON r.id = t.role JOIN unit u ON u.id = t.unit JOIN organisation o ON o.id = t.organisation"
                 " WHERE t.archived IS NULL AND r.archived IS NULL AND u.archived IS NULL AND o.archived IS NULL ORDER BY t.name",
          .rows_of = "template" },
        { .name = "clients", .columns = {
                { "client", 0, "ORGANISATION-N; empty: the next N" },
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person cared for" },
                { "organisation", REQUIRED, "name of the organisation that cares" } },
          .existing = "SELECT o.name || '-' || c.number, c.person, o.name, c.archived IS NOT NULL FROM client c"
                      " JOIN organisation o ON o.id = c.organisation WHERE c.person = ?2 AND o.name = ?3",
          .gone = "SELECT 1 WHERE " GONE_PERSON("?2") " OR " GONE("organisation", "?3"),
          .put = put_client,
          .all = "SELECT o.name || '-' || c.number, " KEY ", o.name FROM client c JOIN person p ON p.id = c.person"
                 " JOIN organisation o ON o.id = c.organisation WHERE " CLIENT_STANDS " ORDER BY o.name, c.number",
          .rows_of = "client" },
        { .name = "enrolments", .columns = {
                { "client", REQUIRED | TRANSFER_CLIENT, "ORGANISATION-N" },
                { "unit", REQUIRED, "name of the unit" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", TRANSFER_LAST_DAY, "last day, included; empty: no end" } },
          .existing = "SELECT e.ended IS NOT NULL FROM enrolment e CROSS JOIN unit u ON u.id = e.unit WHERE e.client = ?1 AND u.name = ?2"
                      " AND (e.ended IS NULL AND e.valid_from IS ?3 AND e.valid_until IS ?4"
                      " OR " HAS_ENDED("e", "?3", "?4") ")" STANDING_FIRST("e"),
          .gone = "SELECT 1 WHERE " GONE_CLIENT("?1") " OR " GONE_UNIT("?2"),
          .zone = UNIT_ZONE "?2",
          .put = put_enrolment,
          .all = "SELECT o.name || '-' || c.number, u.name, e.valid_from, e.valid_until, o.time_zone FROM enrolment e"
                 " JOIN client c ON c.id = e.client JOIN person p ON p.id = c.person JOIN unit u ON u.id = e.unit"
                 " JOIN organisation o ON o.id = c.organisation WHERE " CLIENT_STANDS " AND u.archived IS NULL AND e.ended IS NULL"
                 " AND (e.valid_until IS NULL OR e.valid_until > ?1) ORDER BY o.name, c.number, u.name, e.valid_from, e.valid_until",
          .rows_of = "enrolment" },
        { .name = "grants", .columns = {
                { "account", REQUIRED, "log-in name of the relative or client" },
                { "role", REQUIRED, "name of the role" },
                { "client", REQUIRED | TRANSFER_CLIENT, "ORGANISATION-N" },
                { "basis", REQUIRED, "self, consent, power-of-attorney, guardian-ad-litem, custody, fuldmagt, vaerge" },
                { "document", 0, "where it is kept; not for self" },
                { "checked_by", 0, "who looked at it; not for self" },
                { "review_on", TRANSFER_FIRST_DAY, "when it is looked at again; not for self" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", TRANSFER_LAST_DAY, "last day, included; empty: no end" } },
          .existing = "SELECT g.ended IS NOT NULL FROM account a CROSS JOIN client_grant g ON g.account = a.id CROSS JOIN role r ON r.id = g.role"
                      " WHERE a.name = ?1 AND r.name = ?2 AND +g.client = ?3 AND g.basis = ?4"
                      " AND (g.ended IS NULL AND g.document IS ?5 AND g.checked_by IS ?6"
                      " AND g.valid_from IS ?8 AND g.valid_until IS ?9 OR " HAS_ENDED("g", "?8", "?9") ")" STANDING_FIRST("g"),
          .gone = "SELECT 1 WHERE " GONE_ACCOUNT("?1") " OR " GONE("role", "?2") " OR " GONE_CLIENT("?3"),
          .zone = "SELECT o.time_zone FROM client c JOIN organisation o ON o.id = c.organisation WHERE c.id = ?3",
          .put = put_grant,
          .all = "SELECT a.name, r.name, o.name || '-' || c.number, g.basis, g.document, g.checked_by, g.review_on, g.valid_from,"
                 " g.valid_until, o.time_zone FROM client_grant g JOIN account a ON a.id = g.account JOIN person h ON h.id = a.person"
                 " JOIN role r ON r.id = g.role JOIN client c ON c.id = g.client JOIN person p ON p.id = c.person"
                 " JOIN organisation o ON o.id = c.organisation WHERE " CLIENT_STANDS " AND a.archived IS NULL AND " PERSON_STANDS("h")
                 " AND r.archived IS NULL AND g.ended IS NULL AND (g.valid_until IS NULL OR g.valid_until > ?1)"
                 " ORDER BY a.name, r.name, o.name, c.number, g.valid_from, g.valid_until",
          .rows_of = "client_grant" },
        { .name = "mandates", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person who may" },
                { "act", REQUIRED, "invite, add, grant, lock, seal, block, bind, read-audit, configure" },
                { "organisation", REQUIRED, "where" },
                { "unit", 0, "at which unit; empty: at all of them" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", TRANSFER_LAST_DAY, "last day, included; empty: no end" } },
          .existing = "SELECT m.ended IS NOT NULL FROM mandate m JOIN organisation o ON o.id = m.organisation LEFT JOIN unit u ON u.id = m.unit"
                      " WHERE m.person = ?1 AND m.act = ?2 AND o.name = ?3 AND u.name IS ?4"
                      " AND (m.ended IS NULL AND m.valid_from IS ?5 AND m.valid_until IS ?6"
                      " OR " HAS_ENDED("m", "?5", "?6") ")" STANDING_FIRST("m"),
          .gone = "SELECT 1 WHERE " GONE_PERSON("?1") " OR " GONE("organisation", "?3") " OR " GONE_UNIT("?4"),
          .zone = "SELECT time_zone FROM organisation WHERE name = ?3",
          .put = put_mandate,
          .all = "SELECT " KEY " AS k, m.act, o.name, u.name, m.valid_from, m.valid_until, o.time_zone FROM mandate m"
                 " JOIN person p ON p.id = m.person JOIN organisation o ON o.id = m.organisation LEFT JOIN unit u ON u.id = m.unit"
                 " WHERE m.ended IS NULL AND (m.valid_until IS NULL OR m.valid_until > ?1) AND " PERSON_STANDS("p") " AND o.archived IS NULL"
                 " AND u.archived IS NULL ORDER BY k, m.act, o.name, u.name, m.valid_from",
          .rows_of = "mandate" },
        { 0 },
};

const char transfer_assignment_until[] =
        "SELECT s.id FROM account a CROSS JOIN assignment s ON s.account = a.id CROSS JOIN role r ON r.id = s.role"
        " CROSS JOIN unit u ON u.id = s.unit WHERE a.name = ?1 AND r.name = ?2 AND u.name = ?3"
        " AND s.weekdays IS " SAME_DAYS " AND " HOURS("s") " IS " SAME_HOURS " AND s.deputy_of IS NULL AND s.ended IS NULL"
        " AND " SAME_FROM("?4") " AND (s.valid_until IS NULL OR s.valid_until > ?8) ORDER BY s.id LIMIT 1";

const struct transfer_kind *transfer_kind_find(const char *name, size_t n) {
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                if (strlen(k->name) == n && memcmp(k->name, name, n) == 0)
                        return k;
        return NULL;
}

size_t transfer_n_columns(const struct transfer_kind *kind) {
        size_t n = 0;

        while (kind->columns[n].name)
                n++;
        return n;
}
