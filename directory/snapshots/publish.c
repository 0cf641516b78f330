/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish.c - from the care directory to the snapshots
 *
 *  1. MUST give nothing for what is archived, ended or over.
 *  2. MUST make all files of one state of the directory, and let no older
 *     state replace a newer one: one writer at a time, from reading to the
 *     last rename.
 *  3. MUST hold no transaction while files are written.
 *
 * What changes is marked in the table changed by the schema itself, so no act
 * can forget to.  A delta says all that is marked; a new base is written where
 * that would be too much, and at the first sign that the files there are not
 * the ones that the marks count from (they or the directory were put back from a copy).
 */

#include "acts.h"
#include "publish.h"

#include "file-io.h"
#include "i18n.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- Places ------------------------------------------------------------------------------------------ */

/*
 * MUST 2.  A file in the state directory, which nobody else can open: a lock
 * on anything in the snapshots' directory any user could hold for ever.
 */
int publish_lock(struct directory *d, int *ret) {
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

int publish_open_place(struct directory *d, int *ret) {
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

/* -- The state that is read ------------------------------------------------------------------------------ */

void publication_done(struct publication *p) {
        p->public = snapshot_builder_free(p->public);
        p->private = snapshot_builder_free(p->private);
        sql_finalizep(&p->record_group);
        p->record_group = NULL;
}

int publication_read_state(struct directory *d, struct publication *p) {
        auto_stmt sqlite3_stmt *row = NULL;
        int r;

        r = sql_find(d, "SELECT changes, base, list_members FROM meta", SQL_NONE, &row);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it does not say whose it is"));
        if (r != DIRECTORY_OK)
                return r;
        p->changes = sqlite3_column_int64(row, 0);
        p->base = (uint64_t) sqlite3_column_int64(row, 1);
        p->lists = sqlite3_column_int(row, 2) != 0;
        return DIRECTORY_OK;
}

int publish_read_end(struct directory *d, int r) {
        const bool dry_run = d->dry_run;

        d->dry_run = false;                     /* there is nothing of it that could not be done    */
        r = store_end(d, r);
        d->dry_run = dry_run;
        return r;
}

/* -- The whole --------------------------------------------------------------------------------------- */

/* It is never made anew, so whoever finds it another's is to mend it by hand. */
static int epoch_look(struct directory *d, int dir) {
        struct stat st;

        if (fstatat(dir, "epoch", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 07777) != 0644))
                return directory_fail(d, -EPERM, _("%s/%s is to be a file of %s with mode 0644"), CAREID_SNAPSHOT_DIR, "epoch", CAREID_USER);
        return 0;
}

static int advance_epoch(struct directory *d, int dir) {
        const int r = epoch_look(d, dir);

        return r == 0 ? snapshot_epoch_advance(dir) : r;
}

static int publish(struct directory *d, int64_t now, bool anew) {
        auto_close int lock = -1, dir = -1;
        int r;

        *d->complaint = '\0';
        d->unsaid = (struct publish_unsaid) { .n = 0 };
        if (d->n_batches > 0 || d->dry_run)
                return -EINVAL;
        r = publish_open_place(d, &dir);
        if (r == 0)
                r = publish_lock(d, &lock);
        if (r == 0)
                r = advance_epoch(d, dir);
        if (r < 0)
                return r;

        r = anew ? PUBLISH_NEEDS_BASE : publish_delta(d, dir, now);
        if (r != PUBLISH_NEEDS_BASE)
                return r;
        r = publish_base(d, dir, now);

        /* A base takes its time: whoever gave up waiting for the lock meanwhile finds their change published all the same. */
        if (r == DIRECTORY_OK)
                r = publish_delta(d, dir, now);
        return r == PUBLISH_NEEDS_BASE ? DIRECTORY_OK : r;
}

int64_t directory_unsaid(const struct directory *d, const char **ret_name, const char **ret_why) {
        *ret_name = d->unsaid.name;
        *ret_why = d->unsaid.why;
        return d->unsaid.n;
}

int directory_find_unsaid(struct directory *d, int64_t now) {
        AUTO(publication_done) struct publication p = { .now = now, .unsaid = &d->unsaid };
        int r;

        *d->complaint = '\0';
        d->unsaid = (struct publish_unsaid) { .n = 0 };
        r = sql_run(d, "BEGIN", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        r = publication_read_state(d, &p);
        return publish_read_end(d, r == DIRECTORY_OK ? publish_collect_base(d, &p, 1) : r);
}

int directory_publish_try(struct directory *d, int64_t now, bool anew, enum directory_writing *ret) {
        auto_close int lock = -1, dir = -1;
        bool writes = false;
        int r;

        *d->complaint = '\0';
        d->unsaid = (struct publish_unsaid) { .n = 0 };
        if (d->n_batches > 0)
                return -EINVAL;
        r = publish_open_place(d, &dir);
        if (r == 0)
                r = publish_lock(d, &lock);
        if (r == 0)
                r = epoch_look(d, dir);
        if (r < 0)
                return r;
        r = anew ? PUBLISH_NEEDS_BASE : publish_delta_try(d, dir, now, &writes);
        if (r == PUBLISH_NEEDS_BASE) {
                r = directory_find_unsaid(d, now);
                if (r == DIRECTORY_OK)
                        *ret = DIRECTORY_WRITES_BASE;
        } else if (r == DIRECTORY_OK)
                *ret = writes ? DIRECTORY_WRITES_DELTA : DIRECTORY_WRITES_NOTHING;
        return r;
}

int directory_publish(struct directory *d, int64_t now) {
        return publish(d, now, false);
}

int directory_publish_anew(struct directory *d, int64_t now) {
        return publish(d, now, true);
}
