/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fixture.c - a care directory of its own for each test, and a host to go with it
 */

#include "fixture.h"
#include "host.h"
#include "host-memory.h"
#include "schema.h"

#include "trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

const struct directory_act fixture_act = { .actor = "uid:0", .now = FIXTURE_NOW };
const char *fixture_host_user, *fixture_host_group;
uint32_t fixture_host_id, fixture_host_number;
void (*fixture_host_asked)(void);

static char base[64];
static unsigned n_tests, n_failed;

/* -- TAP --------------------------------------------------------------------------------------------- */

__attribute__((__format__(printf, 2, 0)))
static void line(bool good, const char *format, va_list ap) {
        printf("%sok %u - ", good ? "" : "not ", ++n_tests);
        (void) vprintf(format, ap);
        printf("\n");
        n_failed += !good;
}

void tap_ok(bool good, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        line(good, format, ap);
        va_end(ap);
}

void tap_result(int r, int want, const struct directory *d, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        line(r == want, format, ap);
        va_end(ap);
        if (r != want)
                printf("# result %d, wanted %d: %s\n", r, want, directory_complaint(d));
}

int tap_done(void) {
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}

static void give_up(const char *what) {
        printf("Bail out! %s: %s\n", what, strerror(errno));
        exit(1);
}

/* -- Places ------------------------------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) {
        (void) st;
        (void) type;
        (void) at;
        return remove(path);
}

static void remove_all(void) {
        if (*base)
                (void) nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_places(void) {
        if (mkdir(base, 0755) < 0 && errno != EEXIST)
                give_up(base);
        if (mkdir(fixture_place("state"), 0700) < 0 || mkdir(fixture_place("snapshots"), 0755) < 0 ||
            mkdir(fixture_place("config"), 0755) < 0 || mkdir(fixture_file("config", "keys"), 0700) < 0)
                give_up("mkdir");
}

void fixture_begin(void) {
        const char *const tmp = getenv("TMPDIR");

        (void) setvbuf(stdout, NULL, _IOLBF, 0);
        if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0))
                give_up("becoming an ordinary user");
        (void) umask(022);
        (void) snprintf(base, sizeof base, "%s/careid-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
        if (!mkdtemp(base))
                give_up(base);
        (void) atexit(remove_all);
        make_places();
}

void fixture_reset(void) {
        (void) chmod(fixture_place("state"), 0700);
        remove_all();
        make_places();
}

const char *fixture_file(const char *place, const char *name) {
        static char text[2][256];
        static unsigned turn;
        char *const ret = text[turn++ % 2];

        (void) snprintf(ret, sizeof text[0], "%s/%s/%s", base, place, name);
        return ret;
}

const char *fixture_place(const char *name) {
        static char text[4][256];
        static unsigned turn;
        char *const ret = text[turn++ % 4];

        (void) snprintf(ret, sizeof text[0], "%s/%s", base, name);
        return ret;
}

/* The rules of trusted_directory() for the last directory only: those above a temporary one are not root's alone. */
int fixture_trusted_directory(const char *path, uid_t owner_min, uid_t owner_max, int *ret_fd, uid_t *ret_owner);

int fixture_trusted_directory(const char *path, uid_t owner_min, uid_t owner_max, int *ret_fd, uid_t *ret_owner) {
        auto_close int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (st.st_uid < owner_min || st.st_uid > owner_max || (st.st_mode & (S_IWGRP | S_IWOTH)))
                return -EPERM;
        *ret_owner = st.st_uid;
        *ret_fd = steal_fd(&fd);
        return 0;
}

/* -- The host ---------------------------------------------------------------------------------------- */

static void asked(void) {
        if (fixture_host_asked)
                fixture_host_asked();
}

int host_user(const char *name, uint32_t *ret_id) {
        asked();
        *ret_id = fixture_host_id;
        return fixture_host_user && strcmp(fixture_host_user, name) == 0;
}

int host_user_of(uint32_t id, char ret[static HOST_USER_MAX + 1]) {
        asked();
        (void) snprintf(ret, HOST_USER_MAX + 1, "%s", fixture_host_user ? fixture_host_user : "");
        return fixture_host_user && id == fixture_host_id;
}

int host_group(const char *name, uint32_t *ret_id) {
        asked();
        *ret_id = fixture_host_id;
        return fixture_host_group && strcmp(fixture_host_group, name) == 0;
}

int host_remember(struct host_memory **ret) {
        int r;

        *ret = NULL;
        if (fixture_host_asked)
                return 0;
        r = host_memory_new(ret);
        if (r == 0 && fixture_host_user)
                r = host_memory_add(*ret, fixture_host_user, fixture_host_id, true);
        if (r == 0 && fixture_host_group)
                r = host_memory_add(*ret, fixture_host_group, fixture_host_id, false);
        if (r == 0 && fixture_host_number)
                r = host_memory_add(*ret, "number", fixture_host_number, false);
        return r == 0 ? 1 : r;
}

int host_number(uint32_t id) {
        asked();
        return id == fixture_host_number;
}

/* -- The directory ----------------------------------------------------------------------------------- */

struct directory *fixture_open(enum directory_mode mode) {
        struct directory *d = NULL;
        const int r = directory_open(mode, &d);

        if (r != DIRECTORY_OK) {
                printf("Bail out! the directory can't be opened (%d): %s\n", r, directory_complaint(NULL));
                exit(1);
        }
        return d;
}

void fixture_closep(struct directory **d) {
        *d = directory_close(*d);
}

struct directory *fixture_clinic(void) {
        const struct directory_act *const act = &fixture_act;
        struct directory *d = fixture_open(DIRECTORY_CREATE);
        int64_t anna, bo;

        if (directory_organisation_add(d, act, "oakclinic", "The Oak clinic", "SE", "Europe/Stockholm") ||
            directory_unit_add(d, act, "oakclinic", "oak", "Ward Oak") ||
            directory_unit_add(d, act, "oakclinic", "elm", "Ward Elm") ||
            directory_service_add(d, act, &(struct directory_service) { .name = "journal", .title = "The journal", .opens = "record" }) ||
            directory_service_add(d, act, &(struct directory_service) { .name = "video", .title = "Video calls", .opens = "other", .number = 262, .module = "video", .external = true }) ||
            directory_role_add(d, act, "nurse", "Nurse", "staff", true) ||
            directory_role_add(d, act, "doctor", "Doctor", "staff", false) ||
            directory_role_add(d, act, "relative", "Relative", "relative", false) ||
            directory_role_add(d, act, "secretary", "External secretary", "external", false) ||
            directory_role_service_add(d, act, "nurse", "journal") ||
            directory_role_service_add(d, act, "secretary", "video") ||
            directory_person_add(d, act, "Anna", "Alm", NULL, "sv", &anna) ||
            directory_person_add(d, act, "Bo", "Berg", "B. B.", NULL, &bo) ||
            directory_identity_add(d, act, anna, "SE", "19990807-2391") ||
            directory_account_add(d, act, anna, "oakclinic", "anna", "staff", "careid", "/home/anna", "/bin/bash", NULL) ||
            directory_account_add(d, act, bo, "oakclinic", "bo", "staff", "careid", "/home/bo", "/bin/bash", NULL) ||
            directory_assignment_add(d, act, "anna", "nurse", "oak", NULL, "2026-12-31", NULL)) {
                printf("Bail out! the clinic can't be made: %s\n", directory_complaint(d));
                exit(1);
        }
        return d;
}

int64_t fixture_number(const char *query) {
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;
        int64_t n = -1;

        if (sqlite3_open_v2(fixture_file("state", "directory.db"), &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(db, query, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                n = sqlite3_column_int64(stmt, 0);
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_close(db);
        return n;
}

int fixture_sql(const char *sql) {
        sqlite3 *db = NULL;
        int r;

        r = sqlite3_open_v2(fixture_file("state", "directory.db"), &db, SQLITE_OPEN_READWRITE, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, sql, NULL, NULL, NULL);
        if (r != SQLITE_OK)
                printf("# %s\n", sqlite3_errmsg(db));
        (void) sqlite3_close(db);
        return r == SQLITE_OK ? 0 : -EIO;
}

/* A table's rows, in the columns that the older edition has, which are this one's first. */
static int copy_table(sqlite3 *db, const char *table) {
        char *columns = NULL, *sql = NULL;
        sqlite3_stmt *stmt = NULL;
        int r;

        r = sqlite3_prepare_v2(db, "SELECT group_concat(name, ', ') FROM pragma_table_info(?1, 'main')", -1, &stmt, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
        if (r == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                columns = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
        (void) sqlite3_finalize(stmt);
        if (columns)
                sql = sqlite3_mprintf("DELETE FROM main.\"%w\"; INSERT INTO main.\"%w\" (%s) SELECT %s FROM newer.\"%w\"", table, table, columns,
                                      columns, table);
        r = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
        sqlite3_free(columns);
        sqlite3_free(sql);
        return r;
}

static int copy_tables(sqlite3 *db) {
        sqlite3_stmt *stmt = NULL;
        int r;

        r = sqlite3_prepare_v2(db, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite%' OR name = 'sqlite_sequence')",
                               -1, &stmt, NULL);
        while (r == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                r = copy_table(db, (const char *) sqlite3_column_text(stmt, 0));
        (void) sqlite3_finalize(stmt);
        return r;
}

int fixture_older(int edition) {
        static const char *const editions[] = { schema_0001, schema_0002, schema_0003, schema_0004 };
        const char *const place = fixture_place("state");
        char path[256], newer[256], attach[320], set[64];
        sqlite3 *db = NULL;
        int r;

        (void) snprintf(path, sizeof path, "%s/directory.db", place);
        (void) snprintf(newer, sizeof newer, "%s/newer.db", place);
        r = fixture_sql("PRAGMA journal_mode = DELETE") == 0 && rename(path, newer) == 0 ? SQLITE_OK : SQLITE_ERROR;
        if (r == SQLITE_OK)
                r = sqlite3_open(path, &db);
        for (int i = 0; r == SQLITE_OK && i < edition; i++)
                r = sqlite3_exec(db, editions[i], NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        (void) snprintf(set, sizeof set, "PRAGMA user_version = %d", edition);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, set, NULL, NULL, NULL);
        (void) snprintf(attach, sizeof attach, "ATTACH '%s' AS newer", newer);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, attach, NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = copy_tables(db);
        if (r != SQLITE_OK)
                printf("# %s\n", sqlite3_errmsg(db));
        (void) sqlite3_close(db);
        (void) chmod(fixture_file("state", "directory.db"), 0600);
        (void) unlink(newer);
        return r == SQLITE_OK ? 0 : -EIO;
}
