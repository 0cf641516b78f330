/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * store.c - opening the care directory, and one transaction per act
 *
 * What is in here can open every door of the host, so before SQLite sees the
 * file:
 *
 *  1. MUST be an ordinary user, the same in every id, who owns directory and file.
 *  2. MUST refuse a directory that is not 0700 and a file that is not 0600.
 *  3. MUST not create a database, keys or a schema but for DIRECTORY_CREATE.
 *  4. MUST not accept keys that are not this database's.
 *  5. MUST not let a reader aside hold a lock that writers wait for: it may be a
 *     helper that a user has started, and can stop for as long as they like.
 */

#include "store.h"
#include "audit.h"
#include "bulk.h"
#include "batch.h"
#include "identity.h"
#include "schema.h"
#include "sql.h"
#include "sql-cache.h"
#include "store-functions.h"

#include "i18n.h"
#include "places.h"
#include "trusted-file.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/rand.h>

#define STORE_NAME "directory.db"

/* Why the last directory_open() failed: there is no handle then to ask. */
static char open_complaint[STORE_COMPLAINT_MAX] = "the care directory was not opened";

int directory_fail(struct directory *d, int r, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        (void) vsnprintf(d->complaint, sizeof d->complaint, format, ap);
        va_end(ap);
        utf8_trim(d->complaint);
        return r;
}

const char *directory_complaint(const struct directory *d) {
        if (!d)
                return open_complaint;
        return d->complaint;
}

/* -- Trust ----------------------------------------------------------------------------------------- */

/* MUST 1 */
static int check_ids(struct directory *d) {
        uid_t ru, eu, su;
        gid_t rg, eg, sg;

        if (getresuid(&ru, &eu, &su) < 0 || getresgid(&rg, &eg, &sg) < 0)
                return -errno;
        if (eu == 0 || ru != eu || su != eu || rg != eg || sg != eg)
                return directory_fail(d, -EPERM, _("the care directory is opened as %s only"), CAREID_USER);
        return 0;
}

static int create_file(int dir) {
        auto_close int fd = -1;

        fd = openat(dir, STORE_NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 && errno != EEXIST)
                return -errno;
        return fd >= 0 && fchmod(fd, 0600) < 0 ? -errno : 0;
}

/*
 * MUST 1, 2.  By name, not by descriptor: closing any descriptor of the file
 * would drop SQLite's locks on it, and in a directory that is ours alone
 * nobody else can put another file under the name.
 */
static int check_file(struct directory *d, enum directory_mode mode) {
        auto_close int dir = -1;
        struct stat st;
        uid_t owner;
        int r;

        r = trusted_directory(CAREID_STATE_DIR, geteuid(), geteuid(), &dir, &owner);
        if (r == 0 && fstat(dir, &st) < 0)
                r = -errno;
        if (r == 0 && (st.st_mode & 0777) != 0700)
                r = -EPERM;
        if (r < 0)
                return directory_fail(d, r, _("%s is to be a directory of %s with mode 0700"), CAREID_STATE_DIR,
                                      CAREID_USER);

        if (mode == DIRECTORY_CREATE) {
                r = create_file(dir);
                if (r < 0)
                        return directory_fail(d, r, _("%s/%s can't be created"), CAREID_STATE_DIR, STORE_NAME);
        }
        if (fstatat(dir, STORE_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return directory_fail(d, -errno, _("there is no directory yet: run `careid setup`"));
        if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1 || (st.st_mode & 07777) != 0600)
                return directory_fail(d, -EPERM, _("%s/%s is to be a file of %s with mode 0600 and one name"),
                                      CAREID_STATE_DIR, STORE_NAME, CAREID_USER);
        d->dev = st.st_dev;
        d->ino = st.st_ino;
        return 0;
}

/* -- The connection ---------------------------------------------------------------------------------- */

static bool mode_reads(enum directory_mode mode) {
        return mode == DIRECTORY_READ || mode == DIRECTORY_READ_ASIDE;
}

/*
 * MUST 5.  The first who opens the index of the log makes it anew, under the
 * writers' lock, where it could be stopped; a reader aside has the index read-only.
 * Writers leave the file behind (use_wal); a database that none has opened yet
 * since it was put here has none, and is not for readers aside.
 */
static int find_index(struct directory *d) {
        char path[4096];
        struct stat st;
        int n;

        n = snprintf(path, sizeof path, "%s/%s-shm", CAREID_STATE_DIR, STORE_NAME);
        if (n < 0 || (size_t) n >= sizeof path)
                return -ENAMETOOLONG;
        if (lstat(path, &st) == 0)
                return 0;
        return directory_fail(d, -errno, _("%s is not there; make it with: careid snapshot rebuild"), path);
}

static int connect_file(struct directory *d, enum directory_mode mode) {
        char path[4096];
        int flags, n;

        n = mode == DIRECTORY_READ_ASIDE ? find_index(d) : 0;
        if (n < 0)
                return n;
        n = snprintf(path, sizeof path, "file:%s/%s%s", CAREID_STATE_DIR, STORE_NAME,
                     mode == DIRECTORY_READ_ASIDE ? "?readonly_shm=1" : "");
        if (n < 0 || (size_t) n >= sizeof path)
                return -ENAMETOOLONG;

        flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        flags |= mode_reads(mode) ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        if (sqlite3_open_v2(path, &d->db, flags, NULL) != SQLITE_OK)
                return d->db ? sql_failed(d) : -ENOMEM;
        return 0;
}

static int configure(struct directory *d, enum directory_mode mode) {
        /* What a hostile or damaged file could use against its reader is off. */
        static const struct { int option, value; } options[] = {
                { SQLITE_DBCONFIG_ENABLE_FKEY,           1 },
                { SQLITE_DBCONFIG_ENABLE_TRIGGER,        1 },
                { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
                { SQLITE_DBCONFIG_DEFENSIVE,             1 },
                { SQLITE_DBCONFIG_TRUSTED_SCHEMA,        0 },
                { SQLITE_DBCONFIG_WRITABLE_SCHEMA,       0 },
                { SQLITE_DBCONFIG_DQS_DML,               0 },
                { SQLITE_DBCONFIG_DQS_DDL,               0 },
        };
        static const char *const pragmas[] = {
                "PRAGMA cell_size_check = ON",
                "PRAGMA recursive_triggers = ON",       /* a REPLACE is a DELETE too, and is refused as one */
                "PRAGMA synchronous = FULL",
                "PRAGMA temp_store = MEMORY",
                "PRAGMA mmap_size = 0",
                "PRAGMA secure_delete = ON",            /* what was deleted is overwritten        */
        };
        int r;

        for (size_t i = 0; i < N_ELEMENTS(options); i++) {
                int is = -1;

                if (sqlite3_db_config(d->db, options[i].option, options[i].value, &is) != SQLITE_OK ||
                    is != options[i].value)
                        return directory_fail(d, -ENOTSUP, _("this SQLite lacks a safety switch (%d)"),
                                              options[i].option);
        }
        (void) sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, STORE_VALUE_MAX);
        (void) sqlite3_limit(d->db, SQLITE_LIMIT_ATTACHED, 0);
        (void) sqlite3_busy_timeout(d->db, DIRECTORY_BUSY_MS);

        for (size_t i = 0; i < N_ELEMENTS(pragmas); i++) {
                r = sql_run(d, pragmas[i], SQL_NONE);
                if (r != DIRECTORY_OK)
                        return r;
        }
        return mode_reads(mode) ? sql_run(d, "PRAGMA query_only = ON", SQL_NONE) : DIRECTORY_OK;
}

/*
 * Readers never wait for a writer, nor a writer for readers.  The log and its
 * index stay when the last one closes, the log empty: beside a database that
 * is put back from a copy it must not say anything.
 */
static int use_wal(struct directory *d) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int stay = 1, r;

        if (sqlite3_file_control(d->db, "main", SQLITE_FCNTL_PERSIST_WAL, &stay) != SQLITE_OK)
                return sql_failed(d);
        r = sql_run(d, "PRAGMA journal_size_limit = 0", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find(d, "PRAGMA journal_mode = WAL", SQL_NONE, &stmt);
        if (r == DIRECTORY_OK && strcmp(sql_column(stmt, 0), "wal") != 0)
                return directory_fail(d, -ENOTSUP, _("the directory can't have a write-ahead log here"));
        return r;
}

/* -- A new directory --------------------------------------------------------------------------------- */

/* RFC 9562, version 4. */
static int make_uuid(char ret[static STORE_HOST_ID + 1]) {
        uint8_t b[16];

        if (RAND_bytes(b, sizeof b) != 1)
                return -EIO;
        b[6] = (uint8_t) ((b[6] & 0x0f) | 0x40);
        b[8] = (uint8_t) ((b[8] & 0x3f) | 0x80);
        (void) snprintf(ret, STORE_HOST_ID + 1, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                        b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
        return 0;
}

/* Keys first: a database that was committed without its keys would be lost. */
static int make_new(struct directory *d) {
        const char *why;
        int r;

        r = keys_load(KEYS_MAKE, KEY_ID_FIRST, &d->keys, &why);
        if (r < 0)
                return directory_fail(d, r, "%s (%s/keys)", _(why), CAREID_CONFIG_DIR);
        r = make_uuid(d->host_id);
        if (r < 0)
                return r;
        r = sql_run(d, "INSERT INTO meta (one, host_id) VALUES (1, ?1)", SQL_BIND(sql_text(d->host_id)));
        if (r != DIRECTORY_OK)
                return r;
        return audit_append(d, &(struct audit_entry) {
                .at = time(NULL), .actor = "careid", .act = "directory.create", .object = "directory",
                .detail = json_object(),
        });
}

static int read_host_id(struct directory *d) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const char *id = "";
        int r;

        r = sql_find(d, "SELECT host_id FROM meta", SQL_NONE, &stmt);
        if (r == DIRECTORY_OK)
                id = sql_column(stmt, 0);
        if (r == DIRECTORY_E_NOT_FOUND || (r == DIRECTORY_OK && strlen(id) != STORE_HOST_ID))
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it does not say whose it is"));
        if (r == DIRECTORY_OK)
                memcpy(d->host_id, id, STORE_HOST_ID + 1);
        return r;
}

/* Another process may have put new keys into use since. */
int store_keys(struct directory *d) {
        struct keys keys;
        const char *why;
        int64_t id = 0;
        int r;

        r = sql_find_integer(d, "SELECT key FROM meta", SQL_NONE, &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it does not say whose it is"));
        if (r != DIRECTORY_OK || id == d->keys.id)
                return r;
        r = keys_load(KEYS_THERE, id, &keys, &why);
        if (r < 0)
                return directory_fail(d, r, "%s (%s/keys)", _(why), CAREID_CONFIG_DIR);
        d->keys = keys;
        keys_wipe(&keys);
        return DIRECTORY_OK;
}

/* MUST 4 */
static int read_keys(struct directory *d) {
        const int r = store_keys(d);

        return r == DIRECTORY_OK ? identity_check_keys(d) : r;
}

static int store_open(struct directory *d, enum directory_mode mode) {
        const bool may_create = mode == DIRECTORY_CREATE, may_write = !mode_reads(mode);
        int r;

        d->mode = mode;
        r = check_ids(d);
        if (r == 0)
                r = check_file(d, mode);
        if (r == 0)
                r = connect_file(d, mode);
        if (r == 0)
                r = configure(d, mode);
        if (r == 0 && store_functions_add(d->db) != SQLITE_OK)
                r = sql_failed(d);
        if (r == 0 && may_write)
                r = use_wal(d);
        if (r == 0)
                r = schema_upgrade(d, may_create, may_write, make_new);
        if (r == 0)
                r = read_host_id(d);
        return r == 0 ? read_keys(d) : r;
}

/* Without any of it SQLite does as well, slower. */
void directory_prepare(void) {
        (void) sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
        (void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        (void) sqlite3_initialize();
}

int directory_open(enum directory_mode mode, struct directory **ret) {
        AUTO(directory_closep) struct directory *d = calloc(1, sizeof *d);
        int r;

        if (!d)
                return -ENOMEM;
        r = store_open(d, mode);
        if (r != DIRECTORY_OK) {
                (void) snprintf(open_complaint, sizeof open_complaint, "%s",
                                *d->complaint ? d->complaint : _(strerrordesc_np(r < 0 ? -r : EIO)));
                return r;
        }
        *d->complaint = '\0';
        *ret = STEAL_PTR(d);
        return DIRECTORY_OK;
}

void directory_stays_prepared(struct directory *d) {
        (void) sql_cache_begin(d->db);
}

void directory_rest(struct directory *d) {
        keys_wipe(&d->keys);
        (void) sqlite3_db_release_memory(d->db);
}

bool directory_is_current(struct directory *d) {
        char path[4096];
        struct stat st;
        int n;

        n = snprintf(path, sizeof path, "%s/%s", CAREID_STATE_DIR, STORE_NAME);
        return n > 0 && (size_t) n < sizeof path && lstat(path, &st) == 0 && st.st_dev == d->dev && st.st_ino == d->ino &&
               schema_is_newest(d) && store_keys(d) == DIRECTORY_OK;
}

struct directory *directory_close(struct directory *d) {
        if (!d)
                return NULL;
        directory_bulk_end(d);
        (void) sqlite3_close_v2(d->db);
        keys_wipe(&d->keys);
        free(d);
        return NULL;
}

/* -- Transactions ------------------------------------------------------------------------------------ */

int store_begin(struct directory *d) {
        int r;

        *d->complaint = '\0';
        r = batch_dry_run(d);
        if (r != DIRECTORY_OK)
                return r;
        return d->n_batches > 0 ? batch_act_begin(d) : sql_run(d, "BEGIN IMMEDIATE", SQL_NONE);
}

void directory_ask_before_commit(struct directory *d, bool (*goes_on)(const void *about), const void *about) {
        d->goes_on = goes_on;
        d->about = about;
}

int store_end(struct directory *d, int r) {
        if (d->n_batches > 0)
                return batch_act_end(d, r);
        if (r == DIRECTORY_OK && d->dry_run)
                r = -ECANCELED;
        if (r == DIRECTORY_OK && d->goes_on && !d->goes_on(d->about))
                r = -ECANCELED;
        if (r == DIRECTORY_OK)
                r = sql_run(d, "COMMIT", SQL_NONE);
        if (r == DIRECTORY_OK) {
                audit_committed(d);
                return DIRECTORY_OK;
        }

        /* The complaint stays the act's.  After some errors SQLite has rolled back itself. */
        audit_rolled_back(d);
        if (!sqlite3_get_autocommit(d->db))
                (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
        return r;
}

int store_changed(struct directory *d) {
        return sql_run(d, "UPDATE meta SET changes = changes + 1", SQL_NONE);
}
