/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-store.c - what the care directory refuses to open, and what it survives
 *
 * The numbers are those of the MUST list in directory/store/store.c and keys.c.
 */

#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static int try_open(enum directory_mode mode) {
        struct directory *d = NULL;
        const int r = directory_open(mode, &d);

        d = directory_close(d);
        return r;
}

static void write_file(const char *path, const void *data, size_t n, mode_t mode) {
        auto_close int fd = -1;

        (void) unlink(path);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (fd < 0 || write(fd, data, n) != (ssize_t) n || fchmod(fd, mode) < 0)
                printf("# %s: %s\n", path, strerror(errno));
}

static size_t read_file(const char *path, uint8_t *ret, size_t n) {
        auto_close int fd = open(path, O_RDONLY);
        const ssize_t k = fd < 0 ? -1 : read(fd, ret, n);

        return k < 0 ? 0 : (size_t) k;
}

static mode_t mode_of(const char *path) {
        struct stat st;

        return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

static void test_create(void) {
        uint8_t before[256], after[256];
        size_t n;

        fixture_reset();
        tap_result(try_open(DIRECTORY_READ), -ENOENT, NULL, "no directory yet: reading");
        tap_result(try_open(DIRECTORY_WRITE), -ENOENT, NULL, "no directory yet: writing (MUST 3)");
        tap_ok(access(fixture_file("state", "directory.db"), F_OK) < 0, "neither has made one");
        tap_result(try_open(DIRECTORY_CREATE), DIRECTORY_OK, NULL, "creating");
        tap_ok(mode_of(fixture_file("state", "directory.db")) == 0600, "the file is 0600");
        tap_ok(mode_of(fixture_file("config", "keys/number-hmac.1")) == 0400 &&
               mode_of(fixture_file("config", "keys/number-cipher.1")) == 0400, "the keys are 0400");
        n = read_file(fixture_file("config", "keys/number-hmac.1"), before, sizeof before);
        tap_result(try_open(DIRECTORY_CREATE), DIRECTORY_OK, NULL, "creating again");
        tap_ok(n == 32 && read_file(fixture_file("config", "keys/number-hmac.1"), after, sizeof after) == n &&
               memcmp(before, after, n) == 0, "changes no key (keys MUST 2)");
        tap_result(try_open(DIRECTORY_READ), DIRECTORY_OK, NULL, "reading");
}

static void test_trust(void) {
        fixture_reset();
        (void) try_open(DIRECTORY_CREATE);

        (void) chmod(fixture_place("state"), 0750);
        tap_result(try_open(DIRECTORY_READ), -EPERM, NULL, "a directory that its group can read (MUST 2)");
        (void) chmod(fixture_place("state"), 0700);
        (void) chmod(fixture_file("state", "directory.db"), 0640);
        tap_result(try_open(DIRECTORY_READ), -EPERM, NULL, "a file that its group can read (MUST 2)");
        tap_ok(strstr(directory_complaint(NULL), "0600") != NULL, "the complaint says which mode is right");
        (void) chmod(fixture_file("state", "directory.db"), 0600);

        (void) link(fixture_file("state", "directory.db"), fixture_file("snapshots", "second"));
        tap_result(try_open(DIRECTORY_READ), -EPERM, NULL, "a file with a second name");
        (void) unlink(fixture_file("snapshots", "second"));

        (void) rename(fixture_file("state", "directory.db"), fixture_file("snapshots", "real"));
        (void) symlink(fixture_file("snapshots", "real"), fixture_file("state", "directory.db"));
        tap_result(try_open(DIRECTORY_READ), -EPERM, NULL, "a link to the file");
        (void) unlink(fixture_file("state", "directory.db"));
        (void) rename(fixture_file("snapshots", "real"), fixture_file("state", "directory.db"));
        tap_result(try_open(DIRECTORY_READ), DIRECTORY_OK, NULL, "and as it was");
}

static void test_keys(void) {
        uint8_t key[32] = { 0 };

        fixture_reset();
        (void) directory_close(fixture_clinic());
        (void) chmod(fixture_file("config", "keys/number-hmac.1"), 0440);
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "a key that its group can read (keys MUST 3)");
        (void) chmod(fixture_file("config", "keys/number-hmac.1"), 0400);

        (void) rename(fixture_file("config", "keys/number-hmac.1"), fixture_file("config", "away"));
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "a key is missing");
        tap_ok(strstr(directory_complaint(NULL), "number-hmac.1") != NULL, "the complaint names it");
        tap_result(try_open(DIRECTORY_CREATE), -ENOKEY, NULL, "a key is missing: none is made for an old database (keys MUST 1)");

        write_file(fixture_file("config", "keys/number-hmac.1"), key, 31, 0400);
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "a key of 31 bytes");
        write_file(fixture_file("config", "keys/number-hmac.1"), key, 32, 0400);
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "another HMAC key than the database's (MUST 4)");
        (void) unlink(fixture_file("config", "keys/number-hmac.1"));
        (void) rename(fixture_file("config", "away"), fixture_file("config", "keys/number-hmac.1"));
        tap_result(try_open(DIRECTORY_READ), DIRECTORY_OK, NULL, "and as it was");

        (void) rename(fixture_file("config", "keys/number-cipher.1"), fixture_file("config", "away"));
        write_file(fixture_file("config", "keys/number-cipher.1"), key, 32, 0400);
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "another cipher key than the database's (MUST 4)");
        (void) chmod(fixture_file("config", "keys"), 0770);
        tap_result(try_open(DIRECTORY_READ), -ENOKEY, NULL, "a directory of keys that its group can write to");

        /* With no number in it nothing could tell new keys from the old ones. */
        fixture_reset();
        (void) try_open(DIRECTORY_CREATE);
        (void) unlink(fixture_file("config", "keys/number-hmac.1"));
        tap_result(try_open(DIRECTORY_CREATE), -ENOKEY, NULL, "nor for an old one that is still empty (keys MUST 1)");
        tap_ok(access(fixture_file("config", "keys/number-hmac.1"), F_OK) < 0, "and there is still none");

        /* As after a power cut between keys and database. */
        fixture_reset();
        write_file(fixture_file("config", "keys/number-hmac.1"), key, 32, 0400);
        write_file(fixture_file("config", "keys/.number-cipher.1.new"), key, 7, 0400);
        tap_result(try_open(DIRECTORY_CREATE), DIRECTORY_OK, NULL, "a new database takes the key that is there, and makes the other");
}

static void test_current(void) {
        auto_directory struct directory *d = NULL;

        fixture_reset();
        (void) try_open(DIRECTORY_CREATE);
        d = fixture_open(DIRECTORY_WRITE);
        tap_ok(directory_is_current(d), "the directory that is there is current");
        (void) fixture_sql("PRAGMA user_version = 99");
        tap_ok(!directory_is_current(d), "it isn't once a newer careid has been at it");
        (void) fixture_sql("PRAGMA user_version = 4");
        tap_ok(directory_is_current(d), "and is again when that is taken back");
        directory_rest(d);
        tap_ok(directory_is_current(d), "and when it had no keys for a while");
        directory_rest(d);
        (void) rename(fixture_file("config", "keys/number-cipher.1"), fixture_file("config", "keys/away"));
        tap_ok(!directory_is_current(d), "but not where they can't be read any more");
        (void) rename(fixture_file("config", "keys/away"), fixture_file("config", "keys/number-cipher.1"));
        (void) rename(fixture_file("state", "directory.db"), fixture_file("state", "other.db"));
        tap_ok(!directory_is_current(d), "one that was moved away isn't");
}

static void test_edition(void) {
        fixture_reset();
        (void) try_open(DIRECTORY_CREATE);
        (void) fixture_sql("PRAGMA user_version = 5");
        tap_result(try_open(DIRECTORY_READ), DIRECTORY_E_NEWER, NULL, "written by a newer careid: reading");
        tap_result(try_open(DIRECTORY_CREATE), DIRECTORY_E_NEWER, NULL, "written by a newer careid: writing");
        (void) fixture_sql("PRAGMA user_version = 0");
        tap_result(try_open(DIRECTORY_CREATE), -EUCLEAN, NULL, "tables without an edition");

        /* As after a power cut between the file and its schema. */
        fixture_reset();
        write_file(fixture_file("state", "directory.db"), "", 0, 0600);
        tap_result(try_open(DIRECTORY_WRITE), -ENOENT, NULL, "an empty file is no directory");
        tap_result(try_open(DIRECTORY_CREATE), DIRECTORY_OK, NULL, "and becomes one");
}

/* How this process has the index of the log open; -1: not at all. */
static int index_mode(void) {
        DIR *const fds = opendir("/proc/self/fd");
        const struct dirent *e;
        int mode = -1;

        while (fds && (e = readdir(fds))) {
                char path[32], to[4096];
                ssize_t n;

                (void) snprintf(path, sizeof path, "/proc/self/fd/%.10s", e->d_name);
                n = readlink(path, to, sizeof to - 1);
                if (n < 17)
                        continue;
                to[n] = '\0';
                if (strcmp(to + n - 17, "/directory.db-shm") == 0)
                        mode = fcntl(atoi(e->d_name), F_GETFL) & O_ACCMODE;
        }
        if (fds)
                (void) closedir(fds);
        return mode;
}

static void test_read_only(void) {
        static uint8_t before[1 << 20], after[1 << 20];
        size_t n;

        fixture_reset();
        (void) directory_close(fixture_clinic());
        n = read_file(fixture_file("state", "directory.db"), before, sizeof before);
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_READ_ASIDE);
                int64_t person;

                tap_result(directory_person_add(d, &fixture_act, "Eva", "Ek", NULL, NULL, &person), -EROFS, d, "a reader can't write");
                tap_ok(index_mode() == O_RDONLY, "nor take a lock that writers wait for: its index is read-only aside (MUST 5)");
        }
        tap_ok(read_file(fixture_file("state", "directory.db-wal"), after, sizeof after) == 0, "the log that writers leave behind is empty");
        {
                auto_directory struct directory *none = NULL;

                (void) unlink(fixture_file("state", "directory.db-shm"));
                tap_result(directory_open(DIRECTORY_READ_ASIDE, &none), -ENOENT, NULL, "without an index there is no reading aside");
                tap_ok(strstr(directory_complaint(NULL), "careid snapshot rebuild") != NULL, "and the complaint says who makes one");
                tap_ok(access(fixture_file("state", "directory.db-shm"), F_OK) < 0, "it is not made for that");
        }
        tap_ok(n > 0 && read_file(fixture_file("state", "directory.db"), after, sizeof after) == n && memcmp(before, after, n) == 0,
               "not a byte has changed");
}

static int64_t now_ms(void) {
        struct timespec t;

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A second process that holds the write lock until the pipe is closed. */
static pid_t hold_lock(int *ret_pipe) {
        int ready[2], stop[2];
        pid_t pid;
        char c = 0;

        if (pipe(ready) < 0 || pipe(stop) < 0)
                return -1;
        pid = fork();
        if (pid == 0) {
                sqlite3 *db = NULL;

                (void) close(stop[1]);
                if (sqlite3_open(fixture_file("state", "directory.db"), &db) != SQLITE_OK ||
                    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
                        c = 'x';
                (void) !write(ready[1], &c, 1);
                (void) !read(stop[0], &c, 1);
                _exit(0);
        }
        (void) close(stop[0]);
        (void) !read(ready[0], &c, 1);
        (void) close(ready[0]);
        (void) close(ready[1]);
        *ret_pipe = stop[1];
        return c == 0 ? pid : -1;
}

static void test_busy(void) {
        int64_t person, before, took;
        auto_directory struct directory *d = NULL;
        int stop = -1;
        pid_t pid;

        fixture_reset();
        d = fixture_clinic();
        pid = hold_lock(&stop);
        tap_ok(pid > 0, "another process holds the write lock");

        before = now_ms();
        tap_result(directory_person_add(d, &fixture_act, "Eva", "Ek", NULL, NULL, &person), -EBUSY, d, "an act gives up");
        took = now_ms() - before;
        tap_ok(took >= DIRECTORY_BUSY_MS - 200 && took < DIRECTORY_BUSY_MS + 3000, "after the busy time (%lld ms)", (long long) took);
        tap_result(directory_person_has_number(d, 1, "SE", "199908072391"), DIRECTORY_OK, d, "a reader does not wait");

        (void) close(stop);
        (void) waitpid(pid, NULL, 0);
        tap_result(directory_person_add(d, &fixture_act, "Eva", "Ek", NULL, NULL, &person), DIRECTORY_OK, d, "and goes on afterwards");
}

/* Everything that reads, in one go: the first code that is not one of a healthy directory. */
static int read_all(void) {
        static const char *const lists[] = { "organisations", "units", "services", "roles", "persons", "accounts",
                                             "assignments", "groups", "logins", "sessions", "audit" };
        const char *values[DIRECTORY_COLUMNS_MAX];
        auto_directory struct directory *d = NULL;
        struct directory_account account;
        uint8_t hash[32];
        int64_t last;
        int r;

        r = directory_open(DIRECTORY_WRITE, &d);
        for (size_t i = 0; r == 0 && i < N_ELEMENTS(lists); i++) {
                struct directory_list *list = NULL;
                const char *const *columns;

                r = directory_list_open(d, lists[i], NULL, FIXTURE_NOW, &columns, &list);
                while (r == 0)
                        r = directory_list_next(list, values);
                list = directory_list_close(list);
                r = r == DIRECTORY_E_NOT_FOUND ? 0 : r;
        }
        if (r == 0)
                r = directory_account(d, "anna", FIXTURE_NOW, &account);
        if (r == 0)
                r = directory_person_has_number(d, 1, "SE", "199908072391");
        return r == 0 ? directory_audit_verify(d, &last, hash) : r;
}

/* The file with @n bytes at @at overwritten. */
static int read_damaged(const uint8_t *whole, size_t n_whole, size_t at, size_t n) {
        static uint8_t copy[1 << 20];
        int r;

        memcpy(copy, whole, n_whole);
        for (size_t i = at; i < at + n && i < n_whole; i++)
                copy[i] = (uint8_t) (copy[i] * 31U + 0xa5 + i);
        (void) unlink(fixture_file("state", "directory.db-wal"));
        (void) unlink(fixture_file("state", "directory.db-shm"));
        write_file(fixture_file("state", "directory.db"), copy, n_whole, 0600);
        r = read_all();
        return r;
}

static void test_damage(void) {
        static uint8_t whole[1 << 20];
        unsigned found = 0, unseen = 0, wrong = 0;
        size_t n, n_page = 4096;
        uint32_t seed = 1;

        fixture_reset();
        (void) directory_close(fixture_clinic());
        n = read_file(fixture_file("state", "directory.db"), whole, sizeof whole);
        tap_ok(n > 20 * n_page && read_all() == DIRECTORY_OK, "a healthy directory of %zu pages", n / n_page);
        tap_result(read_damaged(whole, n, 0, 16), -EUCLEAN, NULL, "the first bytes overwritten");
        tap_result(read_damaged(whole, n, 0, n_page), -EUCLEAN, NULL, "the first page overwritten");
        tap_result(read_damaged(whole, n, 0, n), -EUCLEAN, NULL, "all of it overwritten");
        tap_ok(strstr(directory_complaint(NULL), "damaged") != NULL, "the complaint says that it is damaged");

        /* One page at a time: damage is found, or the page was not needed; nothing else, and no crash. */
        for (size_t at = n_page; at < n; at += n_page) {
                const int r = read_damaged(whole, n, at, n_page);

                found += r == -EUCLEAN;
                unseen += r == DIRECTORY_OK;
                wrong += r != -EUCLEAN && r != DIRECTORY_OK;
                if (r != -EUCLEAN && r != DIRECTORY_OK)
                        printf("# page %zu: %d\n", at / n_page, r);
        }
        tap_ok(wrong == 0 && found > 10, "pages overwritten one by one: %u found, %u not needed", found, unseen);

        /* A few bytes anywhere: whatever is said, the process lives, and a sanitizer has nothing to say. */
        for (unsigned i = 0; i < 120; i++) {
                seed = seed * 1664525 + 1013904223;
                (void) read_damaged(whole, n, seed % n, 1 + (seed >> 20) % 24);
        }
        tap_ok(true, "a few bytes overwritten, 120 times");

        write_file(fixture_file("state", "directory.db"), whole, n / 2 + 100, 0600);
        tap_result(read_all(), -EUCLEAN, NULL, "half of it cut off");
}

int main(void) {
        fixture_begin();
        test_create();
        test_trust();
        test_keys();
        test_current();
        test_edition();
        test_read_only();
        test_busy();
        test_damage();
        return tap_done();
}
