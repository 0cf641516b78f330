/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-batch.c - many acts count together, or not at all
 */

#include "batch.h"
#include "fixture.h"
#include "sql.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const struct directory_act *const act = &fixture_act;

static int64_t count(struct directory *d, const char *text) {
        int64_t n = -1;

        return sql_find_integer(d, text, SQL_NONE, &n) == DIRECTORY_OK ? n : -1;
}

static int64_t units(struct directory *d) {
        return count(d, "SELECT count(*) FROM unit");
}

static int64_t entries(struct directory *d) {
        return count(d, "SELECT count(*) FROM audit");
}

static int unit(struct directory *d, const char *name) {
        return directory_unit_add(d, act, "oakclinic", name, "A unit");
}

static bool verifies(struct directory *d, int64_t want) {
        uint8_t hash[32];
        int64_t last = 0;

        return directory_audit_verify(d, &last, hash) == DIRECTORY_OK && last == want;
}

static void test_kept(struct directory *d) {
        const int64_t before = units(d), n = entries(d);
        uint8_t was[32], is[32];
        int64_t sequence = 0, last = 0;
        auto_directory struct directory *other = NULL;

        (void) directory_audit_last(d, &sequence, was);
        tap_ok(sequence == n, "the last entry before is known");
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "a batch begins");
        tap_ok(directory_in_batch(d), "and is one");
        tap_result(unit(d, "one"), DIRECTORY_OK, d, "an act");
        tap_result(unit(d, "one"), DIRECTORY_E_EXISTS, d, "the next sees it, and is refused");
        tap_result(unit(d, "two"), DIRECTORY_OK, d, "which undoes neither what was nor what comes");
        tap_ok(units(d) == before + 2 && entries(d) == n + 2, "the two are there, each with its entry");

        other = fixture_open(DIRECTORY_READ);
        tap_ok(units(other) == before && entries(other) == n, "for nobody else yet");
        tap_ok(directory_audit_last(d, &last, is) == DIRECTORY_OK && last == sequence && memcmp(was, is, 32) == 0,
               "and nothing of it is for the journal yet");

        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "it is kept");
        tap_ok(units(other) == before + 2, "and seen by the other");
        tap_ok(directory_audit_last(d, &last, is) == DIRECTORY_OK && last == n + 2, "its last entry is for the journal");
        tap_ok(verifies(d, n + 2), "the trail verifies");
        tap_result(directory_batch_end(d, true), -EINVAL, d, "there is nothing to end");
}

/* The last of it fails: what the journal gets is the entry of the one before. */
static void test_last_fails(struct directory *d) {
        const int64_t n = entries(d);
        uint8_t hash[32];
        int64_t last = 0;

        (void) directory_batch_begin(d);
        (void) unit(d, "three");
        (void) unit(d, "three");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "a batch whose last act was refused is kept");
        tap_ok(directory_audit_last(d, &last, hash) == DIRECTORY_OK && last == n + 1 && verifies(d, n + 1),
               "with the entries of those that were not");
}

static void test_dropped(struct directory *d) {
        const int64_t before = units(d), n = entries(d);
        uint8_t hash[32];
        int64_t last = 0;

        (void) directory_batch_begin(d);
        tap_result(unit(d, "four"), DIRECTORY_OK, d, "an act in a batch");
        tap_result(directory_batch_end(d, false), DIRECTORY_OK, d, "that is not kept");
        tap_ok(units(d) == before && entries(d) == n && !directory_in_batch(d), "it never was");
        tap_ok(directory_audit_last(d, &last, hash) == DIRECTORY_OK && last == n, "nor is it for the journal");
        tap_result(unit(d, "four"), DIRECTORY_OK, d, "an act after it counts by itself");
        tap_ok(units(d) == before + 1 && verifies(d, n + 1), "at once");
}

static void test_closed(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        const int64_t before = units(d);

        (void) directory_batch_begin(d);
        (void) unit(d, "five");
        fixture_closep(&d);
        d = fixture_open(DIRECTORY_WRITE);
        tap_ok(units(d) == before, "closing in the middle of a batch rolls it back");
}

static bool says_no(const void *about) {
        ++*(int *) (uintptr_t) about;
        return false;
}

static void test_asked(struct directory *d) {
        const int64_t before = units(d);
        int n_asked = 0;

        directory_ask_before_commit(d, says_no, &n_asked);
        (void) directory_batch_begin(d);
        tap_result(unit(d, "six"), DIRECTORY_OK, d, "within a batch nobody is asked");
        tap_ok(n_asked == 0, "at all");
        tap_result(directory_batch_end(d, true), -ECANCELED, d, "but at its end");
        directory_ask_before_commit(d, NULL, NULL);
        tap_ok(n_asked == 1 && units(d) == before, "and a no undoes it");
}

static void test_nested(struct directory *d) {
        const int64_t before = units(d), n = entries(d);
        uint8_t hash[32];
        int64_t last = 0;

        (void) directory_batch_begin(d);
        (void) unit(d, "outer");
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "a batch in a batch");
        tap_result(directory_batch_begin(d), -EINVAL, d, "no third");
        (void) unit(d, "inner1");
        tap_result(directory_batch_end(d, false), DIRECTORY_OK, d, "the inner one is not kept");
        (void) directory_batch_begin(d);
        (void) unit(d, "inner2");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "another is");
        tap_ok(directory_in_batch(d) && units(d) == before + 2, "as far as the outer one");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "which is kept");
        tap_ok(directory_audit_last(d, &last, hash) == DIRECTORY_OK && last == n + 2 && units(d) == before + 2 && verifies(d, n + 2),
               "with all that was kept in it");
}

static void test_dry_run(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE), *other = fixture_open(DIRECTORY_WRITE);
        const int64_t before = units(d), n = entries(d);
        uint8_t hash[32];
        int64_t last = 0;

        directory_dry_run(d);
        tap_result(unit(other, "meanwhile"), DIRECTORY_OK, other, "a dry run that has not acted holds no lock");
        tap_result(unit(d, "dry"), DIRECTORY_OK, d, "its first act");
        tap_result(unit(d, "dry"), DIRECTORY_E_EXISTS, d, "is seen by its second");
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "a batch in it");
        (void) unit(d, "dry2");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "counts as far as it does");
        tap_ok(directory_audit_last(d, &last, hash) == DIRECTORY_E_NOT_FOUND, "nothing is for the journal");
        fixture_closep(&d);
        tap_ok(units(other) == before + 1 && verifies(other, n + 1), "and nothing of it was done");
}

/* An act that is a batch itself, and the first thing that is done: no more of it stays. */
static void test_dry_batch(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE), *other = fixture_open(DIRECTORY_WRITE);
        const int64_t before = units(d), n = entries(d);

        directory_dry_run(d);
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "a dry run that begins with a batch");
        tap_result(unit(d, "dry3"), DIRECTORY_OK, d, "an act in it");
        tap_result(directory_batch_begin(d), DIRECTORY_OK, d, "a batch in that");
        tap_result(unit(d, "dry4"), DIRECTORY_OK, d, "an act in that");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "which is kept");
        tap_result(directory_batch_end(d, true), DIRECTORY_OK, d, "and so is the first");
        tap_ok(units(d) == before + 2, "as far as the dry run sees");
        fixture_closep(&d);
        tap_ok(units(other) == before && verifies(other, n), "and nothing of it was done");
}

/* A disk that fills up; the pages that the database may have are its disk. */
static void test_full(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        const int64_t before = units(d), pages = count(d, "PRAGMA page_count");
        char limit[64], name[17];
        int r = DIRECTORY_OK;

        (void) snprintf(limit, sizeof limit, "PRAGMA max_page_count = %lld", (long long) pages + 3);
        (void) sql_run(d, limit, SQL_NONE);
        (void) directory_batch_begin(d);
        for (int i = 0; r == DIRECTORY_OK && i < 10000; i++) {
                (void) snprintf(name, sizeof name, "full%d", i);
                r = unit(d, name);
        }
        tap_result(r, -ENOSPC, d, "a disk that is full in the middle of a batch");
        r = unit(d, "after");
        tap_ok(r != DIRECTORY_OK && directory_in_batch(d), "nothing goes on behind it (%d)", r);
        (void) directory_batch_end(d, false);
        tap_ok(units(d) == before, "nothing of it is there");
        tap_ok(verifies(d, entries(d)), "and the trail verifies");
}

/* What SQLite may do by itself: the transaction is gone while the batch thinks that it is open. */
static void test_gone(struct directory *d) {
        const int64_t before = units(d);

        (void) directory_batch_begin(d);
        (void) unit(d, "seven");
        (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
        tap_result(unit(d, "eight"), -ECANCELED, d, "where all was rolled back, no act begins a transaction of its own");
        tap_result(directory_batch_end(d, true), -ECANCELED, d, "nor is anything kept");
        tap_ok(units(d) == before, "nothing is there");
        tap_result(unit(d, "nine"), DIRECTORY_OK, d, "and the next act is one again");
}

/* Killed with acts done and nothing ended: as if it had never begun. */
static void test_killed(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        const int64_t before = units(d), n = entries(d);
        int ready[2], status = 0;
        char c = 'x';
        pid_t pid;

        fixture_closep(&d);
        if (pipe(ready) < 0)
                return;
        pid = fork();
        if (pid == 0) {
                char name[17];

                d = fixture_open(DIRECTORY_WRITE);
                c = directory_batch_begin(d) == DIRECTORY_OK ? 0 : 'x';
                for (int i = 0; c == 0 && i < 500; i++) {
                        (void) snprintf(name, sizeof name, "killed%d", i);
                        c = unit(d, name) == DIRECTORY_OK ? 0 : 'x';
                }
                (void) !write(ready[1], &c, 1);
                (void) pause();
                _exit(1);
        }
        (void) close(ready[1]);
        tap_ok(read(ready[0], &c, 1) == 1 && c == 0, "another process has done 500 acts of a batch");
        (void) close(ready[0]);
        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, &status, 0);
        tap_ok(WIFSIGNALED(status), "and is killed");
        d = fixture_open(DIRECTORY_WRITE);
        tap_ok(units(d) == before && verifies(d, n), "none of them is there, and the trail verifies");
        tap_result(unit(d, "killed1"), DIRECTORY_OK, d, "and the directory is there for the next");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_kept(d);
                test_last_fails(d);
                test_dropped(d);
                test_asked(d);
                test_gone(d);
                test_nested(d);
        }
        test_closed();
        test_dry_run();
        test_dry_batch();
        test_full();
        test_killed();
        return tap_done();
}
