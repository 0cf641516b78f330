/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-threads.c - threads and children look up while a writer replaces the files
 *
 *     test-threads PLUGIN [MILLISECONDS]
 *
 * The writer gives anna one set of groups, then another, by deltas and by new
 * bases.  Every answer must be one of the two, whole, or UNAVAIL; also while
 * somebody loads the plugin and lets it go again all the time.
 */

#include "clinic.h"
#include "plugin.h"
#include "world.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { THREADS = 4, CHILDREN = 12, PRESET_MS = 700, GROUPS = 16, BUFFER = 512, CHILD_LOOKS = 50 };

static struct plugin plugin;
static int dir = -1;
static atomic_int stop;
static atomic_ulong n_looks, n_first, n_second, n_unavailable, n_wrong;

/*
 * One look-up of each kind; anything that no file says is wrong.  Nothing is
 * allocated: a child of a process with threads must not (the list has room
 * for all groups there can be, so that the plugin does not grow it either).
 */
static void look(void) {
        long int start = 0, size = GROUPS;
        gid_t room[GROUPS], *held = room;
        char buf[BUFFER];
        struct passwd pw;
        struct group gr;
        enum nss_status s;
        int error;

        atomic_fetch_add(&n_looks, 1);
        s = plugin.initgroups("anna", 0, &start, &size, &held, -1, &error);
        if (s == NSS_STATUS_SUCCESS && start == 3 && held[0] == GID_NURSE && held[2] == GID_OAK_NURSE)
                atomic_fetch_add(&n_first, 1);
        else if (s == NSS_STATUS_SUCCESS && start == 2 && held[0] == GID_AIDE && held[1] == GID_CHAT)
                atomic_fetch_add(&n_second, 1);
        else if (s == NSS_STATUS_UNAVAIL && start == 0)
                atomic_fetch_add(&n_unavailable, 1);
        else
                atomic_fetch_add(&n_wrong, 1);

        s = plugin.getpwuid(UID_ELSA, &pw, buf, sizeof buf, &error);
        if (s != NSS_STATUS_UNAVAIL && (s != NSS_STATUS_SUCCESS || strcmp(pw.pw_name, "elsa") != 0 || pw.pw_gid != GID_CLIENT))
                atomic_fetch_add(&n_wrong, 1);
        s = plugin.getgrnam("unit-many-7", &gr, buf, sizeof buf, &error);
        if (s != NSS_STATUS_UNAVAIL && (s != NSS_STATUS_SUCCESS || gr.gr_gid != GID_MANY + 7))
                atomic_fetch_add(&n_wrong, 1);
}

static void *reader(void *unused) {
        (void) unused;
        while (!atomic_load(&stop))
                look();
        return NULL;
}

/* As a program does that uses a library of names for a moment. */
static void *loader(void *path) {
        while (!atomic_load(&stop)) {
                void *const again = dlopen(path, RTLD_LAZY | RTLD_LOCAL);

                atomic_fetch_add(&n_wrong, !again || dlclose(again) != 0);
        }
        return NULL;
}

static void delta(uint64_t generation, int second) {
        static const struct snapshot_timed groups[] = { PLAIN(GID_AIDE), PLAIN(GID_CHAT) };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, generation, 1);

        if (second)
                clinic_add_user(b, "anna", 0, UID_ANNA, GID_NURSE, groups, 2);
        (void) snapshot_builder_write(b, dir, "public.delta", 0644);
        (void) snapshot_builder_free(b);
        (void) snapshot_epoch_advance(dir);
}

static void *writer(void *unused) {
        uint64_t generation = 1;

        (void) unused;
        for (unsigned i = 0; !atomic_load(&stop); i++) {
                if (i % 16 == 15)
                        clinic_publish(dir, ++generation, 1);
                delta(generation, i % 2);
        }
        return NULL;
}

/* A child has its parent's view, and must see what comes after. */
static unsigned children(void) {
        unsigned failed = 0;

        for (int i = 0; i < CHILDREN; i++) {
                const struct timespec a_moment = { .tv_nsec = 5 * 1000 * 1000 };
                int status = -1;
                const pid_t child = fork();

                if (child == 0) {
                        const unsigned long wrong = n_wrong, seen = n_first + n_second;

                        for (int k = 0; k < CHILD_LOOKS; k++)
                                look();
                        _exit(n_wrong != wrong || n_first + n_second == seen);
                }
                (void) waitpid(child, &status, 0);
                failed += status != 0;
                (void) nanosleep(&a_moment, NULL);
        }
        return failed;
}

int main(int argc, char **argv) {
        const long ms = argc > 2 ? strtol(argv[2], NULL, 10) : PRESET_MS;
        const struct timespec while_they_run = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
        pthread_t threads[THREADS + 2];
        unsigned failed;

        if (argc < 2)
                return 2;
        plugin = plugin_load(argv[1]);
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        clinic_publish(dir, 1, 1);
        look();
        ok(n_first == 1 && n_wrong == 0, "one look before");

        for (size_t i = 0; i < THREADS; i++)
                (void) pthread_create(&threads[i], NULL, reader, NULL);
        (void) pthread_create(&threads[THREADS], NULL, writer, NULL);
        (void) pthread_create(&threads[THREADS + 1], NULL, loader, argv[1]);
        failed = children();
        (void) nanosleep(&while_they_run, NULL);
        atomic_store(&stop, 1);
        for (size_t i = 0; i < THREADS + 2; i++)
                (void) pthread_join(threads[i], NULL);

        note("%lu look-ups: %lu the first answer, %lu the second, %lu unavailable", n_looks, n_first, n_second, n_unavailable);
        ok(n_wrong == 0, "no answer that no file gave (%lu)", n_wrong);
        ok(n_first > 1 && n_second > 0, "both answers were seen");
        ok(n_unavailable < n_looks / 10, "hardly ever unavailable");
        ok(failed == 0, "children of a process with threads (%u failed)", failed);
        look();
        ok(n_wrong == 0, "one look after");
        world_leave();
        return finish();
}
