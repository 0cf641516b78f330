/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-login.c - what a log-in asks the care directory, and what it leaves there
 */

#include "fixture.h"
#include "mandates.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define YEAR_END INT64_C(1798758000)            /* 2027-01-01 00:00 in Stockholm                  */

static const struct directory_act *const act = &fixture_act;

static void test_account(struct directory *d) {
        struct directory_readiness ready;
        struct directory_account a;

        tap_result(directory_account(d, "anna", FIXTURE_NOW, &a), DIRECTORY_OK, d, "an account");
        tap_ok(strcmp(a.name, "anna") == 0 && strcmp(a.kind, "staff") == 0 && a.person == 1 && a.uid >= 2001000000 && !a.from_host,
               "its name, kind, person and uid");
        tap_ok(a.has_se_number && a.assigned_now && !a.archived, "a number, an assignment, not archived");
        tap_ok(strcmp(a.organisation_title, "The Oak clinic") == 0 && strcmp(a.language, "sv") == 0, "its organisation and language");
        tap_result(directory_account(d, "bo", FIXTURE_NOW, &a), DIRECTORY_OK, d, "another");
        tap_ok(!a.has_se_number && !a.assigned_now && !*a.language, "no number, no assignment, no language");
        tap_result(directory_account(d, "nobody", FIXTURE_NOW, &a), DIRECTORY_E_NOT_FOUND, d, "an unknown name");
        tap_result(directory_account(d, "Anna Alm'; --", FIXTURE_NOW, &a), DIRECTORY_E_NOT_FOUND, d, "a name that is none");
        tap_ok(!strstr(directory_complaint(d), "Alm"), "which the complaint does not repeat");

        (void) directory_account_add(d, act, 1, "oakclinic", "anna.ad", "staff", "host", NULL, NULL, NULL);
        tap_ok(directory_account(d, "anna.ad", FIXTURE_NOW, &a) == 0 && a.from_host && a.uid == 0 && a.has_se_number && !a.assigned_now,
               "an account of the host: no uid of ours, the same person");
        (void) directory_account_add(d, act, 1, "oakclinic", "annakin", "relative", "careid", "/home/annakin", "/bin/sh", NULL);
        tap_ok(directory_account(d, "annakin", FIXTURE_NOW, &a) == 0 && a.assigned_now, "a relative needs no assignment");

        tap_ok(directory_readiness(d, FIXTURE_NOW, &ready) == 0 && ready.organisations == 1 && ready.accounts == 4 && ready.no_se_number == 1 && ready.no_assignment == 2,
               "of four accounts one has no number, and two no assignment");
        tap_ok(ready.holders == 0 && ready.holders_no_se_number == 0, "nobody has a mandate");
        (void) directory_mandate_add(d, act, 1, "add", "oakclinic", NULL, NULL, NULL, NULL);
        (void) directory_mandate_add(d, act, 1, "grant", "oakclinic", NULL, NULL, NULL, NULL);
        (void) directory_mandate_add(d, act, 2, "grant", "oakclinic", NULL, NULL, NULL, NULL);
        tap_ok(directory_readiness(d, FIXTURE_NOW, &ready) == 0 && ready.holders == 2 && ready.holders_no_se_number == 1,
               "of two who have a mandate one has no number");
        tap_ok(ready.adders == 1 && ready.adders_no_se_number == 0, "who can register a number has one");
        (void) directory_archive(d, act, "account", "bo", true);
        tap_ok(directory_readiness(d, FIXTURE_NOW, &ready) == 0 && ready.accounts == 3 && ready.no_se_number == 0 && ready.no_assignment == 1 &&
                       ready.holders == 1 && ready.holders_no_se_number == 0,
               "closed ones don't count");
        (void) directory_archive(d, act, "account", "bo", false);
}

/* X20: until the end of the last day in the organisation's time zone, and not a second more. */
static void test_times(struct directory *d) {
        struct directory_account a;
        int64_t id = 0;

        tap_ok(directory_account(d, "anna", YEAR_END - 1, &a) == 0 && a.assigned_now, "the last second of the last day");
        tap_ok(directory_account(d, "anna", YEAR_END, &a) == 0 && !a.assigned_now, "the second after it");

        (void) directory_assignment_add(d, act, "bo", "nurse", "oak", "2027-03-28", "2027-03-28", &id);     /* clocks go forward */
        tap_ok(directory_account(d, "bo", 1806188400 - 1, &a) == 0 && !a.assigned_now, "before the first day");
        tap_ok(directory_account(d, "bo", 1806188400, &a) == 0 && a.assigned_now, "its first second");
        tap_ok(directory_account(d, "bo", 1806188400 + 23 * 3600 - 1, &a) == 0 && a.assigned_now, "its last, after 23 hours");
        tap_ok(directory_account(d, "bo", 1806188400 + 23 * 3600, &a) == 0 && !a.assigned_now, "and over");

        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = 1806188400 + 60 }, id);
        tap_ok(directory_account(d, "bo", 1806188400 + 59, &a) == 0 && a.assigned_now &&
               directory_account(d, "bo", 1806188400 + 60, &a) == 0 && !a.assigned_now, "ended by hand: from that second on");
}

static void test_archived(struct directory *d) {
        static const struct { const char *kind, *name; bool account, assignment; } cases[] = {
                { "account", "anna", true, false }, { "person", "1", true, false }, { "organisation", "oakclinic", true, true },
                { "unit", "oak", false, true }, { "role", "nurse", false, true },
        };
        struct directory_account a;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, true);
                tap_ok(directory_account(d, "anna", FIXTURE_NOW, &a) == 0 && a.archived == cases[i].account &&
                       a.assigned_now == !cases[i].assignment, "archived: %s", cases[i].kind);
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, false);
        }
        tap_ok(directory_account(d, "anna", FIXTURE_NOW, &a) == 0 && !a.archived && a.assigned_now, "all taken back");
}

/* The roles that are held now, and the day. */
static void test_ways(struct directory *d) {
        struct directory_roles roles = { .n = 0 };
        struct directory_scene scene = { .today = "" };
        struct directory_account a;

        (void) directory_account(d, "anna", FIXTURE_NOW, &a);
        tap_ok(directory_roles(d, a.id, FIXTURE_NOW, &roles) == 0 && roles.n == 1 && strcmp(roles.name[0], "nurse") == 0, "a role that is held");
        (void) directory_archive(d, act, "unit", "oak", true);
        tap_ok(directory_roles(d, a.id, FIXTURE_NOW, &roles) == 0 && roles.n == 0, "at a unit that is archived it is not");
        (void) directory_archive(d, act, "unit", "oak", false);
        (void) directory_archive(d, act, "role", "nurse", true);
        tap_ok(directory_roles(d, a.id, FIXTURE_NOW, &roles) == 0 && roles.n == 0, "a role that is archived is not");
        (void) directory_archive(d, act, "role", "nurse", false);
        tap_ok(directory_roles(d, 99, FIXTURE_NOW, &roles) == 0 && roles.n == 0, "nobody's account holds none");

        /* 2026-11-21 23:30 UTC is the next day in Stockholm. */
        tap_ok(directory_scene(d, INT64_C(1795303800), &scene) == 0 && strcmp(scene.today, "2026-11-22") == 0, "the date where the organisation is: %s",
               scene.today);
}

static void test_numbers(struct directory *d) {
        (void) directory_identity_add(d, act, 2, "SE", "189001019802");
        (void) directory_identity_add(d, act, 1, "SE", "191401682396");
        (void) directory_identity_add(d, act, 1, "DK", "210127-0087");
        tap_result(directory_person_has_number(d, 1, "SE", "199908072391"), DIRECTORY_OK, d, "the person's number");
        tap_result(directory_person_has_number(d, 1, "SE", "191401682396"), DIRECTORY_OK, d, "the person's other number");
        tap_result(directory_person_has_number(d, 1, "DK", "2101270087"), DIRECTORY_OK, d, "the person's number in the other country");
        tap_result(directory_person_has_number(d, 1, "SE", "189001019802"), DIRECTORY_E_NOT_FOUND, d, "somebody else's number");
        tap_result(directory_person_has_number(d, 2, "SE", "199908072391"), DIRECTORY_E_NOT_FOUND, d, "the number, somebody else's person");
        tap_result(directory_person_has_number(d, 1, "DK", "189001019802"), DIRECTORY_E_INVALID, d, "a Swedish number as a Danish one");
        tap_result(directory_person_has_number(d, 99, "SE", "199908072391"), DIRECTORY_E_NOT_FOUND, d, "nobody's person");
        tap_result(directory_person_has_number(d, 1, "SE", "199908072392"), DIRECTORY_E_INVALID, d, "a number that is none");
        tap_result(directory_person_has_number(d, 1, "SE", "9908072391"), DIRECTORY_E_INVALID, d, "the short form, which no e-ID gives");
        tap_result(directory_person_has_number(d, 1, "SE", ""), DIRECTORY_E_INVALID, d, "no number");
        tap_result(directory_person_has_number(d, 1, "SE", NULL), DIRECTORY_E_INVALID, d, "none at all");
}

static void test_only_organisation(struct directory *d) {
        char title[DIRECTORY_TITLE_MAX + 1] = "";

        tap_ok(directory_only_organisation(d, title) == 0 && strcmp(title, "The Oak clinic") == 0, "the only organisation");
        (void) directory_organisation_add(d, act, "ashclinic", "The Ash clinic", "SE", "Europe/Stockholm");
        tap_result(directory_only_organisation(d, title), DIRECTORY_E_NOT_FOUND, d, "one of two is not the only one");
        (void) directory_archive(d, act, "organisation", "oakclinic", true);
        tap_ok(directory_only_organisation(d, title) == 0 && strcmp(title, "The Ash clinic") == 0, "one that is left");
        (void) directory_archive(d, act, "organisation", "ashclinic", true);
        tap_result(directory_only_organisation(d, title), DIRECTORY_E_NOT_FOUND, d, "none");
        (void) directory_archive(d, act, "organisation", "oakclinic", false);
}

static bool files_have(const char *what) {
        auto_free char *bytes = malloc(8 << 20);
        DIR *dir = opendir(fixture_place("state"));
        bool found = false;
        struct dirent *e;

        while (bytes && dir && (e = readdir(dir))) {
                auto_close int fd = open(fixture_file("state", e->d_name), O_RDONLY);
                const ssize_t n = fd < 0 ? -1 : read(fd, bytes, 8 << 20);

                found = found || (n > 0 && memmem(bytes, (size_t) n, what, strlen(what)));
        }
        if (dir)
                (void) closedir(dir);
        return found;
}

/* In no file of the directory, log and shared memory included, while it is open and full. */
static void test_plaintext(void) {
        static const char *const parts[] = { "199908072391", "9908072391", "990807-2391", "19990807", "189001019802", "2101270087", "210127" };

        tap_ok(files_have("The Oak clinic"), "what is not secret is found in the files");
        for (size_t i = 0; i < N_ELEMENTS(parts); i++)
                tap_ok(!files_have(parts[i]), "no personal number is, number %zu", i + 1);
}

static const struct directory_login approved = {
        .account = 1, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3", .host = "demo", .service = "sshd",
        .source = "192.0.2.7", .reference = "thirty-two bytes of a reference",
};

static void last_audit(struct directory *d, char *ret, size_t n) {
        const char *values[DIRECTORY_COLUMNS_MAX];
        struct directory_list *list = NULL;
        const char *const *columns;
        int64_t sequence = 0;
        char filter[24];
        uint8_t hash[32];

        (void) directory_audit_last(d, &sequence, hash);
        (void) snprintf(filter, sizeof filter, "%lld", (long long) sequence);
        *ret = '\0';
        if (directory_list_open(d, "audit", filter, FIXTURE_NOW, &columns, &list) == 0 && directory_list_next(list, values) == 0)
                (void) snprintf(ret, n, "%s %s %s %s", values[3], values[4], values[5], values[6]);
        list = directory_list_close(list);
}

static void test_logins(struct directory *d) {
        struct directory_login l = approved;
        int64_t login = 0, before, after;
        char entry[1024];
        uint8_t hash[32];

        tap_result(directory_login_add(d, &approved, FIXTURE_NOW, &login), DIRECTORY_OK, d, "an approved log-in");
        last_audit(d, entry, sizeof entry);
        tap_ok(strcmp(entry, "helper login.approved account:1 {\"assurance\":\"se-loa3\",\"authenticator\":\"mobile\",\"host\":\"demo\","
                             "\"login\":1,\"method\":\"bankid\",\"service\":\"sshd\",\"source\":\"192.0.2.7\",\"target\":null}") == 0,
               "and its audit entry");

        (void) directory_audit_last(d, &before, hash);
        l.account = 99;
        tap_result(directory_login_add(d, &l, FIXTURE_NOW, &login), DIRECTORY_E_CONSTRAINT, d, "a log-in of no account");
        l = approved;
        l.source = "192.0.2.7\nforged";
        tap_result(directory_login_add(d, &l, FIXTURE_NOW, &login), DIRECTORY_E_INVALID, d, "a source of two lines");
        (void) directory_audit_last(d, &after, hash);
        tap_ok(before == after, "leave no entry");

        l = approved;
        l.target = "root";
        tap_result(directory_login_refused(d, &l, "wrong-person", FIXTURE_NOW), DIRECTORY_OK, d, "a refused log-in");
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "login.refused account:1") && strstr(entry, "\"reason\":\"wrong-person\"") && strstr(entry, "\"target\":\"root\""),
               "and its audit entry");
        l.account = 0;
        l.method = NULL;
        l.target = "my-secret-password";
        tap_result(directory_login_refused(d, &l, "unknown", FIXTURE_NOW), DIRECTORY_OK, d, "a refused log-in of nobody");
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "login.refused account:0") && !strstr(entry, "secret"), "and no word of what was typed (MUST 3)");
}

static bool says(const void *about) {
        return *(const bool *) about;
}

static void test_sessions(struct directory *d) {
        static const bool yes = true, no = false;
        int64_t first = 0, second = 0, session = 0;
        char entry[1024];

        directory_ask_before_commit(d, says, &no);
        tap_result(directory_session_open(d, 1, 0, "demo", "sshd", NULL, "pts/9", FIXTURE_NOW, &session), -ECANCELED, d,
                   "a session of somebody who has gone while the lock was waited for");
        tap_result(directory_session_close(d, 1, "demo", "sshd", "pts/9", FIXTURE_NOW), DIRECTORY_E_NOT_FOUND, d, "is not recorded");
        directory_ask_before_commit(d, says, &yes);
        tap_result(directory_session_open(d, 1, 0, "demo", "sshd", NULL, "pts/9", FIXTURE_NOW, &session), DIRECTORY_OK, d, "of somebody who waits: it is");
        directory_ask_before_commit(d, NULL, NULL);
        (void) directory_login_add(d, &approved, FIXTURE_NOW + 1000, &first);
        (void) directory_login_add(d, &approved, FIXTURE_NOW + 1001, &second);
        tap_result(directory_session_open(d, 1, 0, "demo", "sshd", NULL, "pts/0", FIXTURE_NOW + 1002, &session), DIRECTORY_OK, d, "a session");
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "session.open account:1") && strstr(entry, "\"login\":3"), "belongs to the latest log-in");
        (void) directory_session_open(d, 1, 0, "demo", "sshd", NULL, "pts/1", FIXTURE_NOW + 1003, &session);
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "\"login\":2") != NULL, "the next to the one before");
        (void) directory_session_open(d, 1, 0, "demo", "login", NULL, "tty1", FIXTURE_NOW + 1004, &session);
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "\"login\":0") != NULL, "another service's to none");
        (void) directory_session_open(d, 1, 0, "demo", "sshd", NULL, "pts/2", FIXTURE_NOW + 1001 + 601, &session);
        last_audit(d, entry, sizeof entry);
        tap_ok(strstr(entry, "\"login\":0") != NULL, "one that is opened too late to none");
        tap_result(directory_session_open(d, 2, first, "demo", "sshd", NULL, NULL, FIXTURE_NOW, &session), DIRECTORY_E_NOT_FOUND, d,
                   "nobody's session belongs to another's log-in");

        tap_result(directory_session_close(d, 1, "demo", "sshd", "pts/0", FIXTURE_NOW + 2000), DIRECTORY_OK, d, "closed");
        tap_result(directory_session_close(d, 1, "demo", "sshd", "pts/0", FIXTURE_NOW + 2000), DIRECTORY_E_NOT_FOUND, d, "closed twice");
        tap_result(directory_session_close(d, 2, "demo", "sshd", "pts/1", FIXTURE_NOW + 2000), DIRECTORY_E_NOT_FOUND, d, "another's");
        tap_result(directory_session_open(d, 1, 0, "demo", "sshd", NULL, NULL, FIXTURE_NOW + 3000, NULL), DIRECTORY_OK, d, "one without a terminal");
        tap_result(directory_session_close(d, 1, "demo", "sshd", NULL, FIXTURE_NOW + 3001), DIRECTORY_OK, d, "is closed without one");
}

/* Statements that stay: they say what is so now, of whom they are asked about now, and keep nobody who writes waiting. */
static void test_stays_prepared(struct directory *d) {
        auto_directory struct directory *other = NULL;
        struct directory_account anna = { .id = 0 }, nobody = { .id = 0 };
        int64_t login;

        tap_result(directory_open(DIRECTORY_WRITE, &other), DIRECTORY_OK, NULL, "a second handle");
        if (!other)
                return;
        directory_stays_prepared(other);
        directory_stays_prepared(d);            /* one has it already */
        tap_ok(directory_account(other, "anna", FIXTURE_NOW, &anna) == DIRECTORY_OK && !anna.archived, "an account in use");
        tap_ok(directory_account(other, "nobody-has-it", FIXTURE_NOW, &nobody) == DIRECTORY_E_NOT_FOUND && nobody.id == 0,
               "asked about a name that nobody has, with the same statement");
        tap_result(directory_archive(d, act, "account", "anna", true), DIRECTORY_OK, d, "closed through the first handle");
        tap_ok(directory_account(other, "anna", FIXTURE_NOW, &anna) == DIRECTORY_OK && anna.archived, "closed for the second as well");
        tap_ok(directory_is_current(other), "which is of the newest edition");
        tap_result(directory_login_add(other, &approved, FIXTURE_NOW + 5000, &login), DIRECTORY_OK, other, "written by the second");
        tap_result(directory_login_add(d, &approved, FIXTURE_NOW + 5001, &login), DIRECTORY_OK, d, "and then by the first");
        tap_result(directory_login_add(other, &approved, FIXTURE_NOW + 5002, &login), DIRECTORY_OK, other, "and again");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();
                int64_t last;
                uint8_t hash[32];

                test_account(d);
                test_times(d);
                test_archived(d);
                test_ways(d);
                test_numbers(d);
                test_only_organisation(d);
                test_plaintext();
                test_logins(d);
                test_sessions(d);
                test_stays_prepared(d);
                tap_result(directory_audit_verify(d, &last, hash), DIRECTORY_OK, d, "after all that the audit trail is whole");
        }
        test_plaintext();
        return tap_done();
}
