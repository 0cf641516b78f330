/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-write.c - puts snapshot files where readers find them, whole or not at all
 *
 * 1. MUST never change a file that a reader may have mapped: a new one is
 *    written under a temporary name, flushed, and renamed over the old one.
 * 2. MUST prepare all files of a set before the first rename, so that readers
 *    see the old and the new mixed for a moment only.
 * 3. MUST let the epoch go up after the renames (so that running processes
 *    look again) and before them (for a writer that was killed in between).
 * 4. MUST leave no temporary file behind; one of a writer that was killed is
 *    removed by the next.
 * 5. MUST make both deltas of a change stand at one moment: the private one
 *    waits beside its place until the public one has its name.
 */

#include "snapshot-builder.h"

#include "cleanup.h"
#include "file-io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_NAME  ".lock"                              /* 0600: who can open it could hold writers up */
#define EPOCH_NAME "epoch"

enum { FILE_NAME_MAX = 64 };

/* -- One file under its temporary name ------------------------------------------------------------- */

struct draft {
        int  dir;                                       /* borrowed                                 */
        char name[FILE_NAME_MAX + 1];
        char temporary[FILE_NAME_MAX + 8];              /* "": nothing to remove                    */
};

static void draft_done(struct draft *d) {
        if (d->temporary[0])
                (void) unlinkat(d->dir, d->temporary, 0);
        d->temporary[0] = '\0';
}

static int draft_write(struct draft *d, int dir, const char *name, mode_t mode, const uint8_t *image, size_t n) {
        auto_close int fd = -1;
        int r;

        *d = (struct draft) { .dir = dir };
        if (strlen(name) > FILE_NAME_MAX || strchr(name, '/') || name[0] == '.' || !*name)
                return -EINVAL;
        (void) snprintf(d->name, sizeof d->name, "%s", name);
        (void) snprintf(d->temporary, sizeof d->temporary, ".%s.new", name);

        if (unlinkat(dir, d->temporary, 0) < 0 && errno != ENOENT)
                return -errno;
        fd = openat(dir, d->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) {
                r = -errno;
                d->temporary[0] = '\0';
                return r;
        }

        do
                r = -posix_fallocate(fd, 0, (off_t) n);
        while (r == -EINTR);
        if (r == 0)
                r = file_write(fd, image, n);
        if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
                r = -errno;
        return r;
}

static int draft_write_builder(struct draft *d, int dir, const char *name, mode_t mode,
                               const struct snapshot_builder *b) {
        auto_free uint8_t *image = NULL;
        size_t n;
        int r;

        *d = (struct draft) { .dir = dir };
        r = snapshot_builder_image(b, &image, &n);
        if (r != 0)
                return r;
        return draft_write(d, dir, name, mode, image, n);
}

static int draft_publish(struct draft *d) {
        if (renameat(d->dir, d->temporary, d->dir, d->name) < 0)
                return -errno;
        d->temporary[0] = '\0';
        return 0;
}

static int directory_sync(int dir) {
        auto_close int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        return fd >= 0 && fsync(fd) == 0 ? 0 : -errno;
}

/* -- Writers one at a time ------------------------------------------------------------------------ */

static int lock_take(int dir, int *ret_fd) {
        auto_close int fd = openat(dir, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        int r;

        if (fd < 0)
                return -errno;
        r = file_lock(fd, SNAPSHOT_LOCK_MS);
        if (r < 0)
                return r;
        *ret_fd = steal_fd(&fd);
        return 0;
}

/* -- The change counter --------------------------------------------------------------------------- */

/* With the lock held.  The page appears whole, under its own name, and stays for good. */
static int epoch_create(int dir) {
        static const struct snapshot_epoch page = { .magic = SNAPSHOT_EPOCH_MAGIC, .version = SNAPSHOT_VERSION };
        uint8_t image[SNAPSHOT_EPOCH_SIZE] = { 0 };
        AUTO(draft_done) struct draft d = { .dir = dir };
        struct stat st;
        int r;

        if (fstatat(dir, EPOCH_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0)
                return 0;
        /* Only where there is none: a second page in its place would never be seen by those who have the first one mapped. */
        if (errno != ENOENT)
                return -errno;
        memcpy(image, &page, sizeof page);
        r = draft_write(&d, dir, EPOCH_NAME, 0644, image, sizeof image);
        if (r < 0)
                return r;
        r = draft_publish(&d);
        return r < 0 ? r : directory_sync(dir);
}

static int epoch_increment(int dir) {
        struct snapshot_epoch page;
        auto_close int fd = -1;
        struct stat st;
        uint8_t *at;

        fd = openat(dir, EPOCH_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode) || st.st_size != SNAPSHOT_EPOCH_SIZE)
                return -EBADMSG;
        at = mmap(NULL, SNAPSHOT_EPOCH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return -errno;

        memcpy(&page, at, offsetof(struct snapshot_epoch, counter));
        if (!snapshot_epoch_is_valid(&page)) {
                (void) munmap(at, SNAPSHOT_EPOCH_SIZE);
                return -EBADMSG;
        }
        (void) atomic_fetch_add((_Atomic(uint64_t) *) (void *) (at + offsetof(struct snapshot_epoch, counter)), 1);
        (void) munmap(at, SNAPSHOT_EPOCH_SIZE);
        return 0;
}

static int epoch_advance_locked(int dir) {
        const int r = epoch_create(dir);

        return r < 0 ? r : epoch_increment(dir);
}

/* MUST 4, for a next writer that writes other files, or none. */
static void remove_leftovers(int dir) {
        static const char *const names[] = { ".public.snapshot.new", ".private.snapshot.new", ".public.delta.new", ".private.delta.new", ".private.delta.next.new" };

        for (size_t i = 0; i < N_ELEMENTS(names); i++)
                (void) unlinkat(dir, names[i], 0);
}

/*
 * MUST 5, with the lock held.  A private delta that waits gets into its place
 * if the public one of its change stands, and goes otherwise.
 */
static int settle(int dir) {
        struct snapshot_file next, public;
        int r;

        r = snapshot_look_at(dir, SNAPSHOT_NEXT_DELTA, 0600, SNAPSHOT_PRIVATE_DELTA, &next);
        if (r == -ENOENT)
                return 0;
        if (r == 0)
                r = snapshot_look_at(dir, "public.delta", 0644, SNAPSHOT_PUBLIC_DELTA, &public);
        if (r == 0 && next.generation == public.generation && next.serial == public.serial)
                return renameat(dir, SNAPSHOT_NEXT_DELTA, dir, "private.delta") == 0 ? 0 : -errno;
        /* No readers can believe what is damaged; but of what could not be looked at nobody knows. */
        if (r < 0 && r != -EBADMSG && r != -EPERM && r != -ENOENT)
                return r;
        return unlinkat(dir, SNAPSHOT_NEXT_DELTA, 0) == 0 ? 0 : -errno;
}

/* The lock, and nothing left of an earlier writer. */
static int begin(int dir, int *ret_lock) {
        const int r = lock_take(dir, ret_lock);

        if (r < 0)
                return r;
        remove_leftovers(dir);
        return settle(dir);
}

int snapshot_epoch_advance(int dir) {
        auto_close int lock = -1;
        const int r = begin(dir, &lock);

        return r < 0 ? r : epoch_advance_locked(dir);
}

/* -- What is written ------------------------------------------------------------------------------ */

int snapshot_builder_write(struct snapshot_builder *b, int dir, const char *name, mode_t mode) {
        AUTO(draft_done) struct draft d = { .dir = dir };
        auto_close int lock = -1;
        int r;

        r = lock_take(dir, &lock);
        if (r == 0)
                r = draft_write_builder(&d, dir, name, mode, b);
        if (r == 0)
                r = draft_publish(&d);
        return r != 0 ? r : directory_sync(dir);
}

static int draft_write_empty_delta(struct draft *d, int dir, const char *name, mode_t mode,
                                   enum snapshot_kind kind, const struct snapshot_builder *base) {
        struct snapshot_builder *delta;
        int r;

        *d = (struct draft) { .dir = dir };
        r = snapshot_builder_new(kind, base->generation, 1, base->written, &delta);
        if (r < 0)
                return r;
        r = draft_write_builder(d, dir, name, mode, delta);
        (void) snapshot_builder_free(delta);
        return r;
}

/* K8 once more, across the two files: what is a record service's in one is nobody's in the other. */
static int forbid_what_is_public(const struct snapshot_builder *public_base, struct snapshot_builder *private_base) {
        const struct number_set *const gids = &public_base->forbidden;
        int r = 0;

        for (size_t i = 0; r == 0 && i < gids->size; i++)
                if (gids->at[i] != 0)
                        r = snapshot_builder_forbid(private_base, (gid_t) gids->at[i]);
        return r;
}

int snapshot_write_bases(int dir, struct snapshot_builder *public_base, struct snapshot_builder *private_base) {
        AUTO(draft_done) struct draft public = { .dir = dir };
        AUTO(draft_done) struct draft private = { .dir = dir };
        AUTO(draft_done) struct draft public_delta = { .dir = dir };
        AUTO(draft_done) struct draft private_delta = { .dir = dir };
        struct draft *const in_order[] = { &private, &public, &private_delta, &public_delta };
        auto_close int lock = -1;
        int r;

        if (public_base->kind != SNAPSHOT_PUBLIC || private_base->kind != SNAPSHOT_PRIVATE ||
            public_base->generation != private_base->generation)
                return -EINVAL;

        r = forbid_what_is_public(public_base, private_base);
        if (r == 0)
                r = begin(dir, &lock);
        if (r == 0)
                r = epoch_advance_locked(dir);
        if (r == 0)
                r = draft_write_builder(&public, dir, "public.snapshot", 0644, public_base);
        if (r == 0)
                r = draft_write_builder(&private, dir, "private.snapshot", 0600, private_base);
        if (r == 0)
                r = draft_write_empty_delta(&public_delta, dir, "public.delta", 0644, SNAPSHOT_PUBLIC_DELTA, public_base);
        if (r == 0)
                r = draft_write_empty_delta(&private_delta, dir, "private.delta", 0600, SNAPSHOT_PRIVATE_DELTA, private_base);
        for (size_t i = 0; r == 0 && i < N_ELEMENTS(in_order); i++)
                r = draft_publish(in_order[i]);
        if (r == 0)
                r = directory_sync(dir);
        return r != 0 ? r : epoch_advance_locked(dir);
}

int snapshot_write_deltas(int dir, struct snapshot_builder *public_delta, struct snapshot_builder *private_delta) {
        AUTO(draft_done) struct draft public = { .dir = dir };
        AUTO(draft_done) struct draft private = { .dir = dir };
        auto_close int lock = -1;
        int r;

        if (public_delta->kind != SNAPSHOT_PUBLIC_DELTA || private_delta->kind != SNAPSHOT_PRIVATE_DELTA ||
            public_delta->generation != private_delta->generation || public_delta->serial != private_delta->serial)
                return -EINVAL;

        r = begin(dir, &lock);
        if (r == 0)
                r = draft_write_builder(&public, dir, "public.delta", 0644, public_delta);
        if (r == 0)
                r = draft_write_builder(&private, dir, SNAPSHOT_NEXT_DELTA, 0600, private_delta);
        if (r == 0)
                r = draft_publish(&private);
        if (r == 0) {
                const int published = draft_publish(&public);

                r = settle(dir);
                r = published < 0 ? published : r;
        }
        if (r == 0)
                r = epoch_advance_locked(dir);
        /* After programs are told: should the host go down before this, the older delta is there again, and made up for at boot. */
        return r != 0 ? r : directory_sync(dir);
}
