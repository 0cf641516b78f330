/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-rules.c - what the schema itself forbids, whoever writes past the acts
 */

#include "clients.h"
#include "fixture.h"
#include "mandates.h"

#include <stdio.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;

/*
 * Each is tried alone, on a copy, and must fail for the reason given, there
 * and then or at the end of its transaction: a part of what SQLite says.  ""
 * is a control: it must go in.
 */
static const struct row {
        const char *name, *sql, *says;
} rows[] = {
        /* -- numbers and names ---------------------------------------------------------------------- */
        { "control: a number", "INSERT INTO number VALUES (2099999999, 'gid', 'x')", "" },
        { "a number twice", "INSERT INTO number SELECT number, 'gid', 'x' FROM number LIMIT 1", "UNIQUE" },
        { "a number of the host's", "INSERT INTO number VALUES (1000, 'uid', 'x')", "CHECK" },
        { "a number taken back", "DELETE FROM number", "never given again" },
        { "a number replaced", "REPLACE INTO number SELECT number, 'uid', 'x' FROM number LIMIT 1", "never given again" },
        { "a group removed", "DELETE FROM care_group WHERE name = 'unit-oak'", "never deleted" },
        { "a group renamed", "UPDATE care_group SET name = 'sudo' WHERE name = 'unit-oak'", "for good" },
        { "a group of a client without one", "INSERT INTO number VALUES (2099999999, 'gid', 'client-x-1');"
          "INSERT INTO care_group (gid, name, kind) VALUES (2099999999, 'client-x-1', 'client')", "CHECK" },
        { "a group of a role with a client", "INSERT INTO number VALUES (2099999999, 'gid', 'role-x');"
          "INSERT INTO care_group (gid, name, kind, client) VALUES (2099999999, 'role-x', 'role', 1)", "CHECK" },
        { "a second group of the same client", "INSERT INTO number VALUES (2099999999, 'gid', 'client-x-1');"
          "INSERT INTO care_group (gid, name, kind, client) VALUES (2099999999, 'client-x-1', 'client', 1)", "UNIQUE" },
        { "a group without a number", "INSERT INTO care_group (gid, name, kind) VALUES (2099999999, 'role-x', 'role')", "number that was taken for it" },
        { "a role's group of 33 characters", "INSERT INTO number VALUES (2099999999, 'gid', 'role-x2345678901234567890123456789');"
          "INSERT INTO care_group (gid, name, kind) VALUES (2099999999, 'role-x2345678901234567890123456789', 'role')", "CHECK" },
#define GROUP(name, kind) "INSERT INTO number VALUES (2099999999, 'gid', '" name "');" \
        "INSERT INTO care_group (gid, name, kind, organisation, unit, role, service) VALUES (2099999999, '" name "', '" kind "', 1, 2, 2, 2)"
        { "control: a group", GROUP("unit-elm-doctor", "role-at-unit"), "" },
        { "a role's group named as the host's", GROUP("sudo", "role"), "name of its kind" },
        { "a role's group named as a unit's", GROUP("unit-x", "role"), "name of its kind" },
        { "a unit's group named as a role's at the unit", GROUP("unit-oak-x", "unit"), "name of its kind" },
        { "a role's group at a unit named as the unit's", GROUP("unit-x", "role-at-unit"), "name of its kind" },
        { "an organisation's group named as a client's", GROUP("client-x-1", "org"), "name of its kind" },
        { "a service's group named as a role's", GROUP("role-x", "service"), "name of its kind" },
        { "a record's group named as a client's", GROUP("client-x-1-y", "service-record"), "name of its kind" },
        { "a group on a number that was taken for a user", "INSERT INTO number VALUES (2099999999, 'uid', 'role-x');"
          "INSERT INTO care_group (gid, name, kind, role) VALUES (2099999999, 'role-x', 'role', 1)", "number that was taken for it" },
        { "a group on a number that was taken for another", "INSERT INTO number VALUES (2099999999, 'gid', 'role-y');"
          "INSERT INTO care_group (gid, name, kind, role) VALUES (2099999999, 'role-x', 'role', 1)", "number that was taken for it" },

#define ACCOUNT(number, name) "INSERT INTO account (person, organisation, name, kind, source, uid, home, shell, created) VALUES (1, 1, '" name "', 'staff', 'careid', " \
        number ", '/h', '/s', 0)"
        { "control: an account", "INSERT INTO number VALUES (2099999999, 'uid', 'x');" ACCOUNT("2099999999", "x"), "" },
        { "an account on the number of a group", ACCOUNT("(SELECT gid FROM care_group WHERE name = 'role-nurse')", "x"), "number that was taken for it" },
        { "an account on a number that was taken for another", "INSERT INTO number VALUES (2099999999, 'uid', 'y');" ACCOUNT("2099999999", "x"), "number that was taken for it" },
        { "an account named root", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, 'root', 'staff', 'host', 0)", "CHECK" },
        { "an account with a colon", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, 'a:b', 'staff', 'host', 0)", "CHECK" },
        { "an account with a new line", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, 'a' || char(10), 'staff', 'host', 0)", "CHECK" },
        { "an account with a slash", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, 'a/b', 'staff', 'host', 0)", "CHECK" },
        { "an account with a hyphen first", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, '-a', 'staff', 'host', 0)", "CHECK" },
        { "an account of 300 characters", "INSERT INTO account (person, organisation, name, kind, source, created)"
          " VALUES (1, 1, replace(hex(zeroblob(150)), '0', 'a'), 'staff', 'host', 0)", "CHECK" },
        { "an account of one's own, by oneself", "INSERT INTO account (person, organisation, name, kind, source, created, by_person) VALUES (1, 1, 'own', 'staff', 'host', 0, 1)",
          "nobody acts on themselves" },
        { "control: by another", "INSERT INTO account (person, organisation, name, kind, source, created, by_person) VALUES (1, 1, 'own', 'staff', 'host', 0, 2)", "" },
        { "an account's name twice", "INSERT INTO account (person, organisation, name, kind, source, created) VALUES (1, 1, 'anna', 'staff', 'host', 0)", "UNIQUE" },
        { "an account that becomes another's", "UPDATE account SET person = 2 WHERE name = 'anna'", "for good" },
        { "an account of another kind", "UPDATE account SET kind = 'staff' WHERE name = 'rel'", "for good" },
        { "an account of another organisation", "UPDATE account SET organisation = 2 WHERE name = 'bo'", "for good" },
        { "an account's maker changed", "UPDATE account SET by_person = 2 WHERE name = 'anna'", "for good" },
        { "a person's maker changed", "UPDATE person SET by_person = 2 WHERE id = 1", "who added it" },
        { "a unit moved to another organisation", "UPDATE unit SET organisation = 2 WHERE name = 'oak'", "organisation for good" },
        { "a unit renamed", "UPDATE unit SET name = 'ash' WHERE name = 'oak'", "keeps its name" },
        { "an organisation renamed", "UPDATE organisation SET name = 'ash' WHERE id = 1", "keeps its name" },
        { "a role renamed", "UPDATE role SET name = 'ash' WHERE id = 1", "keeps its name" },
        { "a service renamed", "UPDATE service SET name = 'ash' WHERE id = 1", "keeps its name" },
        { "control: another title", "UPDATE unit SET title = 'x'; UPDATE role SET title = 'x'; UPDATE organisation SET title = 'x'; UPDATE service SET title = 'x'", "" },

        /* -- ids: swapped or used again in one transaction, whose foreign keys are asked at its end -------- */
#define LATER "PRAGMA defer_foreign_keys = ON; "
#define SWAP(table) LATER "UPDATE " table " SET id = -1 WHERE id = 1; UPDATE " table " SET id = 1 WHERE id = 2; UPDATE " table " SET id = 2 WHERE id = -1"
        { "two persons swapped", SWAP("person"), "stays who added it" },
        { "two accounts swapped", SWAP("account"), "for good" },
        { "two organisations swapped", SWAP("organisation"), "for good" },
        { "two units swapped", SWAP("unit"), "for good" },
        { "two roles swapped", SWAP("role"), "for good" },
        { "two services swapped", SWAP("service"), "for good" },
        { "a person's id, as the rowid", LATER "UPDATE person SET rowid = 99 WHERE id = 1", "stays who added it" },
        { "an account's", LATER "UPDATE account SET _rowid_ = 99 WHERE id = 1", "for good" },
        { "a client's", LATER "UPDATE client SET oid = 99", "for good" },
        { "an identity's", "UPDATE identity SET rowid = 99", "not turned into another" },
        { "an enrolment's", "UPDATE enrolment SET rowid = 99", "not turned into another" },
        { "an assignment's", LATER "UPDATE assignment SET rowid = 99 WHERE id = 1", "not turned into another" },
        { "a grant's", "UPDATE client_grant SET rowid = 99", "not turned into another" },
        { "a person's id used again", LATER "DELETE FROM person WHERE id = 2; INSERT INTO person (id, given_name, family_name, created) VALUES (2, 'A', 'A', 0)", "never deleted" },
        { "a person replaced", LATER "REPLACE INTO person (id, given_name, family_name, created) VALUES (2, 'A', 'A', 0)", "never deleted" },
        { "an account's id used again", LATER "DELETE FROM account WHERE id = 2", "never deleted" },

        { "a unit's name with a hyphen", "INSERT INTO unit (organisation, name, title) VALUES (1, 'a-b', 'x')", "CHECK" },
        { "an account removed", "DELETE FROM account WHERE name = 'bo'", "never deleted" },
        { "a person removed", "DELETE FROM person WHERE id = 2", "never deleted" },
        { "an organisation removed", "DELETE FROM organisation WHERE id = 2", "never deleted" },
        { "a unit removed", "DELETE FROM unit WHERE id = 3", "never deleted" },
        { "a role removed", "DELETE FROM role WHERE id = 2", "never deleted" },
        { "a service removed", "DELETE FROM service WHERE id = 1", "never deleted" },

        /* -- what proves somebody, and who keeps a password --------------------------------------------- */
#define HASH "'$y$j9T$0123456789012345678901$0123456789012345678901234567890123456789012'"
#define CODE(kind, checked, until) "INSERT INTO code (account, kind, mac_key, mac, checked, created, until) VALUES (1, '" kind "', 1, zeroblob(32), " checked ", 0, " until ")"
        { "control: a password", "INSERT INTO password VALUES (1, " HASH ", 'root', 0)", "" },
        { "X14: a password that BankID proves", "INSERT INTO password VALUES (1, " HASH ", 'bankid', 0)", "CHECK" },
        { "a password in plain text", "INSERT INTO password VALUES (1, 'tre gula kanoter i dimma', 'root', 0)", "CHECK" },
        { "a step of a TOTP once more", "INSERT INTO totp VALUES (1, 1, zeroblob(60), 10, 0); UPDATE totp SET last_step = 10", "good once" },
        { "a step of a TOTP before it", "INSERT INTO totp VALUES (1, 1, zeroblob(60), 10, 0); UPDATE totp SET last_step = 9", "good once" },
        { "control: the next step", "INSERT INTO totp VALUES (1, 1, zeroblob(60), 10, 0); UPDATE totp SET last_step = 11", "" },
        { "control: a code of the helpdesk", CODE("temporary", "'x'", "86400"), "" },
        { "X14: one of more than a day", CODE("temporary", "'x'", "86401"), "CHECK" },
        { "X14: one without how it was checked", CODE("temporary", "NULL", "86400"), "CHECK" },
        { "X14: an activation code of more than seven days", CODE("activation", "'x'", "604801"), "CHECK" },
        { "a code that was sent, of more than ten minutes", CODE("sms", "NULL", "601"), "CHECK" },
        { "a second code of a kind", CODE("sms", "NULL", "600") ";" CODE("sms", "NULL", "600"), "UNIQUE" },
        { "a code that is used again", CODE("sms", "NULL", "600") "; UPDATE code SET used = 1, ended = 1; UPDATE code SET used = NULL, ended = NULL", "good once" },
        { "a code that lasts longer", CODE("sms", "NULL", "500") "; UPDATE code SET until = 600", "good once" },
        { "a proof that sets two passwords", "INSERT INTO charge (account, kind, source, known, at, proof, used) VALUES (1, 'password', 'here', 1, 0, 'password', 1);"
          "UPDATE charge SET used = NULL", "used once" },
        { "X14: a TOTP that sets a password", "INSERT INTO charge (account, kind, source, known, at, proof, used) VALUES (1, 'totp', 'here', 1, 0, 'totp', 1)", "CHECK" },
        { "nobody, proven", "INSERT INTO charge (kind, source, known, at, proof) VALUES ('password', 'here', 0, 0, 'password')", "CHECK" },
#define EXEMPT(account) "INSERT INTO exemption (account, requested_by, why, until, created) VALUES (" account ", 'x', 'x', 2, 1)"
        { "M7: staff, exempt", EXEMPT("1"), "for an external" },
        { "control: an outage", "INSERT INTO outage (began, until, reason) VALUES (0, 259200, 'x')", "" },
        { "M2: an outage without a limit", "INSERT INTO outage (began, until, reason) VALUES (0, 259201, 'x')", "CHECK" },
        { "M2: an outage without a reason", "INSERT INTO outage (began, until, reason) VALUES (0, 1, '')", "CHECK" },
        { "two outages", "INSERT INTO outage (began, until, reason) VALUES (0, 1, 'x'), (0, 1, 'x')", "UNIQUE" },
        { "an outage that lasts longer", "INSERT INTO outage (began, until, reason) VALUES (0, 1, 'x'); UPDATE outage SET until = 2", "not turned into another" },
        { "an outage that never was", "INSERT INTO outage (began, until, reason) VALUES (0, 1, 'x'); DELETE FROM outage", "never deleted" },

        /* -- K7, K8, A1 ----------------------------------------------------------------------------- */
        { "control: a service for a relative's role", "INSERT INTO role_service VALUES (3, 2)", "" },
        { "K8: a record for a relative", "INSERT INTO role_service VALUES (3, 1)", "never reaches a record service" },
        { "K8: a record for a client", "INSERT INTO role_service VALUES (5, 1)", "never reaches a record service" },
        { "K8: a record for an external", "INSERT INTO role_service VALUES (4, 1)", "never reaches a record service" },
        { "K8: a relative's service becomes a record", "UPDATE service SET opens = 'record' WHERE id = 2", "CHECK" },
        { "K8: a record becomes a service as others", "UPDATE service SET opens = 'other' WHERE id = 1", "what it opens for good" },
        { "K8: a nurse's role becomes a relative's", "UPDATE role SET kind = 'relative', daily_planning = 0 WHERE id = 1", "kind for good" },
        { "K8: a part of a role changed", "UPDATE role_service SET service = 1", "add or remove" },
        { "K7: a service of no module for a relative", "INSERT INTO service (name, title, opens) VALUES ('plain', 'x', 'other');"
          "INSERT INTO role_service SELECT 3, id FROM service WHERE name = 'plain'", "names the module" },
        { "K7: a record with a module", "INSERT INTO service (name, title, opens, module) VALUES ('plain', 'x', 'record', 'chat')", "CHECK" },
        { "K7: a service moved to a module", "UPDATE service SET module = 'chat' WHERE id = 2", "what it opens for good" },
        { "an external's role and a service not for externals", "INSERT INTO service (name, title, opens) VALUES ('plain', 'x', 'other');"
          "INSERT INTO role_service SELECT 4, id FROM service WHERE name = 'plain'", "flagged for externals" },
        { "A1: a relative who plans the day", "UPDATE role SET daily_planning = 1 WHERE id = 3", "CHECK" },
        { "L8: a module of no kind", "INSERT INTO organisation_module VALUES (1, 'doors')", "CHECK" },

        /* -- clients and enrolments ----------------------------------------------------------------- */
        { "control: another client", "INSERT INTO client (person, organisation, number, created) VALUES (2, 1, 2, 0)", "" },
        { "a client twice", "INSERT INTO client (person, organisation, number, created) VALUES (3, 1, 2, 0)", "UNIQUE" },
        { "a client's number twice", "INSERT INTO client (person, organisation, number, created) VALUES (2, 1, 1, 0)", "UNIQUE" },
        { "a client without a number", "INSERT INTO client (person, organisation, number, created) VALUES (2, 1, 0, 0)", "CHECK" },
        { "a client who becomes another", "UPDATE client SET person = 2", "for good" },
        { "a client removed", "DELETE FROM client", "never deleted" },
        { "a client replaced", "REPLACE INTO client (id, person, organisation, number, created) VALUES (1, 2, 1, 1, 0)", "never deleted" },
        { "control: an enrolment", "INSERT INTO enrolment (client, unit, created) VALUES (1, 2, 0)", "" },
        { "an enrolment elsewhere", "INSERT INTO enrolment (client, unit, created) VALUES (1, 3, 0)", "another organisation" },
        { "an enrolment backwards", "INSERT INTO enrolment (client, unit, valid_from, valid_until, created) VALUES (1, 1, 2, 1, 0)", "CHECK" },
        { "an enrolment moved", "UPDATE enrolment SET unit = 2", "not turned into another" },
        { "an enrolment removed", "DELETE FROM enrolment", "never deleted" },
        { "an enrolment that has ended comes back", "UPDATE enrolment SET ended = 1; UPDATE enrolment SET ended = NULL", "stays ended" },
        { "an enrolment goes on after its end", "INSERT INTO enrolment (client, unit, valid_until, created) VALUES (1, 2, 9, 0);"
          "UPDATE enrolment SET valid_until = NULL WHERE valid_until = 9", "not turned into another" },

        /* -- grants (A2, A8) ------------------------------------------------------------------------ */
#define GRANT(values) "INSERT INTO client_grant (account, client, role, basis, document, checked_by, review_on, by_person, created) VALUES (" values ", 0)"
        { "control: a grant", GRANT("3, 1, 3, 'consent', 'd', 'c', 9, NULL"), "" },
        { "control: a client's own", GRANT("4, 1, 5, 'self', NULL, NULL, NULL, NULL"), "" },
        { "a grant without account", GRANT("NULL, 1, 3, 'consent', 'd', 'c', 9, NULL"), "NOT NULL" },
        { "a grant without client", GRANT("3, NULL, 3, 'consent', 'd', 'c', 9, NULL"), "NOT NULL" },
        { "a grant without role", GRANT("3, 1, NULL, 'consent', 'd', 'c', 9, NULL"), "NOT NULL" },
        { "a grant without basis", GRANT("3, 1, 3, NULL, 'd', 'c', 9, NULL"), "NULL" },
        { "a grant without document", GRANT("3, 1, 3, 'consent', NULL, 'c', 9, NULL"), "CHECK" },
        { "a grant that nobody checked", GRANT("3, 1, 3, 'consent', 'd', NULL, 9, NULL"), "CHECK" },
        { "a grant without review", GRANT("3, 1, 3, 'consent', 'd', 'c', NULL, NULL"), "CHECK" },
        { "a grant on friendship", GRANT("3, 1, 3, 'friendship', 'd', 'c', 9, NULL"), "CHECK" },
        { "a grant for staff", GRANT("1, 1, 1, 'consent', 'd', 'c', 9, NULL"), "kind of the role" },
        { "a nurse's role for a relative", GRANT("3, 1, 1, 'consent', 'd', 'c', 9, NULL"), "kind of the role" },
        { "a client's account for somebody else", "INSERT INTO client (id, person, organisation, number, created) VALUES (9, 2, 1, 2, 0);"
          GRANT("4, 9, 5, 'self', NULL, NULL, NULL, NULL"), "own person" },
        { "a relative of themselves", "INSERT INTO client (id, person, organisation, number, created) VALUES (9, 4, 1, 2, 0);"
          GRANT("3, 9, 3, 'consent', 'd', 'c', 9, NULL"), "own person" },
        { "self for a relative", GRANT("3, 1, 3, 'self', NULL, NULL, NULL, NULL"), "own person" },
        { "a grant by its holder", GRANT("3, 1, 3, 'consent', 'd', 'c', 9, 4"), "nobody acts on themselves" },
        { "a grant moved to another", "UPDATE client_grant SET account = 4", "not turned into another" },
        { "a grant on another basis", "UPDATE client_grant SET basis = 'custody'", "not turned into another" },
        { "a grant ended for no reason", "UPDATE client_grant SET ended = 1", "CHECK" },
        { "a grant that has ended comes back", "UPDATE client_grant SET ended = 1, ended_why = 'ended'; UPDATE client_grant SET ended = NULL, ended_why = NULL",
          "stays ended" },
        { "a grant removed", "DELETE FROM client_grant", "never deleted" },
        { "control: looked at again", "UPDATE client_grant SET review_on = 99", "" },
        { "a grant goes on after its end", "UPDATE client_grant SET valid_until = 99", "not turned into another" },
        { "a grant on another document", "UPDATE client_grant SET document = 'x'", "not turned into another" },

        /* -- assignments ---------------------------------------------------------------------------- */
#define ASSIGN(columns, values) "INSERT INTO assignment (account, role, unit, created" columns ") VALUES (" values ")"
        { "control: an assignment", ASSIGN("", "2, 1, 1, 0"), "" },
        { "an assignment of a relative", ASSIGN("", "3, 3, 1, 0"), "kind of the role" },
        { "an external's role for staff", ASSIGN("", "2, 4, 1, 0"), "kind of the role" },
        { "an assignment by its holder", ASSIGN(", by_person", "2, 1, 1, 0, 2"), "nobody acts on themselves" },
        { "weekdays without hours", ASSIGN(", weekdays", "2, 1, 1, 0, 31"), "" "weekdays and hours" },
        { "control: a deputy", ASSIGN(", deputy_of, valid_until", "2, 1, 1, 0, 1, 9"), "" },
        { "a deputy for ever", ASSIGN(", deputy_of", "2, 1, 1, 0, 1"), "deputy" },
        { "a deputy in another role", ASSIGN(", deputy_of, valid_until", "2, 2, 1, 0, 1, 9"), "deputy" },
        { "a deputy of oneself", ASSIGN(", deputy_of, valid_until", "1, 1, 1, 0, 1, 9"), "deputy" },
        { "an assignment moved", "UPDATE assignment SET unit = 2", "not turned into another" },
        { "an assignment's first day moved", "UPDATE assignment SET valid_from = 1", "not turned into another" },
        { "an assignment that has ended comes back", "UPDATE assignment SET ended = 1; UPDATE assignment SET ended = NULL", "stays ended" },
        { "an assignment goes on after its end", "UPDATE assignment SET valid_until = NULL WHERE id = 1", "not turned into another" },
        { "an assignment ended later", "UPDATE assignment SET ended = 1; UPDATE assignment SET ended = 2", "stays ended" },
        { "a template's unit moved", "INSERT INTO template (organisation, name, title, role, unit, days) VALUES (1, 't', 't', 1, 1, 1);"
          "UPDATE template SET unit = 3", "for good" },
        { "a template removed", "INSERT INTO template (organisation, name, title, role, unit, days) VALUES (1, 't', 't', 1, 1, 1); DELETE FROM template", "never deleted" },
        { "an assignment removed", "DELETE FROM assignment", "never deleted" },
        { "a template for a relative's role", "INSERT INTO template (organisation, name, title, role, unit, days) VALUES (1, 't', 't', 3, 1, 1)", "template" },
        { "a template elsewhere", "INSERT INTO template (organisation, name, title, role, unit, days) VALUES (1, 't', 't', 1, 3, 1)", "template" },

        /* -- persons -------------------------------------------------------------------------------- */
        { "control: protected", "UPDATE person SET protected = 1, alias = 'A. A.' WHERE id = 1", "" },
        { "protected without an alias", "UPDATE person SET protected = 1 WHERE id = 1", "an alias and protection go together" },
        { "an alias without protection", "UPDATE person SET alias = 'A. A.' WHERE id = 1", "an alias and protection go together" },
        { "added with an alias, and not protected", "INSERT INTO person (given_name, family_name, alias, created) VALUES ('A', 'A', 'A. A.', 0)",
          "an alias and protection go together" },
        { "a contact of somebody else", "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (1, 'phone', 1, zeroblob(40), 0);"
          "UPDATE contact SET person = 2", "not turned into another" },
        { "a contact that was removed comes back", "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (1, 'phone', 1, zeroblob(40), 0);"
          "UPDATE contact SET ended = 1; UPDATE contact SET ended = NULL", "stays ended" },
        { "a contact deleted", "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (1, 'phone', 1, zeroblob(40), 0); DELETE FROM contact", "never deleted" },
        { "two phones", "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (1, 'phone', 1, zeroblob(40), 0), (1, 'phone', 1, zeroblob(40), 0)", "UNIQUE" },
        { "a phone as it is", "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (1, 'phone', 1, '+46701740605', 0)", "BLOB" },
        { "a number twice for two", "INSERT INTO identity (person, issuer, hmac_key, hmac, cipher_key, cipher, created)"
          " SELECT 2, issuer, hmac_key, hmac, cipher_key, cipher, created FROM identity LIMIT 1", "UNIQUE" },

        { "control: a number ended", "UPDATE identity SET ended = 1", "" },
        { "a number moved to another", "UPDATE identity SET person = 2", "not turned into another" },
        { "a number of another country", "UPDATE identity SET issuer = 'dk'", "not turned into another" },
        { "a number that has ended comes back", "UPDATE identity SET ended = 1; UPDATE identity SET ended = NULL", "stays ended" },
        { "a number deleted", "DELETE FROM identity", "never deleted" },
        { "a number turned into another", "UPDATE identity SET hmac = zeroblob(32)", "not turned into another" },
        { "control: a number under the key in use", "INSERT INTO identity (person, issuer, hmac_key, hmac, cipher_key, cipher, created) VALUES (2, 'se', 1, zeroblob(32), 1, x'00', 0)", "" },
        { "the number of one under another key for two", "INSERT INTO identity (person, issuer, hmac_key, hmac, cipher_key, cipher, created)"
          " SELECT 2, issuer, 2, zeroblob(32), 2, cipher, created FROM identity LIMIT 1", "FOREIGN KEY" },
        { "keys changed, a number left behind", "UPDATE meta SET key = 2", "FOREIGN KEY" },
        { "a number under the next keys alone", "UPDATE identity SET hmac_key = 2, hmac = zeroblob(32), cipher_key = 2", "FOREIGN KEY" },
        { "control: keys changed with every number", "UPDATE identity SET hmac_key = 2, hmac = zeroblob(32), cipher_key = 2; UPDATE meta SET key = 2", "" },

        /* -- mandates ------------------------------------------------------------------------------- */
#define MANDATE(values) "INSERT INTO mandate (person, act, organisation, unit, by_person, created) VALUES (" values ", 0)"
        { "control: a mandate", MANDATE("2, 'grant', 1, 1, 1"), "" },
        { "a mandate by oneself", MANDATE("2, 'grant', 1, 1, 2"), "CHECK" },
        { "a mandate for what is none", MANDATE("2, 'everything', 1, 1, 1"), "CHECK" },
        { "a mandate elsewhere", MANDATE("2, 'grant', 1, 3, 1"), "another organisation" },
        { "configure in a unit", MANDATE("2, 'configure', 1, 1, 1"), "CHECK" },
        { "an auditor who grants", MANDATE("2, 'read-audit', 1, NULL, 1") "; " MANDATE("2, 'grant', 1, 1, 1"), "auditor only reads" },
        { "a mandate widened", MANDATE("2, 'grant', 1, 1, 1") "; UPDATE mandate SET unit = NULL", "not turned into another" },
        { "a mandate that has ended comes back", MANDATE("2, 'grant', 1, 1, 1") "; UPDATE mandate SET ended = 1; UPDATE mandate SET ended = NULL", "stays ended" },
        { "a mandate goes on after its end", MANDATE("2, 'grant', 1, 1, 1") "; UPDATE mandate SET valid_until = 99", "not turned into another" },
        { "a mandate's id, as the rowid", MANDATE("2, 'grant', 1, 1, 1") "; UPDATE mandate SET rowid = 99", "not turned into another" },
        { "a mandate removed", MANDATE("2, 'grant', 1, 1, 1") "; DELETE FROM mandate", "never deleted" },

        /* -- locks (L3, L4) ------------------------------------------------------------------------- */
#define LOCK(columns, values) "INSERT INTO lock (client, requested_by, reason, by_actor, created" columns ") VALUES (1, " values ")"
        { "control: a lock of the resident's", LOCK("", "'resident', 'no-contact', 'uid:0', 0"), "" },
        { "control: a lock of a region's", LOCK(", region, provider", "'region', 'judgement', 'uid:0', 0, 'Skane', 'The Oak clinic'"), "" },
        { "a lock of a region that is not named", LOCK(", provider", "'region', 'judgement', 'uid:0', 0, 'The Oak clinic'"), "CHECK" },
        { "a lock of a region by no provider", LOCK(", region", "'region', 'judgement', 'uid:0', 0, 'Skane'"), "CHECK" },
        { "a lock for a reason that is not said", LOCK("", "'resident', 'other', 'uid:0', 0"), "CHECK" },
        { "a lock by nobody", LOCK("", "'resident', 'no-contact', NULL, 0"), "NOT NULL" },
        { "a lock on oneself", LOCK(", by_person", "'resident', 'no-contact', 'uid:0', 0, 3"), "nobody acts on themselves" },
        { "a lock changed", LOCK("", "'resident', 'no-contact', 'uid:0', 0") "; UPDATE lock SET reason = 'no-access'", "not turned into another" },
        { "a lock removed", LOCK("", "'resident', 'no-contact', 'uid:0', 0") "; DELETE FROM lock", "never deleted" },
        { "a lock lifted twice", LOCK("", "'resident', 'no-contact', 'uid:0', 0") "; UPDATE lock SET lifted = 1, lifted_by = 'uid:0'; UPDATE lock SET lifted = 2",
          "stays lifted" },
        { "a region's lock lifted for another", LOCK(", region, provider", "'region', 'judgement', 'uid:0', 0, 'Skane', 'The Oak clinic'")
          "; UPDATE lock SET lifted = 1, lifted_by = 'uid:0', lifted_for = 'Halland'", "CHECK" },
        { "control: after a consultation", LOCK(", region, provider", "'region', 'judgement', 'uid:0', 0, 'Skane', 'The Oak clinic'")
          "; UPDATE lock SET lifted = 1, lifted_by = 'uid:0', lifted_for = 'Halland', consultation = 'by phone'", "" },

        /* -- messages (L1, K6) ---------------------------------------------------------------------- */
#define INVITATION "INSERT INTO message (person, account, purpose, kind, created, due) VALUES (3, 4, 'invitation', 'mail', 0, 0)"
        { "control: an invitation", INVITATION, "" },
        { "an invitation of who is locked", LOCK("", "'resident', 'no-contact', 'uid:0', 0") "; " INVITATION, "locked" },
        { "a message that has ended comes back", INVITATION "; UPDATE message SET ended = 1, outcome = 'sent'; UPDATE message SET ended = NULL, outcome = NULL",
          "stays ended" },
        { "a message to somebody else", INVITATION "; UPDATE message SET person = 1", "not turned into another" },
        { "a notice to no address", "INSERT INTO message (person, purpose, kind, created, due) VALUES (3, 'contact-changed', 'mail', 0, 0)", "CHECK" },
        { "a general message without the module", "INSERT INTO general_message (organisation, text, created) VALUES (1, 'x', 0)", "module communication" },

        /* -- the trail ------------------------------------------------------------------------------ */
        { "an audit entry changed", "UPDATE audit SET actor = 'x'", "never changed" },
        { "an audit entry removed", "DELETE FROM audit", "checkpoint only" },
        { "a review that is wrong without a word", "INSERT INTO review (what, object, drawn, outcome, reviewed) VALUES ('audit', 1, 0, 'wrong', 1)", "CHECK" },
};

/* A relative "rel" (account 3, person 4) who is granted client 1 (person 3, own account "tove", 4), enrolled at oak; role 5; another organisation. */
static void people(struct directory *d) {
        const struct directory_basis consent = { "consent", "binder 4", "Manager", "2027-11-01" };
        int64_t id;

        if (directory_person_add(d, act, "Tove", "Test", NULL, NULL, &id) || directory_person_add(d, act, "Rut", "Test", NULL, NULL, &id) ||
            directory_account_add(d, act, 4, "oakclinic", "rel", "relative", "careid", "/home/rel", "/bin/sh", NULL) ||
            directory_account_add(d, act, 3, "oakclinic", "tove", "client", "careid", "/home/tove", "/bin/sh", NULL) ||
            directory_role_add(d, act, "resident", "Resident", "client", false) ||
            directory_organisation_add(d, act, "fir", "Fir", "SE", "Europe/Stockholm") ||
            directory_unit_add(d, act, "fir", "firwest", "West") || directory_client_add(d, act, 3, "oakclinic", NULL, NULL) ||
            directory_enrolment_add(d, act, "oakclinic-1", "oak", NULL, NULL, NULL) ||
            directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL))
                tap_ok(false, "the people of this test: %s", directory_complaint(d));
}

/* A copy of the directory, so that what must go in can be committed: some rules are asked only then. */
static bool copy(sqlite3 *from, sqlite3 *to) {
        sqlite3_backup *const backup = sqlite3_backup_init(to, "main", from, "main");
        int r;

        if (!backup)
                return false;
        r = sqlite3_backup_step(backup, -1);
        return sqlite3_backup_finish(backup) == SQLITE_OK && r == SQLITE_DONE;
}

static void try(sqlite3 *from, sqlite3 *db, const struct row *row) {
        char *error = NULL;
        int r;

        if (!copy(from, db))
                tap_ok(false, "the directory can be copied");
        r = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, row->sql, NULL, NULL, &error);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, "COMMIT", NULL, NULL, &error);
        if (*row->says)
                tap_ok(r == SQLITE_CONSTRAINT && error && strstr(error, row->says), "%s", row->name);
        else
                tap_ok(r == SQLITE_OK, "%s", row->name);
        if (error && !strstr(error, *row->says ? row->says : "\n"))
                printf("# %s\n", error);
        sqlite3_free(error);
        if (!sqlite3_get_autocommit(db))
                (void) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

int main(void) {
        struct directory *d;
        sqlite3 *from = NULL, *db = NULL;

        fixture_begin();
        d = fixture_clinic();
        people(d);
        if (sqlite3_open(fixture_file("state", "directory.db"), &from) != SQLITE_OK || sqlite3_open(":memory:", &db) != SQLITE_OK ||
            sqlite3_exec(db, "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON", NULL, NULL, NULL) != SQLITE_OK)
                tap_ok(false, "the directory can be written past the acts");
        for (size_t i = 0; i < N_ELEMENTS(rows); i++)
                try(from, db, &rows[i]);
        (void) sqlite3_close(db);
        (void) sqlite3_close(from);
        d = directory_close(d);
        return tap_done();
}
