/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-self.c - root lets a client, relative or external see themselves
 *
 *     self = header user-names user-ids group-names group-ids record   ; a line each, one record
 *
 * 1. MUST copy one record, that of the user who is asked for, and nothing of anybody else.
 * 2. MUST be readable by nobody before it is whole, and by that uid and root alone then.
 * 3. MUST not stay for longer than the account has a session or a process here.
 */

#include "snapshot-self.h"

#include "cleanup.h"
#include "file-io.h"
#include "processes.h"
#include "scan.h"
#include "snapshot-places.h"
#include "snapshot-view.h"
#include "trusted-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define SELF_DIR CAREID_SELF_DIR "/self"

enum {
        RECORD_AT   = SNAPSHOT_HEADER_SIZE + SNAPSHOT_TABLES * SNAPSHOT_LINE_SIZE,
        NAME_LENGTH = 32,
};

/* -- A view of root's -------------------------------------------------------------------------------- */

struct opened {
        struct snapshot_view *view;             /* malloc'd                                       */
        _Atomic(snapshot_counter *) epoch;
};

static void opened_done(struct opened *o) {
        if (o->view)
                snapshot_view_close(o->view);
        free(o->view);
        o->view = NULL;
        snapshot_epoch_unmap(atomic_exchange(&o->epoch, NULL));
}

static int opened_begin(struct opened *o) {
        struct snapshot_view *const v = calloc(1, sizeof *v);
        int r;

        if (!v)
                return -ENOMEM;
        r = snapshot_view_open(v, &o->epoch);
        if (r < 0) {
                free(v);
                return r;
        }
        o->view = v;
        return v->private.base.at ? 0 : -EPERM;
}

/* -- The file ------------------------------------------------------------------------------------------ */

static void line_seal(uint8_t *image, const struct snapshot_header *h, enum snapshot_table t, uint64_t hash, bool used) {
        struct snapshot_line line = { .count = used };

        if (used)
                line.slot[0] = snapshot_slot(RECORD_AT, hash);
        line.check = snapshot_check32(h->seed, h->tables[t].offset, &line, sizeof line);
        memcpy(image + h->tables[t].offset, &line, sizeof line);
}

/* @image has RECORD_AT and the record's length bytes, zeros. */
static int fill(uint8_t *image, const struct snapshot_view *v, const struct snapshot_entry *e) {
        struct snapshot_header h = {
                .magic = SNAPSHOT_MAGIC, .version = SNAPSHOT_VERSION, .kind = SNAPSHOT_SELF,
                .size = RECORD_AT + (uint64_t) e->fixed.length,
                .generation = v->public.base.generation, .serial = v->public.delta.serial, .written = v->written,
                .id_min = SNAPSHOT_ID_MIN, .id_max = SNAPSHOT_ID_MAX,
                .records = { .offset = RECORD_AT, .n = e->fixed.length },
        };
        const uint64_t id = e->fixed.id;
        uint32_t check;

        if (getrandom(&h.seed, sizeof h.seed, 0) != (ssize_t) sizeof h.seed)
                return -EIO;
        for (uint32_t t = 0; t < SNAPSHOT_TABLES; t++)
                h.tables[t] = (struct snapshot_section) { .offset = SNAPSHOT_HEADER_SIZE + t * SNAPSHOT_LINE_SIZE, .n = 1 };
        h.check = snapshot_mix64(h.seed, &h, offsetof(struct snapshot_header, check));
        memcpy(image, &h, sizeof h);

        line_seal(image, &h, SNAPSHOT_USER_NAMES, snapshot_mix64(h.seed, e->name, e->fixed.n_name), true);
        line_seal(image, &h, SNAPSHOT_USER_IDS, snapshot_mix64(h.seed, &id, sizeof id), true);
        line_seal(image, &h, SNAPSHOT_GROUP_NAMES, 0, false);
        line_seal(image, &h, SNAPSHOT_GROUP_IDS, 0, false);

        memcpy(image + RECORD_AT, e->record, e->fixed.length);
        check = snapshot_check32(h.seed, RECORD_AT, image + RECORD_AT, e->fixed.length);
        memcpy(image + RECORD_AT, &check, sizeof check);
        return 0;
}

/*
 * MUST 2.  What setfacl(1) would say as user::rw-,user:UID:r--,group::---,
 * mask::r--,other::---: the accounts of one organisation share their primary
 * group, so a group is no way to let in one of them.
 * Source: linux/posix_acl_xattr.h.
 */
static int open_to(int fd, uid_t uid) {
        /* Version 2, then for each entry its tag and, in the upper half, its permissions, and an id; little-endian. */
        const uint32_t acl[] = {
                2, 0x01 | 06 << 16, UINT32_MAX, 0x02 | 04 << 16, (uint32_t) uid, 0x04, UINT32_MAX, 0x10 | 04 << 16, UINT32_MAX,
                0x20, UINT32_MAX,
        };

        return fsetxattr(fd, "system.posix_acl_access", acl, sizeof acl, 0) == 0 ? 0 : -errno;
}

/* @since: when the last session began, which is what the time of the file says; NULL: now. */
static int put(int dir, uid_t uid, const uint8_t *image, size_t n, const struct timespec *since) {
        const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, since ? *since : (struct timespec) { .tv_nsec = UTIME_NOW } };
        char name[NAME_LENGTH], temporary[NAME_LENGTH];
        auto_close int fd = -1;
        int r;

        (void) snprintf(name, sizeof name, "%u", (unsigned) uid);
        /* A session of the same account may begin meanwhile, in another process. */
        (void) snprintf(temporary, sizeof temporary, ".%u.%d", (unsigned) uid, (int) getpid());
        if (unlinkat(dir, temporary, 0) < 0 && errno != ENOENT)
                return -errno;
        fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        r = file_write(fd, image, n);
        if (r == 0 && fchown(fd, SNAPSHOT_SELF_OWNER, (gid_t) -1) < 0)
                r = -errno;
        if (r == 0)
                r = open_to(fd, uid);
        if (r == 0 && futimens(fd, times) < 0)
                r = -errno;
        if (r == 0 && renameat(dir, temporary, dir, name) < 0)
                r = -errno;
        if (r < 0)
                (void) unlinkat(dir, temporary, 0);
        return r;
}

static int write_entry(int dir, const struct snapshot_view *v, const struct snapshot_entry *e, const struct timespec *since) {
        auto_free uint8_t *image = calloc(1, RECORD_AT + (size_t) e->fixed.length);
        int r;

        if (!image)
                return -ENOMEM;
        r = fill(image, v, e);
        return r < 0 ? r : put(dir, e->fixed.id, image, RECORD_AT + (size_t) e->fixed.length, since);
}

/* -- For root's programs ----------------------------------------------------------------------------------- */

static int open_dir(int *ret) {
        auto_close int path = -1;
        uid_t owner;
        int r;

        r = trusted_directory(SELF_DIR, SNAPSHOT_SELF_OWNER, SNAPSHOT_SELF_OWNER, &path, &owner);
        if (r < 0)
                return r;
        *ret = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return *ret < 0 ? -errno : 0;
}

/* OK, NOT_FOUND: nobody who needs one, or a negative errno. */
static int is_hidden(int r, const struct snapshot_entry *e) {
        return r == SNAPSHOT_OK && !(e->fixed.flags & SNAPSHOT_PRIVATE_KIND) ? SNAPSHOT_E_NOT_FOUND : r;
}

int snapshot_self_write(const char *name) {
        AUTO(opened_done) struct opened o = { .view = NULL };
        auto_close int dir = -1;
        struct snapshot_entry e = { .record = NULL };
        int r;

        r = opened_begin(&o);
        if (r == 0)
                r = is_hidden(snapshot_user_by_name(o.view, name, &e), &e);
        if (r == SNAPSHOT_OK)
                r = open_dir(&dir);
        return r == SNAPSHOT_OK ? write_entry(dir, o.view, &e, NULL) : r;
}

/* -- Whose session is over ------------------------------------------------------------------------------------ */

/*
 * MUST 3.  Is there nobody any more?  Of su and sudo logind may know nothing,
 * but they have processes.  What can't be told is no.
 */
static bool is_left(uid_t uid) {
        char session[sizeof SNAPSHOT_USERS_DIR + NAME_LENGTH];
        struct stat st;

        (void) snprintf(session, sizeof session, SNAPSHOT_USERS_DIR "/%u", (unsigned) uid);
        return lstat(session, &st) < 0 && errno == ENOENT && processes_of(uid) == 0;
}

/* Written just now: its session's first process may not be there yet, nor its file all that it will be. */
static bool is_young(const struct stat *st) {
        struct timespec now;

        return clock_gettime(CLOCK_REALTIME, &now) < 0 ||
               (now.tv_sec >= st->st_mtim.tv_sec && now.tv_sec - st->st_mtim.tv_sec < SNAPSHOT_SELF_YOUNG_S);
}

static int remove_entry(int dir, const char *name) {
        return unlinkat(dir, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

static int remove_left(int dir, const char *name) {
        struct stat st;

        /* Looking for processes has taken its time. */
        return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_young(&st) ? 0 : remove_entry(dir, name);
}

/* -- All of them ------------------------------------------------------------------------------------------------ */

static int renew(int dir, const struct snapshot_view *v, const char *name, struct snapshot_self_left *left) {
        struct snapshot_entry e = { .record = NULL };
        struct stat st;
        uint64_t uid;
        int r;

        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? 0 : -errno;
        /* What a program that was killed has left. */
        if (S_ISREG(st.st_mode) && name[0] == '.')
                return is_young(&st) ? 0 : remove_entry(dir, name);
        if (!scan_whole_u64(name, UINT32_MAX, &uid) || !snapshot_id_is_ours((uint32_t) uid))
                return 0;
        if (is_left((uid_t) uid)) {
                if (!is_young(&st))
                        return remove_left(dir, name);
                left->is_ending = true;
        }
        left->n++;
        r = is_hidden(snapshot_user_by_uid(v, (uid_t) uid, &e), &e);
        if (r == SNAPSHOT_OK)
                return write_entry(dir, v, &e, &st.st_mtim);
        return r == SNAPSHOT_E_NOT_FOUND ? remove_entry(dir, name) : r;
}

static int renew_all(int dir, const struct snapshot_view *v, struct snapshot_self_left *left) {
        DIR *const names = opendir(SELF_DIR);
        const struct dirent *entry;
        int first = 0;

        if (!names)
                return -errno;
        while ((entry = readdir(names))) {
                const int r = renew(dir, v, entry->d_name, left);

                first = first < 0 ? first : r;
        }
        (void) closedir(names);
        return first;
}

/* When somebody's first session began or last one ended; zeros without logind. */
static struct timespec users_changed(void) {
        struct stat st;

        return lstat(SNAPSHOT_USERS_DIR, &st) == 0 ? st.st_mtim : (struct timespec) { .tv_sec = 0 };
}

static int renew_once(bool *ret_again, struct snapshot_self_left *left) {
        AUTO(opened_done) struct opened o = { .view = NULL };
        const struct timespec before = users_changed();
        struct timespec after;
        auto_close int dir = -1;
        int r;

        r = opened_begin(&o);
        if (r == 0)
                r = open_dir(&dir);
        if (r == 0)
                r = renew_all(dir, o.view, left);
        after = users_changed();
        *ret_again = r == 0 && (atomic_load(atomic_load(&o.epoch)) != o.view->epoch || before.tv_sec != after.tv_sec ||
                                before.tv_nsec != after.tv_nsec);
        return r;
}

int snapshot_self_renew(struct snapshot_self_left *ret) {
        bool again = true;
        int r = 0;

        /* What is written meanwhile is caught up with: nobody might call a second time. */
        for (unsigned i = 0; again && i < SNAPSHOT_REOPEN_MAX; i++) {
                *ret = (struct snapshot_self_left) { .n = 0 };
                r = renew_once(&again, ret);
        }
        return r;
}
