/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-findings.c - what the care directory says that somebody should look at
 */

#include "clients.h"
#include "findings.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;

static bool finds(struct directory *d, int64_t now, size_t which, int64_t n, const char *example) {
        struct directory_found found[FINDINGS];
        const int r = directory_findings(d, now, found);

        if (r == DIRECTORY_OK && found[which].n == n && strcmp(found[which].example, example) == 0)
                return true;
        printf("# result %d, %lld like \"%s\"\n", r, r ? 0LL : (long long) found[which].n, r ? directory_complaint(d) : found[which].example);
        return false;
}

static void test_units_and_clients(struct directory *d) {
        int64_t client, id;
        uint32_t number = 0;

        tap_ok(finds(d, FIXTURE_NOW, FINDING_UNITS, 1, "elm"), "a unit where nobody is assigned");
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", NULL, NULL, NULL);
        tap_ok(finds(d, FIXTURE_NOW, FINDING_UNITS, 0, ""), "and no more");
        tap_ok(finds(d, FIXTURE_NOW + 86400 * 60, FINDING_UNITS, 1, "oak"), "when an assignment is over");

        tap_ok(finds(d, FIXTURE_NOW, FINDING_CLIENTS, 0, ""), "no clients, no complaint");
        tap_result(directory_client_add(d, act, 2, "oakclinic", &client, &number), DIRECTORY_OK, d, "a client");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_CLIENTS, 1, "oakclinic-1"), "who is enrolled nowhere");
        tap_result(directory_enrolment_add(d, act, "oakclinic-1", "elm", NULL, "2026-12-31", &id), DIRECTORY_OK, d, "is enrolled");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_CLIENTS, 0, ""), "then there is nothing to say");
        tap_ok(finds(d, FIXTURE_NOW + 86400 * 60, FINDING_CLIENTS, 1, "oakclinic-1"), "until it is over");
}

static void test_grants(struct directory *d) {
        const struct directory_basis basis = { .basis = "consent", .document = "binder 7", .checked_by = "A. Alm", .review_date = "2026-12-01" };
        int64_t id = 0;

        (void) directory_account_add(d, act, 1, "oakclinic", "anna.rel", "relative", "careid", "/home/anna.rel", "/bin/bash", NULL);
        tap_result(directory_grant_add(d, act, "anna.rel", "relative", "oakclinic-1", &basis, NULL, NULL, &id), DIRECTORY_OK, d, "a grant");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_REVIEWS, 0, ""), "that need not be looked at yet");
        tap_ok(finds(d, FIXTURE_NOW + 86400 * 20, FINDING_REVIEWS, 1, "1"), "but should have been by then");
        (void) directory_grant_review(d, act, id, "2027-12-01");
        tap_ok(finds(d, FIXTURE_NOW + 86400 * 20, FINDING_REVIEWS, 0, ""), "and has been");
}

/* What the triggers of earlier editions did not forbid, and what no trigger can. */
static void test_others(struct directory *d) {
        tap_ok(finds(d, FIXTURE_NOW, FINDING_ROLE_SERVICES, 0, ""), "roles have what they may have");
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "old", .title = "Old", .opens = "other" });
        (void) fixture_sql("INSERT INTO role_service SELECT r.id, s.id FROM role r, service s WHERE r.name IN ('relative', 'secretary') AND s.name = 'old'");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_ROLE_SERVICES, 2, "relative old"), "services that an earlier edition let in");

        tap_ok(finds(d, FIXTURE_NOW, FINDING_NUMBERS, 0, ""), "names and numbers are their owners'");
        (void) fixture_sql("INSERT INTO number VALUES (2001000800, 'gid', 'zoe'), (2001000801, 'gid', 'sudo');"
                           "INSERT INTO account (person, organisation, name, kind, source, uid, home, shell, created)"
                           " VALUES (2, 1, 'zoe', 'staff', 'careid', 2001000800, '/home/zoe', '/bin/sh', 1);"
                           "INSERT INTO care_group (gid, name, kind, service) SELECT 2001000801, 'sudo', 'service', id FROM service WHERE name = 'video'");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_NUMBERS, 2, "sudo"), "an account on a group's number, and a group of another name");

        tap_ok(finds(d, FIXTURE_NOW, FINDING_KEYS, 0, ""), "numbers are under the keys in use");
        (void) fixture_sql("UPDATE identity SET hmac_key = 7");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_KEYS, 1, "1"), "one that is not");
        (void) fixture_sql("UPDATE identity SET hmac_key = 1");

        tap_ok(finds(d, FIXTURE_NOW, FINDING_UNSAID, 1, "sudo"), "the snapshots can't say that group");
        (void) fixture_sql("UPDATE account SET home = 'nowhere' WHERE name = 'bo'");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_UNSAID, 2, "sudo"), "nor a home that is no path");
        (void) fixture_sql("UPDATE account SET home = '/home/bo' WHERE name = 'bo'; DELETE FROM care_group WHERE name = 'sudo'");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_UNSAID, 0, ""), "and all else");

        tap_ok(finds(d, FIXTURE_NOW, FINDING_ALIASES, 0, ""), "an alias that says nothing");
        (void) fixture_sql("UPDATE person SET protected = 1, alias = 'Sister alm' WHERE id = 1");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_ALIASES, 1, "1"), "one that says the last name");

        (void) fixture_sql("INSERT INTO template (organisation, name, title, role, unit, days) SELECT 1, 'night', 'Night', r.id, u.id, 1"
                           " FROM role r, unit u WHERE r.name = 'doctor' AND u.name = 'oak'");
        tap_ok(finds(d, FIXTURE_NOW, FINDING_TEMPLATES, 0, ""), "a template");
        (void) directory_archive(d, act, "role", "doctor", true);
        tap_ok(finds(d, FIXTURE_NOW, FINDING_TEMPLATES, 1, "night"), "of a role that is closed");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_units_and_clients(d);
                test_grants(d);
                test_others(d);
        }
        return tap_done();
}
