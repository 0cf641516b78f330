/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-clients.c - whom an organisation cares for, and who may act for them
 */

#include "clients.h"
#include "fixture.h"
#include "mandates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;
static const struct directory_basis self = { .basis = "self" };
static const struct directory_basis consent = {
        .basis = "consent", .document = "binder 4", .checked_by = "Ward manager", .review_date = "2027-11-01",
};

/* The complaint about what was just refused names the field. */
static void refused(int r, int want, const struct directory *d, const char *field, const char *name) {
        const bool named = strstr(directory_complaint(d), field) != NULL;

        tap_result(r, want, d, "%s", name);
        if (!named)
                printf("# %s\n", directory_complaint(d));
        tap_ok(named, "%s: the complaint names \"%s\"", name, field);
}

static int account(struct directory *d, int64_t person, const char *name, const char *kind) {
        char home[64];

        (void) snprintf(home, sizeof home, "/home/%s", name);
        return directory_account_add(d, act, person, "oakclinic", name, kind, "careid", home, "/bin/sh", NULL);
}

/* Persons 3 (client), 4 and 5 (relatives, with accounts "rel" and "kin"), and the role "resident" of clients. */
static void people(struct directory *d) {
        int64_t id;

        if (directory_person_add(d, act, "Tove", "Test", NULL, NULL, &id) || directory_person_add(d, act, "Rut", "Test", NULL, NULL, &id) ||
            directory_person_add(d, act, "Kim", "Test", NULL, NULL, &id) || account(d, 4, "rel", "relative") ||
            account(d, 5, "kin", "relative") || account(d, 3, "tove", "client") ||
            directory_role_add(d, act, "resident", "Resident", "client", false) ||
            directory_role_service_add(d, act, "relative", "video") || directory_role_service_add(d, act, "resident", "video"))
                tap_ok(false, "the people of this test: %s", directory_complaint(d));
}

static int64_t count(const char *query) {
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;
        int64_t n = -1;

        if (sqlite3_open(fixture_file("state", "directory.db"), &db) == SQLITE_OK &&
            sqlite3_prepare_v2(db, query, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                n = sqlite3_column_int64(stmt, 0);
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_close(db);
        return n;
}

static bool has_group(const char *name) {
        char query[160];

        (void) snprintf(query, sizeof query, "SELECT count(*) FROM care_group WHERE name = '%s'", name);
        return count(query) == 1;
}

static void test_clients(struct directory *d) {
        int64_t id = 0, other = 0;
        uint32_t number = 0;

        tap_ok(directory_client_add(d, act, 3, "oakclinic", &id, &number) == DIRECTORY_OK && number == 1, "the first client has the number 1");
        tap_ok(has_group("client-oakclinic-1"), "and a group");
        refused(directory_client_add(d, act, 3, "oakclinic", NULL, NULL), DIRECTORY_E_EXISTS, d, "oakclinic-1", "a client twice");
        refused(directory_client_add(d, act, 99, "oakclinic", NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "person", "a client who is nobody");
        refused(directory_client_add(d, act, 3, "elsewhere", NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "organisation", "a client of nobody");
        tap_ok(directory_client_find(d, "oakclinic-1", &other) == DIRECTORY_OK && other == id, "found by name");
        refused(directory_client_find(d, "oakclinic-2", &other), DIRECTORY_E_NOT_FOUND, d, "client", "no such number");
        refused(directory_client_find(d, "oakclinic", &other), DIRECTORY_E_INVALID, d, "client", "no number");
        refused(directory_client_find(d, "oakclinic-01", &other), DIRECTORY_E_INVALID, d, "client", "a zero before the number");
        refused(directory_client_find(d, "oakclinic-99999999", &other), DIRECTORY_E_INVALID, d, "client", "a number too long");
        refused(directory_client_find(d, "-1", &other), DIRECTORY_E_INVALID, d, "client", "no organisation");
        refused(directory_client_find(d, NULL, &other), DIRECTORY_E_INVALID, d, "client", "nothing at all");
        fixture_host_group = "client-oakclinic-2";
        refused(directory_client_add(d, act, 5, "oakclinic", NULL, NULL), DIRECTORY_E_EXISTS, d, "client-oakclinic-2", "a group that the host has");
        fixture_host_group = NULL;
}

static void test_enrolments(struct directory *d) {
        int64_t id = 0;

        tap_result(directory_organisation_add(d, act, "fir", "Fir", "SE", "Europe/Stockholm"), DIRECTORY_OK, d, "another organisation");
        (void) directory_unit_add(d, act, "fir", "firwest", "West");
        tap_result(directory_enrolment_add(d, act, "oakclinic-1", "oak", "2026-12-01", "2026-12-31", &id), DIRECTORY_OK, d, "enrolled");
        refused(directory_enrolment_add(d, act, "oakclinic-1", "oak", NULL, NULL, NULL), DIRECTORY_E_EXISTS, d, "careid unenrol", "the same, over those days");
        tap_result(directory_enrolment_add(d, act, "oakclinic-1", "oak", "2027-01-01", NULL, NULL), DIRECTORY_OK, d, "the day after");
        refused(directory_enrolment_add(d, act, "oakclinic-1", "firwest", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "unit", "a unit of another organisation");
        refused(directory_enrolment_add(d, act, "oakclinic-1", "oak", "2026-02-29", NULL, NULL), DIRECTORY_E_INVALID, d, "from", "no such day");
        refused(directory_enrolment_add(d, act, "oakclinic-1", "oak", "2026-12-02", "2026-12-01", NULL), DIRECTORY_E_INVALID, d, "until", "backwards");
        refused(directory_enrolment_add(d, act, "oakclinic-9", "oak", NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "client", "nobody enrolled");
        tap_result(directory_enrolment_end(d, act, id), DIRECTORY_OK, d, "ended");
        refused(directory_enrolment_end(d, act, id), DIRECTORY_E_CONSTRAINT, d, "enrolment", "ended twice");
        refused(directory_enrolment_end(d, act, 999), DIRECTORY_E_NOT_FOUND, d, "enrolment", "none to end");
}

/* X20: a day is that whole day in the organisation's time zone, the last one included. */
static void test_days(struct directory *d) {
        static const struct { const char *name, *from, *until; int64_t begins, ends; } rows[] = {
                { "the night in which clocks go forward: 23 hours", "2027-03-28", "2027-03-28", 1806188400, 1806188400 + 23 * 3600 },
                { "the night in which they go back: 25 hours", "2027-10-31", "2027-10-31", 1824933600, 1824933600 + 25 * 3600 },
                { "29 February", "2028-02-29", "2028-02-29", 1835391600, 1835391600 + 86400 },
                { "the last day of a year", "2027-12-31", "2027-12-31", 1830207600, 1830207600 + 86400 },
        };
        char query[160];

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                int64_t id = 0;

                tap_result(directory_enrolment_add(d, act, "oakclinic-1", "elm", rows[i].from, rows[i].until, &id), DIRECTORY_OK, d, "%s", rows[i].name);
                (void) snprintf(query, sizeof query, "SELECT valid_from FROM enrolment WHERE id = %lld", (long long) id);
                tap_ok(count(query) == rows[i].begins, "%s: begins", rows[i].name);
                (void) snprintf(query, sizeof query, "SELECT valid_until FROM enrolment WHERE id = %lld", (long long) id);
                tap_ok(count(query) == rows[i].ends, "%s: ends", rows[i].name);
        }
        refused(directory_enrolment_add(d, act, "oakclinic-1", "elm", "2027-02-29", NULL, NULL), DIRECTORY_E_INVALID, d, "from", "29 February in a year without");
        refused(directory_enrolment_add(d, act, "oakclinic-1", "oak", NULL, "2026-11-20", NULL), DIRECTORY_E_INVALID, d, "until", "until yesterday");
}

/* What nobody may be called, wherever a name is taken. */
static void test_names(struct directory *d) {
        static const char *const names[] = { "oak:clinic-1", "oakclinic-1\n", "oak/clinic-1", "-oakclinic-1", "root", "oakclinic--1", "oakclinic-1-", "Oakclinic-1",
                                             "oakclinic-+1", "oakclinic- 1", "oakclinic-1;x", "" };
        char longest[301];
        int64_t id;

        for (size_t i = 0; i < N_ELEMENTS(names); i++)
                tap_ok(directory_client_find(d, names[i], &id) > DIRECTORY_OK, "no client is called row %zu", i);
        memset(longest, 'a', sizeof longest - 1);
        longest[300] = '\0';
        refused(directory_client_find(d, longest, &id), DIRECTORY_E_INVALID, d, "client", "300 characters for a client");
        refused(directory_enrolment_add(d, act, "oakclinic-1", longest, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "unit", "300 characters for a unit");
        refused(directory_module_set(d, act, longest, "chat", true), DIRECTORY_E_INVALID, d, "organisation", "300 characters for an organisation");
        refused(directory_grant_add(d, act, longest, "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "account", "300 characters for an account");
        refused(directory_grant_add(d, act, "rel", longest, "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "role", "300 characters for a role");
        refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &(struct directory_basis) { "consent", longest, "Manager", "2027-11-01" }, NULL, NULL, NULL),
                DIRECTORY_E_INVALID, d, "document", "300 characters for a document");
        refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &(struct directory_basis) { "consent", "d", longest, "2027-11-01" }, NULL, NULL, NULL),
                DIRECTORY_E_INVALID, d, "checked by", "300 characters for who checked it");
        refused(directory_contact_read(d, act, 3, "phone", longest, &(char *) { NULL }), DIRECTORY_E_INVALID, d, "reason", "300 characters for a reason");
        refused(directory_person_protect(d, act, 3, longest, true), DIRECTORY_E_INVALID, d, "alias", "300 characters for an alias");
}

/* client-a-1-b-2 could be two different groups: neither is ever taken for the other. */
static void test_ambiguous(struct directory *d) {
        (void) directory_organisation_add(d, act, "a", "A", "SE", "Europe/Stockholm");
        (void) directory_organisation_add(d, act, "a-1-b", "B", "SE", "Europe/Stockholm");
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "b-1", .title = "B", .opens = "other", .module = "chat" });
        (void) directory_role_service_add(d, act, "relative", "b-1");
        (void) directory_module_set(d, act, "a", "chat", true);
        (void) directory_client_add(d, act, 3, "a", NULL, NULL);
        tap_result(directory_client_add(d, act, 5, "a-1-b", NULL, NULL), DIRECTORY_OK, d, "a client whose group's name is another's of a service");
        tap_ok(has_group("client-a-1-b-1"), "has it");
        refused(directory_grant_add(d, act, "rel", "relative", "a-1", &consent, NULL, NULL, NULL), DIRECTORY_E_EXISTS, d, "client-a-1-b-1", "so the other gets none");
}

/* A2, A8: nothing may be missing, and what is missing is named. */
static void test_basis(struct directory *d) {
        static const struct {
                const char *name, *field;
                int want;
                struct directory_basis basis;
        } rows[] = {
                { "no basis", "basis", DIRECTORY_E_INVALID, { NULL, "binder 4", "Manager", "2027-11-01" } },
                { "a basis of no kind", "basis", DIRECTORY_E_INVALID, { "friendship", "binder 4", "Manager", "2027-11-01" } },
                { "no document", "document", DIRECTORY_E_INVALID, { "consent", NULL, "Manager", "2027-11-01" } },
                { "a document of two lines", "document", DIRECTORY_E_INVALID, { "consent", "a\nb", "Manager", "2027-11-01" } },
                { "nobody who checked", "checked by", DIRECTORY_E_INVALID, { "consent", "binder 4", NULL, "2027-11-01" } },
                { "no review", "review on", DIRECTORY_E_INVALID, { "consent", "binder 4", "Manager", NULL } },
                { "a review on no day", "review on", DIRECTORY_E_INVALID, { "consent", "binder 4", "Manager", "2027-02-29" } },
                { "a review that was", "review on", DIRECTORY_E_INVALID, { "consent", "binder 4", "Manager", "2026-11-21" } },
                { "self for a relative", "basis", DIRECTORY_E_CONSTRAINT, { "self", NULL, NULL, NULL } },
        };

        for (size_t i = 0; i < N_ELEMENTS(rows); i++)
                refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &rows[i].basis, NULL, NULL, NULL), rows[i].want, d,
                        rows[i].field, rows[i].name);
        refused(directory_grant_add(d, act, "tove", "resident", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "basis",
                "a consent to oneself");
}

static void test_grants(struct directory *d) {
        int64_t id = 0;

        refused(directory_grant_add(d, act, "anna", "nurse", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "account", "a client for staff");
        refused(directory_grant_add(d, act, "rel", "nurse", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "role", "a nurse's role for a relative");
        refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-7", &consent, NULL, NULL, NULL), DIRECTORY_E_NOT_FOUND, d, "client", "nobody");
        refused(directory_grant_add(d, act, NULL, "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "account", "no account");
        refused(directory_grant_add(d, act, "rel", NULL, "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "role", "no role");
        refused(directory_grant_add(d, act, "rel", "relative", NULL, &consent, NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "client", "no client");
        tap_result(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, &id), DIRECTORY_OK, d, "a relative is granted a client");
        tap_ok(!has_group("client-oakclinic-1-video"), "whose organisation has no video");
        tap_result(directory_module_set(d, act, "oakclinic", "video", true), DIRECTORY_OK, d, "now it has");
        tap_ok(has_group("client-oakclinic-1-video"), "and the client has a group of it");
        refused(directory_module_set(d, act, "oakclinic", "video", true), DIRECTORY_E_EXISTS, d, "module", "on twice");
        refused(directory_module_set(d, act, "oakclinic", "doors", true), DIRECTORY_E_INVALID, d, "module", "a module of no kind");
        refused(directory_module_set(d, act, "oakclinic", "chat", false), DIRECTORY_E_CONSTRAINT, d, "module", "off what was not on");
        refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_EXISTS, d, "careid ungrant", "the same twice");
        tap_result(directory_grant_add(d, act, "kin", "relative", "oakclinic-1", &consent, "2026-12-01", "2026-12-01", NULL), DIRECTORY_OK, d, "another relative, for one day");
        tap_result(directory_grant_add(d, act, "tove", "resident", "oakclinic-1", &self, NULL, NULL, NULL), DIRECTORY_OK, d, "the client's own account");

        /* A relative with several clients. */
        tap_result(directory_client_add(d, act, 5, "oakclinic", NULL, NULL), DIRECTORY_OK, d, "a relative becomes a client");
        refused(directory_grant_add(d, act, "kin", "relative", "oakclinic-2", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "client", "a relative of themselves");
        refused(directory_grant_add(d, act, "tove", "resident", "oakclinic-2", &self, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "client", "a client's account for somebody else");
        tap_result(directory_grant_add(d, act, "rel", "relative", "oakclinic-2", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "a second client of the same relative");
        tap_ok(has_group("client-oakclinic-2-video"), "with the group of what is on already");

        refused(directory_grant_end(d, act, id, "bored"), DIRECTORY_E_INVALID, d, "why", "ended for no reason");
        tap_result(directory_grant_review(d, act, id, "2028-02-29"), DIRECTORY_OK, d, "reviewed");
        refused(directory_grant_review(d, act, id, "2026-11-20"), DIRECTORY_E_INVALID, d, "next", "the next review yesterday");
        tap_result(directory_grant_end(d, act, id, "basis-lost"), DIRECTORY_OK, d, "ended");
        refused(directory_grant_end(d, act, id, "ended"), DIRECTORY_E_CONSTRAINT, d, "grant", "ended twice");
        refused(directory_grant_review(d, act, id, "2028-02-29"), DIRECTORY_E_CONSTRAINT, d, "grant", "reviewed afterwards");
        tap_result(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "and granted anew");
}

/* A8: it ends when the client is archived, or who holds it. */
static void test_archive(struct directory *d) {
        int64_t person = 0;
        char id[24];

        tap_result(directory_archive(d, act, "client", "oakclinic-1", true), DIRECTORY_OK, d, "a client is archived");
        tap_ok(count("SELECT count(*) FROM client_grant WHERE client = 1 AND ended IS NULL") == 0 &&
               count("SELECT count(*) FROM client_grant WHERE client = 1 AND ended_why = 'archived'") == 3,
               "and every grant about them has ended");
        refused(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "archived", "a grant about an archived client");
        refused(directory_client_add(d, act, 3, "oakclinic", NULL, NULL), DIRECTORY_E_EXISTS, d, "careid restore client oakclinic-1", "an archived client anew");
        tap_result(directory_archive(d, act, "client", "oakclinic-1", false), DIRECTORY_OK, d, "the client is restored");
        tap_ok(count("SELECT count(*) FROM client_grant WHERE client = 1 AND ended IS NULL") == 0, "but no grant");

        /* And when the account that holds it is, or its person. */
        tap_ok(directory_person_add(d, act, "Kin", "Two", NULL, NULL, &person) == DIRECTORY_OK && account(d, person, "kin2", "relative") == DIRECTORY_OK, "another relative");
        for (int i = 0; i < 2; i++) {
                (void) snprintf(id, sizeof id, "%lld", (long long) person);
                tap_result(directory_grant_add(d, act, "kin2", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "is granted a client");
                tap_ok(directory_archive(d, act, i ? "person" : "account", i ? id : "kin2", true) == DIRECTORY_OK &&
                       directory_archive(d, act, i ? "person" : "account", i ? id : "kin2", false) == DIRECTORY_OK, "and closed, and opened");
                tap_ok(count("SELECT count(*) FROM client_grant g JOIN account a ON a.id = g.account WHERE a.name = 'kin2' AND g.ended IS NULL") == 0 &&
                       count("SELECT ended_why = 'archived' FROM client_grant ORDER BY id DESC LIMIT 1") == 1 &&
                       count("SELECT count(*) FROM client_grant g JOIN account a ON a.id = g.account WHERE a.name = 'rel' AND g.ended IS NULL") > 0,
                       "without what was granted, and nothing of others");
        }
}

/* X11: what the helper carries out as a person goes as far as their mandates, and never to themselves. */
static void test_delegated(struct directory *d) {
        const struct directory_act bo = { .actor = "person:2 uid:2001000010", .now = FIXTURE_NOW, .by_person = 2 };
        int64_t id = 0;

        (void) account(d, 2, "bokin", "relative");
        refused(directory_grant_add(d, &bo, "kin", "relative", "oakclinic-1", &consent, "2027-01-01", NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "mandate", "a grant without a mandate");
        refused(directory_client_add(d, &bo, 4, "oakclinic", NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "mandate", "a client without a mandate");
        refused(directory_module_set(d, &bo, "oakclinic", "chat", true), DIRECTORY_E_CONSTRAINT, d, "mandate", "a module without a mandate");
        refused(directory_contact_set(d, &bo, 3, "phone", "+46701740606"), DIRECTORY_E_CONSTRAINT, d, "mandate", "a contact without a mandate");
        refused(directory_person_leave(d, &bo, 4, NULL), DIRECTORY_E_CONSTRAINT, d, "mandate", "leaves without a mandate");
        refused(directory_archive(d, &bo, "client", "oakclinic-1", true), DIRECTORY_E_CONSTRAINT, d, "mandate", "a client archived without a mandate");
        tap_ok(count("SELECT count(*) FROM audit WHERE actor LIKE 'person:2 %'") == 0, "nothing of it was done");

        tap_result(directory_mandate_add(d, act, 2, "grant", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "a mandate to grant");
        tap_result(directory_grant_add(d, &bo, "kin", "relative", "oakclinic-1", &consent, "2027-01-01", NULL, &id), DIRECTORY_OK, d, "a grant by somebody who may");
        tap_ok(count("SELECT count(*) FROM client_grant WHERE by_person = 2") == 1 && count("SELECT count(*) FROM audit WHERE actor LIKE 'person:2 %'") == 1,
               "and who did it is kept");
        refused(directory_grant_add(d, &bo, "bokin", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "themselves", "a grant to oneself, by another account");
        tap_result(directory_grant_end(d, &bo, id, "ended"), DIRECTORY_OK, d, "and ended by them");
        tap_result(directory_grant_add(d, act, "bokin", "relative", "oakclinic-1", &consent, NULL, NULL, &id), DIRECTORY_OK, d, "a grant to them by root");
        refused(directory_grant_review(d, &bo, id, "2028-01-01"), DIRECTORY_E_CONSTRAINT, d, "themselves", "confirmed by its holder");
        refused(directory_keys_rotate(d, &bo, NULL), DIRECTORY_E_CONSTRAINT, d, "root", "new keys by anybody but root");
}

static size_t listed(struct directory *d, const char *what, const char *filter, const char *column, const char *want) {
        const char *values[DIRECTORY_COLUMNS_MAX], *const *keys;
        struct directory_list *list = NULL;
        size_t n = 0;

        if (directory_list_open(d, what, filter, FIXTURE_NOW, &keys, &list) != DIRECTORY_OK)
                return SIZE_MAX;
        while (directory_list_next(list, values) == DIRECTORY_OK)
                for (size_t k = 0; keys[k]; k++)
                        n += strcmp(keys[k], column) == 0 && strcmp(values[k], want) == 0;
        (void) directory_list_close(list);
        return n;
}

/* A8: a client ends what is about them; nothing of others, and nothing else, whatever mandates the person has. */
static void test_client_ends(struct directory *d) {
        const struct directory_act tove = { .actor = "person:3 uid:2001000012", .now = FIXTURE_NOW, .by_person = 3, .as_client = true };
        const struct directory_act tove_at_work = { .actor = "person:3 uid:2001000099", .now = FIXTURE_NOW, .by_person = 3 };
        int64_t about = 0, other = 0;

        (void) account(d, 3, "tovework", "staff");
        tap_result(directory_mandate_add(d, act, 3, "grant", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "a client who is also staff with a mandate");
        (void) directory_grant_add(d, act, "kin", "relative", "oakclinic-1", &consent, NULL, "2026-12-24", &about);
        tap_result(directory_client_add(d, act, 4, "oakclinic", NULL, NULL), DIRECTORY_OK, d, "and another client");
        tap_result(directory_grant_add(d, act, "kin", "relative", "oakclinic-3", &consent, NULL, NULL, &other), DIRECTORY_OK, d, "with a relative");

        tap_ok(listed(d, "grants-about", "3", "client", "oakclinic-1") == listed(d, "grants", NULL, "client", "oakclinic-1") &&
               listed(d, "grants-about", "3", "client", "oakclinic-3") == 0, "a client sees all grants about themselves, and none about others");
        tap_ok(listed(d, "grants-about", "3", "person_name", "Kim Test") > 0 && listed(d, "grants-about", "3", "state", "valid") > 0, "who has them, and which are valid");

        refused(directory_grant_end(d, &tove, about, "ended"), DIRECTORY_E_CONSTRAINT, d, "why", "ended by a client for another reason");
        refused(directory_grant_end(d, &tove, other, "client"), DIRECTORY_E_NOT_FOUND, d, "about you", "another client's grant, from a client's account");
        refused(directory_grant_end(d, &tove, 9999, "client"), DIRECTORY_E_NOT_FOUND, d, "about you", "is as if there were none");
        refused(directory_grant_review(d, &tove, about, "2028-02-29"), DIRECTORY_E_CONSTRAINT, d, "a client's account", "confirmed by the client");
        refused(directory_grant_review(d, &tove, other, "2028-02-29"), DIRECTORY_E_CONSTRAINT, d, "a client's account", "or somebody else's, whatever the mandate");
        refused(directory_grant_add(d, &tove, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "a client's account", "a grant by the client");
        refused(directory_grant_add(d, &tove, "kin", "relative", "oakclinic-3", &consent, "2027-06-01", NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "", "or about another");
        refused(directory_contact_set(d, &tove, 3, "phone", "+46701740606"), DIRECTORY_E_CONSTRAINT, d, "a client's account", "or their phone number");
        refused(directory_grant_end(d, &tove_at_work, about, "client"), DIRECTORY_E_CONSTRAINT, d, "themselves", "from their account as staff");
        tap_ok(count("SELECT count(*) FROM audit WHERE actor LIKE 'person:3 %'") == 0, "nothing of it was done");

        tap_result(directory_grant_end(d, &tove, about, "client"), DIRECTORY_OK, d, "what is about them the client ends");
        tap_ok(count("SELECT count(*) FROM client_grant WHERE ended_why = 'client' AND ended = 1795258800") == 1 &&
               count("SELECT count(*) FROM audit WHERE actor = 'person:3 uid:2001000012' AND act = 'grant.end' AND detail LIKE '%client%'") == 1,
               "and that they did is kept");
        refused(directory_grant_end(d, &tove, about, "client"), DIRECTORY_E_CONSTRAINT, d, "ended already", "once");
        tap_result(directory_grant_end(d, act, other, "ended"), DIRECTORY_OK, d, "the other's stood, until root ended it");
        tap_result(directory_archive(d, act, "client", "oakclinic-3", true), DIRECTORY_OK, d, "that client is no client any more");
}

/* X11: death ends what every organisation has of somebody. */
static void test_died_delegated(struct directory *d) {
        const struct directory_act bo = { .actor = "person:2 uid:2001000010", .now = FIXTURE_NOW, .by_person = 2 };
        int64_t person = 0, at_unit = 0, at_all = 0;

        refused(directory_person_died(d, &bo, 5, "2026-11-20", NULL), DIRECTORY_E_CONSTRAINT, d, "mandate", "death recorded without a mandate");
        tap_result(directory_mandate_add(d, act, 2, "add", "oakclinic", "oak", NULL, NULL, &at_unit), DIRECTORY_OK, d, "a mandate to add, at a unit");
        tap_result(directory_person_add(d, &bo, "Ada", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "somebody whom they added");
        tap_result(directory_client_add(d, act, person, "oakclinic", NULL, NULL), DIRECTORY_OK, d, "and root made a client");
        refused(directory_person_died(d, &bo, person, "2026-11-20", NULL), DIRECTORY_E_CONSTRAINT, d, "more than you have a mandate for", "is out of a unit's reach");
        tap_result(directory_mandate_add(d, act, 2, "add", "oakclinic", NULL, NULL, NULL, &at_all), DIRECTORY_OK, d, "but with one for the organisation");
        tap_result(directory_person_died(d, &bo, person, "2026-11-20", NULL), DIRECTORY_OK, d, "it is recorded");
        tap_ok(count("SELECT count(*) FROM audit WHERE act = 'person.died' AND actor LIKE 'person:2 %'") == 1, "and by whom");
        tap_ok(directory_mandate_end(d, act, at_unit) == DIRECTORY_OK && directory_mandate_end(d, act, at_all) == DIRECTORY_OK, "both mandates are taken back");
}

/* X17: nothing that somebody held is left standing. */
static void test_leave(struct directory *d) {
        struct directory_left left;
        int64_t id = 0;

        (void) account(d, 4, "rutwork", "staff");
        (void) directory_assignment_add(d, act, "rutwork", "nurse", "oak", NULL, NULL, &id);
        (void) directory_assignment_add(d, act, "rutwork", "doctor", "elm", "2027-01-01", NULL, NULL);
        (void) directory_mandate_add(d, act, 4, "add", "oakclinic", "oak", NULL, NULL, NULL);
        tap_result(directory_grant_add(d, act, "rel", "relative", "oakclinic-1", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "a nurse who is also a daughter");
        tap_result(directory_person_leave(d, act, 4, &left), DIRECTORY_OK, d, "leaves");
        tap_ok(left.assignments == 2 && left.grants == 2 && left.mandates == 1 && left.accounts == 2, "and is told of everything that ended");
        tap_ok(count("SELECT (SELECT count(*) FROM assignment s JOIN account a ON a.id = s.account WHERE a.person = 4 AND s.ended IS NULL)"
                     " + (SELECT count(*) FROM client_grant g JOIN account a ON a.id = g.account WHERE a.person = 4 AND g.ended IS NULL)"
                     " + (SELECT count(*) FROM mandate WHERE person = 4 AND ended IS NULL)"
                     " + (SELECT count(*) FROM account WHERE person = 4 AND archived IS NULL)") == 0, "nothing is left");
        tap_ok(count("SELECT count(*) FROM assignment s JOIN account a ON a.id = s.account WHERE a.person <> 4 AND s.ended IS NULL") == 1, "of theirs, and of nobody else's");
        refused(directory_person_leave(d, act, 4, NULL), DIRECTORY_E_CONSTRAINT, d, "person", "leaves twice");
        refused(directory_person_leave(d, act, 99, NULL), DIRECTORY_E_NOT_FOUND, d, "person", "nobody leaves");
}

static void test_died(struct directory *d) {
        struct directory_left left;

        (void) directory_client_add(d, act, 2, "oakclinic", NULL, NULL);
        tap_result(directory_grant_add(d, act, "kin", "relative", "oakclinic-5", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "a client with a relative");
        (void) directory_enrolment_add(d, act, "oakclinic-5", "elm", NULL, NULL, NULL);
        refused(directory_person_died(d, act, 2, "2026-11-22", NULL), DIRECTORY_E_INVALID, d, "date", "dies tomorrow");
        refused(directory_person_died(d, act, 2, "2026-02-29", NULL), DIRECTORY_E_INVALID, d, "date", "dies on no day");
        refused(directory_person_died(d, act, 2, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "person", "taken back what was not recorded");
        tap_result(directory_person_died(d, act, 2, "2026-11-21", &left), DIRECTORY_OK, d, "dies today");
        tap_ok(left.about == 1 && left.enrolments == 1 && left.accounts == 2 && left.grants == 1 && left.mandates == 1, "and all about them ends");
        tap_ok(count("SELECT died FROM person WHERE id = 2") == 1795302000, "the day that they died on is that whole day");
        refused(directory_grant_add(d, act, "kin", "relative", "oakclinic-5", &consent, NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "died", "a grant about the dead");
        refused(directory_enrolment_add(d, act, "oakclinic-5", "elm", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "died", "an enrolment of the dead");
        refused(directory_person_died(d, act, 2, "2026-11-20", NULL), DIRECTORY_E_CONSTRAINT, d, "person", "dies twice");
        refused(directory_archive(d, act, "account", "bo", false), DIRECTORY_E_CONSTRAINT, d, "has died", "an account of the dead opened again");
        (void) directory_archive(d, act, "person", "2", true);
        refused(directory_archive(d, act, "person", "2", false), DIRECTORY_E_CONSTRAINT, d, "--not-so", "the dead opened again");
        (void) directory_archive(d, act, "client", "oakclinic-5", true);
        refused(directory_archive(d, act, "client", "oakclinic-5", false), DIRECTORY_E_CONSTRAINT, d, "has died", "a client who is dead opened again");
        (void) fixture_sql("UPDATE person SET archived = NULL WHERE id = 2; UPDATE account SET archived = NULL WHERE name = 'bo'; UPDATE client SET archived = NULL WHERE number = 5");
        refused(directory_assignment_add(d, act, "bo", "doctor", "elm", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "has died", "an assignment of the dead");
        refused(directory_account_add(d, act, 2, "oakclinic", "bo.new", "staff", "careid", "/home/bo.new", "/bin/sh", NULL), DIRECTORY_E_CONSTRAINT, d, "has died", "an account of the dead");
        refused(directory_mandate_add(d, act, 2, "grant", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "has died", "a mandate of the dead");
        refused(directory_identity_set(d, act, 2, "SE", "19140168-2396", false), DIRECTORY_E_CONSTRAINT, d, "has died", "a number of the dead");
        tap_result(directory_person_died(d, act, 2, NULL, NULL), DIRECTORY_OK, d, "it was not so");
        tap_ok(count("SELECT count(*) FROM client_grant WHERE client = 3 AND ended IS NULL") == 0, "but what ended stays ended");
        tap_result(directory_grant_add(d, act, "kin", "relative", "oakclinic-5", &consent, NULL, NULL, NULL), DIRECTORY_OK, d, "and is granted anew");
}

/* -- Contacts and protection ------------------------------------------------------------------------- */

static void reads(struct directory *d, const char *kind, const char *reason, const char *want, const char *name) {
        char *value = NULL;
        const int r = directory_contact_read(d, act, 3, kind, reason, &value);

        tap_result(r, DIRECTORY_OK, d, "%s", name);
        tap_ok(value && strcmp(value, want) == 0, "%s: what was written", name);
        free(value);
}

/* Does any file of the directory hold @text? */
static bool in_a_file(const char *text) {
        static const char *const names[] = { "directory.db", "directory.db-wal" };
        bool found = false;

        for (size_t i = 0; i < N_ELEMENTS(names); i++) {
                static char all[4 << 20];
                FILE *f = fopen(fixture_file("state", names[i]), "re");
                const size_t n = f ? fread(all, 1, sizeof all, f) : 0;

                found |= memmem(all, n, text, strlen(text)) != NULL;
                if (f)
                        (void) fclose(f);
        }
        return found;
}

static void test_contacts(struct directory *d) {
        static const struct { const char *name, *kind, *value, *field; } wrong[] = {
                { "a fax", "fax", "+46812345678", "kind" },
                { "a number without a country", "phone", "0812345678", "phone" },
                { "a number of a country that begins with 0", "phone", "+0812345678", "phone" },
                { "six digits", "phone", "+123456", "phone" },
                { "sixteen digits", "phone", "+1234567890123456", "phone" },
                { "letters in a number", "phone", "+46812345x78", "phone" },
                { "an empty number", "phone", "", "phone" },
                { "an address without @", "mail", "tove.example.org", "mail" },
                { "an address with two", "mail", "a@b@example.org", "mail" },
                { "an address of one label", "mail", "tove@localhost", "mail" },
                { "an address with a blank", "mail", "to ve@example.org", "mail" },
                { "an address with a new line", "mail", "tove@example.org\nBcc: x@example.org", "mail" },
                { "an address that ends with a dot", "mail", "tove@example.org.", "mail" },
                { "an address in brackets", "mail", "Tove <tove@example.org>", "mail" },
        };
        char *value = NULL;
        int64_t entries;

        for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
                refused(directory_contact_set(d, act, 3, wrong[i].kind, wrong[i].value), DIRECTORY_E_INVALID, d, wrong[i].field, wrong[i].name);
                tap_ok(wrong[i].value[0] == '\0' || !strstr(directory_complaint(d), wrong[i].value), "%s: is not repeated", wrong[i].name);
        }
        refused(directory_contact_set(d, act, 3, "phone", NULL), DIRECTORY_E_NOT_FOUND, d, "kind", "removed what was not there");
        tap_result(directory_contact_set(d, act, 3, "phone", "+46 (70) 174-06 05"), DIRECTORY_OK, d, "a phone number");
        tap_result(directory_contact_set(d, act, 3, "mail", "tove.test+oak@mail.example.org"), DIRECTORY_OK, d, "a mail address");
        reads(d, "phone", NULL, "+46701740605", "read");
        reads(d, "mail", "asked for", "tove.test+oak@mail.example.org", "read with a reason");
        tap_result(directory_contact_set(d, act, 3, "phone", "+46701740606"), DIRECTORY_OK, d, "another phone number");
        reads(d, "phone", NULL, "+46701740606", "the new one");
        tap_ok(count("SELECT count(*) FROM contact WHERE person = 3 AND ended IS NOT NULL AND cipher = zeroblob(29)") == 1, "the old one is gone");
        tap_ok(!in_a_file("+4670174060") && !in_a_file("tove.test"), "none of it is in the files");
        tap_ok(count("SELECT count(*) FROM audit WHERE detail LIKE '%4670%' OR detail LIKE '%tove%'") == 0, "nor in the audit trail");

        refused(directory_person_protect(d, act, 3, NULL, true), DIRECTORY_E_INVALID, d, "alias", "protected without an alias");
        tap_result(directory_person_protect(d, act, 3, "T. T.", true), DIRECTORY_OK, d, "protected");
        entries = count("SELECT count(*) FROM audit");
        refused(directory_contact_read(d, act, 3, "phone", NULL, &value), DIRECTORY_E_CONSTRAINT, d, "reason", "read without a reason");
        refused(directory_contact_read(d, act, 3, "phone", "", &value), DIRECTORY_E_CONSTRAINT, d, "reason", "read with an empty one");
        tap_ok(!value && count("SELECT count(*) FROM audit") == entries, "nothing was shown");
        reads(d, "phone", "fire drill", "+46701740606", "read with a reason for it");
        tap_ok(count("SELECT count(*) FROM audit WHERE act = 'contact.read' AND object = 'person:3' AND detail LIKE '%fire drill%'") == 1,
               "which stands in the audit trail");
        tap_result(directory_person_protect(d, act, 3, NULL, false), DIRECTORY_OK, d, "protected no more");
        refused(directory_person_protect(d, act, 3, NULL, false), DIRECTORY_E_CONSTRAINT, d, "person", "twice");
        tap_result(directory_contact_set(d, act, 3, "mail", NULL), DIRECTORY_OK, d, "removed");
        refused(directory_contact_read(d, act, 3, "mail", NULL, &value), DIRECTORY_E_NOT_FOUND, d, "kind", "nothing is left to read");

        /* A ciphertext is worth nothing in another row. */
        (void) directory_contact_set(d, act, 5, "phone", "+46701740607");
        (void) fixture_sql("UPDATE contact SET cipher = (SELECT cipher FROM contact WHERE person = 5) WHERE person = 3 AND kind = 'phone' AND ended IS NULL");
        tap_ok(directory_contact_read(d, act, 3, "phone", NULL, &value) < 0 && !value, "somebody else's number under one's name is not read");
}

int main(void) {
        struct directory *d;

        fixture_begin();
        d = fixture_clinic();
        people(d);
        test_clients(d);
        test_enrolments(d);
        test_days(d);
        test_names(d);
        test_ambiguous(d);
        test_basis(d);
        test_grants(d);
        test_archive(d);
        test_contacts(d);
        test_delegated(d);
        test_client_ends(d);
        test_died_delegated(d);
        test_leave(d);
        test_died(d);
        d = directory_close(d);
        return tap_done();
}
