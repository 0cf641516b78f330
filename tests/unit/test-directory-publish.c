/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-publish.c - what the snapshots are told, line by line; directory/snapshots/publish*.c say what MUST be
 */

#include "batch.h"
#include "told.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct directory_act *const act = &fixture_act;

static void test_clinic(struct directory *d) {
        uint64_t first;

        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published");
        tap_ok(told.n_builders == 0 && told.n_epochs == 1 && told.n_bases == 1, "the epoch goes up at the start, one set is written");
        told_says(TOLD_PUBLIC, "public serial 0 written 0", "the public base");
        told_says(TOLD_PRIVATE, "private serial 0 written 0", "the private base");
        told_says(TOLD_PUBLIC, "group org-oakclinic 0 kind 4 members 0", "an organisation's group");
        told_says(TOLD_PUBLIC, "group unit-oak 1 kind 2 members 0", "a unit's");
        told_says(TOLD_PUBLIC, "group service-journal 3 kind 8 members 0", "a record service's");
        told_says(TOLD_PUBLIC, "group service-video 4 kind 5 members 0", "another service's");
        told_says(TOLD_PUBLIC, "group role-nurse 5 kind 1 members 0", "a role's");
        told_says(TOLD_PUBLIC, "group unit-oak-nurse 11 kind 3 members 0", "a role's at a unit");
        told_says(TOLD_PRIVATE, "forbid 3", "the record service is forbidden to the private base");
        told_says(TOLD_PUBLIC, "user anna flags 2 9 0 /home/anna /bin/bash 1(,3499200) 5(,3499200) 11(,3499200)", "anna: unit, role, role at unit, until the end of the year");
        told_says(TOLD_PRIVATE, "user anna flags 0 3(,3499200)", "anna's services are private (MUST 1)");
        told_says(TOLD_PUBLIC, "user bo flags 2 10 0 /home/bo /bin/bash", "bo: no assignment, no groups");
        tap_ok(!told_mentions(TOLD_PRIVATE, "user bo"), "and nothing private");

        first = told.generation;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published again");
        tap_ok(told.generation != first && told.generation != 0, "another generation");
}

static void test_private(struct directory *d) {
        told_people(d);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published with a relative, a client and an external");
        tap_ok(!told_mentions(TOLD_PUBLIC, "rut"), "none of them is in the public base (MUST 1, X10)");
        told_says(TOLD_PRIVATE, "user rut flags 6 12 0 /home/rut /bin/sh", "the relative");
        told_says(TOLD_PRIVATE, "user rut.c flags 6 13 0 /home/rut.c /bin/sh", "the client");
        told_says(TOLD_PRIVATE, "user rut.e flags 6 14 0 /home/rut.e /bin/sh 1(820800,) 4(820800,) 8(820800,) 15(820800,)", "the external, from December on, services too");
        told_says(TOLD_PUBLIC, "user anna.ad flags 0 0(,) 2(,) 6(,) 16(,)", "an account of the host: groups only, its organisation's among them");
}

static void test_times(struct directory *d) {
        int64_t id = 0;

        (void) directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-01", "2026-12-10", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-05", "2026-12-20", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-21", "2026-12-21", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2027-01-10", "2027-01-10", NULL);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        told_says(TOLD_PUBLIC, "user bo flags 2 10 0 /home/bo /bin/bash 1(820800,1684800) 2(1166400,2635200) 2(4276800,4363200) 5(820800,2635200) 5(4276800,4363200)"
                " 11(820800,1684800) 17(1166400,2635200) 17(4276800,4363200)", "times that touch are one, others are not");
        (void) directory_publish_anew(d, FIXTURE_NOW + 2635200);
        told_says(TOLD_PUBLIC, "user bo flags 2 10 0 /home/bo /bin/bash 2(4276800,4363200) 5(4276800,4363200) 17(4276800,4363200)", "what is over is left out (MUST 2)");

        (void) directory_assignment_add(d, act, "bo", "doctor", "elm", NULL, "2026-12-31", &id);
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 100 }, id);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(told_mentions(TOLD_PUBLIC, "6(,100)"), "what was ended by hand ends then");
        (void) directory_publish_anew(d, FIXTURE_NOW + 100);
        tap_ok(!told_mentions(TOLD_PUBLIC, "6(,100)"), "and is left out after");
}

static void test_archived(struct directory *d) {
        static const struct { const char *kind, *name, *gone; int which; } cases[] = {
                { "account", "anna", "user anna flags", 0 }, { "account", "anna", "user anna flags", 1 },
                { "person", "1", "user anna flags", 0 }, { "person", "3", "user rut", 1 },
                { "organisation", "oakclinic", "user ", 0 }, { "organisation", "oakclinic", "user ", 1 },
                { "unit", "oak", "group unit-oak", 0 }, { "unit", "oak", " 1(", 0 },
                { "role", "nurse", "group role-nurse", 0 }, { "role", "nurse", " 5(", 0 }, { "role", "nurse", " 11(", 0 },
                { "service", "journal", "service-journal", 0 }, { "service", "journal", " 3(", 1 },
        };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                bool before;

                (void) directory_publish_anew(d, FIXTURE_NOW);
                before = told_mentions(cases[i].which, cases[i].gone);
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, true);
                tap_ok(directory_publish_anew(d, FIXTURE_NOW) == 0 && before && !told_mentions(cases[i].which, cases[i].gone),
                       "archived %s %s: no \"%s\" any more (MUST 2)", cases[i].kind, cases[i].name, cases[i].gone);
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, false);
        }
}

/*
 * Rows as the acts about clients write them: client oakclinic-1 is person 9, and 2001000900 up are groups.
 * rut is a relative with a grant; video is a service of the module video, mail of the module chat, and of her role both.
 */
static const char clients[] =
        "INSERT INTO person (id, given_name, family_name, created) VALUES (9, 'Kim', 'K', 1);"
        "INSERT INTO client (id, person, organisation, number, created) VALUES (1, 9, 1, 1, 1);"
        "INSERT INTO service (id, name, title, opens, module) VALUES (90, 'call', 'Call', 'other', 'video'), (91, 'mail', 'Mail', 'other', 'chat');"
        "INSERT INTO role_service (role, service) SELECT id, 90 FROM role WHERE name = 'relative';"
        "INSERT INTO role_service (role, service) SELECT id, 91 FROM role WHERE name = 'relative';"
        "INSERT INTO organisation_module VALUES (1, 'video');"
        "INSERT INTO number VALUES (2001000900, 'gid', 'a'), (2001000901, 'gid', 'b'), (2001000902, 'gid', 'c');"
        "INSERT INTO care_group (gid, name, kind, organisation, client, service) VALUES"
        " (2001000900, 'client-oakclinic-1', 'client', 1, 1, NULL),"
        " (2001000901, 'client-oakclinic-1-call', 'client-service', 1, 1, 90),"
        " (2001000902, 'client-oakclinic-1-mail', 'client-service', 1, 1, 91);"
        "INSERT INTO client_grant (account, client, role, basis, document, checked_by, review_on, created, valid_until)"
        " SELECT a.id, 1, r.id, 'consent', 'folder 3', 'Anna', 1900000000, 1, 1795258800 + 500"
        " FROM account a, role r WHERE a.name = 'rut' AND r.name = 'relative';";

static void test_clients(struct directory *d) {
        static const struct { const char *name, *sql, *back; bool client, call, mail; } cases[] = {
                { "nothing in the way", "SELECT 1", "SELECT 1", true, true, false },
                { "both modules", "INSERT INTO organisation_module VALUES (1, 'chat')", "DELETE FROM organisation_module WHERE module = 'chat'", true, true, true },
                { "no module", "DELETE FROM organisation_module", "INSERT INTO organisation_module VALUES (1, 'video')", true, false, false },
                { "another organisation's module", "UPDATE organisation_module SET organisation = 2", "UPDATE organisation_module SET organisation = 1", true, false, false },
                { "a service archived", "UPDATE service SET archived = 1 WHERE id = 90", "UPDATE service SET archived = NULL WHERE id = 90", true, false, false },
                { "a service that opens the record (K8)", "UPDATE service SET opens = 'record' WHERE id = 90", "UPDATE service SET opens = 'other' WHERE id = 90", true, false, false },
                { "a service that the role has not", "DELETE FROM role_service WHERE service = 90", "INSERT INTO role_service SELECT id, 90 FROM role WHERE name = 'relative'", true, false, false },
                { "the client archived", "UPDATE client SET archived = 1", "UPDATE client SET archived = NULL", false, false, false },
                { "the client's person archived", "UPDATE person SET archived = 1 WHERE id = 9", "UPDATE person SET archived = NULL WHERE id = 9", false, false, false },
                { "the client dead", "UPDATE person SET died = 1 WHERE id = 9", "UPDATE person SET died = NULL WHERE id = 9", false, false, false },
                { "the relative dead", "UPDATE person SET died = 1 WHERE id = 3", "UPDATE person SET died = NULL WHERE id = 3", false, false, false },
                { "the role archived", "UPDATE role SET archived = 1 WHERE name = 'relative'", "UPDATE role SET archived = NULL", false, false, false },
                { "the grant ended", "UPDATE client_grant SET ended = 1, ended_why = 'client'", "UPDATE client_grant SET ended = NULL, ended_why = NULL", false, false, false },
                { "the grant over", "UPDATE client_grant SET valid_until = 1795258800", "UPDATE client_grant SET valid_until = 1795258800 + 500", false, false, false },
                { "nothing in the way again", "SELECT 1", "SELECT 1", true, true, false },
        };

        tap_ok(fixture_sql(clients) == 0, "a client with a relative");
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const int changed = fixture_sql(cases[i].sql);

                tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "%s: published", cases[i].name);
                tap_ok(changed == 0 && told_mentions(TOLD_PRIVATE, " 900(,500)") == cases[i].client, "the group of the client");
                tap_ok(told_mentions(TOLD_PRIVATE, " 901(,500)") == cases[i].call, "the group of a service of theirs");
                tap_ok(told_mentions(TOLD_PRIVATE, " 902(,500)") == cases[i].mail, "and of another");
                tap_ok(!told_mentions(TOLD_PUBLIC, " 900(") && !told_mentions(TOLD_PUBLIC, " 901("), "the public is told of nobody's");
                (void) fixture_sql(cases[i].back);
        }
}

static void test_failures(struct directory *d) {
        const unsigned written = told.n_bases;
        int lock;

        told.refuse = -ENOMEM;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -ENOMEM, d, "the builder has no memory");
        told.refuse = SNAPSHOT_BUILD_E_FULL;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EFBIG, d, "the snapshot is full");
        told.refuse = 0;
        tap_ok(told.n_bases == written && told.n_builders == 0, "nothing was written, nothing is left");

        (void) directory_batch_begin(d);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EINVAL, d, "nothing is published from inside a batch");
        (void) directory_batch_end(d, false);

        lock = open(fixture_file("state", "publish.lock"), O_RDWR);
        tap_ok(lock >= 0 && flock(lock, LOCK_EX) == 0, "another program is publishing");
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EBUSY, d, "one at a time (MUST 3)");
        (void) close(lock);
        (void) chmod(fixture_place("snapshots"), 0777);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EPERM, d, "a place that others can write to");
        (void) chmod(fixture_place("snapshots"), 0755);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "and as it was");
}

/* An external's role with a service that an earlier edition let in: it is not for externals, and gives nothing (M7). */
static void test_old_services(void) {
        auto_directory struct directory *d = NULL;

        fixture_reset();
        d = fixture_clinic();
        (void) directory_account_add(d, act, 2, "oakclinic", "ext", "external", "careid", "/home/ext", "/bin/sh", NULL);
        (void) directory_assignment_add(d, act, "ext", "secretary", "oak", NULL, NULL, NULL);
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "old", .title = "Old", .opens = "other" });
        (void) directory_publish_anew(d, FIXTURE_NOW);
        told_says(TOLD_PRIVATE, "user ext flags 6 12 0 /home/ext /bin/sh 1(,) 4(,) 8(,) 13(,)", "an external has the services that are for externals");
        (void) fixture_sql("INSERT INTO role_service SELECT r.id, s.id FROM role r, service s WHERE r.name = 'secretary' AND s.name = 'old'");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        told_says(TOLD_PRIVATE, "user ext flags 6 12 0 /home/ext /bin/sh 1(,) 4(,) 8(,) 13(,)", "and no others, though its role has one (M7)");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_clinic(d);
                test_private(d);
                test_times(d);
                test_archived(d);
                test_clients(d);
                test_failures(d);
        }
        test_old_services();
        return tap_done();
}
