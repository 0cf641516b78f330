/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * row-kinds.c - what of the care directory is imported and exported
 *
 * Exported is what stands: nothing that is archived, has ended or is over,
 * and nothing that hangs on it.
 */

#include "row-kinds.h"
#include "put.h"

#include <string.h>

#define REQUIRED        TRANSFER_REQUIRED
#define YES(condition)  "CASE WHEN " condition " THEN 'yes' ELSE 'no' END"
/* The key of a person: their own, or this directory's beginning and their id (reference.h). */
#define KEY             "ifnull(p.reference, substr((SELECT host_id FROM meta), 1, 8) || '-' || p.id)"
#define UNIT_ZONE       "SELECT o.time_zone FROM unit u JOIN organisation o ON o.id = u.organisation WHERE u.name = "

const struct transfer_kind transfer_kinds[TRANSFER_KINDS + 1] = {
        { .name = "organisations", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z, 0-9 and -" },
                { "title", REQUIRED, "its name for people" },
                { "country", REQUIRED, "SE, DK" },
                { "time_zone", REQUIRED, "a name of tzdata, like Europe/Stockholm" } },
          .existing = "SELECT name, title, country, time_zone, archived IS NOT NULL FROM organisation WHERE name = ?1",
          .put = put_organisation,
          .all = "SELECT name, title, country, time_zone FROM organisation WHERE archived IS NULL ORDER BY name" },
        { .name = "units", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z and 0-9" },
                { "organisation", REQUIRED, "whose unit it is" },
                { "title", REQUIRED, "its name for people" } },
          .existing = "SELECT u.name, o.name, u.title, u.archived IS NOT NULL FROM unit u JOIN organisation o ON o.id = u.organisation"
                      " WHERE u.name = ?1",
          .put = put_unit,
          .all = "SELECT u.name, o.name, u.title FROM unit u JOIN organisation o ON o.id = u.organisation"
                 " WHERE u.archived IS NULL AND o.archived IS NULL ORDER BY u.name" },
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
                 " WHERE archived IS NULL ORDER BY name" },
        { .name = "roles", .columns = {
                { "name", REQUIRED, "1 to 16 of a-z and 0-9" },
                { "title", REQUIRED, "its name for people" },
                { "kind", REQUIRED, "staff, client, relative, external" },
                { "daily_planning", TRANSFER_YES, "yes: the role plans the day; never for relatives" } },
          .existing = "SELECT name, title, kind, " YES("daily_planning") ", archived IS NOT NULL FROM role WHERE name = ?1",
          .put = put_role,
          .all = "SELECT name, title, kind, " YES("daily_planning") " FROM role WHERE archived IS NULL ORDER BY name" },
        { .name = "role-services", .columns = {
                { "role", REQUIRED, "name of the role" },
                { "service", REQUIRED, "name of a service that it is made of" } },
          .existing = "SELECT 1 FROM role_service s JOIN role r ON r.id = s.role JOIN service v ON v.id = s.service"
                      " WHERE r.name = ?1 AND v.name = ?2",
          .put = put_role_service,
          .all = "SELECT r.name, v.name FROM role_service s JOIN role r ON r.id = s.role JOIN service v ON v.id = s.service"
                 " WHERE r.archived IS NULL AND v.archived IS NULL ORDER BY r.name, v.name" },
        { .name = "persons", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "your key of the person; never a personal number" },
                { "given_name", REQUIRED, "first name" },
                { "family_name", REQUIRED, "last name" },
                { "alias", 0, "shown instead of the name, everywhere" },
                { "language", 0, "sv, da, en" } },
          .secret = true,
          .existing = "SELECT id, given_name, family_name, alias, language, archived IS NOT NULL FROM person WHERE id = ?1",
          .put = put_person,
          .all = "SELECT " KEY " AS k, given_name, family_name, alias, language FROM person p WHERE archived IS NULL ORDER BY k" },
        { .name = "identities", .columns = {
                { "person", REQUIRED | TRANSFER_PERSON, "key of the person" },
                { "country", REQUIRED, "SE, DK" },
                { "number", REQUIRED, "the personal number, in any usual spelling" } },
          .secret = true,
          .put = put_identity },
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
          .put = put_account,
          .all = "SELECT a.name, " KEY ", o.name, a.kind, a.source, a.home, a.shell FROM account a JOIN person p ON p.id = a.person"
                 " JOIN organisation o ON o.id = a.organisation"
                 " WHERE a.archived IS NULL AND p.archived IS NULL AND o.archived IS NULL ORDER BY a.name" },
        { .name = "assignments", .columns = {
                { "account", REQUIRED, "log-in name, of staff or an external" },
                { "role", REQUIRED, "name of the role" },
                { "unit", REQUIRED, "name of the unit" },
                { "from", TRANSFER_FIRST_DAY, "first day; empty: at once" },
                { "until", TRANSFER_LAST_DAY, "last day, included; empty: no end" } },
          .existing = "SELECT 1 FROM account a JOIN assignment s ON s.account = a.id JOIN role r ON r.id = s.role"
                      " JOIN unit u ON u.id = s.unit WHERE a.name = ?1 AND r.name = ?2 AND u.name = ?3 AND s.valid_from IS ?4"
                      " AND s.valid_until IS ?5 AND s.ended IS NULL",
          .zone = UNIT_ZONE "?3",
          .put = put_assignment,
          .all = "SELECT a.name, r.name, u.name, s.valid_from, s.valid_until, o.time_zone FROM assignment s"
                 " JOIN account a ON a.id = s.account JOIN person p ON p.id = a.person JOIN role r ON r.id = s.role"
                 " JOIN unit u ON u.id = s.unit JOIN organisation o ON o.id = u.organisation"
                 " WHERE s.ended IS NULL AND (s.valid_until IS NULL OR s.valid_until > ?1) AND a.archived IS NULL"
                 " AND p.archived IS NULL AND r.archived IS NULL AND u.archived IS NULL AND o.archived IS NULL"
                 " ORDER BY a.name, r.name, u.name, s.valid_from, s.valid_until" },
        { 0 },
};

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
