/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-mandates.c - who may administer what, and what a unit's manager can't do
 *
 * Mia (person 3) manages oak; Otto (person 4) may configure the organisation;
 * Ada (person 5) is its auditor.  All are staff.
 */

#include "batch.h"
#include "clients.h"
#include "fixture.h"
#include "mandates.h"
#include "sql.h"
#include "standing.h"

#include <stdio.h>
#include <string.h>

static const struct directory_act *const root = &fixture_act;
static const struct directory_act mia = { .actor = "person:3 uid:2001000005", .now = FIXTURE_NOW, .by_person = 3 };
static const struct directory_act otto = { .actor = "person:4 uid:2001000006", .now = FIXTURE_NOW, .by_person = 4 };
static const struct directory_act ada = { .actor = "person:5 uid:2001000007", .now = FIXTURE_NOW, .by_person = 5 };

static int64_t count(struct directory *d, const char *query) {
        int64_t n = -1;

        (void) sql_find_integer(d, query, SQL_NONE, &n);
        return n;
}

static void refused(int r, const struct directory *d, const char *why, const char *name) {
        tap_result(r, DIRECTORY_E_CONSTRAINT, d, "%s", name);
        tap_ok(strstr(directory_complaint(d), why) != NULL, "%s: because %s", name, why);
        if (!strstr(directory_complaint(d), why))
                printf("# %s\n", directory_complaint(d));
}

static void staff(struct directory *d, const char *given, const char *account) {
        char home[64];
        int64_t person = 0;

        (void) snprintf(home, sizeof home, "/home/%s", account);
        tap_result(directory_person_add(d, root, given, "Test", NULL, NULL, &person), DIRECTORY_OK, d, "%s", given);
        tap_result(directory_account_add(d, root, person, "oakclinic", account, "staff", "careid", home, "/bin/sh", NULL), DIRECTORY_OK, d,
                   "%s has an account", given);
        tap_result(directory_assignment_add(d, root, account, "nurse", "oak", NULL, NULL, NULL), DIRECTORY_OK, d, "%s works at oak", given);
}

/* Who works there for good, and may not be ended by who asks: no advice to do so. */
static void test_has_already(struct directory *d) {
        tap_result(directory_template_add(d, root, &(struct directory_template) { .name = "month", .title = "A month", .role = "nurse", .unit = "oak", .days = 30 }),
                   DIRECTORY_OK, d, "a template of what she may give");
        (void) fixture_sql("UPDATE mandate SET ended = 1795258800 WHERE person = 3 AND act = 'grant' AND ended IS NULL");
        tap_result(directory_assignment_add(d, &mia, "otto", "nurse", "oak", NULL, "2026-11-30", NULL), DIRECTORY_E_EXISTS, d, "who works there already");
        tap_ok(!strstr(directory_complaint(d), "careid unassign") && strstr(directory_complaint(d), "who may grant there"), "she is told who can end it: %s",
               directory_complaint(d));
        (void) fixture_sql("UPDATE mandate SET ended = NULL WHERE person = 3 AND act = 'grant'");
        tap_result(directory_archive(d, root, "template", "month", true), DIRECTORY_OK, d, "that template is closed");
}

/* What a list is about, and what there is not. */
static void test_filters(struct directory *d) {
        static const struct {
                const char *what, *word;
                int         r;
        } filters[] = {
                { "mandates", "3", DIRECTORY_OK }, { "mandates", "add", DIRECTORY_OK }, { "mandates", "lock", DIRECTORY_OK },
                { "mandates", "oak", DIRECTORY_OK }, { "mandates", "99", DIRECTORY_E_NOT_FOUND }, { "mandates", "nurse1", DIRECTORY_E_NOT_FOUND },
                { "units", "oakclinic", DIRECTORY_OK }, { "units", "moon", DIRECTORY_E_NOT_FOUND }, { "units", "", DIRECTORY_E_NOT_FOUND },
                { "assignments", "oak", DIRECTORY_OK }, { "assignments", "moon", DIRECTORY_E_NOT_FOUND }, { "assignments", "1", DIRECTORY_OK },
                { "grants", "99", DIRECTORY_E_NOT_FOUND }, { "accounts", "3", DIRECTORY_OK }, { "accounts", "E-1", DIRECTORY_E_NOT_FOUND },
                { "modules", "video", DIRECTORY_OK }, { "audit", "whatever", DIRECTORY_OK },
        };
        char ret[DIRECTORY_FILTER_MAX];

        for (size_t i = 0; i < N_ELEMENTS(filters); i++)
                tap_result(directory_list_filter(d, filters[i].what, filters[i].word, ret), filters[i].r, d, "list %s %s", filters[i].what,
                           filters[i].word);
        tap_ok(fixture_sql("UPDATE person SET reference = 'E-1' WHERE id = 3") == 0, "a person has a key");
        tap_ok(directory_list_filter(d, "accounts", "E-1", ret) == DIRECTORY_OK && strcmp(ret, "3") == 0, "it stands for them");
        tap_ok(directory_list_filter(d, "mandates", "key:E-1", ret) == DIRECTORY_OK && strcmp(ret, "3") == 0, "with what it is before it, too");
        tap_ok(directory_list_filter(d, "grants", "E-1", ret) == DIRECTORY_E_NOT_FOUND, "not where a list is not of people");
}

static int account_add(struct directory *d, const struct directory_act *act, int64_t person, const char *name, const char *kind) {
        char home[64];

        (void) snprintf(home, sizeof home, "/home/%s", name);
        return directory_account_add(d, act, person, "oakclinic", name, kind, "careid", home, "/bin/sh", NULL);
}

static void test_giving(struct directory *d) {
        int64_t id = 0;

        tap_result(directory_mandate_add(d, root, 3, "add", "oakclinic", "oak", NULL, NULL, &id), DIRECTORY_OK, d, "root gives: add, at oak");
        tap_result(directory_mandate_add(d, root, 3, "grant", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_OK, d, "and grant");
        tap_result(directory_mandate_add(d, root, 3, "grant", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_E_EXISTS, d, "not twice");
        tap_result(directory_mandate_add(d, root, 4, "configure", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "configure, the organisation");
        tap_result(directory_mandate_add(d, root, 5, "read-audit", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "read-audit");
        tap_result(directory_mandate_add(d, root, 4, "configure", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "configure at a unit");
        tap_result(directory_mandate_add(d, root, 4, "read-audit", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "read-audit at a unit");
        tap_result(directory_mandate_add(d, root, 4, "rule", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "no such act");
        tap_result(directory_mandate_add(d, root, 4, "add", "oakclinic", "moon", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "no such unit");
        tap_result(directory_mandate_add(d, root, 99, "add", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "nobody");
        tap_result(directory_mandate_add(d, root, 4, "add", "oakclinic", NULL, "2026-11-22", "2026-11-21", NULL), DIRECTORY_E_INVALID, d, "days backwards");
        refused(directory_mandate_add(d, root, 5, "add", "oakclinic", NULL, NULL, NULL, NULL), d, "an auditor only reads", "an auditor who adds");
        refused(directory_mandate_add(d, root, 3, "read-audit", "oakclinic", NULL, NULL, NULL, NULL), d, "an auditor only reads", "who adds as an auditor");

        refused(directory_mandate_add(d, &mia, 2, "add", "oakclinic", "oak", NULL, NULL, NULL), d, "no mandate to configure", "a manager gives mandates");
        refused(directory_mandate_end(d, &mia, id), d, "nobody acts on themselves", "a manager ends their own");
        refused(directory_mandate_add(d, &otto, 4, "grant", "oakclinic", NULL, NULL, NULL, NULL), d, "nobody acts on themselves", "who configures gives themselves");
        refused(directory_mandate_add(d, &otto, 2, "configure", "oakclinic", NULL, NULL, NULL, NULL), d, "only root", "or others the same");
        refused(directory_mandate_add(d, &otto, 2, "read-audit", "oakclinic", NULL, NULL, NULL, NULL), d, "only root", "or makes an auditor");
        refused(directory_mandate_add(d, &otto, 2, "add", "ashclinic", NULL, NULL, NULL, NULL), d, "no mandate to configure", "in another organisation");
        tap_result(directory_mandate_add(d, &otto, 2, "add", "oakclinic", "elm", NULL, "2026-12-24", &id), DIRECTORY_OK, d, "or gives another to add, at elm");
        tap_result(directory_mandate_end(d, &otto, id), DIRECTORY_OK, d, "and takes it back");
        refused(directory_mandate_end(d, root, id), d, "ended", "once");
        tap_result(directory_mandate_end(d, root, 99), DIRECTORY_E_NOT_FOUND, d, "no such mandate");
}

/* What a manager is for. */
static void test_within(struct directory *d) {
        int64_t person = 0, assignment = 0;

        tap_result(directory_person_add(d, &mia, "Tea", "Temp", NULL, NULL, &person), DIRECTORY_OK, d, "a manager adds a person");
        tap_result(directory_identity_set(d, &mia, person, "SE", "189001029819", false), DIRECTORY_OK, d, "and whose it is");
        tap_result(account_add(d, &mia, person, "tea", "staff"), DIRECTORY_OK, d, "and a log-in");
        tap_result(directory_assignment_add(d, &mia, "tea", "nurse", "oak", NULL, "2026-11-21", &assignment), DIRECTORY_OK, d, "for tonight, at oak");
        refused(directory_assignment_add(d, &mia, "tea", "nurse", "elm", NULL, "2026-11-21", NULL), d, "no mandate to grant at the unit elm", "not at elm");
        tap_result(directory_assignment_end(d, &mia, assignment), DIRECTORY_OK, d, "and ends it");
        tap_result(directory_archive(d, &mia, "account", "tea", true), DIRECTORY_OK, d, "and closes the log-in");
        tap_result(directory_archive(d, &mia, "account", "tea", false), DIRECTORY_OK, d, "and opens it");
        tap_result(directory_assignment_add(d, root, "tea", "nurse", "elm", NULL, NULL, NULL), DIRECTORY_OK, d, "who works elsewhere too");
        refused(directory_archive(d, &mia, "account", "tea", true), d, "more than you have a mandate for", "is out of reach");
        refused(directory_identity_set(d, &mia, person, "SE", "189001029819", true), d, "more than you have a mandate for", "also with another number");
}

/* And what not. */
static void test_without(struct directory *d) {
        const struct directory_service lamp = { .name = "lamp", .title = "Lamp", .opens = "other" };
        char part[MANDATE_PART_MAX];
        int64_t person = 0;

        refused(directory_organisation_add(d, &mia, "mine", "Mine", "SE", "Europe/Stockholm"), d, "only root", "an organisation");
        refused(directory_unit_add(d, &mia, "oakclinic", "mine", "Mine"), d, "no mandate to configure", "a unit");
        refused(directory_role_add(d, &mia, "chief", "Chief", "staff", false), d, "only root", "a role");
        refused(directory_service_add(d, &mia, &lamp), d, "only root", "a service");
        refused(directory_role_service_add(d, &mia, "nurse", "video"), d, "only root", "widening a role");
        refused(directory_archive(d, &mia, "unit", "oak", true), d, "no mandate to configure", "closing her own unit");
        refused(directory_archive(d, &mia, "role", "nurse", true), d, "only root", "closing a role");
        refused(directory_archive(d, &mia, "organisation", "oakclinic", true), d, "only root", "closing the organisation");
        refused(directory_archive(d, &otto, "organisation", "oakclinic", true), d, "only root", "closing the organisation, by who configures it");
        tap_result(directory_unit_add(d, &otto, "oakclinic", "yew", "Yew"), DIRECTORY_OK, d, "who configures adds a unit");
        refused(directory_unit_add(d, &otto, "ashclinic", "fir", "Fir"), d, "no mandate to configure in the organisation ashclinic", "in another organisation");

        refused(directory_assignment_add(d, &mia, "mia", "doctor", "oak", NULL, NULL, NULL), d, "nobody acts on themselves", "herself");
        tap_result(account_add(d, root, 3, "mia2", "staff"), DIRECTORY_OK, d, "who has another account");
        refused(directory_assignment_add(d, &mia, "mia2", "doctor", "oak", NULL, NULL, NULL), d, "nobody acts on themselves", "herself by that");
        refused(account_add(d, &mia, 3, "mia3", "staff"), d, "nobody acts on themselves", "a log-in of her own");
        refused(directory_identity_set(d, &mia, 3, "SE", "189001019802", true), d, "nobody acts on themselves", "a number of her own");
        refused(directory_archive(d, &mia, "person", "3", true), d, "nobody acts on themselves", "closing herself");

        refused(account_add(d, &mia, 2, "bo2", "staff"), d, "more than you have a mandate for", "a log-in for a colleague of elsewhere");
        refused(directory_identity_set(d, &mia, 2, "SE", "189001019802", true), d, "more than you have a mandate for", "becoming that colleague");
        tap_result(directory_assignment_add(d, &mia, "bo", "nurse", "oak", NULL, "2026-12-24", NULL), DIRECTORY_OK, d, "that colleague helps out at hers");
        refused(directory_identity_set(d, &mia, 2, "SE", "189001019802", true), d, "more than you have a mandate for", "and is as far out of reach as before");
        refused(directory_archive(d, &mia, "account", "bo", true), d, "more than you have a mandate for", "with all log-ins");
        refused(directory_identity_set(d, &mia, 4, "SE", "189001019802", true), d, "more than you have a mandate for", "becoming who configures");
        refused(directory_archive(d, &mia, "person", "5", true), d, "more than you have a mandate for", "closing the auditor");
        tap_result(directory_person_add(d, &mia, "Lo", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "a person who is new");
        tap_result(directory_client_add(d, root, person, "ashclinic", NULL, NULL), DIRECTORY_OK, d, "and then a client of others");
        refused(directory_identity_set(d, &mia, person, "SE", "189001019802", false), d, "more than you have a mandate for", "is theirs");
        tap_result(directory_person_add(d, &mia, "Rea", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "a person who is new");
        refused(account_add(d, &mia, person, "rea", "relative"), d, "no mandate to add in the organisation", "is no relative of hers to make");
        refused(directory_account_add(d, &mia, person, "oakclinic", "bob", "staff", "host", NULL, NULL, NULL), d, "only root", "nor a user of the host");
        refused(directory_account_add(d, &mia, person, "ashclinic", "rea", "staff", "careid", "/home/rea", "/bin/sh", NULL), d, "no mandate to add", "nor staff elsewhere");
        refused(directory_identity_set(d, &otto, person, "SE", "189001019802", false), d, "no mandate to add", "nor who has no such act");

        refused(directory_person_add(d, &ada, "Eva", "Ek", NULL, NULL, &person), d, "no mandate to add", "an auditor who adds");
        refused(directory_assignment_add(d, &ada, "anna", "doctor", "oak", NULL, NULL, NULL), d, "no mandate to grant", "an auditor who grants");
        refused(mandate_audit_part(d, &mia, part), d, "no mandate to read-audit", "a manager who reads the trail");
        tap_ok(mandate_audit_part(d, &ada, part) == DIRECTORY_OK && *part && !*directory_complaint(d),
               "an auditor of one organisation of two: a part, and no complaint");
        tap_result(directory_archive(d, root, "organisation", "ashclinic", true), DIRECTORY_OK, d, "where there is one");
        tap_ok(mandate_audit_part(d, &ada, part) == DIRECTORY_OK && !*part, "its auditor reads the whole trail");
}

/* Nobody is given so much that no snapshot can say it. */
static void test_room(struct directory *d) {
        char day[16];
        int r = DIRECTORY_OK;
        int64_t n = 0;

        staff(d, "Kim", "kim");
        while (r == DIRECTORY_OK && n++ < 100) {
                (void) snprintf(day, sizeof day, "2027-%02d-%02d", (int) (1 + n / 28), (int) (1 + n % 28));
                r = directory_assignment_add(d, &mia, "kim", "doctor", "oak", day, day, NULL);
        }
        refused(r, d, "24 assignments already", "a manager who assigns without end");
        tap_ok(n == 24, "at the next: %d", (int) n);
        tap_result(directory_assignment_add(d, root, "kim", "doctor", "oak", "2027-12-24", "2027-12-24", NULL), DIRECTORY_OK, d, "root may go on");
        tap_ok(mandate_held(d, 3, FIXTURE_NOW) == DIRECTORY_OK && mandate_held(d, 1, FIXTURE_NOW) == DIRECTORY_E_NOT_FOUND, "who holds a mandate, and who doesn't");
}

/* Templates say what who adds people may give. */
static void test_template(struct directory *d) {
        const struct directory_act bo = { .actor = "person:2 uid:2001000002", .now = FIXTURE_NOW, .by_person = 2 };

        tap_result(directory_mandate_add(d, root, 2, "add", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_OK, d, "who may only add");
        refused(directory_assignment_add(d, &bo, "tea", "doctor", "oak", NULL, "2026-11-21", NULL), d, "no mandate to grant", "gives no role");
        tap_ok(fixture_sql("INSERT INTO template (organisation, name, title, role, unit, days)"
                           " SELECT u.organisation, 'temp', 'Temp', r.id, u.id, 1 FROM unit u, role r WHERE u.name = 'oak' AND r.name = 'doctor'") == 0, "but a template's");
        tap_result(directory_assignment_add(d, &bo, "tea", "doctor", "oak", NULL, "2026-11-21", NULL), DIRECTORY_OK, d, "tonight");
        refused(directory_assignment_add(d, &bo, "anna", "doctor", "oak", NULL, NULL, NULL), d, "no mandate to grant", "not for good");
        refused(directory_assignment_add(d, &bo, "anna", "doctor", "oak", NULL, "2026-11-30", NULL), d, "no mandate to grant", "nor for longer");
        refused(directory_assignment_add(d, &bo, "anna", "doctor", "elm", NULL, "2026-11-21", NULL), d, "no mandate to grant", "nor elsewhere");
        refused(directory_assignment_add(d, &bo, "anna", "nurse", "oak", "2027-01-02", "2027-01-03", NULL), d, "no mandate to grant", "nor another role");
}

/* A mandate counts while everything that it stands on does. */
static void test_when(struct directory *d) {
        struct directory_act then = mia;
        int64_t id = 0;

        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_OK, d, "now");
        then.now -= 100;
        tap_result(directory_mandate_add(d, root, 3, "invite", "oakclinic", "oak", "2026-11-22", "2026-11-22", &id), DIRECTORY_OK, d, "one for tomorrow");
        tap_result(mandate_covers(d, &mia, MANDATE_INVITE, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "is none today");
        then.now = FIXTURE_NOW + 12 * 3600;             /* 2026-11-22 00:00 in Stockholm */
        tap_result(mandate_covers(d, &then, MANDATE_INVITE, 1, 1, 0), DIRECTORY_OK, d, "but from the first second of that day");
        then.now += 86399;
        tap_result(mandate_covers(d, &then, MANDATE_INVITE, 1, 1, 0), DIRECTORY_OK, d, "to its last");
        then.now += 1;
        tap_result(mandate_covers(d, &then, MANDATE_INVITE, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "and not after");

        tap_ok(fixture_sql("UPDATE unit SET archived = 1 WHERE name = 'oak'") == 0, "a unit that is archived");
        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "has no manager");
        tap_ok(fixture_sql("UPDATE unit SET archived = NULL; UPDATE person SET archived = 1 WHERE id = 3") == 0, "a manager who is archived");
        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "is none");
        tap_ok(fixture_sql("UPDATE person SET archived = NULL, died = 1 WHERE id = 3") == 0, "nor one who has died");
        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "is one");
        tap_ok(fixture_sql("UPDATE person SET died = NULL; UPDATE account SET archived = 1 WHERE person = 3") == 0, "nor one without a log-in");
        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_E_CONSTRAINT, d, "of staff");
        tap_ok(fixture_sql("UPDATE account SET archived = NULL") == 0, "who is back");
        tap_result(mandate_covers(d, &mia, MANDATE_GRANT, 1, 1, 0), DIRECTORY_OK, d, "is one");
}

/* What they have no mandate for is refused as what there is not. */
static void alike(struct directory *d, int of_it, const char *said, int of_none, const char *name) {
        tap_ok(of_it == of_none && of_it != DIRECTORY_OK && strcmp(said, directory_complaint(d)) == 0, "no difference: %s", name);
        if (of_it != of_none || strcmp(said, directory_complaint(d)) != 0)
                printf("# %d %s\n# %d %s\n", of_it, said, of_none, directory_complaint(d));
}

#define ALIKE(there, not_there, name) do {                                              \
                char said[256];                                                         \
                const int of_it = (there);                                              \
                (void) snprintf(said, sizeof said, "%s", directory_complaint(d));       \
                alike(d, of_it, said, (not_there), name);                               \
        } while (0)

static void test_alike(struct directory *d) {
        int64_t gone = 0, assignment = 0, enrolment = 0, mandate = 0, client_person = 0, grant = 0;
        const struct directory_basis consent = { .basis = "consent", .document = "binder 1", .checked_by = "A", .review_date = "2027-11-01" };
        char *detail = NULL;

        tap_ok(directory_person_add(d, root, "Gun", "Gone", NULL, NULL, &gone) == DIRECTORY_OK && account_add(d, root, gone, "gun", "external") == DIRECTORY_OK &&
               directory_person_leave(d, root, gone, NULL) == DIRECTORY_OK && directory_archive(d, root, "person", "2", false) != DIRECTORY_OK, "somebody has left");
        tap_ok(directory_archive(d, root, "organisation", "ashclinic", false) == DIRECTORY_OK &&
               directory_unit_add(d, root, "ashclinic", "willow", "Willow") == DIRECTORY_OK &&
               directory_person_add(d, root, "Cia", "Client", NULL, NULL, &client_person) == DIRECTORY_OK &&
               directory_client_add(d, root, client_person, "ashclinic", NULL, NULL) == DIRECTORY_OK &&
               directory_enrolment_add(d, root, "ashclinic-2", "willow", NULL, NULL, &enrolment) == DIRECTORY_OK, "a client of others is enrolled there");
        tap_ok(directory_assignment_add(d, root, "bo", "doctor", "willow", NULL, NULL, &assignment) == DIRECTORY_OK, "a colleague works there");
        tap_ok(directory_account_add(d, root, 2, "ashclinic", "boash", "staff", "careid", "/home/boash", "/bin/sh", NULL) == DIRECTORY_OK &&
               directory_mandate_add(d, root, 2, "invite", "ashclinic", NULL, NULL, NULL, &mandate) == DIRECTORY_OK, "and holds a mandate there");
        tap_ok(directory_person_add(d, root, "Rut", "Relative", NULL, NULL, &gone) == DIRECTORY_OK && account_add(d, root, gone, "rut", "relative") == DIRECTORY_OK &&
               directory_role_add(d, root, "kin", "Kin", "relative", false) == DIRECTORY_OK &&
               directory_grant_add(d, root, "rut", "kin", "ashclinic-2", &consent, NULL, NULL, &grant) == DIRECTORY_OK, "a client of others is granted to a relative");

        ALIKE(directory_person_leave(d, &mia, 2, NULL), directory_person_leave(d, &mia, 999, NULL), "who leaves");
        ALIKE(directory_person_leave(d, &mia, gone, NULL), directory_person_leave(d, &mia, 999, NULL), "who has left");
        ALIKE(directory_person_died(d, &mia, 2, "2026-11-01", NULL), directory_person_died(d, &mia, 999, "2026-11-01", NULL), "who has died");
        ALIKE(directory_contact_read(d, &mia, client_person, "phone", NULL, &detail), directory_contact_read(d, &mia, 999, "phone", NULL, &detail), "whose number is read");
        ALIKE(directory_contact_set(d, &mia, client_person, "phone", "+46701740605"), directory_contact_set(d, &mia, 999, "phone", "+46701740605"), "whose number is written");
        ALIKE(account_add(d, &mia, client_person, "new", "staff"), account_add(d, &mia, 999, "new", "staff"), "who is given a log-in");
        ALIKE(directory_archive(d, &mia, "person", "2", true), directory_archive(d, &mia, "person", "999", true), "which person is closed");
        ALIKE(directory_archive(d, &mia, "account", "rut", true), directory_archive(d, &mia, "account", "none", true), "which account is closed");
        ALIKE(directory_archive(d, &mia, "account", "gun", false), directory_archive(d, &mia, "account", "none", false), "which account is opened");
        ALIKE(directory_archive(d, &mia, "client", "ashclinic-2", true), directory_archive(d, &mia, "client", "ashclinic-999", true), "which client is closed");
        ALIKE(directory_assignment_end(d, &mia, assignment), directory_assignment_end(d, &mia, 999), "which assignment is ended");
        ALIKE(directory_deputy_add(d, &mia, assignment, "anna", NULL, "2026-12-24", NULL), directory_deputy_add(d, &mia, 999, "anna", NULL, "2026-12-24", NULL), "which is held");
        ALIKE(directory_assignment_add(d, &mia, "rut", "nurse", "willow", NULL, NULL, NULL), directory_assignment_add(d, &mia, "none", "nurse", "willow", NULL, NULL, NULL), "who is assigned elsewhere");
        tap_ok(directory_assignment_add(d, &mia, "rut", "nurse", "oak", NULL, NULL, NULL) == DIRECTORY_E_NOT_FOUND &&
               strstr(directory_complaint(d), "there is no rut"), "a relative can't be assigned: to her there is none");
        ALIKE(directory_enrolment_end(d, &mia, enrolment), directory_enrolment_end(d, &mia, 999), "which enrolment is ended");
        ALIKE(directory_enrolment_add(d, &mia, "ashclinic-2", "willow", NULL, NULL, NULL), directory_enrolment_add(d, &mia, "ashclinic-999", "willow", NULL, NULL, NULL), "which client of others is enrolled");
        ALIKE(directory_enrolment_add(d, &mia, "ashclinic-2", "oak", NULL, NULL, NULL), directory_enrolment_add(d, &mia, "ashclinic-999", "oak", NULL, NULL, NULL), "at hers");
        ALIKE(directory_grant_end(d, &mia, grant, "ended"), directory_grant_end(d, &mia, 999, "ended"), "which grant is ended");
        ALIKE(directory_grant_review(d, &mia, grant, "2027-11-01"), directory_grant_review(d, &mia, 999, "2027-11-01"), "which grant is confirmed");
        ALIKE(directory_grant_add(d, &mia, "rut", "kin", "ashclinic-2", &consent, NULL, NULL, NULL), directory_grant_add(d, &mia, "none", "kin", "ashclinic-999", &consent, NULL, NULL, NULL), "which client is granted");
        tap_ok(directory_mandate_add(d, root, 4, "grant", "oakclinic", NULL, NULL, NULL, &mandate) == DIRECTORY_OK &&
               directory_account_add(d, root, gone, "ashclinic", "rutash", "external", "careid", "/home/rutash", "/bin/sh", NULL) == DIRECTORY_OK, "who may grant in all of hers");
        ALIKE(directory_grant_add(d, &otto, "boash", "kin", "oakclinic-999", &consent, NULL, NULL, NULL), directory_grant_add(d, &otto, "none", "kin", "oakclinic-999", &consent, NULL, NULL, NULL), "whose account of others is granted something");
        tap_ok(directory_archive(d, root, "account", "rutash", true) == DIRECTORY_OK, "that is closed");
        ALIKE(directory_grant_add(d, &otto, "rutash", "kin", "oakclinic-999", &consent, NULL, NULL, NULL), directory_grant_add(d, &otto, "none", "kin", "oakclinic-999", &consent, NULL, NULL, NULL), "whose account was closed");
        tap_ok(directory_grant_add(d, &otto, "anna", "kin", "oakclinic-999", &consent, NULL, NULL, NULL) == DIRECTORY_E_CONSTRAINT && strstr(directory_complaint(d), "of the kind staff"), "of their own they are told");
        tap_ok(directory_mandate_end(d, root, mandate) == DIRECTORY_OK && directory_mandate_add(d, root, 2, "lock", "ashclinic", NULL, NULL, NULL, &mandate) == DIRECTORY_OK, "and may no more");
        ALIKE(directory_client_add(d, &mia, client_person, "ashclinic", NULL, NULL), directory_client_add(d, &mia, 999, "ashclinic", NULL, NULL), "who becomes a client");
        ALIKE(directory_mandate_end(d, &otto, mandate), directory_mandate_end(d, &otto, 999), "which mandate is taken");
        ALIKE(directory_mandate_add(d, &otto, client_person, "add", "oakclinic", NULL, NULL, NULL, NULL), directory_mandate_add(d, &otto, 999, "add", "oakclinic", NULL, NULL, NULL, NULL), "who is given one");
}

/* Each thing that puts somebody out of reach, alone: all else of theirs is hers, or is of an organisation that is. */
static void test_reach(struct directory *d) {
        const struct directory_basis consent = { .basis = "consent", .document = "binder 1", .checked_by = "A", .review_date = "2027-11-01" };
        const struct directory_act ove = { .actor = "person:99 uid:2001000099", .now = FIXTURE_NOW, .by_person = 0 };
        struct directory_act wide = ove;
        int64_t person[13] = { 0 }, chief = 0, id = 0, patient = 0;
        char name[16];

        tap_ok(directory_person_add(d, root, "Ove", "Test", NULL, NULL, &chief) == DIRECTORY_OK && account_add(d, root, chief, "ove", "staff") == DIRECTORY_OK &&
               directory_mandate_add(d, root, chief, "add", "oakclinic", NULL, NULL, NULL, NULL) == DIRECTORY_OK, "who may add in all of the organisation");
        wide.by_person = chief;
        for (size_t i = 0; i < N_ELEMENTS(person); i++) {
                (void) snprintf(name, sizeof name, "own%zu", i);
                tap_ok(directory_person_add(d, &mia, "Own", "Test", NULL, NULL, &person[i]) == DIRECTORY_OK &&
                       account_add(d, &mia, person[i], name, "staff") == DIRECTORY_OK &&
                       directory_assignment_add(d, &mia, name, "nurse", "oak", NULL, NULL, NULL) == DIRECTORY_OK, "somebody of hers");
                tap_result(mandate_covers_person(d, &mia, MANDATE_ADD, person[i]), DIRECTORY_OK, d, "is within reach");
        }
#define OUT_OF_REACH(i, name) refused(mandate_covers_person(d, &mia, MANDATE_ADD, person[i]), d, "more than you have a mandate for", name)
        tap_ok(directory_mandate_add(d, root, person[0], "invite", "oakclinic", "oak", NULL, NULL, NULL) == DIRECTORY_OK, "root gives one a mandate");
        OUT_OF_REACH(0, "who holds a mandate");
        tap_result(directory_account_add(d, root, person[1], "oakclinic", "ownhost", "staff", "host", NULL, NULL, NULL), DIRECTORY_OK, d, "an account of the host's");
        tap_ok(fixture_sql("UPDATE account SET by_person = 3 WHERE name = 'ownhost'") == 0, "whoever added it");
        OUT_OF_REACH(1, "who is a user of the host's own");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, person[1]), d, "more than you have a mandate for", "for all of the organisation, too");
        tap_result(account_add(d, root, person[2], "ownroot", "staff"), DIRECTORY_OK, d, "root adds an account");
        OUT_OF_REACH(2, "who has an account that somebody else has added");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[2]), DIRECTORY_OK, d, "but not for all of the organisation");
        tap_result(account_add(d, root, person[3], "ownrel", "relative"), DIRECTORY_OK, d, "an account as a relative");
        tap_ok(fixture_sql("UPDATE account SET by_person = 3 WHERE name = 'ownrel'") == 0, "whoever added it");
        OUT_OF_REACH(3, "who is a relative");
        tap_result(directory_assignment_add(d, root, "own4", "nurse", "elm", NULL, NULL, NULL), DIRECTORY_OK, d, "work elsewhere");
        OUT_OF_REACH(4, "who works elsewhere");
        tap_ok(fixture_sql("UPDATE assignment SET valid_from = 4102444800 WHERE id = (SELECT max(id) FROM assignment)") == 0, "and not before long");
        OUT_OF_REACH(4, "or will");
        tap_ok(directory_assignment_add(d, root, "own8", "nurse", "elm", NULL, NULL, &id) == DIRECTORY_OK && directory_assignment_end(d, root, id) == DIRECTORY_OK, "work elsewhere, that root ends");
        OUT_OF_REACH(8, "who worked elsewhere");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[4]), DIRECTORY_OK, d, "but not for all of the organisation");
        tap_result(directory_client_add(d, root, person[5], "oakclinic", NULL, NULL), DIRECTORY_OK, d, "a client");
        OUT_OF_REACH(5, "who is a client");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[5]), DIRECTORY_OK, d, "but not for all of the organisation");
        tap_ok(account_add(d, root, person[6], "owngrant", "relative") == DIRECTORY_OK, "a relative");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[6]), DIRECTORY_OK, d, "is within reach for all of the organisation");
        tap_result(directory_grant_add(d, root, "owngrant", "kin", "ashclinic-2", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "of a client of others");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, person[6]), d, "more than you have a mandate for", "and then not");
        tap_ok(directory_person_add(d, root, "Un", "Known", NULL, NULL, &person[7]) == DIRECTORY_OK, "somebody whom root has added");
        OUT_OF_REACH(7, "whom somebody else has made up");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, person[7]), d, "more than you have a mandate for", "for all of the organisation, too");
        tap_ok(account_add(d, root, person[7], "unknown", "staff") == DIRECTORY_OK, "until they work there");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[7]), DIRECTORY_OK, d, "and then not");

        /* What has ended, alone. */
        tap_ok(directory_mandate_add(d, root, person[9], "invite", "oakclinic", "oak", NULL, NULL, &id) == DIRECTORY_OK && directory_mandate_end(d, root, id) == DIRECTORY_OK, "a mandate, taken back");
        OUT_OF_REACH(9, "who held a mandate");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[9]), DIRECTORY_OK, d, "but not for all of the organisation");
        tap_ok(account_add(d, &wide, person[10], "own10b", "relative") == DIRECTORY_OK &&
               directory_grant_add(d, root, "own10b", "kin", "ashclinic-2", &consent, NULL, NULL, &id) == DIRECTORY_OK && directory_grant_end(d, root, id, "ended") == DIRECTORY_OK, "a client of others, until today");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, person[10]), d, "more than you have a mandate for", "to whom one of others was granted");
        tap_result(directory_identity_set(d, root, person[11], "SE", "191401682396", false), DIRECTORY_OK, d, "root says which number is whose");
        OUT_OF_REACH(11, "whose number somebody else has registered");
        refused(directory_identity_set(d, &mia, person[11], "SE", "189001019802", true), d, "more than you have a mandate for", "and that is whose it stays");
        tap_result(mandate_covers_person(d, &wide, MANDATE_ADD, person[11]), DIRECTORY_OK, d, "but not for all of the organisation");

        /* Nor does becoming a client there bring anybody within reach, nor tell who there is. */
        tap_ok(directory_person_add(d, root, "Pat", "Secret", "Alias", NULL, &patient) == DIRECTORY_OK, "somebody who is protected");
        ALIKE(directory_client_add(d, &wide, patient, "oakclinic", NULL, NULL), directory_client_add(d, &wide, 9999, "oakclinic", NULL, NULL), "who is made a client");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, patient), d, "more than you have a mandate for", "whom somebody has tried to make one");
        tap_ok(directory_person_died(d, root, patient, "2026-11-01", NULL) == DIRECTORY_OK, "who dies");
        ALIKE(directory_client_add(d, &wide, patient, "oakclinic", NULL, NULL), directory_client_add(d, &wide, 9999, "oakclinic", NULL, NULL), "who has died");
        tap_ok(directory_client_add(d, &wide, person[12], "oakclinic", NULL, NULL) == DIRECTORY_OK, "somebody within reach is made one");
        refused(mandate_covers_person(d, &wide, MANDATE_ADD, 9999), d, "more than you have a mandate for", "nor whom there is not");
#undef OUT_OF_REACH
}

/* Whose number it is that somebody else has been given: not said, and an entry about them. */
static void test_collision(struct directory *d) {
        int64_t person = 0;

        tap_ok(directory_identity_set(d, root, 2, "SE", "189001019802", true) == DIRECTORY_OK &&
               directory_person_add(d, &mia, "Dup", "Test", NULL, NULL, &person) == DIRECTORY_OK, "a number, and somebody new");
        tap_result(directory_identity_set(d, &mia, person, "SE", "189001019802", false), DIRECTORY_E_EXISTS, d, "is not theirs");
        tap_ok(strstr(directory_complaint(d), "the personal number can't be registered with a mandate") != NULL, "of which she is told no more: %s", directory_complaint(d));
        tap_ok(count(d, "SELECT count(*) FROM audit"
                           " WHERE act = 'identity.collision' AND object = 'person:2' AND actor LIKE 'person:3 %'") == 1, "but the trail has it, about whose it is");
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "with others");
        tap_result(directory_identity_set(d, &mia, person, "SE", "189001019802", false), DIRECTORY_E_EXISTS, d, "that are not kept");
        (void) directory_batch_end(d, false);
        tap_ok(directory_identity_collided(d, &mia, DIRECTORY_E_EXISTS) == DIRECTORY_E_EXISTS && directory_identity_collided(d, &mia, DIRECTORY_OK) == DIRECTORY_OK &&
               count(d, "SELECT count(*) FROM audit WHERE act = 'identity.collision'") == 2,
               "it is told once");
}

static void test_names(struct directory *d) {
        static const char *const names[] = { "root", "bin", "postgres", "docker", "register", "admin", "_apt", "_ssh", "systemd-oomd", "debian-tor", "www-data",
                                             "cups-pk-helper", "sync", "zookeeper", "adm" };
        static const char *const free_names[] = { "dock", "systema", "ann-data1", "zoo", "tor" };
        int64_t person = 0;

        tap_result(directory_person_add(d, &mia, "Nam", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "somebody to be named");
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                refused(account_add(d, &mia, person, names[i], "staff"), d, "to users of its own", names[i]);
        for (size_t i = 0; i < sizeof free_names / sizeof *free_names; i++)
                tap_result(account_add(d, &mia, person, free_names[i], "staff"), DIRECTORY_OK, d, "%s", free_names[i]);
        tap_result(account_add(d, root, person, "docker", "staff"), DIRECTORY_OK, d, "root knows better");
}

/* Root's act is undone by root. */
/* "+" closes, "-" opens: the account, another one of theirs, their person; having left, or a death. */
static int close_or_open(struct directory *d, const struct directory_act *act, int64_t person, const char *account, const char *word) {
        char id[24], other[24];

        (void) snprintf(id, sizeof id, "%lld", (long long) person);
        (void) snprintf(other, sizeof other, "%sb", account);
        switch (strchr("aopld", word[1]) - "aopld") {
        case 0:
                return directory_archive(d, act, "account", account, *word == '+');
        case 1:
                return *word == '*' ? account_add(d, act, person, other, "staff") : directory_archive(d, act, "account", other, *word == '+');
        case 2:
                return directory_archive(d, act, "person", id, *word == '+');
        case 3:
                return directory_person_leave(d, act, person, NULL);
        default:
                return directory_person_died(d, act, person, *word == '+' ? "2026-11-01" : NULL, NULL);
        }
}

/*
 * Who closes (+) and opens (-): r root, m she who added them; a their account,
 * p their person, l they leave, d they died, o another account (* adds it).
 * All of it is done but what stands after a "!": that is refused.
 */
static void test_opening(struct directory *d) {
        static const char *const rows[] = {
                "m+a m-a", "m+p m-p", "m+l m-a", "m+d m-d m-a", "m*o m+l m-a m-o",
                "r+a !m-a", "r+l !m-a", "r+d !m-d", "r+p !m-p",
                /* Closed once more with a mandate. */
                "r+a m+p m-p !m-a", "r+l m+p m-p !m-a", "r+a m*o m+l !m-a m-o", "r+d m+p !m-d", "r+d m+p !m-a",
                "r+a m*o m+o m-o !m-a", "r+a m+d m-d !m-a", "r+l m*o m+l !m-a m-o",
                "m+a m*o r+l !m-a !m-o", "m+a m*o r+d !m-d r-d !m-a !m-o", "m+a r+p !m-a !m-p",
                /* Opened by root, as it was closed. */
                "r+a r-a m+a m-a", "r+l r-a m+a m-a", "r+a m+p m-p r-a m+a m-a", "r+p r-p m+a m-a", "r+p r-p m+p m-p", "r+d r-d r-a m+a m-a",
                "r+a r+p r-p !m-a", "r+l r+p r-p !m-a", "r+a m+p r-p !m-a", "m+p r-p m+p m-p",
                "r+d r-d !m-a m+d m-d !m-a", "m+a r+p r-p m-a", "r+l m*o m+o m-o", "r+a r-a r+a !m-a", "r+l r-a r+l !m-a",
        };
        char account[8], said[64];
        int64_t person = 0;

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                (void) snprintf(account, sizeof account, "kit%zu", i);
                tap_ok(directory_person_add(d, &mia, "Kit", "Test", NULL, NULL, &person) == DIRECTORY_OK &&
                       account_add(d, &mia, person, account, "staff") == DIRECTORY_OK, "hers: %s", rows[i]);
                for (const char *p = rows[i]; *p; p += strcspn(p, " "), p += *p == ' ') {
                        const bool is_refused = *p == '!';
                        int r;

                        p += is_refused;
                        (void) snprintf(said, sizeof said, "%s: at %.3s", rows[i], p);
                        r = close_or_open(d, *p == 'r' ? root : &mia, person, account, p + 1);
                        if (is_refused)
                                refused(r, d, "closed by root", said);
                        else
                                tap_result(r, DIRECTORY_OK, d, "%s", said);
                }
        }
}

/* What was closed before the trail begins: nobody knows by whom. */
static void test_opening_pruned(struct directory *d) {
        struct directory_act before = fixture_act;
        int64_t person = 0;

        before.now -= 100;
        tap_ok(directory_person_add(d, &mia, "Kit", "Test", NULL, NULL, &person) == DIRECTORY_OK && account_add(d, &mia, person, "kit", "staff") == DIRECTORY_OK, "hers");
        tap_result(directory_archive(d, &before, "account", "kit", true), DIRECTORY_OK, d, "root closes one account");
        tap_result(account_add(d, &mia, person, "kitb", "staff"), DIRECTORY_OK, d, "there is another");
        tap_result(directory_person_leave(d, &mia, person, NULL), DIRECTORY_OK, d, "she has them leave");
        tap_ok(fixture_sql("INSERT INTO checkpoint SELECT max(sequence), zeroblob(32), 1, 1, zeroblob(64) FROM audit;"
                           "DELETE FROM audit WHERE at < (SELECT at FROM audit ORDER BY sequence DESC LIMIT 1)") == 0 &&
               count(d, "SELECT count(*) FROM audit WHERE act = 'archive' AND object = (SELECT 'account:' || id FROM account WHERE name = 'kit')") == 0, "and the trail is cut off");
        refused(directory_archive(d, &mia, "account", "kit", false), d, "closed by root", "what root has closed before");
        tap_result(directory_archive(d, &mia, "account", "kitb", false), DIRECTORY_OK, d, "what she has closed since");
}

/* Of an account whose uid is known, nothing else; and again in the transaction of the act. */
static void test_standing(struct directory *d) {
        struct directory_act from = mia, moved = mia;
        struct directory_account a = { .id = 0 };
        int64_t person = 0;

        tap_result(directory_account(d, "mia", FIXTURE_NOW, &a), DIRECTORY_OK, d, "who manages oak");
        tap_result(directory_standing_find(d, a.uid, NULL, FIXTURE_NOW), DIRECTORY_OK, d, "has something to do here");
        tap_result(directory_standing_find(d, a.uid + 1000, NULL, FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "who is nobody has not");
        tap_result(directory_standing_find(d, 1000, "mia", FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "nor who has the name, of an account of careid's own");
        staff(d, "Ulf", "ulf");
        tap_result(directory_account(d, "ulf", FIXTURE_NOW, &a), DIRECTORY_OK, d, "nor a colleague");
        tap_result(directory_standing_find(d, a.uid, NULL, FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "who holds no mandate");
        tap_ok(fixture_sql("INSERT INTO review (what, object, drawn, reviewer) SELECT 'audit', 1, 1, person FROM account WHERE name = 'ulf'") == 0, "but a sample");
        tap_result(directory_standing_find(d, a.uid, NULL, FIXTURE_NOW), DIRECTORY_OK, d, "is to be reviewed by him");

        tap_result(directory_account_add(d, root, 3, "oakclinic", "miahost", "staff", "host", NULL, NULL, NULL), DIRECTORY_OK, d, "an account of the host's own");
        tap_result(directory_standing_find(d, 1000, "miahost", FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "that is not assigned");
        tap_result(directory_assignment_add(d, root, "miahost", "nurse", "oak", NULL, NULL, NULL), DIRECTORY_OK, d, "is assigned");
        tap_result(directory_standing_find(d, 1000, "miahost", FIXTURE_NOW), DIRECTORY_OK, d, "and known by the host's name");
        tap_result(directory_standing_find(d, 0, "miahost2", FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "and by no other");

        tap_result(directory_account(d, "mia", FIXTURE_NOW, &a), DIRECTORY_OK, d, "from her account");
        from.by_account = moved.by_account = a.id;
        tap_result(directory_person_add(d, &from, "Liv", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "she acts");
        moved.by_person = 4;
        refused(directory_person_add(d, &moved, "Liv", "Test", NULL, NULL, &person), d, "closed meanwhile", "nobody else does");
        moved = from;
        moved.as_client = true;
        refused(directory_person_add(d, &moved, "Liv", "Test", NULL, NULL, &person), d, "closed meanwhile", "nor as of another kind");
        tap_ok(fixture_sql("UPDATE account SET archived = 1 WHERE name = 'mia'") == 0, "the account is closed");
        tap_result(directory_person_add(d, &mia, "Liv", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "what her other one still may");
        refused(directory_person_add(d, &from, "Liv", "Test", NULL, NULL, &person), d, "closed meanwhile", "is not done from this one");
        tap_result(directory_standing_find(d, a.uid, NULL, FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "which has nothing to do here");
        tap_ok(fixture_sql("UPDATE account SET archived = NULL WHERE name = 'mia'") == 0, "it is opened again");
}

static void test_schema(void) {
        sqlite3 *db = NULL;

        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        tap_ok(sqlite3_exec(db, "UPDATE mandate SET unit = NULL WHERE person = 3", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "DELETE FROM mandate", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "INSERT INTO mandate (person, act, organisation, by_person, created) VALUES (4, 'add', 1, 4, 0)", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "INSERT INTO mandate (person, act, organisation, created) VALUES (5, 'add', 1, 0)", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE person SET by_person = NULL WHERE by_person = 3", NULL, NULL, NULL) == SQLITE_CONSTRAINT &&
               sqlite3_exec(db, "UPDATE account SET by_person = NULL WHERE by_person = 3", NULL, NULL, NULL) == SQLITE_CONSTRAINT,
               "the schema itself keeps mandates, and who added whom");
        (void) sqlite3_close(db);
}

int main(void) {
        struct directory *d;

        fixture_begin();
        d = fixture_clinic();
        staff(d, "Mia", "mia");
        staff(d, "Otto", "otto");
        staff(d, "Ada", "ada");
        tap_result(directory_organisation_add(d, root, "ashclinic", "Ash clinic", "SE", "Europe/Stockholm"), DIRECTORY_OK, d, "another organisation");
        test_giving(d);
        test_within(d);
        test_has_already(d);
        test_without(d);
        test_room(d);
        test_template(d);
        test_when(d);
        test_standing(d);
        test_alike(d);
        test_reach(d);
        test_collision(d);
        test_names(d);
        test_opening(d);
        test_opening_pruned(d);
        test_filters(d);
        test_schema();
        fixture_closep(&d);
        return tap_done();
}
