/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-fast.c - what has been asked for once costs neither memory nor a lock
 *
 *     test-fast PLUGIN
 *
 * This program has the allocator's functions, those that lock, and those that
 * wait: a plugin that it loads comes to them before libc's own.  (That no
 * system call is made is tests/e2e/test_readers.py's to see.)
 */

#include "cleanup.h"
#include "clinic.h"
#include "plugin.h"
#include "world.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <threads.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 4096, GROUPS = 2048, TIMES = 100 };

static struct {
        bool     counts;
        unsigned allocations, locks, waits;
} seen;

/* -- In libc's place ----------------------------------------------------------------------------------- */

#pragma GCC visibility push(default)            /* or nobody else comes to them                   */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

void *malloc(size_t n) {
        seen.allocations += seen.counts;
        return __libc_malloc(n);
}

void *calloc(size_t n, size_t size) {
        seen.allocations += seen.counts;
        return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n) {
        seen.allocations += seen.counts;
        return __libc_realloc(p, n);
}

void *reallocarray(void *p, size_t n, size_t size) {
        seen.allocations += seen.counts;
        if (size != 0 && n > SIZE_MAX / size) {
                errno = ENOMEM;
                return NULL;
        }
        return __libc_realloc(p, n * size);
}

void free(void *p) {
        seen.allocations += seen.counts;
        __libc_free(p);
}

#define LIBCS(function, type)                                           \
        int function(type *x) {                                         \
                static int (*next)(type *x);                            \
                seen.locks += seen.counts;                              \
                if (!next)                                              \
                        *(void **) &next = dlsym(RTLD_NEXT, #function); \
                return next(x);                                         \
        }

LIBCS(pthread_mutex_lock, pthread_mutex_t)
LIBCS(pthread_mutex_trylock, pthread_mutex_t)
LIBCS(pthread_rwlock_rdlock, pthread_rwlock_t)
LIBCS(pthread_rwlock_wrlock, pthread_rwlock_t)
LIBCS(pthread_spin_lock, pthread_spinlock_t)
LIBCS(mtx_lock, mtx_t)
LIBCS(sem_wait, sem_t)

/* How libc is asked for a futex, for one. */
long syscall(long number, ...) {
        static long (*next)(long number, ...);
        long word[6];
        va_list ap;

        seen.waits += seen.counts;
        if (!next)
                *(void **) &next = dlsym(RTLD_NEXT, "syscall");
        va_start(ap, number);
        for (size_t i = 0; i < N_ELEMENTS(word); i++)
                word[i] = va_arg(ap, long);
        va_end(ap);
        return next(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

int nanosleep(const struct timespec *t, struct timespec *left) {
        seen.waits += seen.counts;
        return clock_nanosleep(CLOCK_REALTIME, 0, t, left) == 0 ? 0 : -1;
}

#pragma GCC visibility pop

/* -- Look-ups -------------------------------------------------------------------------------------------- */

static struct plugin plugin;

static void begin(void) {
        memset(&seen, 0, sizeof seen);
        seen.counts = true;
}

enum look { BY_NAME, BY_UID, GROUP_BY_NAME, BY_GID, GROUPS_OF };

static enum nss_status look(enum look what, const char *name, uint32_t id, long int room) {
        static char buf[BUFFER];
        static gid_t groups[GROUPS];
        gid_t *held = groups;
        long int start = 0;
        struct passwd pw;
        struct group gr;
        int error;

        switch (what) {
        case BY_NAME:
                return plugin.getpwnam(name, &pw, buf, sizeof buf, &error);
        case BY_UID:
                return plugin.getpwuid(id, &pw, buf, sizeof buf, &error);
        case GROUP_BY_NAME:
                return plugin.getgrnam(name, &gr, buf, sizeof buf, &error);
        case BY_GID:
                return plugin.getgrgid(id, &gr, buf, sizeof buf, &error);
        case GROUPS_OF:
                return plugin.initgroups(name, 1, &start, &room, &held, -1, &error);
        }
        return NSS_STATUS_RETURN;
}

static const struct {
        const char     *name;
        enum look       what;
        const char     *key;
        uint32_t        id;
        enum nss_status want;
} lookups[] = {
        { "a user",              BY_NAME,       "anna",            0,              NSS_STATUS_SUCCESS  },
        { "a uid",               BY_UID,        NULL,              UID_ANNA,       NSS_STATUS_SUCCESS  },
        { "a client",            BY_NAME,       "elsa",            0,              NSS_STATUS_SUCCESS  },
        { "a group",             GROUP_BY_NAME, "unit-oak",        0,              NSS_STATUS_SUCCESS  },
        { "a gid",               BY_GID,        NULL,              GID_OAK,        NSS_STATUS_SUCCESS  },
        { "one with members",    GROUP_BY_NAME, "unit-listed",     0,              NSS_STATUS_SUCCESS  },
        { "groups of a user",    GROUPS_OF,     "anna",            0,              NSS_STATUS_SUCCESS  },
        { "1200 groups",         GROUPS_OF,     "many",            0,              NSS_STATUS_SUCCESS  },
        { "a stranger",          BY_NAME,       "nobody-has-this", 0,              NSS_STATUS_NOTFOUND },
        { "an unused uid",       BY_UID,        NULL,              UID_ANNA + 500, NSS_STATUS_NOTFOUND },
        { "an unused group",     GROUP_BY_NAME, "unit-nowhere",    0,              NSS_STATUS_NOTFOUND },
        { "a stranger's groups", GROUPS_OF,     "nobody-has-this", 0,              NSS_STATUS_NOTFOUND },
        { "root",                BY_NAME,       "root",            0,              NSS_STATUS_NOTFOUND },
};

static void test_warm(void) {
        for (size_t i = 0; i < N_ELEMENTS(lookups); i++) {
                enum nss_status first, s = NSS_STATUS_RETURN;
                bool same = true;

                first = look(lookups[i].what, lookups[i].key, lookups[i].id, GROUPS);
                begin();
                for (unsigned n = 0; n < TIMES; n++) {
                        s = look(lookups[i].what, lookups[i].key, lookups[i].id, GROUPS);
                        same &= s == lookups[i].want;
                }
                seen.counts = false;
                ok(first == lookups[i].want && same && seen.allocations + seen.locks + seen.waits == 0,
                   "%s: %u allocations, %u locks, %u waits", lookups[i].name, seen.allocations, seen.locks, seen.waits);
        }
}

/* The counters count: what the plugin has to ask memory for, and each of the others. */
static void test_counters(int dir) {
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        gid_t *held = __libc_malloc(sizeof *held);
        long int start = 0, size = 1;
        int error;

        begin();
        (void) plugin.initgroups("anna", 1, &start, &size, &held, -1, &error);
        seen.counts = false;
        ok(seen.allocations > 0 && start == 3, "a list that must grow: %u allocations", seen.allocations);
        __libc_free(held);

        (void) snapshot_epoch_advance(dir);
        begin();
        (void) look(BY_NAME, "anna", 0, GROUPS);
        seen.counts = false;
        note("after a change: %u allocations, %u locks, %u waits", seen.allocations, seen.locks, seen.waits);

        begin();
        (void) pthread_mutex_lock(&mutex);
        (void) pthread_mutex_unlock(&mutex);
        (void) syscall(SYS_getpid);
        seen.counts = false;
        ok(seen.locks == 1 && seen.waits == 1, "a lock and a system call of this program's own");
}

int main(int argc, char **argv) {
        int dir;

        if (argc != 2)
                return 2;
        plugin = plugin_load(argv[1]);
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        clinic_publish(dir, 1, 1);
        test_warm();
        test_counters(dir);
        world_leave();
        return finish();
}
