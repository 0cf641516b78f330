/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish.c - from the care directory to the snapshots
 *
 *  1. MUST put nothing of a client, relative or external, and no membership of a service, into the public snapshot.
 *  2. MUST give nothing for what is archived, ended or over.
 *  3. MUST make the two snapshots of one state of the directory, and let no
 *     older state replace a newer one: one writer at a time, from reading to
 *     the last rename.
 *  4. MUST hold no transaction while files are written.
 */

#include "acts.h"
#include "memberships.h"
#include "snapshot-build.h"
#include "sql.h"

#include "file-io.h"
#include "i18n.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

enum {
        GENERATION_RANDOM  = 24,                /* low bits of a generation                       */
};

struct publication {
        struct snapshot_builder *public_base, *private_base;
};

static void publication_done(struct publication *p) {
        p->public_base = snapshot_builder_free(p->public_base);
        p->private_base = snapshot_builder_free(p->private_base);
}

static void memberships_donep(struct memberships *m) {
        memberships_done(m);
}

/* What the builder refused: the directory holds what no snapshot may say. */
static int build_failed(struct directory *d, int r, const char *what, const char *name) {
        static const char *const reasons[] = {
                [SNAPSHOT_BUILD_E_RANGE] = N_("its name, number, path or time is outside the limits"),
                [SNAPSHOT_BUILD_E_TWICE] = N_("its name or number is there twice"),
                [SNAPSHOT_BUILD_E_K8]    = N_("a client, relative or external never reaches a record service"),
                [SNAPSHOT_BUILD_E_FULL]  = N_("the snapshot is full"),
        };

        if (r == SNAPSHOT_BUILD_OK)
                return DIRECTORY_OK;
        if (r < 0)
                return directory_fail(d, r, _("the snapshots can't be made: %s"), _(strerrordesc_np(-r)));
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s %s can't be published: %s"), what, name,
                              (size_t) r < N_ELEMENTS(reasons) && reasons[r]
                                      ? _(reasons[r])
                                      : _("the snapshot does not admit it"));
}

/* -- Places ------------------------------------------------------------------------------------------ */

/*
 * MUST 3.  A file in the state directory, which nobody else can open: a lock
 * on anything in the snapshots' directory any user could hold for ever.
 */
static int take_lock(struct directory *d, int *ret) {
        auto_close int fd = -1;
        char path[4096];
        int n, r;

        n = snprintf(path, sizeof path, "%s/publish.lock", CAREID_STATE_DIR);
        if (n < 0 || (size_t) n >= sizeof path)
                return -ENAMETOOLONG;
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (fd < 0)
                return directory_fail(d, -errno, _("%s can't be opened"), path);

        r = file_lock(fd, DIRECTORY_BUSY_MS);
        if (r == -EBUSY)
                return directory_fail(d, r, _("the snapshots are being written by another program; try again"));
        if (r < 0)
                return r;
        *ret = steal_fd(&fd);
        return 0;
}

static int open_place(struct directory *d, int *ret) {
        auto_close int path = -1;
        uid_t owner;
        int r, fd;

        r = trusted_directory(CAREID_SNAPSHOT_DIR, geteuid(), geteuid(), &path, &owner);
        if (r < 0)
                return directory_fail(d, r, _("%s is to be a directory of %s that nobody else can write to"),
                                      CAREID_SNAPSHOT_DIR, CAREID_USER);
        fd = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        *ret = fd;
        return 0;
}

/* -- Groups ------------------------------------------------------------------------------------------ */

static int group_kind(const char *word, enum snapshot_group_kind *ret) {
        static const struct { const char *word; enum snapshot_group_kind kind; } kinds[] = {
                { "role",           SNAPSHOT_GROUP_ROLE           },
                { "unit",           SNAPSHOT_GROUP_UNIT           },
                { "role-at-unit",   SNAPSHOT_GROUP_ROLE_AT_UNIT   },
                { "org",            SNAPSHOT_GROUP_ORG            },
                { "service",        SNAPSHOT_GROUP_SERVICE        },
                { "service-record", SNAPSHOT_GROUP_SERVICE_RECORD },
                { "client",         SNAPSHOT_GROUP_CLIENT         },
                { "client-service", SNAPSHOT_GROUP_CLIENT_SERVICE },
        };

        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i].word, word) == 0) {
                        *ret = kinds[i].kind;
                        return 0;
                }
        return -EUCLEAN;
}

static int add_group(struct directory *d, const struct publication *p, sqlite3_stmt *row) {
        struct snapshot_build_group group = {
                .name = sql_column(row, 0), .gid = (gid_t) sqlite3_column_int64(row, 1),
        };
        int r;

        r = group_kind(sql_column(row, 2), &group.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: a group of no kind"));
        r = snapshot_builder_add_group(p->public_base, &group);
        if (r == SNAPSHOT_BUILD_OK && group.kind == SNAPSHOT_GROUP_SERVICE_RECORD)
                r = snapshot_builder_forbid(p->private_base, group.gid);
        return build_failed(d, r, "group", group.name);
}

static int add_groups(struct directory *d, const struct publication *p) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_prepare(d, "SELECT g.name, g.gid, g.kind FROM care_group g"
                           " LEFT JOIN organisation o ON o.id = g.organisation LEFT JOIN unit u ON u.id = g.unit"
                           " LEFT JOIN role r ON r.id = g.role LEFT JOIN service v ON v.id = g.service"
                           " LEFT JOIN client c ON c.id = g.client"
                           " WHERE o.archived IS NULL AND u.archived IS NULL AND r.archived IS NULL"
                           " AND v.archived IS NULL AND c.archived IS NULL ORDER BY g.gid", SQL_NONE, &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = add_group(d, p, row);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* -- Users ------------------------------------------------------------------------------------------- */

static bool has_passwd(sqlite3_stmt *row) {
        return sqlite3_column_type(row, 3) != SQLITE_NULL;
}

/* MUST 1: what is put where. */
static int add_user(struct directory *d, const struct publication *p, sqlite3_stmt *row,
                    const struct memberships *m) {
        const bool staff = strcmp(sql_column(row, 2), "staff") == 0;
        struct snapshot_build_user user = {
                .name = sql_column(row, 1), .from = INT64_MIN, .until = INT64_MAX,
                .flags = staff ? 0 : SNAPSHOT_PRIVATE_KIND,
                .memberships = m->list[MEMBERSHIPS_MAIN].entry, .n_memberships = m->list[MEMBERSHIPS_MAIN].n,
        };
        int r;

        if (has_passwd(row)) {
                user.flags |= SNAPSHOT_PASSWD;
                user.uid = (uid_t) sqlite3_column_int64(row, 3);
                user.gid = (gid_t) sqlite3_column_int64(row, 4);
                user.home = sql_column(row, 5);
                user.shell = sql_column(row, 6);
        }
        r = snapshot_builder_add_user(staff ? p->public_base : p->private_base, &user);
        if (r != SNAPSHOT_BUILD_OK || m->list[MEMBERSHIPS_SERVICES].n == 0)
                return build_failed(d, r, "account", user.name);

        /* Staff again, for the memberships that only root may see. */
        user = (struct snapshot_build_user) {
                .name = user.name, .from = INT64_MIN, .until = INT64_MAX,
                .memberships = m->list[MEMBERSHIPS_SERVICES].entry,
                .n_memberships = m->list[MEMBERSHIPS_SERVICES].n,
        };
        return build_failed(d, snapshot_builder_add_user(p->private_base, &user), "account", user.name);
}

/* Only what the account's memberships are asked for by. */
static int add_user_with_memberships(struct directory *d, const struct publication *p, sqlite3_stmt *row,
                                     struct memberships *m) {
        struct memberships_account account = {
                .id = sqlite3_column_int64(row, 0),
                .primary = has_passwd(row) ? (gid_t) sqlite3_column_int64(row, 4) : 0,
        };
        int r;

        r = memberships_kind_of(sql_column(row, 2), &account.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: an account of no kind"));
        r = memberships_of(d, m, &account);
        return r == DIRECTORY_OK ? add_user(d, p, row, m) : r;
}

static int add_users(struct directory *d, const struct publication *p, int64_t now) {
        AUTO(memberships_donep) struct memberships m = { .now = now };
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = memberships_open(d, &m);
        if (r == DIRECTORY_OK)
                r = sql_prepare(d, "SELECT a.id, a.name, a.kind, a.uid, g.gid, a.home, a.shell FROM account a"
                                   " JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
                                   " JOIN care_group g ON g.kind = 'org' AND g.organisation = o.id"
                                   " WHERE " SQL_ACCOUNT_COUNTS " ORDER BY a.id", SQL_NONE, &row);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, row);
                if (r == DIRECTORY_OK)
                        r = add_user_with_memberships(d, p, row, &m);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* -- The whole --------------------------------------------------------------------------------------- */

/* The act that it shows, then random bits: the same state published twice is two generations. */
static int make_generation(struct directory *d, uint64_t *ret) {
        uint8_t random[GENERATION_RANDOM / 8];
        uint64_t generation;
        int64_t changes;
        int r;

        r = sql_find_integer(d, "SELECT changes FROM meta", SQL_NONE, &changes);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it does not say whose it is"));
        if (r != DIRECTORY_OK)
                return r;
        if (RAND_bytes(random, sizeof random) != 1)
                return -EIO;
        generation = (uint64_t) changes + 1;
        for (size_t i = 0; i < sizeof random; i++)
                generation = generation << 8 | random[i];
        *ret = generation;
        return DIRECTORY_OK;
}

static int collect(struct directory *d, struct publication *p, int64_t now) {
        uint64_t generation;
        int r;

        r = make_generation(d, &generation);
        if (r == DIRECTORY_OK)
                r = build_failed(d, snapshot_builder_new(SNAPSHOT_PUBLIC, generation, 0, now, &p->public_base),
                                 "snapshot", "base");
        if (r == DIRECTORY_OK)
                r = build_failed(d,
                                 snapshot_builder_new(SNAPSHOT_PRIVATE, generation, 0, now, &p->private_base),
                                 "snapshot", "base");
        if (r == DIRECTORY_OK)
                r = add_groups(d, p);
        return r == DIRECTORY_OK ? add_users(d, p, now) : r;
}

int directory_publish(struct directory *d, int64_t now) {
        AUTO(publication_done) struct publication p = { .public_base = NULL };
        auto_close int lock = -1, dir = -1;
        int r;

        *d->complaint = '\0';
        if (d->n_batches > 0 || d->dry_run)
                return -EINVAL;
        r = open_place(d, &dir);
        if (r == 0)
                r = take_lock(d, &lock);
        if (r == 0)
                r = snapshot_epoch_advance(dir);
        if (r < 0)
                return r;

        /* Deferred: the first read fixes the state that all the others see. */
        r = sql_run(d, "BEGIN", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        r = store_end(d, collect(d, &p, now));
        if (r != DIRECTORY_OK)
                return r;
        return build_failed(d, snapshot_write_bases(dir, p.public_base, p.private_base), "snapshot", "base");
}
