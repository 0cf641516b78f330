/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-evidence.c - what is kept of an approval, for how long, and who may read it (numbers: evidence.c)
 */

#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SAID "{\"completionData\":{\"signature\":\"c2lnbmVk\",\"user\":{\"personalNumber\":\"199908072391\"}}}"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000"
#define WEEK INT64_C(604800)

static const struct directory_act *const act = &fixture_act;

static const struct directory_login approved = {
        .account = 1, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3", .host = "demo", .service = "sshd",
        .source = "192.0.2.7", .reference = { 1, 2, 3 }, .evidence = SAID, .n_evidence = sizeof SAID - 1,
        .evidence_until = FIXTURE_NOW + WEEK,
};

static int64_t count(struct directory *d, const char *what, const char *filter) {
        AUTO(directory_list_closep) struct directory_list *list = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *columns;
        int64_t n = 0;

        if (directory_list_open(d, what, filter, FIXTURE_NOW, &columns, &list) != DIRECTORY_OK)
                return -1;
        while (directory_list_next(list, values) == DIRECTORY_OK)
                n++;
        return n;
}

static int read_one(struct directory *d, int64_t login) {
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };
        const int r = directory_evidence_read(d, act, login, "evidence.show", &e);

        if (r != DIRECTORY_OK)
                return e.text ? -EDOM : r;
        return e.n == sizeof SAID - 1 && strcmp(e.text, SAID) == 0 && e.login == login && strcmp(e.account, "anna") == 0 &&
               e.at == FIXTURE_NOW && e.kept_until == FIXTURE_NOW + WEEK ? DIRECTORY_OK : -EDOM;
}

/* Is the text anywhere in the files of the database? */
static bool on_disk(const char *text) {
        static const char *const names[] = { "directory.db", "directory.db-wal" };
        static char bytes[4 << 20];
        bool found = false;

        for (size_t i = 0; i < N_ELEMENTS(names); i++) {
                FILE *f = fopen(fixture_file("state", names[i]), "re");
                const size_t n = f ? fread(bytes, 1, sizeof bytes, f) : 0;

                found = found || memmem(bytes, n, text, strlen(text));
                if (f)
                        (void) fclose(f);
        }
        return found;
}

static void test_keeping(struct directory *d) {
        static char large[DIRECTORY_EVIDENCE_MAX + 1];
        struct directory_login l = approved;
        int64_t login = 0, entries;

        tap_result(directory_login_add(d, &approved, FIXTURE_NOW, &login), DIRECTORY_OK, d, "a log-in with evidence");
        tap_ok(!on_disk("c2lnbmVk") && !on_disk("199908072391"), "1: nothing of it can be read on the disk");
        entries = count(d, "audit", "evidence.show");
        tap_result(read_one(d, login), DIRECTORY_OK, d, "it is what was said");
        tap_ok(count(d, "audit", "evidence.show") == entries + 1, "2: and that it was read is in the audit trail");
        tap_ok(count(d, "evidence", "anna") == 1 && count(d, "evidence", NULL) == 1, "the list has it");
        tap_ok(count(d, "audit", "evidence.show") == entries + 1, "and is no reading of it");

        l.evidence = NULL;
        tap_result(directory_login_add(d, &l, FIXTURE_NOW, &login), DIRECTORY_OK, d, "a log-in without");
        tap_result(read_one(d, login), DIRECTORY_E_NOT_FOUND, d, "has none");
        tap_result(read_one(d, 4711), DIRECTORY_E_NOT_FOUND, d, "nor has a log-in that there is not");
        tap_ok(count(d, "audit", "evidence.show") == entries + 1, "what was not read is not said to have been");

        entries = count(d, "logins", NULL);
        l.evidence = large;
        l.n_evidence = sizeof large;
        tap_result(directory_login_add(d, &l, FIXTURE_NOW, &login), DIRECTORY_E_INVALID, d, "one byte too much");
        tap_ok(count(d, "logins", NULL) == entries, "records no log-in either");
        l.n_evidence = sizeof large - 1;
        tap_result(directory_login_add(d, &l, FIXTURE_NOW, &login), DIRECTORY_OK, d, "as much as can be");
}

/* Evidence beside another record than its own proves nothing. */
static void test_binding(struct directory *d) {
        static const struct {
                const char *name, *change, *back;
        } cases[] = {
                { "the time of the log-in",      "UPDATE login SET at = at + 1 WHERE id = 1",    "UPDATE login SET at = at - 1 WHERE id = 1" },
                { "the account of the log-in",   "UPDATE login SET account = 2 WHERE id = 1",    "UPDATE login SET account = 1 WHERE id = 1" },
                { "the order of the log-in",     "UPDATE login SET reference = zeroblob(32) WHERE id = 1",
                  "UPDATE login SET reference = x'010203" ZEROS "' WHERE id = 1" },
                { "a byte of the ciphertext",    "UPDATE evidence SET cipher = CAST(substr(cipher, 1, 40) || zeroblob(16) || substr(cipher, 57) AS BLOB) WHERE login = 1", NULL },
        };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                (void) fixture_sql(cases[i].change);
                tap_result(read_one(d, 1), -EUCLEAN, d, "changed: %s", cases[i].name);
                if (cases[i].back) {
                        (void) fixture_sql(cases[i].back);
                        tap_result(read_one(d, 1), DIRECTORY_OK, d, "and as it was");
                }
        }
        (void) fixture_sql("UPDATE evidence SET cipher_key = 2 WHERE login = 3");
        tap_result(read_one(d, 3), -ENOKEY, d, "kept under a key that is not here");
        (void) fixture_sql("UPDATE evidence SET login = 2 WHERE login = 3");
        (void) fixture_sql("UPDATE evidence SET cipher_key = 1 WHERE login = 2");
        tap_result(read_one(d, 2), -EUCLEAN, d, "moved to another log-in");
}

static void test_expiry(struct directory *d) {
        struct directory_login l = approved;
        int64_t login, n = -1;

        (void) fixture_sql("DELETE FROM evidence");
        for (int i = 0; i < 40; i++)
                (void) directory_login_add(d, &approved, FIXTURE_NOW, &login);
        l.evidence_until += 10 * WEEK;
        (void) directory_login_add(d, &l, FIXTURE_NOW + WEEK - 1, &login);
        tap_ok(count(d, "evidence", NULL) == 41, "3: nothing goes before its time");
        (void) directory_login_add(d, &l, FIXTURE_NOW + WEEK, &login);
        tap_ok(count(d, "evidence", NULL) == 42 - 16 && count(d, "audit", "evidence.expire") == 1,
               "3: then a log-in takes some of it away, and says so");
        l.evidence = NULL;
        (void) directory_login_add(d, &l, FIXTURE_NOW + WEEK, &login);
        tap_ok(count(d, "evidence", NULL) == 42 - 32, "3: also one that keeps none itself");
        tap_result(directory_evidence_prune(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + WEEK }, &n),
                   DIRECTORY_OK, d, "pruned by hand");
        tap_ok(n == 8 && count(d, "evidence", NULL) == 2 && count(d, "audit", "evidence.expire") == 3, "the rest goes at once");
        tap_ok(directory_evidence_prune(d, act, &n) == DIRECTORY_OK && n == 0 && count(d, "audit", "evidence.expire") == 3,
               "again: nothing, and no entry about that");
}

static void test_reader(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_READ);
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };

        tap_result(directory_evidence_read(d, act, 44, "evidence.show", &e), -EROFS, d, "2: who can't write the entry can't read it");
        tap_ok(!e.text, "and has nothing");
}

static void test_notice(struct directory *d) {
        tap_ok(directory_notice(d, "certificate", FIXTURE_NOW, 86400) == DIRECTORY_OK, "a notice");
        tap_ok(directory_notice(d, "certificate", FIXTURE_NOW + 86399, 86400) == DIRECTORY_E_EXISTS, "not again within its day");
        tap_ok(directory_notice(d, "other", FIXTURE_NOW, 86400) == DIRECTORY_OK, "another is another");
        tap_ok(directory_notice(d, "certificate", FIXTURE_NOW + 86400, 86400) == DIRECTORY_OK, "a day later it is");
        tap_ok(directory_notice(d, "certificate", FIXTURE_NOW, 86400) == DIRECTORY_OK, "and after the clock was put right");
}

/* A directory as the first edition left it: its tables, no others. */
static void test_upgrade(void) {
        struct directory *d = NULL;
        int64_t login = 0, last;
        uint8_t hash[32];

        tap_ok(fixture_older(1) == 0, "a directory as the first edition left it");
        tap_result(directory_open(DIRECTORY_READ, &d), -ENOENT, NULL, "the first edition, for reading: to be brought up first");
        d = directory_close(d);
        tap_result(directory_open(DIRECTORY_WRITE, &d), DIRECTORY_OK, NULL, "for writing it is brought up");
        if (!d)
                return;
        tap_ok(count(d, "logins", NULL) > 40 && count(d, "accounts", NULL) == 2, "and has what it had");
        tap_result(directory_login_add(d, &approved, FIXTURE_NOW, &login), DIRECTORY_OK, d, "a log-in with evidence");
        tap_result(read_one(d, login), DIRECTORY_OK, d, "which can be read");
        tap_result(directory_audit_verify(d, &last, hash), DIRECTORY_OK, d, "the audit trail is whole");
        d = directory_close(d);
        tap_result(directory_open(DIRECTORY_READ, &d), DIRECTORY_OK, NULL, "and for reading, now");
        d = directory_close(d);
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_keeping(d);
                test_binding(d);
                test_expiry(d);
                test_notice(d);
                test_reader();
        }
        test_upgrade();
        return tap_done();
}
