/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-plugin.c - the built plugin as glibc calls it (numbers: nss_careroles.c)
 *
 *     test-plugin PLUGIN
 *
 * The plugin is the one that is installed but for its places and owners
 * (test-places.h).
 */

#include "cleanup.h"
#include "clinic.h"
#include "plugin.h"
#include "world.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

enum { MARK = 4711, BUFFER = 4096, SWEEP = 256 };

static struct plugin plugin;
static int dir = -1;

/* -- One of each look-up, as a status and an error -------------------------------------------------- */

enum look { BY_NAME, BY_UID, GROUP_BY_NAME, BY_GID, GROUPS_OF, LOOKS };

static const char *const look_names[LOOKS] = { "getpwnam", "getpwuid", "getgrnam", "getgrgid", "initgroups" };

static enum nss_status look(enum look what, const char *name, uint32_t id, char *buf, size_t n, int *error) {
        enum nss_status status = NSS_STATUS_RETURN;
        struct passwd pw;
        struct group gr;
        long int start = 0, size = 1;
        auto_free gid_t *groups = NULL;

        switch (what) {
        case BY_NAME:
                return plugin.getpwnam(name, &pw, buf, n, error);
        case BY_UID:
                return plugin.getpwuid(id, &pw, buf, n, error);
        case GROUP_BY_NAME:
                return plugin.getgrnam(name, &gr, buf, n, error);
        case BY_GID:
                return plugin.getgrgid(id, &gr, buf, n, error);
        case GROUPS_OF:
                groups = malloc(sizeof *groups);
                status = plugin.initgroups(name, 0, &start, &size, &groups, -1, error);
                return start == 0 || status == NSS_STATUS_SUCCESS ? status : NSS_STATUS_RETURN;
        case LOOKS:
                break;
        }
        return status;
}

static const struct {
        const char     *name;
        enum look       what;
        const char     *key;
        uint32_t        id;
        enum nss_status want, without;          /* with snapshots; with none                        */
} lookups[] = {
        { "a user",               BY_NAME,       "anna",       0,         NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "a uid",                BY_UID,        NULL,         UID_ANNA,  NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "a group",              GROUP_BY_NAME, "unit-oak",   0,         NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "a gid",                BY_GID,        NULL,         GID_OAK,   NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "groups of a user",     GROUPS_OF,     "anna",       0,         NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "groups of a host's",   GROUPS_OF,     "dana",       0,         NSS_STATUS_SUCCESS,  NSS_STATUS_UNAVAIL  },
        { "a stranger",           BY_NAME,       "stranger",   0,         NSS_STATUS_NOTFOUND, NSS_STATUS_UNAVAIL  },
        { "a stranger's groups",  GROUPS_OF,     "stranger",   0,         NSS_STATUS_NOTFOUND, NSS_STATUS_UNAVAIL  },
        { "a uid of ours, unused", BY_UID,       NULL,         UID_ANNA + 500, NSS_STATUS_NOTFOUND, NSS_STATUS_UNAVAIL },
        { "a group that is none", GROUP_BY_NAME, "anna",       0,         NSS_STATUS_NOTFOUND, NSS_STATUS_UNAVAIL  },
        { "5: root",              BY_NAME,       "root",       0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: root's groups",     GROUPS_OF,     "root",       0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: group root",        GROUP_BY_NAME, "root",       0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: uid 0",             BY_UID,        NULL,         0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: gid 0",             BY_GID,        NULL,         0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: uid below",         BY_UID,        NULL, SNAPSHOT_ID_MIN - 1, NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: gid above",         BY_GID,        NULL, SNAPSHOT_ID_MAX + 1, NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: no name at all",    BY_NAME,       NULL,         0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: an empty name",     BY_NAME,       "",           0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: another alphabet",  BY_NAME,       "Åsa",        0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
        { "5: a Windows name",    GROUPS_OF,     "AD\\anna",   0,         NSS_STATUS_NOTFOUND, NSS_STATUS_NOTFOUND },
};

static void statuses(bool there) {
        char buf[BUFFER];

        for (size_t i = 0; i < N_ELEMENTS(lookups); i++) {
                const enum nss_status want = there ? lookups[i].want : lookups[i].without;
                enum nss_status got;
                int error = MARK, errno_after;

                errno = MARK + 1;
                got = look(lookups[i].what, lookups[i].key, lookups[i].id, buf, sizeof buf, &error);
                errno_after = errno;
                ok(got == want && errno_after == MARK + 1 && (error == MARK) == (want != NSS_STATUS_UNAVAIL),
                   "%s snapshots: %s: %s (%d, %s)", there ? "with" : "without", look_names[lookups[i].what],
                   lookups[i].name, got, error == MARK ? "-" : strerrorname_np(error));
        }
}

/* 6: below some size TRYAGAIN with ERANGE, from there on SUCCESS; at every alignment. */
static void buffers(void) {
        for (enum look what = BY_NAME; what < GROUPS_OF; what++) {
                _Alignas(16) char buf[SWEEP + 16];
                unsigned wrong = 0, n_small = 0;

                for (size_t offset = 0; offset < 16; offset++) {
                        bool fits = false;

                        for (size_t n = 0; n <= SWEEP; n++) {
                                int error = MARK;
                                enum nss_status s;

                                errno = MARK;
                                s = look(what, what == BY_NAME ? "anna" : "unit-listed",
                                         what == BY_UID ? UID_ANNA : GID_LISTED, buf + offset, n, &error);
                                if (s == NSS_STATUS_SUCCESS)
                                        fits = true;
                                else {
                                        wrong += fits || s != NSS_STATUS_TRYAGAIN || error != ERANGE;
                                        n_small++;
                                }
                                wrong += errno != MARK;
                        }
                        wrong += !fits;
                }
                ok(wrong == 0 && n_small > 16, "%s: 6: every size at every alignment (%u wrong, %u too small)",
                   look_names[what], wrong, n_small);
        }
}

/* What has been asked for again and again is another one after a change. */
static void changes(void) {
        static const struct snapshot_timed aide[] = { PLAIN(GID_AIDE) };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, 1, 1);
        gid_t room[8], *held = room;
        long int start = 0, size = 8;
        struct passwd pw = { .pw_gid = 0 };
        char buf[BUFFER];
        int error = MARK;
        bool by_uid;

        clinic_add_user(b, "anna", 0, UID_ANNA, GID_AIDE, aide, 1);
        (void) snapshot_builder_write(b, dir, "public.delta", 0644);
        (void) snapshot_builder_free(b);
        (void) snapshot_epoch_advance(dir);
        by_uid = plugin.getpwuid(UID_ANNA, &pw, buf, sizeof buf, &error) == NSS_STATUS_SUCCESS && pw.pw_gid == GID_AIDE;
        ok(plugin.getpwnam("anna", &pw, buf, sizeof buf, &error) == NSS_STATUS_SUCCESS && pw.pw_gid == GID_AIDE && by_uid,
           "a change: the entry");
        ok(plugin.getpwnam(pw.pw_name, &pw, buf, sizeof buf, &error) == NSS_STATUS_SUCCESS && strcmp(pw.pw_dir, "/home/anna") == 0,
           "a name that stands in the buffer of the answer");
        ok(plugin.initgroups("anna", 0, &start, &size, &held, -1, &error) == NSS_STATUS_SUCCESS && start == 1 && held[0] == GID_AIDE,
           "a change: the groups");
        clinic_publish(dir, 1, 1);
}

/* -- initgroups --------------------------------------------------------------------------------------- */

static void groups_of(const char *what, const char *user, gid_t skip, long int before, long int size, long int limit,
                      long int want, long int want_size) {
        auto_free gid_t *groups = calloc((size_t) size, sizeof *groups);
        long int start = before, was = size;
        int error = MARK;
        bool right = true;
        enum nss_status s;

        for (long int i = 0; i < before; i++)
                groups[i] = (gid_t) (10 + i);
        s = plugin.initgroups(user, skip, &start, &size, &groups, limit, &error);
        for (long int i = 0; i < before; i++)
                right &= groups[i] == (gid_t) (10 + i);
        for (long int i = before; i < start; i++) {
                right &= groups[i] != skip && snapshot_id_is_ours(groups[i]);
                for (long int k = before; k < i; k++)
                        right &= groups[k] != groups[i];
        }
        ok(s == NSS_STATUS_SUCCESS && error == MARK && right && start - before == want &&
           (want_size ? size == want_size : size >= was), "initgroups: %s (%ld groups, array of %ld)", what, start - before, size);
}

static void memberships(void) {
        groups_of("an array that is large enough", "anna", 0, 0, 64, -1, 3, 64);
        groups_of("an array that must grow", "anna", 0, 0, 1, -1, 3, 4);
        groups_of("behind what is there", "anna", 0, 5, 5, -1, 3, 10);
        groups_of("without the primary group", "anna", GID_NURSE, 2, 64, -1, 2, 64);
        groups_of("a limit above", "anna", 0, 0, 1, 65536, 3, 4);
        groups_of("a limit that is just reached", "anna", 0, 0, 1, 3, 3, 3);
        groups_of("a limit that cuts off", "anna", 0, 0, 1, 2, 2, 2);
        groups_of("a limit that is reached already", "anna", 0, 4, 4, 4, 0, 4);
        groups_of("1200 groups", "many", 0, 3, 64, 65536, N_MANY, 2048);
        groups_of("1200 groups and no limit", "many", 0, 0, 1, 0, N_MANY, 2048);
        groups_of("groups of two files", "dana", 0, 0, 64, -1, 2, 64);
}

/* The same gid in both files comes once. */
static void twice(void) {
        static const struct snapshot_timed oak[] = { PLAIN(GID_OAK), PLAIN(GID_NURSE), TIMED(0, FAR_AHEAD, GID_AIDE) };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, 1, 1);

        clinic_add_user(b, "anna", 0, 0, 0, oak, N_ELEMENTS(oak));
        (void) snapshot_builder_write(b, dir, "private.delta", 0600);
        (void) snapshot_builder_free(b);
        (void) snapshot_epoch_advance(dir);
        groups_of("a group that two files give", "anna", 0, 0, 64, -1, 4, 64);
        clinic_publish(dir, 1, 1);
}

/* 7: damage after the first groups have been given: nothing of them stays. */
static void all_or_none(void) {
        auto_free uint8_t *bytes = NULL;
        auto_free gid_t *groups = calloc(8, sizeof *groups);
        long int start = 2, size = 8;
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, 1, 1);
        static const struct snapshot_timed held[] = { PLAIN(GID_OAK), PLAIN(GID_OAK + 1) };
        struct snapshot_record *record;
        struct snapshot_header *h;
        enum nss_status s;
        size_t n;
        int error = 0;

        clinic_add_user(b, "anna", 0, 0, 0, held, N_ELEMENTS(held));
        if (snapshot_builder_image(b, &bytes, &n) != 0)
                exit(1);
        (void) snapshot_builder_free(b);
        h = (struct snapshot_header *) (void *) bytes;
        record = (struct snapshot_record *) (void *) (bytes + h->records.offset);
        ((uint32_t *) (record + 1))[1] = 27;
        record->check = snapshot_check32(h->seed, h->records.offset, record, record->length);
        world_write(WORLD_SNAPSHOTS "/private.delta", bytes, n, 0600);
        (void) snapshot_epoch_advance(dir);

        s = plugin.initgroups("anna", 0, &start, &size, &groups, -1, &error);
        ok(s == NSS_STATUS_UNAVAIL && error == EBADMSG && start == 2, "initgroups: 7: a gid out of range: none at all");
        clinic_publish(dir, 1, 1);
}

/* -- The host program ------------------------------------------------------------------------------------ */

static bool same_mask(const sigset_t *a, const sigset_t *b) {
        for (int i = 1; i < NSIG; i++)
                if (sigismember(a, i) != sigismember(b, i))
                        return false;
        return true;
}

static void guest(const char *path) {
        struct sigaction bus, after;
        sigset_t mask, mask_after;
        struct plugin again;
        char buf[BUFFER];
        int error, state;

        (void) sigaction(SIGBUS, NULL, &bus);
        (void) sigprocmask(SIG_SETMASK, NULL, &mask);
        (void) snapshot_epoch_advance(dir);
        (void) look(BY_NAME, "anna", 0, buf, sizeof buf, &error);
        (void) sigaction(SIGBUS, NULL, &after);
        (void) sigprocmask(SIG_SETMASK, NULL, &mask_after);
        ok(bus.sa_handler == after.sa_handler && same_mask(&mask, &mask_after), "1: signals are as they were");
        (void) pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
        ok(state == PTHREAD_CANCEL_ENABLE, "1: so is cancellation");

        ok(dlclose(plugin.handle) == 0, "dlclose()");
        again = plugin_load(path);
        ok(again.getpwnam == plugin.getpwnam, "dlopen() again: it had never gone");
        plugin = again;
        ok(look(BY_NAME, "anna", 0, buf, sizeof buf, &error) == NSS_STATUS_SUCCESS, "and answers");
}

int main(int argc, char **argv) {
        if (argc != 2)
                return 2;
        plugin = plugin_load(argv[1]);
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        statuses(false);
        clinic_publish(dir, 1, 1);
        statuses(true);
        statuses(true);                         /* remembers */
        statuses(true);                         /* from memory */
        changes();
        buffers();
        memberships();
        twice();
        all_or_none();
        guest(argv[1]);
        world_leave();
        return finish();
}
