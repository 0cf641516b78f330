/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-acts.c - what an administrator can and can't put into the care directory
 */

#include "fixture.h"
#include "store.h"
#include "trail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;

/* The complaint about what was just refused names the field. */
static void refused(int r, int want, const struct directory *d, const char *field, const char *name) {
        const bool named = strstr(directory_complaint(d), field) != NULL;

        tap_result(r, want, d, "%s", name);
        if (!named)
                printf("# %s\n", directory_complaint(d));
        tap_ok(named, "%s: the complaint names \"%s\"", name, field);
}

static void test_fields(struct directory *d) {
        int64_t person;

        refused(directory_organisation_add(d, act, "Oak", "Oak", "SE", "UTC"), DIRECTORY_E_INVALID, d, "name", "a capital letter in a name");
        refused(directory_organisation_add(d, act, "", "Oak", "SE", "UTC"), DIRECTORY_E_INVALID, d, "name", "no name");
        refused(directory_organisation_add(d, act, "abcdefghijklmnopq", "Oak", "SE", "UTC"), DIRECTORY_E_INVALID, d, "name", "a name of 17");
        tap_result(directory_organisation_add(d, act, "abcdefghijklmnop", "Oak", "SE", "UTC"), DIRECTORY_OK, d, "a name of 16");
        refused(directory_organisation_add(d, act, "oak2", "", "SE", "UTC"), DIRECTORY_E_INVALID, d, "title", "no title");
        refused(directory_organisation_add(d, act, "oak2", "a\x1b[2J", "SE", "UTC"), DIRECTORY_E_INVALID, d, "title", "an escape code in a title");
        refused(directory_organisation_add(d, act, "oak2", "\xff", "SE", "UTC"), DIRECTORY_E_INVALID, d, "title", "a title that is no UTF-8");
        refused(directory_organisation_add(d, act, "oak2", "Oak", "NO", "UTC"), DIRECTORY_E_INVALID, d, "country", "another country");
        refused(directory_organisation_add(d, act, "oak2", "Oak", "SE", "Mars/Base"), DIRECTORY_E_INVALID, d, "time zone", "no time zone");
        refused(directory_unit_add(d, act, "oakclinic", "south-oak", "Oak"), DIRECTORY_E_INVALID, d, "name", "a hyphen in a unit's name");
        refused(directory_unit_add(d, act, "elsewhere", "south", "South"), DIRECTORY_E_NOT_FOUND, d, "organisation", "no such organisation");
        refused(directory_service_add(d, act, &(struct directory_service) { .name = "chat", .title = "Chat", .opens = "doors" }), DIRECTORY_E_INVALID, d, "opens", "a service that opens doors");
        refused(directory_service_add(d, act, &(struct directory_service) { .name = "chat", .title = "Chat", .opens = "other", .number = 100000 }), DIRECTORY_E_INVALID, d, "number", "a service's number over the limit");
        refused(directory_service_add(d, act, &(struct directory_service) { .name = "chat", .title = "Chat", .opens = "other", .number = 262 }), DIRECTORY_E_EXISTS, d, "number", "a service's number that is taken");
        tap_result(directory_service_add(d, act, &(struct directory_service) { .name = "chat", .title = "Chat", .opens = "other" }), DIRECTORY_OK, d, "a service without a number");
        tap_result(directory_service_add(d, act, &(struct directory_service) { .name = "tasks", .title = "Tasks", .opens = "other" }), DIRECTORY_OK, d, "and another");
        refused(directory_role_add(d, act, "boss", "Boss", "chief", false), DIRECTORY_E_INVALID, d, "kind", "a role of no kind");
        refused(directory_person_add(d, act, "", "Ek", NULL, NULL, &person), DIRECTORY_E_INVALID, d, "given name", "no given name");
        refused(directory_person_add(d, act, "Eva", NULL, NULL, NULL, &person), DIRECTORY_E_INVALID, d, "family name", "no family name");
        refused(directory_person_add(d, act, "Eva", "Ek", " x", NULL, &person), DIRECTORY_E_INVALID, d, "alias", "an alias that begins with a blank");
        refused(directory_person_add(d, act, "Eva", "Ek", NULL, "fi", &person), DIRECTORY_E_INVALID, d, "language", "another language");
        refused(directory_unit_add(d, act, "oakclinic", "oak", "Oak"), DIRECTORY_E_EXISTS, d, "unit", "a unit that is there");
        refused(directory_role_add(d, act, "nurse", "Nurse", "staff", false), DIRECTORY_E_EXISTS, d, "role", "a role that is there");
        refused(directory_organisation_add(d, act, "oakclinic", "Oak", "SE", "UTC"), DIRECTORY_E_EXISTS, d, "organisation", "an organisation that is there");
}

/* A title of 80 characters of four bytes fits, one of 81 does not. */
static void test_title_limit(struct directory *d) {
        char title[81 * 4 + 1] = "";

        for (size_t i = 0; i < 81; i++)
                memcpy(title + i * 4, "\xf0\x9f\x8c\xb3", 4);
        refused(directory_unit_add(d, act, "oakclinic", "tree", title), DIRECTORY_E_INVALID, d, "title", "a title of 81 characters");
        title[80 * 4] = '\0';
        tap_result(directory_unit_add(d, act, "oakclinic", "tree", title), DIRECTORY_OK, d, "a title of 80 characters, 320 bytes");
}

static int account(struct directory *d, const char *name, const char *kind, const char *source, const char *home, const char *shell) {
        return directory_account_add(d, act, 1, "oakclinic", name, kind, source, home, shell, NULL);
}

static void test_accounts(struct directory *d) {
        uid_t uid = 0, next = 0;

        tap_ok(directory_account_add(d, act, 1, "oakclinic", "anna.alm", "relative", "careid", "/home/anna.alm", "/bin/sh", &uid) == 0 &&
               directory_account_add(d, act, 1, "oakclinic", "anna2", "client", "careid", "/home/anna2", "/bin/sh", &next) == 0 &&
               uid >= 2001000000 && next > uid, "a person has several accounts, each with its own uid");
        refused(account(d, "anna", "staff", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_EXISTS, d, "name", "a log-in name that is taken");
        refused(account(d, "Anna", "staff", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "name", "a log-in name with a capital letter");
        refused(account(d, "a:b", "staff", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "name", "a log-in name with a colon");
        refused(account(d, "1anna", "staff", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "name", "a log-in name that begins like a uid");
        refused(account(d, "role-nurse", "staff", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "name", "a log-in name like a group's");
        refused(account(d, "register", "client", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_CONSTRAINT, d, "name", "the name of an entry");
        refused(account(d, "root", "staff", "host", NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "name", "root");
        refused(account(d, "eva", "boss", "careid", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "kind", "an account of no kind");
        refused(account(d, "eva", "staff", "ldap", "/home/x", "/bin/sh"), DIRECTORY_E_INVALID, d, "source", "an account of no source");
        refused(account(d, "eva", "staff", "careid", NULL, "/bin/sh"), DIRECTORY_E_INVALID, d, "home", "no home");
        refused(account(d, "eva", "staff", "careid", "home", "/bin/sh"), DIRECTORY_E_INVALID, d, "home", "a home that is not absolute");
        refused(account(d, "eva", "staff", "careid", "/home/../etc", "/bin/sh"), DIRECTORY_E_INVALID, d, "home", "a home that climbs");
        refused(account(d, "eva", "staff", "careid", "/etc/eva", "/bin/sh"), DIRECTORY_E_INVALID, d, "home", "a home among root's files");
        refused(account(d, "eva", "staff", "careid", "/home/%u", "/bin/sh"), DIRECTORY_E_INVALID, d, "home", "a template for a home");
        refused(account(d, "eva", "staff", "careid", "/home/eva", "/bin/sh:x"), DIRECTORY_E_INVALID, d, "shell", "a shell with a colon");
        refused(account(d, "eva", "staff", "host", "/home/eva", NULL), DIRECTORY_E_INVALID, d, "home", "a home for an account of the host");
        refused(directory_account_add(d, act, 99, "oakclinic", "eva", "staff", "host", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "person", "nobody");
        tap_result(account(d, "eva.ad", "staff", "host", NULL, NULL), DIRECTORY_OK, d, "an account of the host");

        fixture_host_user = "carl";
        fixture_host_id = 1000;
        refused(account(d, "carl", "staff", "careid", "/home/carl", "/bin/sh"), DIRECTORY_E_EXISTS, d, "user carl", "a user that the host has");
        tap_result(account(d, "carl", "staff", "host", NULL, NULL), DIRECTORY_OK, d, "the same as an account of the host");
        fixture_host_user = "www-data";
        fixture_host_id = 33;
        refused(account(d, "www-data", "staff", "host", NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "system user", "a system user of the host");
        fixture_host_user = NULL;
        fixture_host_group = "staff";
        refused(account(d, "staff", "staff", "careid", "/home/staff", "/bin/sh"), DIRECTORY_E_EXISTS, d, "group staff", "a name of a group of the host");
        fixture_host_group = NULL;
}

static struct directory *asked_of;
static unsigned n_asked, n_busy;

/* The host may be far away: no rows are read while it is asked. */
static void asked(void) {
        n_asked++;
        for (sqlite3_stmt *s = sqlite3_next_stmt(asked_of->db, NULL); s; s = sqlite3_next_stmt(asked_of->db, s))
                n_busy += sqlite3_stmt_busy(s) != 0;
        n_busy += !sqlite3_get_autocommit(asked_of->db);
}

/* After test_accounts(): carl and eva.ad are the host's. */
static void test_whose_uid(struct directory *d) {
        struct directory_whose whose;

        asked_of = d;
        fixture_host_asked = asked;
        tap_ok(directory_uid_whose(d, (uint32_t) fixture_number("SELECT uid FROM account WHERE name = 'anna'"), &whose) == DIRECTORY_OK &&
               strcmp(whose.name, "anna") == 0 && whose.person == 1 &&
               !whose.unsure && n_asked == 0, "whose a uid of ours is: nobody else is asked");
        fixture_host_user = "carl";
        fixture_host_id = 1000;
        tap_ok(directory_uid_whose(d, 1000, &whose) == DIRECTORY_OK && strcmp(whose.name, "carl") == 0 && whose.person == 1 && !whose.unsure,
               "whose a uid of the host's is");
        fixture_host_user = "dora";
        tap_ok(directory_uid_whose(d, 1000, &whose) == DIRECTORY_OK && whose.person == 0 && !whose.unsure, "somebody's who has no account here");
        fixture_host_user = "anna";
        tap_ok(directory_uid_whose(d, 1000, &whose) == DIRECTORY_OK && whose.person == 0 && !whose.unsure,
               "somebody's who is called like an account of ours");
        fixture_host_user = NULL;
        tap_ok(directory_uid_whose(d, 1000, &whose) == DIRECTORY_OK && whose.person == 0 && whose.unsure,
               "nobody's, as the host says: it may be one of its accounts here all the same");
        tap_ok(n_asked == 4 && n_busy == 0, "the host is asked once for each, and nothing is held meanwhile");
        fixture_host_asked = NULL;
}

static void test_numbers_once(struct directory *d) {
        uid_t first = 0, second = 0;
        sqlite3 *db = NULL;

        (void) directory_account_add(d, act, 1, "oakclinic", "u1", "staff", "careid", "/home/u1", "/bin/sh", &first);
        fixture_host_number = first + 1;
        (void) directory_account_add(d, act, 1, "oakclinic", "u2", "staff", "careid", "/home/u2", "/bin/sh", &second);
        fixture_host_number = 0;
        tap_ok(second == first + 2, "a number that the host has is passed over");
        (void) directory_archive(d, act, "account", "u2", true);
        refused(account(d, "u2", "staff", "careid", "/home/u2", "/bin/sh"), DIRECTORY_E_EXISTS, d, "archived", "the name of an archived account");
        (void) directory_account_add(d, act, 1, "oakclinic", "u3", "staff", "careid", "/home/u3", "/bin/sh", &first);
        tap_ok(first == second + 1, "the number of an archived account is not given again");

        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        tap_ok(sqlite3_exec(db, "DELETE FROM number", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE number SET number = number + 1", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "INSERT INTO number VALUES (1000, 'uid', 'x')", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE account SET uid = uid + 1", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE account SET kind = 'staff'", NULL, NULL, NULL) == SQLITE_CONSTRAINT,
               "the schema itself keeps numbers, and who has them");
        (void) sqlite3_close(db);

        fixture_host_group = "unit-ash";
        refused(directory_unit_add(d, act, "oakclinic", "ash", "Ash"), DIRECTORY_E_EXISTS, d, "unit-ash", "a group that the host has");
        fixture_host_group = NULL;
        tap_result(directory_unit_add(d, act, "oakclinic", "ash", "Ash"), DIRECTORY_OK, d, "and has no more");
}

static void test_rules(struct directory *d) {
        sqlite3 *db = NULL;

        refused(directory_role_service_add(d, act, "relative", "journal"), DIRECTORY_E_CONSTRAINT, d, "record", "K8: a record for a relative's role");
        refused(directory_role_service_add(d, act, "secretary", "journal"), DIRECTORY_E_CONSTRAINT, d, "record", "K8: a record for an external's role");
        tap_result(directory_role_service_add(d, act, "relative", "video"), DIRECTORY_OK, d, "another service for a relative's role");
        refused(directory_role_service_add(d, act, "relative", "video"), DIRECTORY_E_EXISTS, d, "service", "the same twice");
        refused(directory_role_add(d, act, "kin", "Kin", "relative", true), DIRECTORY_E_CONSTRAINT, d, "daily planning", "A1: daily planning for a relative's role");
        refused(directory_assignment_add(d, act, "anna", "secretary", "oak", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "kind", "a staff account in an external's role");
        refused(directory_assignment_add(d, act, "anna.alm", "relative", "oak", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "kind", "an assignment for a relative");

        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        tap_ok(sqlite3_exec(db, "UPDATE service SET opens = 'record' WHERE name = 'video'", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE role SET kind = 'relative' WHERE name = 'nurse'", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE role SET daily_planning = 1 WHERE name = 'relative'", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE role_service SET role = (SELECT id FROM role WHERE name = 'relative')", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "INSERT INTO role_service SELECT r.id, s.id FROM role r, service s WHERE r.name = 'relative' AND s.name = 'journal'",
                            NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE assignment SET role = 4", NULL, NULL, NULL) == SQLITE_CONSTRAINT,
               "the schema itself leaves no way round K8 and A1");
        (void) sqlite3_close(db);
}

static void test_identities(struct directory *d) {
        refused(directory_identity_add(d, act, 2, "SE", "990807-2391"), DIRECTORY_E_EXISTS, d, "number", "a number of somebody else, in another spelling");
        tap_ok(!strstr(directory_complaint(d), "Anna") && !strstr(directory_complaint(d), "990807"), "the complaint says neither whose nor which");
        refused(directory_identity_add(d, act, 2, "SE", "990807-2392"), DIRECTORY_E_INVALID, d, "number", "a mistyped number");
        tap_ok(!strstr(directory_complaint(d), "2392"), "the complaint does not repeat it");
        refused(directory_identity_add(d, act, 2, "NO", "990807-2391"), DIRECTORY_E_INVALID, d, "country", "a number of another country");
        refused(directory_identity_add(d, act, 99, "SE", "189001019802"), DIRECTORY_E_NOT_FOUND, d, "person", "a number for nobody");
        refused(directory_identity_check(d, 99, "SE", false), DIRECTORY_E_NOT_FOUND, d, "person", "which is known before it is typed");
        refused(directory_identity_check(d, 1, "SE", false), DIRECTORY_E_EXISTS, d, "--replace", "so is that there is one");
        tap_result(directory_identity_check(d, 1, "SE", true), DIRECTORY_OK, d, "which may be replaced");
        tap_result(directory_identity_check(d, 1, "DK", false), DIRECTORY_OK, d, "there is none of another country");
        refused(directory_identity_check(d, 1, "NO", false), DIRECTORY_E_INVALID, d, "country", "a country whose numbers are not known");
        tap_result(directory_identity_add(d, act, 2, "DK", "210127-0087"), DIRECTORY_OK, d, "a CPR number");
        tap_result(directory_identity_add(d, act, 2, "SE", "19140168-2396"), DIRECTORY_OK, d, "and a samordningsnummer");
}

static void test_assignments(struct directory *d) {
        int64_t id = 0;

        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-02-29", NULL, NULL), DIRECTORY_E_INVALID, d, "from", "a day that is none");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", NULL, "soon", NULL), DIRECTORY_E_INVALID, d, "until", "soon is no date");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-02", "2026-12-01", NULL), DIRECTORY_E_INVALID, d, "until", "the end before the beginning");
        refused(directory_assignment_add(d, act, "bo", "nurse", "birch", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "unit", "no such unit");
        refused(directory_assignment_add(d, act, "bo", "cook", "oak", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "role", "no such role");
        refused(directory_assignment_add(d, act, "nobody2", "nurse", "oak", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "account", "no such account");
        tap_result(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-01", "2026-12-01", &id), DIRECTORY_OK, d, "one single day");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", NULL, NULL, NULL), DIRECTORY_E_EXISTS, d, "careid unassign", "the same, over that day");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-01", NULL, NULL), DIRECTORY_E_EXISTS, d, "already", "the same, from that day on");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", NULL, "2026-12-01", NULL), DIRECTORY_E_EXISTS, d, "already", "the same, until that day");
        tap_result(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-02", "2026-12-03", NULL), DIRECTORY_OK, d, "the same, from the day after");
        tap_result(directory_assignment_add(d, act, "bo", "nurse", "oak", NULL, "2026-11-30", NULL), DIRECTORY_OK, d, "the same, until the day before");
        refused(directory_assignment_add(d, act, "bo", "nurse", "oak", "2020-01-01", "2020-01-31", NULL), DIRECTORY_E_INVALID, d, "until", "a time that is over");
        tap_result(directory_assignment_end(d, act, id), DIRECTORY_OK, d, "ended");
        tap_result(directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-01", "2026-12-01", NULL), DIRECTORY_OK, d, "and the same again");
        refused(directory_assignment_end(d, act, id), DIRECTORY_E_CONSTRAINT, d, "assignment", "ended twice");
        refused(directory_assignment_end(d, act, 999), DIRECTORY_E_NOT_FOUND, d, "assignment", "none to end");

        (void) directory_unit_add(d, act, "oakclinic", "abcdefghijklmnop", "Long");
        (void) directory_role_add(d, act, "abcdefghijk", "Long", "staff", false);
        refused(directory_assignment_add(d, act, "bo", "abcdefghijk", "abcdefghijklmnop", NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "32", "a group of 33 characters");
        (void) directory_role_add(d, act, "abcdefghij", "Long", "staff", false);
        tap_result(directory_assignment_add(d, act, "bo", "abcdefghij", "abcdefghijklmnop", NULL, NULL, NULL), DIRECTORY_OK, d, "a group of 32 characters");
}

static void test_archive(struct directory *d) {
        refused(directory_archive(d, act, "wall", "oak", true), DIRECTORY_E_INVALID, d, "kind", "archiving a wall");
        refused(directory_archive(d, act, "unit", "birch", true), DIRECTORY_E_NOT_FOUND, d, "unit", "archiving what is not there");
        refused(directory_archive(d, act, "person", "first", true), DIRECTORY_E_INVALID, d, "person", "archiving a person by name");
        tap_result(directory_archive(d, act, "unit", "elm", true), DIRECTORY_OK, d, "archiving a unit");
        refused(directory_archive(d, act, "unit", "elm", true), DIRECTORY_E_CONSTRAINT, d, "unit", "archiving it twice");
        refused(directory_assignment_add(d, act, "bo", "nurse", "elm", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "unit", "an assignment at an archived unit");
        tap_result(directory_archive(d, act, "unit", "elm", false), DIRECTORY_OK, d, "taking it back");
        refused(directory_archive(d, act, "unit", "elm", false), DIRECTORY_E_CONSTRAINT, d, "not archived", "taking it back twice");
        (void) directory_archive(d, act, "person", "2", true);
        refused(directory_identity_add(d, act, 2, "SE", "189001019802"), DIRECTORY_E_CONSTRAINT, d, "person", "a number for an archived person");
        refused(account(d, "bo2", "staff", "careid", "/home/bo2", "relative"), DIRECTORY_E_INVALID, d, "shell", "a shell that is no path");
        (void) directory_archive(d, act, "person", "2", false);
}

/* One row as "a|b|c". */
static void show(struct directory *d, const char *what, const char *filter, char *ret, size_t n) {
        const char *values[DIRECTORY_COLUMNS_MAX];
        struct directory_list *list = NULL;
        const char *const *columns;
        size_t at = 0;

        *ret = '\0';
        if (directory_list_open(d, what, filter, FIXTURE_NOW, &columns, &list) != DIRECTORY_OK)
                return;
        if (directory_list_next(list, values) == DIRECTORY_OK)
                for (size_t i = 0; columns[i] && at < n; i++)
                        at += (size_t) snprintf(ret + at, n - at, "%s%s", i ? "|" : "", values[i]);
        list = directory_list_close(list);
}

static void test_lists(struct directory *d) {
        static const struct { const char *what, *filter, *row; } rows[] = {
                { "organisations", "oakclinic", "oakclinic|The Oak clinic|SE|Europe/Stockholm|no" },
                { "units", "oak", "oak|oakclinic|Ward Oak|no" },
                { "services", "262", "video|262|Video calls|other|video|yes|no|no" },
                { "services", "journal", "journal||The journal|record||no|no|no" },
                { "roles", "nurse", "nurse|Nurse|staff|yes|journal|no" },
                { "persons", "1", "1|Anna Alm||no|sv|se||anna||||no" },
                { "persons", "2", "2|B. B.||yes||||bo||||no" },
                { "accounts", "anna", "anna|staff|oakclinic|1|Anna Alm|careid|2001000009|/home/anna|/bin/bash|yes|no" },
                { "accounts", "bo", "bo|staff|oakclinic|2|B. B.|careid|2001000010|/home/bo|/bin/bash|no|no" },
                { "assignments", "anna", "1|anna|1|Anna Alm|nurse|oak|oakclinic||2026-12-31|valid|||" },
                { "groups", "unit-oak-nurse", "unit-oak-nurse|2001000011|role-at-unit" },
                { "groups", "service-journal", "service-journal|2001000003|service-record" },
                { "persons", "Alm", "" },
                { "logins", NULL, "" },
                { "walls", NULL, "" },
        };
        char row[1024];
        const char *const *columns;
        struct directory_list *list = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        unsigned n = 0;

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                show(d, rows[i].what, rows[i].filter, row, sizeof row);
                tap_ok(strcmp(row, rows[i].row) == 0, "list %s %s", rows[i].what, rows[i].filter ? rows[i].filter : "");
                if (strcmp(row, rows[i].row) != 0)
                        printf("# %s\n", row);
        }
        show(d, "audit", "1", row, sizeof row);
        tap_ok(strncmp(row, "1|", 2) == 0 && strstr(row, "|careid|directory.create|directory|{}|"), "list audit 1");
        if (directory_list_open(d, "groups", NULL, FIXTURE_NOW, &columns, &list) == DIRECTORY_OK)
                while (directory_list_next(list, values) == DIRECTORY_OK)
                        n++;
        list = directory_list_close(list);
        tap_ok(n == 10, "all groups: %u", n);
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_lists(d);
                test_fields(d);
                test_title_limit(d);
                test_accounts(d);
                test_whose_uid(d);
                test_numbers_once(d);
                test_rules(d);
                test_identities(d);
                test_assignments(d);
                test_archive(d);
        }
        return tap_done();
}
