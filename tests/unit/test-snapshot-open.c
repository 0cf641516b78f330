/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-snapshot-open.c - which files are believed, and how long a view of them lives
 */

#include "cleanup.h"
#include "clinic.h"
#include "snapshot-view.h"
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { MARK = 4711, MANY_VIEWS = SNAPSHOT_VIEWS + 5 };

static const char *const names[] = { "public.snapshot", "private.snapshot", "public.delta", "private.delta", "epoch" };

static int dir = -1;

/* Look up a user who is there: 0, NOT_FOUND or -errno. */
static int look(void) {
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e;
        int r;

        r = snapshot_acquire(&view);
        if (r == 0)
                r = snapshot_user_by_name(view, "anna", &e);
        snapshot_release(view);
        return r;
}

static const char *path_of(const char *name) {
        static char path[64];

        (void) snprintf(path, sizeof path, WORLD_SNAPSHOTS "/%s", name);
        return path;
}

static void fresh(uint64_t generation) {
        snapshot_shutdown();
        (void) unlink(WORLD_SNAPSHOTS "/epoch");
        clinic_publish(dir, generation, 0);
}

/* In a file that is opened anew. */
static void refused(const char *name, int want, const char *what) {
        int r;

        snapshot_shutdown();
        r = look();
        ok(r == want, "%s: %s (%s)", name, what, r < 0 ? strerrorname_np(-r) : r == 0 ? "believed" : "not found");
}

static mode_t mode_of(const char *name) {
        return strncmp(name, "private", 7) == 0 ? 0600 : 0644;
}

static void forged(void) {
        for (size_t i = 0; i < N_ELEMENTS(names); i++) {
                const char *const name = names[i];
                const mode_t mode = mode_of(name);
                auto_free uint8_t *bytes = NULL;
                size_t n;

                fresh(1);
                ok(look() == 0, "%s: as it should be", name);
                bytes = world_read(path_of(name), &n);

                (void) chmod(path_of(name), mode | 0020);
                refused(name, -EPERM, "group may write");
                (void) chmod(path_of(name), mode ^ 0004);
                refused(name, -EPERM, "others may read what is private, or not read what is public");
                (void) chmod(path_of(name), mode);
                (void) link(path_of(name), "another-name");
                refused(name, -EPERM, "a second name");
                (void) unlink("another-name");
                refused(name, 0, "one name again");

                (void) rename(path_of(name), "elsewhere");
                refused(name, -ENOENT, "missing");
                (void) symlink("../../elsewhere", path_of(name));
                refused(name, -ELOOP, "a link to the right file");
                (void) unlink(path_of(name));
                (void) mkfifo(path_of(name), mode);
                refused(name, -EPERM, "a FIFO");
                (void) unlink(path_of(name));
                (void) unlink("elsewhere");

                bytes[9] ^= 1;
                world_write(path_of(name), bytes, n, mode);
                refused(name, -EBADMSG, "another version");
                bytes[9] ^= 1;
                world_write(path_of(name), bytes, 0, mode);
                refused(name, -EBADMSG, "empty");
        }

        fresh(1);
        (void) chmod(WORLD_SNAPSHOTS, 0775);
        refused("directory", -EPERM, "group may write");
        (void) chmod(WORLD_SNAPSHOTS, 0755);
        (void) chmod("lib", 0777);
        refused("parent", -EPERM, "everybody may write");
        (void) chmod("lib", 0755);
        (void) rename(WORLD_SNAPSHOTS, "lib/real");
        refused("directory", -ENOENT, "missing");
        (void) symlink("real", WORLD_SNAPSHOTS);
        refused("directory", -ENOTDIR, "a link");
        (void) unlink(WORLD_SNAPSHOTS);
        (void) rename("lib/real", WORLD_SNAPSHOTS);
        refused("directory", 0, "back");
}

static void swap(const char *a, const char *b) {
        (void) rename(path_of(a), "swap");
        {
                char from[64];

                (void) snprintf(from, sizeof from, "%s", path_of(b));
                (void) rename(from, path_of(a));
                (void) rename("swap", from);
        }
        (void) chmod(path_of(a), mode_of(a));
        (void) chmod(path_of(b), mode_of(b));
}

static void put_change(const char *name, enum snapshot_kind kind, uint64_t generation, uint64_t serial) {
        struct snapshot_builder *b = NULL;

        (void) snapshot_builder_new(kind, generation, serial, 1, &b);
        /* Which of them is believed: each knows somebody of its own serial. */
        if (kind == SNAPSHOT_PRIVATE_DELTA)
                clinic_add_user(b, serial == 7 ? "of-7" : "of-another", SNAPSHOT_PRIVATE_KIND, UID_ELSA + 1, GID_CLIENT, NULL, 0);
        (void) snapshot_builder_write(b, dir, name, mode_of(name));
        (void) snapshot_builder_free(b);
}

static void put_delta(const char *name, enum snapshot_kind kind, uint64_t generation) {
        struct snapshot_builder *b = clinic_builder(kind, generation, 1);

        (void) snapshot_builder_write(b, dir, name, mode_of(name));
        (void) snapshot_builder_free(b);
}

static void generations(void) {
        struct snapshot_builder *b;
        pid_t child;

        fresh(1);
        swap("public.snapshot", "private.snapshot");
        refused("bases", -EBADMSG, "one in the other's place");
        fresh(1);
        swap("public.snapshot", "public.delta");
        refused("public", -EBADMSG, "base and delta exchanged");

        fresh(2);
        put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 1);
        refused("public.delta", -ESTALE, "of the generation before");
        put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 2);
        refused("public.delta", 0, "of this one");
        put_delta("private.delta", SNAPSHOT_PRIVATE_DELTA, 3);
        refused("private.delta", -ESTALE, "of the generation after");
        fresh(2);
        b = clinic_private(3, 1);
        (void) snapshot_builder_write(b, dir, "private.snapshot", 0600);
        (void) snapshot_builder_free(b);
        put_delta("private.delta", SNAPSHOT_PRIVATE_DELTA, 3);
        refused("private", -ESTALE, "both of another generation than the public ones");

        /* A writer that is between two renames comes to an end while the reader tries again. */
        fresh(2);
        put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 1);
        child = fork();
        if (child == 0) {
                const struct timespec a_moment = { .tv_nsec = 30 * 1000 * 1000 };

                (void) nanosleep(&a_moment, NULL);
                put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 2);
                _exit(0);
        }
        refused("public.delta", 0, "put right while the reader looks again");
        (void) waitpid(child, NULL, 0);

        /* A process with a view goes on with it until the epoch says otherwise, and then does not use the base alone. */
        fresh(2);
        (void) look();
        put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 1);
        ok(look() == 0, "running: nothing new before the epoch goes up");
        (void) snapshot_epoch_advance(dir);
        ok(look() == -ESTALE, "running: never the old base, never the base alone");
        put_delta("public.delta", SNAPSHOT_PUBLIC_DELTA, 2);
        ok(look() == 0, "running: as soon as they agree");
}

static bool is_there(const char *name) {
        return access(path_of(name), F_OK) == 0;
}

/* The user that only the private delta of serial 7 knows. */
static int look_for_7(void) {
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e;
        int r;

        snapshot_shutdown();
        r = snapshot_acquire(&view);
        if (r == 0)
                r = snapshot_user_by_name(view, "of-7", &e);
        snapshot_release(view);
        return r;
}

/* Two deltas of one change stand from one moment on: that of the rename of the public one. */
static void changes(void) {
        struct snapshot_builder *public = NULL, *private = NULL;

        fresh(2);
        put_change("private.delta", SNAPSHOT_PRIVATE_DELTA, 2, 7);
        refused("private.delta", -ESTALE, "of a change that the public one doesn't know");
        put_change("public.delta", SNAPSHOT_PUBLIC_DELTA, 2, 7);
        ok(look_for_7() == 0, "changes: both of one");
        put_change("public.delta", SNAPSHOT_PUBLIC_DELTA, 2, 8);
        refused("public.delta", -ESTALE, "of a change that the private one doesn't know");

        /* Before the public one has its name, the private one that waits is nothing. */
        put_change("public.delta", SNAPSHOT_PUBLIC_DELTA, 2, 6);
        put_change("private.delta", SNAPSHOT_PRIVATE_DELTA, 2, 6);
        put_change(SNAPSHOT_NEXT_DELTA, SNAPSHOT_PRIVATE_DELTA, 2, 7);
        ok(look_for_7() == SNAPSHOT_E_NOT_FOUND, "changes: what waits does not count yet");
        put_change("public.delta", SNAPSHOT_PUBLIC_DELTA, 2, 7);
        ok(look_for_7() == 0, "changes: then it does, wherever it is");
        (void) chmod(path_of(SNAPSHOT_NEXT_DELTA), 0644);
        refused(SNAPSHOT_NEXT_DELTA, -EPERM, "readable for all");
        put_change(SNAPSHOT_NEXT_DELTA, SNAPSHOT_PRIVATE_DELTA, 3, 7);
        refused(SNAPSHOT_NEXT_DELTA, -ESTALE, "of another generation");
        put_change(SNAPSHOT_NEXT_DELTA, SNAPSHOT_PRIVATE_DELTA, 2, 8);
        refused(SNAPSHOT_NEXT_DELTA, -ESTALE, "of another change");

        /* The next writer finishes what stands, and takes away what does not. */
        put_change(SNAPSHOT_NEXT_DELTA, SNAPSHOT_PRIVATE_DELTA, 2, 7);
        ok(snapshot_epoch_advance(dir) == 0 && !is_there(SNAPSHOT_NEXT_DELTA) && look_for_7() == 0, "changes: finished by the next writer");
        put_change(SNAPSHOT_NEXT_DELTA, SNAPSHOT_PRIVATE_DELTA, 2, 8);
        ok(snapshot_epoch_advance(dir) == 0 && !is_there(SNAPSHOT_NEXT_DELTA) && look_for_7() == 0, "changes: or taken away");
        world_write(path_of(SNAPSHOT_NEXT_DELTA), "", 0, 0600);
        ok(snapshot_epoch_advance(dir) == 0 && !is_there(SNAPSHOT_NEXT_DELTA) && look_for_7() == 0, "changes: damage, too");

        /* A writer whose public delta can't get its name leaves what was. */
        put_change("private.delta", SNAPSHOT_PRIVATE_DELTA, 2, 7);
        (void) snapshot_builder_new(SNAPSHOT_PUBLIC_DELTA, 2, 9, 1, &public);
        (void) snapshot_builder_new(SNAPSHOT_PRIVATE_DELTA, 2, 9, 1, &private);
        (void) rename(path_of("public.delta"), "aside");
        (void) mkdir(path_of("public.delta"), 0755);
        ok(snapshot_write_deltas(dir, public, private) < 0 && !is_there(SNAPSHOT_NEXT_DELTA), "changes: a name that can't be had");
        (void) rmdir(path_of("public.delta"));
        (void) rename("aside", WORLD_SNAPSHOTS "/public.delta");
        ok(look_for_7() == 0, "changes: what was stands");
        ok(snapshot_write_deltas(dir, public, private) == 0 && !is_there(SNAPSHOT_NEXT_DELTA) && look_for_7() == SNAPSHOT_E_NOT_FOUND,
           "changes: and gives way to what comes");
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
}

/* Mappings of snapshot files in this process; descriptors that are open. */
static unsigned mappings(void) {
        FILE *maps = fopen("/proc/self/maps", "re");
        char line[512];
        unsigned n = 0;

        if (!maps)
                return 0;
        while (fgets(line, sizeof line, maps))
                n += strstr(line, "/" WORLD_SNAPSHOTS "/") != NULL;
        (void) fclose(maps);
        return n;
}

static unsigned descriptors(void) {
        DIR *all = opendir("/proc/self/fd");
        unsigned n = 0;

        if (!all)
                return 0;
        while (readdir(all))
                n++;
        (void) closedir(all);
        return n;
}

static void lives(void) {
        const struct snapshot_view *held[MANY_VIEWS], *again;
        unsigned before, distinct = 0, spare = 0, right = 0, n_maps;
        struct snapshot_entry e;

        fresh(1);
        before = descriptors();
        errno = MARK;
        ok(look() == 0 && errno == MARK, "view: errno is as it was");
        ok(descriptors() == before, "view: no descriptor is kept");
        n_maps = mappings();
        ok(n_maps == 5, "view: four files and the epoch are mapped (%u)", n_maps);
        ok(snapshot_acquire(&held[0]) == 0 && snapshot_acquire(&again) == 0 && held[0] == again, "view: one for all");
        snapshot_release(again);
        snapshot_release(held[0]);

        /* Readers that hold theirs while the writer goes on. */
        for (size_t i = 0; i < MANY_VIEWS; i++) {
                (void) snapshot_epoch_advance(dir);
                if (snapshot_acquire(&held[i]) != 0) {
                        ok(false, "view %zu", i);
                        return;
                }
                spare += held[i]->spare != 0;
                distinct += i == 0 || held[i] != held[i - 1];
                right += snapshot_user_by_name(held[i], "anna", &e) == 0;
        }
        ok(distinct == MANY_VIEWS && right == MANY_VIEWS, "view: every reader has its own, and it answers");
        ok(spare == MANY_VIEWS - SNAPSHOT_VIEWS, "view: beyond the places there are, one for the call");
        right = 0;
        for (size_t i = 0; i < MANY_VIEWS; i++)
                right += snapshot_user_by_name(held[i], "anna", &e) == 0;
        ok(right == MANY_VIEWS, "view: the given up ones answer as long as they are held");
        for (size_t i = 0; i < MANY_VIEWS; i++)
                snapshot_release(held[i]);
        n_maps = mappings();
        ok(n_maps <= 5, "view: what nobody holds is unmapped (%u)", n_maps);
        ok(look() == 0 && mappings() == 5, "view: and a new one is opened");

        /* Failures leave nothing behind. */
        (void) chmod(path_of("private.delta"), 0644);
        for (int i = 0; i < 3 * SNAPSHOT_VIEWS; i++) {
                (void) snapshot_epoch_advance(dir);
                (void) look();
        }
        (void) chmod(path_of("private.delta"), 0600);
        ok(look() == 0 && mappings() == 5 && descriptors() == before, "view: failures leave nothing open");

        snapshot_shutdown();
        ok(mappings() == 0, "view: nothing is left after the end");
}

static void epochs(void) {
        auto_free uint8_t *page = NULL;
        size_t n;

        fresh(1);
        page = world_read(path_of("epoch"), &n);
        snapshot_shutdown();
        page[0] ^= 1;
        world_write(path_of("epoch"), page, n, 0644);
        ok(look() == -EBADMSG && look() == -EBADMSG, "epoch: damaged");
        page[0] ^= 1;
        world_write(path_of("epoch"), page, n, 0644);
        ok(look() == 0, "epoch: put right, and tried anew");
        snapshot_shutdown();
        world_write(path_of("epoch"), page, n - 1, 0644);
        ok(look() == -EBADMSG, "epoch: too short");
        ok(snapshot_epoch_advance(dir) == -EBADMSG, "epoch: nor does a writer touch it");
}

/* Owners can be forged only by root: these cases are suite root's. */
static void owners(void) {
        static const struct {
                const char *name;
                const char *path;
                int         want;
        } cases[] = {
                { "a public file that is somebody else's",  WORLD_SNAPSHOTS "/public.snapshot",  -EPERM },
                { "a private file that is somebody else's", WORLD_SNAPSHOTS "/private.snapshot", -EPERM },
                { "a delta that is somebody else's",        WORLD_SNAPSHOTS "/public.delta",     -EPERM },
                { "an epoch that is somebody else's",       WORLD_SNAPSHOTS "/epoch",            -EPERM },
                { "a directory that is somebody else's",    WORLD_SNAPSHOTS,                     -EPERM },
                { "a parent that is somebody else's",       "lib",                               -EPERM },
        };

        for (size_t i = 0; geteuid() == 0 && i < N_ELEMENTS(cases); i++) {
                fresh(1);
                (void) chown(cases[i].path, 12345, 0);
                refused("owner", cases[i].want, cases[i].name);
                (void) chown(cases[i].path, 0, 0);
        }
}

int main(void) {
        (void) setvbuf(stdout, NULL, _IOLBF, 0);        /* children end with nothing left to print */
        world_root = true;
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        forged();
        generations();
        changes();
        lives();
        epochs();
        owners();
        world_leave();
        return finish();
}
