/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-review.c - what is to be looked at, by whom, and what they found
 */

#include "clients.h"
#include "fixture.h"
#include "mandates.h"
#include "review.h"
#include "sql.h"
#include "trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEAR (INT64_C(366) * 86400)

struct seen {
        unsigned n, audit, assignment, grant;
        int64_t  first_audit, sum;
        char     outcome[16], due[16];
};

static int see(void *with, const struct review_item *item) {
        struct seen *const s = with;

        s->n++;
        s->audit += strcmp(item->what, "audit") == 0;
        s->assignment += strcmp(item->what, "assignment") == 0;
        s->grant += strcmp(item->what, "grant") == 0;
        if (strcmp(item->what, "audit") == 0) {
                s->sum += item->id;
                if (s->first_audit == 0)
                        s->first_audit = item->id;
        }
        (void) snprintf(s->outcome, sizeof s->outcome, "%s", item->outcome);
        (void) snprintf(s->due, sizeof s->due, "%s", item->due);
        return DIRECTORY_OK;
}

static int64_t count(struct directory *d, const char *query) {
        int64_t n = -1;

        (void) sql_find_integer(d, query, SQL_NONE, &n);
        return n;
}

static struct seen look(struct directory *d, int64_t now, int64_t by_person) {
        const struct directory_act act = { .actor = "uid:0", .now = now, .by_person = by_person };
        struct seen s = { .n = 0 };

        tap_ok(directory_reviews(d, &act, 366, see, &s) == DIRECTORY_OK, "what waits can be listed");
        return s;
}

static int record(struct directory *d, const char *what, int64_t id, const char *outcome, const char *note, int64_t reviewer) {
        struct directory_act act = fixture_act;

        act.now = FIXTURE_NOW + YEAR + 60;
        return directory_review_record(d, &act, &(struct review_outcome) {
                .what = what, .id = id, .outcome = outcome, .note = note, .reviewer = reviewer,
        });
}

static void test_sample(void) {
        auto_directory struct directory *d = fixture_clinic();
        int64_t n = 0, of = 0, reviewer = 0, first = 0, second, last = 0, other = 0;
        struct directory_trail trail;
        unsigned drawn[64] = { 0 }, least = 1000, most = 0;
        struct seen s;

        (void) directory_person_add(d, &fixture_act, "Rita", "Reviewer", NULL, NULL, &reviewer);
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 3, .reviewer = reviewer }, &n, &of),
                   DIRECTORY_OK, d, "three entries are drawn");
        tap_ok(n == 3 && of > 10, "of all but the reviewer's own (%lld)", (long long) of);
        s = look(d, FIXTURE_NOW, 0);
        first = s.first_audit;
        tap_ok(s.n == 3 && s.audit == 3, "they wait");
        tap_ok(look(d, FIXTURE_NOW, reviewer).n == 3 && look(d, FIXTURE_NOW, 1).n == 0, "for whom they were drawn, and nobody else");
        tap_ok(directory_trail_verify(d, NULL, 0, &trail) == DIRECTORY_OK, "and the draw is an entry of a trail that is whole");

        tap_result(record(d, "audit", first, "wrong", NULL, reviewer), DIRECTORY_E_INVALID, d, "wrong needs a note");
        tap_result(record(d, "audit", first, "right", NULL, 1), DIRECTORY_E_NOT_FOUND, d, "somebody else's sample is not theirs");
        tap_result(record(d, "audit", first, "wrong", "Not on duty", reviewer), DIRECTORY_OK, d, "what was found is recorded");
        tap_result(record(d, "audit", first, "right", NULL, reviewer), DIRECTORY_E_NOT_FOUND, d, "once");
        tap_ok(look(d, FIXTURE_NOW, 0).n == 2, "and waits no longer");

        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .percent = 101, .reviewer = reviewer }, &n, &of),
                   DIRECTORY_E_INVALID, d, "more than all");
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = 99 }, &n, &of),
                   DIRECTORY_E_NOT_FOUND, d, "for nobody");
        (void) directory_person_add(d, &fixture_act, "Rolf", "Relative", NULL, NULL, &other);
        (void) directory_account_add(d, &fixture_act, other, "oakclinic", "rolf", "relative", "careid", "/home/rolf", "/bin/sh", NULL);
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = other }, &n, &of),
                   DIRECTORY_E_CONSTRAINT, d, "for a relative");
        (void) directory_account_add(d, &fixture_act, other, "oakclinic", "rolf2", "staff", "careid", "/home/rolf2", "/bin/sh", NULL);
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = other }, &n, &of),
                   DIRECTORY_OK, d, "for a relative who works here");
        (void) directory_person_died(d, &fixture_act, other, "2026-01-01", NULL);
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = other }, &n, &of),
                   DIRECTORY_E_CONSTRAINT, d, "for the dead");
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = reviewer, .from_date = "2060-01-01" },
                                           &n, &of), DIRECTORY_E_NOT_FOUND, d, "of days to come");
        second = of;
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .percent = 100, .reviewer = 1 }, &n, &of),
                   DIRECTORY_OK, d, "all that don't concern the reviewer and don't wait");
        s = look(d, FIXTURE_NOW, 1);
        tap_ok((int64_t) s.n == n && n == of && second > 0, "wait for them (%u)", s.n);
        (void) directory_audit_last(d, &last, trail.hash);

        /* Each as likely as any other: 1 of the first ones, many times; what was drawn is given back by hand. */
        for (int i = 0; i < 300; i++) {
                (void) fixture_sql("DELETE FROM review");
                if (directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 1, .reviewer = 2, .until_date = "2026-11-21",
                                            .from_date = "2026-11-21" }, &n, &of) != DIRECTORY_OK)
                        break;
                {
                        const struct directory_act act = fixture_act;

                        memset(&s, 0, sizeof s);
                        (void) directory_reviews(d, &act, 0, see, &s);
                        if (s.first_audit > 0 && s.first_audit < (int64_t) N_ELEMENTS(drawn))
                                drawn[s.first_audit]++;
                }
        }
        for (int64_t i = 2; i < 12; i++) {
                least = drawn[i] < least ? drawn[i] : least;
                most = drawn[i] > most ? drawn[i] : most;
        }
        tap_ok(most < 60, "no entry is drawn again and again (%u to %u times)", least, most);
}

/* Whose account is the host's own, and did something as root from it: 1001 by the host alone. */
static void test_hosted(void) {
        const struct directory_act sudo = { .actor = "uid:0 login:1001", .now = FIXTURE_NOW };
        auto_directory struct directory *d = NULL;
        int64_t reviewer = 0, entry = 0, n = 0, of = 0, all = 0;

        fixture_reset();
        d = fixture_clinic();
        fixture_host_user = "ole";
        fixture_host_id = 1001;
        (void) directory_person_add(d, &fixture_act, "Ole", "Test", NULL, NULL, &reviewer);
        tap_result(directory_account_add(d, &fixture_act, reviewer, "oakclinic", "ole", "staff", "host", NULL, NULL, NULL), DIRECTORY_OK, d, "an account of the host's own");
        tap_result(directory_unit_add(d, &sudo, "oakclinic", "ash", "Ash"), DIRECTORY_OK, d, "from which root did something");
        entry = fixture_number("SELECT max(sequence) FROM audit");
        all = fixture_number("SELECT count(*) FROM review");
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .percent = 100, .reviewer = reviewer }, &n, &of), DIRECTORY_OK, d, "all that is not theirs is drawn");
        tap_ok(fixture_number("SELECT count(*) FROM review") == all + n && n == entry - 3, "but that, and what is about them (%d of %d)", (int) n, (int) entry);

        /* Drawn before it was known whose the uid is. */
        (void) fixture_sql("INSERT INTO review (what, object, drawn, reviewer) SELECT 'audit', a.sequence, 1, p.id FROM audit a, person p"
                           " WHERE a.actor = 'uid:0 login:1001' AND p.given_name = 'Ole'");
        tap_result(record(d, "audit", entry, "right", NULL, reviewer), DIRECTORY_E_CONSTRAINT, d, "nor do they say that it is right");
        fixture_host_user = NULL;
        tap_result(record(d, "audit", entry, "right", NULL, reviewer), DIRECTORY_OK, d, "somebody else's is");
}

static void test_assignments(void) {
        auto_directory struct directory *d = NULL;
        struct seen s;

        fixture_reset();
        d = fixture_clinic();
        (void) fixture_sql("UPDATE assignment SET valid_until = NULL");
        tap_ok(look(d, FIXTURE_NOW + YEAR - 60, 0).n == 0, "an assignment is not due within a year");
        s = look(d, FIXTURE_NOW + YEAR + 60, 0);
        tap_ok(s.n == 1 && s.assignment == 1, "and is after it");
        tap_result(record(d, "assignment", 1, "right", NULL, 1), DIRECTORY_E_CONSTRAINT, d, "nobody reviews themselves");
        tap_result(record(d, "assignment", 99, "right", NULL, 2), DIRECTORY_E_NOT_FOUND, d, "nor what there is not");
        tap_result(record(d, "assignment", 1, "unclear", "Ask the unit", 2), DIRECTORY_OK, d, "what is unclear");
        s = look(d, FIXTURE_NOW + YEAR + 120, 0);
        tap_ok(s.n == 1 && strcmp(s.outcome, "unclear") == 0, "goes on waiting, and says so");
        tap_result(record(d, "assignment", 1, "right", NULL, 2), DIRECTORY_OK, d, "what is right");
        tap_ok(look(d, FIXTURE_NOW + YEAR + 120, 0).n == 0 && look(d, FIXTURE_NOW + 2 * YEAR + 120, 0).n == 1, "waits for another year");
        tap_ok(look(d, FIXTURE_NOW + 2 * YEAR + 120, 2).n == 0, "not for somebody who holds no mandate");
}

/* A day begins at midnight of the clinic's clocks, which is the day before by those of Greenwich. */
static void test_grants(void) {
        const struct directory_basis basis = { .basis = "consent", .document = "binder 7", .checked_by = "A. Alm", .review_date = "2026-12-01" };
        auto_directory struct directory *d = NULL;
        struct seen s;

        fixture_reset();
        d = fixture_clinic();
        (void) directory_client_add(d, &fixture_act, 2, "oakclinic", NULL, NULL);
        (void) directory_account_add(d, &fixture_act, 1, "oakclinic", "anna.rel", "relative", "careid", "/home/anna.rel", "/bin/bash", NULL);
        tap_result(directory_grant_add(d, &fixture_act, "anna.rel", "relative", "oakclinic-1", &basis, NULL, NULL, NULL), DIRECTORY_OK, d, "a grant");
        tap_ok(look(d, 1796079600 - 1, 0).n == 0, "is not due before its day");
        s = look(d, 1796079600, 0);
        tap_ok(s.n == 1 && strcmp(s.due, "2026-12-01") == 0, "and from its first second on, by that day: %s", s.due);
}

struct dues {
        unsigned n;
        struct {
                int64_t person, n;
                char    since[16], language[3];
        } due[16];
};

static int see_due(void *with, const struct review_due *due) {
        struct dues *const all = with;

        if (all->n < N_ELEMENTS(all->due)) {
                all->due[all->n].person = due->person;
                all->due[all->n].n = due->n;
                (void) snprintf(all->due[all->n].since, sizeof all->due->since, "%s", due->since);
                (void) snprintf(all->due[all->n].language, sizeof all->due->language, "%s", due->language);
        }
        all->n++;
        return DIRECTORY_OK;
}

static int see_first(void *with, const struct review_item *item) {
        struct seen *const s = with;

        if (s->n++ == 0)
                (void) snprintf(s->due, sizeof s->due, "%s", item->due);
        return DIRECTORY_OK;
}

/* For whom what waits is what each of them is shown, and nobody else is shown anything. */
static void agree(struct directory *d, int64_t now, unsigned people, int64_t nobody, const char *when) {
        const struct directory_act root = { .actor = "uid:0", .now = now };
        const int64_t n_persons = count(d, "SELECT max(id) FROM person");
        struct dues all = { .n = 0 };
        int64_t none = -1;
        unsigned found = 0;
        bool same = true;

        tap_result(directory_reviews_due(d, &root, 366, see_due, &all, &none), DIRECTORY_OK, d, "%s: for whom what waits", when);
        for (int64_t person = 1; person <= n_persons; person++) {
                const struct directory_act act = { .actor = "uid:0", .now = now, .by_person = person };
                struct seen s = { .n = 0 };

                same = directory_reviews(d, &act, 366, see_first, &s) == DIRECTORY_OK && same;
                if (s.n == 0)
                        continue;
                same = same && found < all.n && all.due[found].person == person && all.due[found].n == s.n &&
                       strcmp(all.due[found].since, s.due) == 0;
                found++;
        }
        tap_ok(same && found == all.n, "%s: is what each of them is shown", when);
        tap_ok(all.n == people && none == nobody, "%s: %u people, %d for nobody", when, all.n, (int) none);
}

static void test_due(void) {
        const struct directory_basis basis = { .basis = "consent", .document = "binder 7", .checked_by = "A. Alm", .review_date = "2026-12-01" };
        const int64_t later = FIXTURE_NOW + YEAR + 120;
        auto_directory struct directory *d = NULL;
        struct dues all = { .n = 0 };
        int64_t head = 0, whole = 0, other = 0, n = 0, of = 0;

        fixture_reset();
        d = fixture_clinic();
        (void) fixture_sql("UPDATE assignment SET valid_until = NULL");
        agree(d, later, 0, 1, "where nobody holds a mandate");

        (void) directory_person_add(d, &fixture_act, "Hilda", "Head", NULL, "da", &head);
        (void) directory_account_add(d, &fixture_act, head, "oakclinic", "hilda", "staff", "careid", "/home/hilda", "/bin/sh", NULL);
        (void) directory_person_add(d, &fixture_act, "Wilma", "Whole", NULL, NULL, &whole);
        (void) directory_account_add(d, &fixture_act, whole, "oakclinic", "wilma", "staff", "careid", "/home/wilma", "/bin/sh", NULL);
        (void) directory_person_add(d, &fixture_act, "Olga", "Other", NULL, NULL, &other);
        (void) directory_account_add(d, &fixture_act, other, "oakclinic", "olga", "staff", "careid", "/home/olga", "/bin/sh", NULL);
        tap_result(directory_mandate_add(d, &fixture_act, head, "grant", "oakclinic", "oak", NULL, NULL, NULL), DIRECTORY_OK, d, "who may grant at oak");
        tap_result(directory_mandate_add(d, &fixture_act, whole, "grant", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "who may everywhere");
        tap_result(directory_mandate_add(d, &fixture_act, other, "grant", "oakclinic", "elm", NULL, "2027-01-31", NULL), DIRECTORY_OK, d, "who may at elm, for a time");
        agree(d, later, 2, 0, "one at oak");
        tap_ok(directory_reviews_due(d, &(struct directory_act) { .actor = "uid:0", .now = later }, 366, see_due, &all, &n) == DIRECTORY_OK &&
               all.due[0].person == head && strcmp(all.due[0].language, "da") == 0 && strcmp(all.due[1].language, "") == 0, "with the language of each");
        (void) directory_assignment_add(d, &fixture_act, "bo", "nurse", "elm", NULL, NULL, NULL);
        (void) directory_assignment_add(d, &fixture_act, "wilma", "nurse", "elm", NULL, NULL, NULL);
        agree(d, later, 2, 1, "one of who looks at all, at elm");
        (void) fixture_sql("UPDATE assignment SET created = created - 200 * 86400, by_person = 4 WHERE unit = (SELECT id FROM unit WHERE name = 'elm')");
        agree(d, FIXTURE_NOW + YEAR - 150 * INT64_C(86400), 0, 2, "given by who could look");

        (void) directory_client_add(d, &fixture_act, 2, "oakclinic", NULL, NULL);
        (void) directory_account_add(d, &fixture_act, 1, "oakclinic", "anna.rel", "relative", "careid", "/home/anna.rel", "/bin/bash", NULL);
        tap_result(directory_grant_add(d, &fixture_act, "anna.rel", "relative", "oakclinic-1", &basis, NULL, NULL, NULL), DIRECTORY_OK, d, "a grant");
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .count = 4, .reviewer = 1 }, &n, &of), DIRECTORY_OK, d, "a sample");
        agree(d, later, 3, 2, "a grant, and a sample");
        tap_result(directory_archive(d, &fixture_act, "account", "wilma", true), DIRECTORY_OK, d, "who looks at all is gone");
        agree(d, later, 2, 2, "without her");
}

/* What is about the reviewer, whatever it is kept under, and what they did. */
static void test_own(void) {
        const struct directory_basis basis = { .basis = "consent", .document = "binder 7", .checked_by = "A. Alm", .review_date = "2026-12-01" };
        const struct directory_act bo = { .actor = "person:2 uid:2001000002", .now = FIXTURE_NOW, .by_person = 2 };
        auto_directory struct directory *d = NULL;
        struct directory_act sudo = fixture_act;
        int64_t n = 0, of = 0, person = 0, mandate = 0, enrolment = 0, grant = 0, given = 0;
        struct directory_account a;
        char actor[64];

        fixture_reset();
        d = fixture_clinic();
        tap_ok(directory_client_add(d, &fixture_act, 2, "oakclinic", NULL, NULL) == DIRECTORY_OK &&
               directory_enrolment_add(d, &fixture_act, "oakclinic-1", "oak", NULL, NULL, &enrolment) == DIRECTORY_OK &&
               directory_account_add(d, &fixture_act, 1, "oakclinic", "anna.rel", "relative", "careid", "/home/anna.rel", "/bin/bash", NULL) == DIRECTORY_OK &&
               directory_grant_add(d, &fixture_act, "anna.rel", "relative", "oakclinic-1", &basis, NULL, NULL, &grant) == DIRECTORY_OK, "a client, and who is close to them");
        tap_result(directory_mandate_add(d, &fixture_act, 2, "grant", "oakclinic", NULL, NULL, NULL, &mandate), DIRECTORY_OK, d, "who works here, too");
        tap_result(directory_account(d, "bo", FIXTURE_NOW, &a), DIRECTORY_OK, d, "by an account");
        (void) snprintf(actor, sizeof actor, "uid:0 login:%u", (unsigned) a.uid);
        sudo.actor = actor;
        tap_result(directory_person_add(d, &sudo, "Sudo", "Test", NULL, NULL, &person), DIRECTORY_OK, d, "and is root at times");
        tap_result(directory_assignment_add(d, &bo, "anna", "doctor", "oak", NULL, NULL, &given), DIRECTORY_OK, d, "and gives a role");

        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .percent = 100, .reviewer = 2 }, &n, &of), DIRECTORY_OK, d, "all is drawn for them");
        tap_ok(count(d, "SELECT count(*) FROM review v JOIN audit e ON e.sequence = v.object"
                           " WHERE e.object IN ('person:2', 'client:1', 'enrolment:1', 'grant:1', 'mandate:1') OR e.actor LIKE 'person:2 %' OR e.actor LIKE '% login:%'") == 0,
               "but what is about them, or was done by them");
        tap_ok(count(d, "SELECT count(*) FROM review") > 5 && n == of, "and nothing else is left out");
        (void) fixture_sql("DELETE FROM review");
        tap_result(directory_review_sample(d, &fixture_act, &(struct review_sample) { .percent = 100, .reviewer = 1 }, &n, &of), DIRECTORY_OK, d, "all is drawn for the relative");
        tap_ok(count(d, "SELECT count(*) FROM review v JOIN audit e ON e.sequence = v.object"
                           " WHERE e.object IN ('person:1', 'grant:1')") == 0 &&
               count(d, "SELECT count(*) FROM review v JOIN audit e ON e.sequence = v.object"
                           " WHERE e.object = 'mandate:1' OR e.actor LIKE '% login:%'") > 0, "but what is granted to them");
        (void) fixture_sql("DELETE FROM review");

        tap_result(record(d, "assignment", given, "right", NULL, 2), DIRECTORY_E_CONSTRAINT, d, "who gave it does not review it");
        tap_ok(strstr(directory_complaint(d), "given themselves") != NULL, "and is told so");
        tap_ok(look(d, FIXTURE_NOW + YEAR + 60, 2).assignment + 1 == look(d, FIXTURE_NOW + YEAR + 60, 0).assignment, "nor is it shown to them");
        tap_result(directory_review_record(d, &fixture_act, &(struct review_outcome) { .what = "grant", .id = grant, .outcome = "wrong", .note = "x", .reviewer = 2 }),
                   DIRECTORY_E_CONSTRAINT, d, "nor does the client review what is granted about them");
        tap_ok(look(d, 1796079600, 2).grant == 0 && look(d, 1796079600, 0).grant == 1, "or see it among what is to be reviewed");
        tap_result(record(d, "assignment", given, "right", NULL, 0), DIRECTORY_OK, d, "somebody else does");
}

/* Past the C code. */
static void test_rules(void) {
        static const struct {
                const char *name, *sql;
        } rows[] = {
                { "a review of oneself", "INSERT INTO review (what, object, drawn, reviewer) VALUES ('assignment', 1, 1, 1)" },
                { "deleting one",        "DELETE FROM review" },
                { "another outcome",     "UPDATE review SET outcome = 'right' WHERE reviewed IS NOT NULL" },
                { "another reviewer",    "UPDATE review SET reviewer = 1" },
                { "wrong without a note", "INSERT INTO review (what, object, drawn, outcome, reviewed) VALUES ('assignment', 1, 1, 'wrong', 1)" },
        };
        sqlite3 *db = NULL;

        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                (void) record(d, "assignment", 1, "wrong", "Moved to elm", 2);
        }
        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        for (size_t i = 0; i < N_ELEMENTS(rows); i++)
                tap_ok(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL) == SQLITE_CONSTRAINT, "the schema refuses %s", rows[i].name);
        (void) sqlite3_close(db);
}

/* X20, where a date is of no organisation: as all of them have it, or nobody's. */
static void test_days(void) {
        const int64_t stockholm = 1795215600, hour = 3600, day = 86400;
        auto_directory struct directory *d = NULL;
        int64_t client = 0, from, until;

        fixture_reset();
        d = fixture_clinic();
        tap_ok(directory_client_add(d, &fixture_act, 2, "oakclinic", NULL, NULL) == DIRECTORY_OK &&
               directory_client_find(d, "oakclinic-1", &client) == DIRECTORY_OK, "a client");
        tap_ok(directory_days_find(d, 0, "2026-11-21", "2026-11-21", &from, &until) == DIRECTORY_OK &&
               from == stockholm && until == stockholm + day, "a day is that of the only organisation");
        tap_result(directory_organisation_add(d, &fixture_act, "elm", "Elm", "SE", "Europe/Helsinki"), DIRECTORY_OK, d, "another one, elsewhere");
        tap_ok(directory_days_find(d, 0, "2026-11-21", NULL, &from, &until) == DIRECTORY_OK && from == stockholm + hour && until == INT64_MAX,
               "of several it is of UTC");
        tap_ok(directory_days_find(d, client, NULL, "2026-11-21", &from, &until) == DIRECTORY_OK && from == INT64_MIN &&
               until == stockholm + day, "but about a client that of the client's");
        tap_result(directory_days_find(d, 0, "2026-11-22", "2026-11-21", &from, &until), DIRECTORY_E_INVALID, d, "the last before the first");
        tap_result(directory_days_find(d, client + 1, "2026-11-22", NULL, &from, &until), DIRECTORY_E_NOT_FOUND, d, "of no client");
}

int main(void) {
        fixture_begin();
        test_sample();
        test_hosted();
        test_assignments();
        test_grants();
        test_due();
        test_own();
        test_rules();
        test_days();
        return tap_done();
}
