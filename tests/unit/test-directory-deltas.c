/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-deltas.c - what snapshots are told of what has changed, and when it is everything anew
 */

#include "memberships.h"
#include "sql.h"
#include "told.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;

static void test_deltas(struct directory *d) {
        const unsigned bases = told.n_bases, deltas = told.n_deltas;
        int64_t id = 0;

        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "nothing has changed");
        tap_ok(told.n_bases == bases + 1 && told.n_deltas == deltas, "nothing is written");

        (void) directory_assignment_add(d, act, "anna", "nurse", "elm", NULL, NULL, &id);
        told_delta(d, FIXTURE_NOW, "an assignment");
        told_says(TOLD_PUBLIC, "public serial 2 written 0", "an assignment: the serial says how many acts there were since the base");
        tap_ok(strstr(told.text[TOLD_PUBLIC], "user anna flags 2 9 0 /home/anna") && !told_mentions(TOLD_PUBLIC, "user bo") && !told_mentions(TOLD_PUBLIC, "user rut"),
               "an assignment: one account is said");
        tap_ok(told_mentions(TOLD_PRIVATE, "user anna flags 0 3(,)") && !told_mentions(TOLD_PRIVATE, "user rut"), "an assignment: its services in the private one");

        (void) directory_account_add(d, act, 3, "oakclinic", "rut.d", "relative", "careid", "/home/rut.d", "/bin/sh", NULL);
        told_delta(d, FIXTURE_NOW, "a relative's account");
        tap_ok(told_mentions(TOLD_PUBLIC, "user anna") && !told_mentions(TOLD_PUBLIC, "rut") && told_mentions(TOLD_PRIVATE, "user rut.d flags 6 "),
               "a relative's account: in the private one, and what was said before is said again");

        (void) directory_archive(d, act, "account", "rut.d", true);
        (void) directory_archive(d, act, "person", "1", true);
        told_delta(d, FIXTURE_NOW, "an account and a person archived");
        told_says(TOLD_PUBLIC, "user anna flags 3 9 0 - -", "archived: gone by name and uid");
        told_says(TOLD_PUBLIC, "user anna.ad flags 1", "archived: one of the host is gone by name");
        told_says(TOLD_PRIVATE, "user anna flags 1", "archived: its services are gone");
        tap_ok(told_mentions(TOLD_PRIVATE, "user rut.d flags 7 "), "archived: a relative is gone from the private one");
        (void) directory_archive(d, act, "person", "1", false);
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW }, id);

        (void) directory_unit_add(d, act, "oakclinic", "fir", "Ward Fir");
        told_delta(d, FIXTURE_NOW + 1, "a unit");
        tap_ok(told_mentions(TOLD_PUBLIC, "group unit-fir ") && !told_mentions(TOLD_PUBLIC, "group unit-oak "), "a unit: its group is said, no other");

        (void) directory_archive(d, act, "unit", "oak", true);
        told_delta(d, FIXTURE_NOW, "what reaches far");
        tap_ok(told_mentions(TOLD_PUBLIC, "group unit-oak 1 kind 2 members 0 gone") && told_mentions(TOLD_PUBLIC, "group unit-oak-nurse 11 kind 3 members 0 gone") &&
               !told_mentions(TOLD_PUBLIC, "group unit-elm ") && told_mentions(TOLD_PUBLIC, "user anna "), "a unit archived: its groups are gone, its people are said");
        (void) directory_archive(d, act, "unit", "oak", false);
        told_delta(d, FIXTURE_NOW, "and back");
        told_says(TOLD_PUBLIC, "group unit-oak 1 kind 2 members 0", "restored: as it was");
}

/* The files, or the directory, were put back from a copy: no delta counts from them. */
static void test_other_base(struct directory *d) {
        told.there.generation++;
        told_base(d, "the base is another one");
        (void) directory_archive(d, act, "account", "bo", true);
        told.there.serial = 3;
        told_base(d, "the delta is of acts that the directory doesn't know");
        told.look = -EBADMSG;
        told_base(d, "a header is damaged");
        told.look = -ESTALE;
        told_base(d, "base and delta don't belong together");

        (void) directory_archive(d, act, "account", "bo", false);
        told.n_bytes = 3 << 20;
        told_base(d, "too many bytes for a delta");
        told.n_bytes = 0;
        (void) directory_archive(d, act, "account", "bo", true);
        (void) sql_run(d, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2049)"
                          " INSERT OR REPLACE INTO changed SELECT 'account', 1000 + i, changes FROM n, meta", SQL_NONE);
        told_base(d, "too many entries for a delta");
        (void) directory_archive(d, act, "account", "bo", false);
        told.refuse = -ENOMEM;
        tap_result(directory_publish(d, FIXTURE_NOW), -ENOMEM, d, "the builder has no memory for the delta");
        told.refuse = 0;
        told_delta(d, FIXTURE_NOW, "and what failed is made up for");
}

/* A base is being read while somebody changes something: that change is marked still when the base is told.there. */
static void test_meanwhile(struct directory *d) {
        int64_t n = 0;

        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) sql_find_integer(d, "SELECT count(*) FROM changed", SQL_NONE, &n);
        tap_ok(n == 0, "a base leaves no marks");
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'bo'", SQL_NONE);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) sql_find_integer(d, "SELECT count(*) FROM changed", SQL_NONE, &n);
        tap_ok(n == 1, "but those of the act that comes after what it says");
        told_delta(d, FIXTURE_NOW, "whose entry the next delta has");
}

/* One account that no snapshot may say is gone; whatever else has changed is seen (MUST 3). */
static void test_unsaid(struct directory *d) {
        static const char many[] =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                " INSERT INTO assignment (account, role, unit, valid_from, valid_until, created)"
                " SELECT a.id, r.id, u.id, 2000000000 + 20 * i, 2000000010 + 20 * i, 1 FROM n, account a, role r, unit u"
                " WHERE a.name = 'bo' AND r.name = 'nurse' AND u.name = 'oak'";
        enum { GROUPS = 3, MOST = MEMBERSHIPS_MAX / GROUPS };           /* role, unit and both: bo's organisation is the primary group */
        const char *name, *why;
        char sql[sizeof many + 16];

        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) snprintf(sql, sizeof sql, many, MOST);
        (void) sql_run(d, "DELETE FROM changed", SQL_NONE);
        (void) fixture_sql(sql);
        (void) directory_archive(d, act, "account", "anna", true);
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'bo'", SQL_NONE);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%d memberships can be said", MOST * GROUPS);
        tap_ok(directory_unsaid(d, &name, &why) == 0 && told_mentions(TOLD_PUBLIC, "user bo flags 2 10 0 /home/bo"), "and are");

        (void) snprintf(sql, sizeof sql, many, 1);
        (void) fixture_sql(sql);
        (void) directory_archive(d, act, "account", "anna", false);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%d can't, and the delta is written all the same", (MOST + 1) * GROUPS);
        tap_ok(told_mentions(TOLD_PUBLIC, "user anna flags 2 9 0 /home/anna"), "somebody else's change is seen");
        told_says(TOLD_PUBLIC, "user bo flags 3 10 0 - -", "who can't be said is gone from the public file");
        told_says(TOLD_PRIVATE, "user bo flags 1", "and from the private one");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0 && strstr(why, "16384"), "it says who and why: %s", why);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "a base is written, too");
        tap_ok(!told_mentions(TOLD_PUBLIC, "user bo") && !told_mentions(TOLD_PRIVATE, "user bo") && told_mentions(TOLD_PUBLIC, "user anna"), "without them alone");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0, "and it says so");
        tap_result(directory_find_unsaid(d, FIXTURE_NOW), DIRECTORY_OK, d, "asked without writing");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0, "it says the same");
        (void) fixture_sql("DELETE FROM assignment WHERE valid_from >= 2000000000");

        told.refuse = SNAPSHOT_BUILD_E_RANGE;
        told.refuse_name = "anna";
        (void) sql_run(d, "UPDATE account SET home = home WHERE name IN ('anna', 'bo')", SQL_NONE);
        (void) sql_run(d, "INSERT INTO changed SELECT 'all', 0, changes + 1 FROM meta", SQL_NONE);
        (void) sql_run(d, "UPDATE meta SET changes = changes + 1", SQL_NONE);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "the builder refuses one");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "anna") == 0 && strstr(why, "limits"), "that one is named: %s", why);
        tap_ok(!told_mentions(TOLD_PUBLIC, "user anna") && told_mentions(TOLD_PUBLIC, "user bo"), "and left out, alone");
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'anna'", SQL_NONE);
        (void) directory_archive(d, act, "account", "bo", true);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "in a delta as well");
        told_says(TOLD_PUBLIC, "user anna flags 3 9 0 - -", "it is gone there");
        told.refuse = 0;
        told.refuse_name = NULL;
        (void) directory_archive(d, act, "account", "bo", false);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(directory_unsaid(d, &name, &why) == 0 && told_mentions(TOLD_PUBLIC, "user anna") && told_mentions(TOLD_PUBLIC, "user bo"), "mended, nothing is left out");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                told_people(d);
                test_deltas(d);
                test_other_base(d);
                test_meanwhile(d);
        }
        {
                auto_directory struct directory *d = (fixture_reset(), fixture_clinic());

                test_unsaid(d);
        }
        return tap_done();
}
