/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-editions.c - a care directory that an earlier careid left comes up to this one's schema, with everything still true
 *
 * What editions/N.sql holds was written by the programs of edition N, under
 * the two keys that are made here.
 */

#include "explain.h"
#include "findings.h"
#include "fixture.h"
#include "schema.h"
#include "sql.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { OLD_EDITIONS = 3, TEXT_MAX = 256 * 1024 };

static void key(const char *name, int byte) {
        auto_close int fd = open(fixture_file("config/keys", name), O_WRONLY | O_CREAT | O_CLOEXEC, 0400);
        uint8_t bytes[32];

        memset(bytes, byte, sizeof bytes);
        if (fd < 0 || write(fd, bytes, sizeof bytes) != sizeof bytes)
                printf("Bail out! a key can't be made: %s\n", strerror(errno));
}

/* The directory as that edition left it. */
static void put_edition(int edition) {
        char path[sizeof EDITIONS + 32];
        auto_free char *text = calloc(1, TEXT_MAX);
        auto_close int fd = -1, made = -1;
        ssize_t n = -1;

        (void) snprintf(path, sizeof path, EDITIONS "/%d.sql", edition);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && text)
                n = read(fd, text, TEXT_MAX - 1);
        fixture_reset();
        key("number-hmac.1", 0x11);
        key("number-cipher.1", 0x22);
        made = open(fixture_file("state", "directory.db"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (n <= 0 || made < 0 || fixture_sql("PRAGMA journal_mode = WAL") < 0 || fixture_sql(text) < 0) {
                printf("Bail out! %s can't be put in place\n", path);
                exit(1);
        }
}

static int64_t integer(const char *sql) {
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;
        int64_t value = -1;

        if (sqlite3_open(fixture_file("state", "directory.db"), &db) == SQLITE_OK &&
            sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                value = sqlite3_column_int64(stmt, 0);
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_close(db);
        return value;
}

/* -- What it says ------------------------------------------------------------------------------------ */

static void add(char *text, const char *more) {
        (void) snprintf(text + strlen(text), TEXT_MAX - strlen(text), "%s|", more);
}

/* All rows of a query, as one text. */
static void rows(sqlite3 *db, const char *sql, char *text) {
        sqlite3_stmt *stmt = NULL;

        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
                add(text, sqlite3_errmsg(db));
        while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
                for (int i = 0; i < sqlite3_column_count(stmt); i++)
                        add(text, sqlite3_column_text(stmt, i) ? (const char *) sqlite3_column_text(stmt, i) : "NULL");
                add(text, "\n");
        }
        (void) sqlite3_finalize(stmt);
}

/* The old tables' old columns: those that the edition had, by what its own file says of them. */
static char *say(const char *const *queries, size_t n) {
        char *text = calloc(1, TEXT_MAX);
        sqlite3 *db = NULL;

        if (text && sqlite3_open(fixture_file("state", "directory.db"), &db) == SQLITE_OK)
                for (size_t i = 0; i < n; i++)
                        rows(db, queries[i], text);
        (void) sqlite3_close(db);
        return text;
}

enum { QUERIES_MAX = 32 };

/* "SELECT quote(id), quote(name) FROM unit ORDER BY rowid" for each table. */
static size_t queries_of_old(char *queries[static QUERIES_MAX]) {
        static const char text[] =
                "SELECT 'SELECT ' || (SELECT group_concat('quote(' || name || ')') FROM pragma_table_info(t.name)) || ' FROM ' || name || ' ORDER BY 1'"
                " FROM sqlite_schema t WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;
        size_t n = 0;

        if (sqlite3_open(fixture_file("state", "directory.db"), &db) == SQLITE_OK)
                (void) sqlite3_prepare_v2(db, text, -1, &stmt, NULL);
        while (n < QUERIES_MAX && stmt && sqlite3_step(stmt) == SQLITE_ROW)
                queries[n++] = strdup((const char *) sqlite3_column_text(stmt, 0));
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_close(db);
        return n;
}

static char *schema_of(void) {
        static const char *const query[] = { "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name" };

        return say(query, 1);
}

/* -- Coming up --------------------------------------------------------------------------------------- */

static int open_once(enum directory_mode mode) {
        auto_directory struct directory *d = NULL;

        return directory_open(mode, &d);
}

static void still_true(int edition) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        struct directory_account account;
        uint8_t hash[32];
        int64_t last = 0;

        tap_result(directory_audit_verify(d, &last, hash), DIRECTORY_OK, d, "edition %d: the audit trail verifies", edition);
        tap_result(directory_person_has_number(d, 1, "SE", "199908072391"), DIRECTORY_OK, d, "edition %d: a number is who it was", edition);
        tap_result(directory_person_has_number(d, 3, "SE", "191401682396"), DIRECTORY_OK, d, "edition %d: another, too", edition);
        tap_result(directory_account(d, "anna", FIXTURE_NOW, &account), DIRECTORY_OK, d, "edition %d: an account is there", edition);
        tap_ok(account.assigned_now && account.uid == 2001000009 && !account.archived, "edition %d: with its uid and assignment", edition);
        tap_result(directory_unit_add(d, &fixture_act, "birch", "south", "South"), DIRECTORY_OK, d, "edition %d: and life goes on", edition);
        tap_result(directory_audit_verify(d, &last, hash), DIRECTORY_OK, d, "edition %d: with entries after the old ones", edition);
        tap_ok(integer("SELECT count(*) FROM number WHERE name = 'unit-south' AND number > 2001000021") == 1,
               "edition %d: a new number is higher than the old ones", edition);
}

static void test_upgrade(int edition, const char *newest) {
        char *queries[QUERIES_MAX] = { 0 };
        const char *const *const asked = (const char *const *) queries;
        auto_free char *before = NULL, *after = NULL, *schema = NULL;
        size_t n;

        put_edition(edition);
        n = queries_of_old(queries);
        before = say(asked, n);
        tap_ok(n > 10 && strstr(before, "'eva.rel'") && strstr(before, "'login.approved'"), "edition %d: %zu tables with rows", edition, n);
        tap_result(open_once(DIRECTORY_READ), -ENOENT, NULL, "edition %d: a reader leaves it", edition);
        tap_ok(strstr(directory_complaint(NULL), "careid setup") != NULL, "edition %d: and says what to do", edition);
        tap_result(open_once(DIRECTORY_WRITE), DIRECTORY_OK, NULL, "edition %d: a writer brings it up", edition);
        after = say(asked, n);
        schema = schema_of();
        tap_ok(strcmp(before, after) == 0, "edition %d: every row says what it said", edition);
        tap_ok(strcmp(schema, newest) == 0, "edition %d: its schema is that of a new directory, to the letter", edition);
        tap_ok(integer("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1 &&
               integer("SELECT count(*) FROM pragma_foreign_key_check") == 0, "edition %d: it is whole", edition);
        tap_ok(integer("SELECT count(*) FROM service WHERE name = 'read' AND module = 'record-view'") == 1 &&
               integer("SELECT count(*) FROM changed WHERE what = 'all'") == (edition < 3),
               "edition %d: a record view has its module, and the snapshots are to be written anew where what they say is new", edition);
        tap_ok(integer("SELECT count(*) FROM role_service x JOIN role r ON r.id = x.role JOIN service s ON s.id = x.service"
                       " WHERE r.kind = 'relative' AND s.name = 'video'") == 1,
               "edition %d: what could not be added today stays", edition);
        tap_ok(integer("SELECT count(*) FROM known_source WHERE account = 1 AND source = '192.0.2.10'") == (edition == 3) &&
               integer("SELECT count(*) FROM known_source WHERE source GLOB '*[^0-9.]*'") == 0,
               "edition %d: where somebody has logged in from is known good", edition);
        still_true(edition);
        for (size_t i = 0; i < n; i++)
                free(queries[i]);
}

/* -- Rows that could not be written today -------------------------------------------------------------- */

/*
 * They come up with the rest and stay, give nothing, and careid check names
 * them: an account on a group's number, a group named otherwise, the number of
 * a person under keys that are not in use.
 */
static void test_misfits(int edition) {
        struct directory_found found[FINDINGS];
        struct directory_account account;

        put_edition(edition);
        tap_ok(fixture_sql("INSERT INTO number VALUES (2001000800, 'gid', 'zoe'), (2001000801, 'gid', 'sudo');"
                           "INSERT INTO account (id, person, organisation, name, kind, source, uid, home, shell, created)"
                           " VALUES (80, 2, 1, 'zoe', 'staff', 'careid', 2001000800, '/home/zoe', '/bin/sh', 1);"
                           "UPDATE care_group SET name = 'sudo' WHERE name = 'role-nurse';"
                           "UPDATE identity SET hmac_key = 7, cipher_key = 7 WHERE person = 3") == 0, "edition %d: with rows that do not fit", edition);
        tap_result(open_once(DIRECTORY_WRITE), DIRECTORY_OK, NULL, "edition %d: they come up", edition);
        tap_ok(integer("SELECT count(*) FROM care_group WHERE name = 'sudo'") == 1 && integer("SELECT uid FROM account WHERE name = 'zoe'") == 2001000800 &&
               integer("SELECT count(*) FROM identity WHERE hmac_key = 7") == 1, "edition %d: and stay", edition);
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
                size_t n = 0;
                struct explain_reason why[EXPLAIN_REASONS_MAX];
                bool holds = true;

                tap_result(directory_account(d, "zoe", FIXTURE_NOW, &account), DIRECTORY_OK, d, "edition %d: the account on a group's number", edition);
                tap_ok(account.archived, "edition %d: is archived", edition);
                tap_result(directory_archive(d, &fixture_act, "account", "zoe", false), DIRECTORY_E_CONSTRAINT, d, "edition %d: and stays so", edition);
                tap_result(directory_explain_group(d, "anna", "sudo", FIXTURE_NOW, &holds, &n, why), DIRECTORY_OK, d, "edition %d: a group of another name", edition);
                tap_ok(!holds, "edition %d: has no members", edition);
                tap_result(directory_person_has_number(d, 3, "SE", "191401682396"), DIRECTORY_E_NOT_FOUND, d, "edition %d: a number under other keys is nobody's", edition);
                tap_result(directory_findings(d, FIXTURE_NOW, found), DIRECTORY_OK, d, "edition %d: looked at", edition);
                tap_ok(found[FINDING_NUMBERS].n == 2 && found[FINDING_KEYS].n == 1 && found[FINDING_UNSAID].n == 1,
                       "edition %d: they are found", edition);
                tap_ok(strcmp(found[FINDING_UNSAID].example, "sudo") == 0, "edition %d: and not published", edition);
        }
}

/* -- Half-way ---------------------------------------------------------------------------------------- */

static int countdown, max_pages;

static int step(void *unused) {
        (void) unused;
        if (countdown-- == 0)
                (void) raise(SIGKILL);
        return 0;
}

/* On every connection that this process opens from now on. */
static int on_open(sqlite3 *db, char **ret_error, const struct sqlite3_api_routines *unused) {
        char text[64];

        (void) ret_error;
        (void) unused;
        if (countdown >= 0)
                sqlite3_progress_handler(db, 50, step, NULL);
        (void) snprintf(text, sizeof text, "PRAGMA max_page_count = %d", max_pages);
        if (max_pages > 0)
                (void) sqlite3_exec(db, text, NULL, NULL, NULL);
        return SQLITE_OK;
}

/* The upgrade in another process, killed after so many steps, or with so many pages: what it returned, or -1. */
static int upgrade_apart(int steps, int pages) {
        int status = 0;
        pid_t pid = fork();

        if (pid == 0) {
                countdown = steps;
                max_pages = pages;
                (void) sqlite3_auto_extension((void (*)(void)) on_open);
                _exit(-open_once(DIRECTORY_WRITE) & 0xff);
        }
        (void) waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One edition whole or the other, and the next opening brings it up. */
static bool whole_either_way(int edition, const char *old_schema, const char *newest) {
        auto_free char *schema = schema_of();

        return strcmp(schema, integer("PRAGMA user_version") == edition ? old_schema : newest) == 0;
}

static void test_killed(int edition, const char *newest) {
        int n_killed = 0, n_whole = 0, n_up = 0, r = -1;
        auto_free char *old = NULL;

        put_edition(edition);
        old = schema_of();
        for (int steps = 0; r == -1 && steps < 4000; steps = steps * 5 / 4 + 7) {
                auto_free char *schema = NULL;

                put_edition(edition);
                r = upgrade_apart(steps, 0);
                n_killed += r == -1;
                n_whole += whole_either_way(edition, old, newest);
                n_up += open_once(DIRECTORY_WRITE) == DIRECTORY_OK;
                schema = schema_of();
                n_up -= strcmp(schema, newest) != 0;
        }
        tap_ok(r == 0 && n_killed > 10, "edition %d: killed at %d places, then let through", edition, n_killed);
        tap_ok(n_whole == n_killed + 1, "edition %d: it was one edition whole, or the other, %d times", edition, n_whole);
        tap_ok(n_up == n_killed + 1, "edition %d: and the next who came brought it up, %d times", edition, n_up);
}

static void test_full(int edition) {
        auto_free char *before = NULL, *after = NULL;
        int64_t pages;

        put_edition(edition);
        before = schema_of();
        pages = integer("PRAGMA page_count");
        tap_ok(upgrade_apart(-1, (int) pages + 4) == ENOSPC, "edition %d: a full disk is said to be one", edition);
        after = schema_of();
        tap_ok(strcmp(before, after) == 0 && integer("PRAGMA user_version") == edition, "edition %d: nothing has changed", edition);
        tap_result(open_once(DIRECTORY_WRITE), DIRECTORY_OK, NULL, "edition %d: and with room it comes up", edition);
}

int main(void) {
        auto_free char *newest = NULL;

        fixture_begin();
        fixture_closep(&(struct directory *) { fixture_clinic() });
        newest = schema_of();
        for (int edition = 1; edition <= OLD_EDITIONS; edition++) {
                test_upgrade(edition, newest);
                if (edition < 3)                /* which let them in */
                        test_misfits(edition);
                test_killed(edition, newest);
                test_full(edition);
        }
        (void) fixture_sql("PRAGMA user_version = 99");
        tap_result(open_once(DIRECTORY_WRITE), DIRECTORY_E_NEWER, NULL, "an edition that this careid doesn't know is refused");
        tap_ok(strstr(directory_complaint(NULL), "newer careid") && strstr(directory_complaint(NULL), "99"), "with what it is");
        return tap_done();
}
