/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-open.c - from the files in the file system to a view in memory
 *
 * 1. MUST believe only files that pass docs/snapshot-format.md, "Trust".
 * 2. MUST not combine files of different generations, nor deltas of different changes.
 * 3. MUST tell "there is none" from "we could not look": only a private file
 *    that this process may not open, and a self entry or overlay that does
 *    not exist, are nothing; every other missing file is an error.
 * 4. MUST keep no descriptor: the host program counts and closes its own.
 */

#include "snapshot-view.h"

#include "cleanup.h"
#include "snapshot-places.h"
#include "trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <time.h>

enum { DECIMAL_MAX = 10 };                      /* digits of a uid                                */

static void file_close(struct snapshot_file *f) {
        if (f->at)
                (void) munmap((void *) (uintptr_t) f->at, f->size);
        f->at = NULL;
}

static int file_open(int dir, const char *name, uid_t owner, mode_t mode, enum snapshot_kind kind,
                     struct snapshot_file *ret) {
        auto_close int fd = -1;
        size_t size;
        void *at;
        int r;

        r = trusted_open(dir, name, owner, mode, 1, SNAPSHOT_FILE_MAX, &fd, &size);
        if (r < 0)
                return r;
        if (size < SNAPSHOT_HEADER_SIZE)
                return -EBADMSG;
        at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return -errno;

        r = snapshot_file_init(ret, at, size, kind);
        if (r < 0)
                (void) munmap(at, size);
        return r;
}

/* -- The change counter ------------------------------------------------------------------------- */

static int epoch_map(int dir, uid_t owner, _Atomic(snapshot_counter *) *epoch) {
        snapshot_counter *none = NULL;
        struct snapshot_epoch page;
        auto_close int fd = -1;
        size_t size;
        void *at;
        int r;

        if (atomic_load_explicit(epoch, memory_order_acquire))
                return 0;

        r = trusted_open(dir, "epoch", owner, 0644, 1, SNAPSHOT_EPOCH_SIZE, &fd, &size);
        if (r < 0)
                return r;
        if (size != SNAPSHOT_EPOCH_SIZE)
                return -EBADMSG;
        at = mmap(NULL, SNAPSHOT_EPOCH_SIZE, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return -errno;

        memcpy(&page, at, offsetof(struct snapshot_epoch, counter));
        if (!snapshot_epoch_is_valid(&page)) {
                (void) munmap(at, SNAPSHOT_EPOCH_SIZE);
                return -EBADMSG;
        }

        /* Another thread may have been first: its page is the same one, and stays. */
        if (!atomic_compare_exchange_strong(epoch, &none,
                        (snapshot_counter *) &((const struct snapshot_epoch *) at)->counter))
                (void) munmap(at, SNAPSHOT_EPOCH_SIZE);
        return 0;
}

void snapshot_epoch_unmap(snapshot_counter *counter) {
        if (counter)
                (void) munmap((void *) ((uintptr_t) counter - offsetof(struct snapshot_epoch, counter)),
                              SNAPSHOT_EPOCH_SIZE);
}

/* -- Self entries and overlays ------------------------------------------------------------------ */

static void decimal(uint32_t value, char ret[static DECIMAL_MAX + 1]) {
        char digits[DECIMAL_MAX];
        size_t n = 0;

        do {
                digits[n++] = (char) ('0' + value % 10);
                value /= 10;
        } while (value > 0);
        while (n > 0)
                *ret++ = digits[--n];
        *ret = '\0';
}

/* The file of @uid in @folder, of whatever generation.  NOT_FOUND: no such folder or file. */
static int uid_file_open(const char *folder, uid_t uid, mode_t mode, enum snapshot_kind kind, struct snapshot_file *ret) {
        char name[DECIMAL_MAX + 1];
        auto_close int dir = -1;
        uid_t owner;
        int r;

        r = trusted_directory(folder, SNAPSHOT_SELF_OWNER, SNAPSHOT_SELF_OWNER, &dir, &owner);
        if (r == 0) {
                decimal((uint32_t) uid, name);
                r = file_open(dir, name, owner, mode, kind, ret);
        }
        return r == -ENOENT ? SNAPSHOT_E_NOT_FOUND : r;
}

/* -ESTALE: of another generation than the base of @public, which was not written just now. */
static int self_open(struct snapshot_view *v, const struct snapshot_pair *public) {
        struct timespec now;
        int r;

        r = uid_file_open(CAREID_SELF_DIR "/self", v->euid, 0640, SNAPSHOT_SELF, &v->self);
        if (r != 0)
                return r;
        v->self_is_old = v->self.generation != public->base.generation || v->self.serial != public->delta.serial;
        if (v->self.generation == public->base.generation)
                return 0;
        if (clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec >= public->base.written &&
            now.tv_sec - public->base.written < SNAPSHOT_SELF_LAG_S)
                return 0;
        file_close(&v->self);
        return -ESTALE;
}

/* -- A set -------------------------------------------------------------------------------------- */

static int pair_open(int dir, uid_t owner, int private, struct snapshot_pair *ret) {
        const mode_t mode = private ? 0600 : 0644;
        int r;

        r = file_open(dir, private ? "private.snapshot" : "public.snapshot", owner, mode,
                      private ? SNAPSHOT_PRIVATE : SNAPSHOT_PUBLIC, &ret->base);
        if (r == -EACCES && private)
                return 0;
        if (r < 0)
                return r;
        r = file_open(dir, private ? "private.delta" : "public.delta", owner, mode,
                      private ? SNAPSHOT_PRIVATE_DELTA : SNAPSHOT_PUBLIC_DELTA, &ret->delta);
        if (r < 0)
                return r;
        return ret->base.generation == ret->delta.generation ? 0 : -ESTALE;
}

/*
 * MUST 2.  The name of the public delta is what makes both of a change stand:
 * a writer that has come no further has left the private one beside its place.
 */
static int deltas_agree(int dir, uid_t owner, const struct snapshot_pair *public, struct snapshot_pair *private) {
        int r;

        if (private->delta.serial == public->delta.serial)
                return 0;
        file_close(&private->delta);
        r = file_open(dir, SNAPSHOT_NEXT_DELTA, owner, 0600, SNAPSHOT_PRIVATE_DELTA, &private->delta);
        if (r < 0)
                return r == -ENOENT ? -ESTALE : r;
        return private->delta.generation == public->delta.generation && private->delta.serial == public->delta.serial ? 0 : -ESTALE;
}

/*
 * These give everybody what they have been told as root.  So they are told what everybody may know, and nothing else.
 * systemd-userwork answers for systemd-userdbd, and calls itself only that however long its title is.
 */
static int answers_for_all(void) {
        static const char *const names[] = { "nscd", "systemd-userdbd", "systemd-userwork", "accounts-daemon" };

        for (size_t i = 0; i < N_ELEMENTS(names); i++)
                if (strcmp(program_invocation_short_name, names[i]) == 0)
                        return 1;
        return 0;
}

static int64_t later(int64_t a, const struct snapshot_file *f) {
        return f->at && f->written > a ? f->written : a;
}

/* Nothing of the new files has been checked yet. */
static void set_remember(struct snapshot_view *v) {
        memset(&v->seen, 0, sizeof v->seen);
        memset(&v->answers, 0, sizeof v->answers);
        v->public.base.seen = (struct snapshot_seen) { v->seen.public_base, N_ELEMENTS(v->seen.public_base) };
        v->public.delta.seen = (struct snapshot_seen) { v->seen.public_delta, N_ELEMENTS(v->seen.public_delta) };
        v->private.base.seen = (struct snapshot_seen) { v->seen.private_base, N_ELEMENTS(v->seen.private_base) };
        v->private.delta.seen = (struct snapshot_seen) { v->seen.private_delta, N_ELEMENTS(v->seen.private_delta) };
}

static int set_open(struct snapshot_view *v, int dir, uid_t owner, snapshot_counter *counter) {
        int r;

        /* First the counter: what is renamed from now on will make it differ from this. */
        v->epoch = atomic_load_explicit(counter, memory_order_acquire);

        r = pair_open(dir, owner, 0, &v->public);
        if (r == 0 && !answers_for_all())
                r = pair_open(dir, owner, 1, &v->private);
        if (r == 0 && v->private.base.at && v->private.base.generation != v->public.base.generation)
                r = -ESTALE;
        if (r == 0 && v->private.base.at)
                r = deltas_agree(dir, owner, &v->public, &v->private);
        if (r < 0)
                return r;

        if (!v->private.base.at && v->euid != 0 && snapshot_id_is_ours((uint32_t) v->euid)) {
                r = self_open(v, &v->public);
                if (r < 0 && r != -EACCES)
                        v->self_error = r;
        }
        set_remember(v);
        v->written = later(later(later(later(later(INT64_MIN, &v->public.base), &v->public.delta),
                                       &v->private.base), &v->private.delta), &v->self);
        return 0;
}

static void set_clear(struct snapshot_view *v) {
        v->epoch = 0;
        v->written = INT64_MIN;
        v->public = v->private = (struct snapshot_pair) { 0 };
        v->self = (struct snapshot_file) { 0 };
        v->self_error = v->self_is_old = 0;
}

void snapshot_view_close(struct snapshot_view *v) {
        file_close(&v->public.base);
        file_close(&v->public.delta);
        file_close(&v->private.base);
        file_close(&v->private.delta);
        file_close(&v->self);
}

/*
 * Is @euid what every thread of this process remains until it executes
 * something else?  So it is for whoever has no other id to go back to, no
 * capability to take one, and no other thread that might (each has ids of its
 * own).  Not knowing costs a system call at some look-ups, no more.
 */
static int __attribute__((__unused__)) euid_is_fixed(uid_t euid) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
        uid_t real, effective, saved;

        if (euid == 0 || !__libc_single_threaded)
                return 0;
        if (getresuid(&real, &effective, &saved) < 0 || real != euid || effective != euid || saved != euid)
                return 0;
        return syscall(SYS_capget, &header, data) == 0 && !(data[0].permitted & UINT32_C(1) << CAP_SETUID);
}

/* A writer renames a set within moments; give it some. */
static void pause_before(unsigned opening) {
        const struct timespec t = { .tv_nsec = (long) SNAPSHOT_PAUSE_NS << (opening - 1) };

        (void) nanosleep(&t, NULL);
}

int snapshot_view_open(struct snapshot_view *v, _Atomic(snapshot_counter *) *epoch) {
        auto_close int dir = -1;
        uid_t owner;
        int r;

        v->euid = SNAPSHOT_EUID();
        v->euid_is_fixed = SNAPSHOT_EUID_IS_FIXED(v->euid);
        set_clear(v);

        r = trusted_directory(CAREID_SNAPSHOT_DIR, 0, SNAPSHOT_OWNER_MAX, &dir, &owner);
        if (r == 0)
                r = epoch_map(dir, owner, epoch);
        if (r < 0)
                return r;

        r = -ESTALE;
        for (unsigned i = 0; r == -ESTALE && i < SNAPSHOT_REOPEN_MAX; i++) {
                if (i > 0)
                        pause_before(i);
                r = set_open(v, dir, owner, atomic_load_explicit(epoch, memory_order_acquire));
                if (r < 0) {
                        snapshot_view_close(v);
                        set_clear(v);
                }
        }
        return r;
}

int snapshot_overlay_open(uid_t uid, uint64_t generation, struct snapshot_file *ret) {
        int r = -ESTALE;

        for (unsigned i = 0; r == -ESTALE && i < SNAPSHOT_REOPEN_MAX; i++) {
                if (i > 0)
                        pause_before(i);
                r = uid_file_open(CAREID_SELF_DIR "/overlay", uid, 0644, SNAPSHOT_OVERLAY, ret);
                if (r == 0 && ret->generation != generation) {
                        file_close(ret);
                        r = -ESTALE;
                }
        }
        return r;
}

void snapshot_overlay_close(struct snapshot_file *f) {
        file_close(f);
}
