/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-damage.c - every byte of every file changed, every length cut: never a wrong answer
 *
 *     test-damage PLUGIN
 *
 * An answer must be the truth or UNAVAIL.  NOTFOUND for somebody who is there
 * would be a wrong answer; so would be half of the groups.
 */

#include "cleanup.h"
#include "clinic.h"
#include "plugin.h"
#include "world.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

enum { BUFFER = 1024, GROUPS = 64 };

static struct plugin plugin;
static int dir = -1;

static const char *const users[] = { "anna", "bo", "elsa", "dana", "stranger" };
static const uint32_t uids[] = { UID_ANNA, UID_BO, UID_ELSA, UID_MO + 1 };
static const char *const groups[] = { "role-nurse", "unit-oak", "unit-oak-nurse", "role-aide", "role-client",
                                      "service-journal", "service-chat", "unit-listed", "unit-none" };
static const uint32_t gids[] = { GID_NURSE, GID_OAK, GID_OAK_NURSE, GID_AIDE, GID_CLIENT, GID_JOURNAL, GID_CHAT,
                                 GID_LISTED, GID_LISTED + 1 };

enum { ANSWERS = 2 * N_ELEMENTS(users) + N_ELEMENTS(uids) + N_ELEMENTS(groups) + N_ELEMENTS(gids) };

struct answer {
        enum nss_status status;
        char            text[128];
};

static void answer_passwd(struct answer *a, enum nss_status status, const struct passwd *pw) {
        *a = (struct answer) { .status = status };
        if (status == NSS_STATUS_SUCCESS)
                (void) snprintf(a->text, sizeof a->text, "%s:%s:%u:%u:%s:%s:%s", pw->pw_name, pw->pw_passwd,
                                pw->pw_uid, pw->pw_gid, pw->pw_gecos, pw->pw_dir, pw->pw_shell);
}

static void answer_group(struct answer *a, enum nss_status status, const struct group *gr) {
        int n;

        *a = (struct answer) { .status = status };
        if (status != NSS_STATUS_SUCCESS)
                return;
        n = snprintf(a->text, sizeof a->text, "%s:%s:%u", gr->gr_name, gr->gr_passwd, gr->gr_gid);
        for (size_t i = 0; gr->gr_mem[i]; i++)
                n += snprintf(a->text + n, sizeof a->text - (size_t) n, ",%s", gr->gr_mem[i]);
}

static void answer_memberships(struct answer *a, const char *user) {
        long int start = 0, size = GROUPS;
        auto_free gid_t *held = calloc(GROUPS, sizeof *held);
        int error, n = 0;

        *a = (struct answer) { .status = plugin.initgroups(user, 0, &start, &size, &held, -1, &error) };
        for (long int i = 0; i < start && i < 8; i++)
                n += snprintf(a->text + n, sizeof a->text - (size_t) n, "%u ", held[i]);
}

static void ask_all(struct answer all[static ANSWERS]) {
        struct answer *a = all;
        char buf[BUFFER];
        struct passwd pw;
        struct group gr;
        int error;

        for (size_t i = 0; i < N_ELEMENTS(users); i++) {
                answer_passwd(a++, plugin.getpwnam(users[i], &pw, buf, sizeof buf, &error), &pw);
                answer_memberships(a++, users[i]);
        }
        for (size_t i = 0; i < N_ELEMENTS(uids); i++)
                answer_passwd(a++, plugin.getpwuid(uids[i], &pw, buf, sizeof buf, &error), &pw);
        for (size_t i = 0; i < N_ELEMENTS(groups); i++)
                answer_group(a++, plugin.getgrnam(groups[i], &gr, buf, sizeof buf, &error), &gr);
        for (size_t i = 0; i < N_ELEMENTS(gids); i++)
                answer_group(a++, plugin.getgrgid(gids[i], &gr, buf, sizeof buf, &error), &gr);
}

/* How many answers are neither the truth nor UNAVAIL; how many are UNAVAIL. */
static unsigned compare(const struct answer truth[static ANSWERS], unsigned *n_unavailable) {
        struct answer now[ANSWERS];
        unsigned wrong = 0;

        ask_all(now);
        for (size_t i = 0; i < ANSWERS; i++) {
                if (now[i].status == NSS_STATUS_UNAVAIL && !now[i].text[0])
                        (*n_unavailable)++;
                else if (now[i].status != truth[i].status || strcmp(now[i].text, truth[i].text) != 0) {
                        if (wrong++ < 3)
                                note("answer %zu: %d \"%s\", should be %d \"%s\"", i, now[i].status, now[i].text,
                                     truth[i].status, truth[i].text);
                }
        }
        return wrong;
}

static const struct {
        const char *name;
        mode_t      mode;
} files[] = {
        { "public.snapshot", 0644 }, { "private.snapshot", 0600 }, { "public.delta", 0644 }, { "private.delta", 0600 },
};

static void damaged(size_t which, const struct answer truth[static ANSWERS]) {
        static const uint8_t masks[] = { 0x01, 0x80, 0xff };
        unsigned wrong = 0, unavailable = 0, silent = 0;
        auto_free uint8_t *bytes = NULL;
        char path[64];
        size_t n;

        (void) snprintf(path, sizeof path, WORLD_SNAPSHOTS "/%s", files[which].name);
        bytes = world_read(path, &n);
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < N_ELEMENTS(masks); k++) {
                        const unsigned before = unavailable;

                        bytes[i] ^= masks[k];
                        world_write(path, bytes, n, files[which].mode);
                        bytes[i] ^= masks[k];
                        (void) snapshot_epoch_advance(dir);
                        wrong += compare(truth, &unavailable);
                        silent += i < SNAPSHOT_HEADER_SIZE && unavailable - before != ANSWERS;
                }
        ok(wrong == 0, "%s: each of %zu bytes changed in %zu ways (%u wrong)", files[which].name, n, N_ELEMENTS(masks), wrong);
        ok(silent == 0 && unavailable > 0, "%s: no change of the header goes unnoticed (%u)", files[which].name, silent);

        wrong = silent = 0;
        for (size_t i = 0; i <= n + 1; i++) {
                unsigned all = 0;

                if (i == n)
                        continue;
                world_write(path, bytes, i, files[which].mode);
                (void) snapshot_epoch_advance(dir);
                wrong += compare(truth, &all);
                silent += all != ANSWERS;
        }
        ok(wrong == 0 && silent == 0, "%s: cut at every length, and longer by one (%u wrong, %u unnoticed)",
           files[which].name, wrong, silent);
        world_write(path, bytes, n, files[which].mode);
        (void) snapshot_epoch_advance(dir);
}

/* The epoch is mapped once, so that each case needs a process that has not looked yet. */
static void epochs(const struct answer truth[static ANSWERS]) {
        static const size_t lengths[] = { 0, 1, 23, 24, 4095, 4097 };
        const size_t n_fixed = offsetof(struct snapshot_epoch, counter);
        auto_free uint8_t *page = NULL, *bytes = NULL;
        unsigned wrong = 0;
        size_t n;

        page = world_read(WORLD_SNAPSHOTS "/epoch", &n);
        bytes = calloc(n + 1, 1);
        if (!bytes)
                abort();
        memcpy(bytes, page, n);
        for (size_t i = 0; i < n_fixed + N_ELEMENTS(lengths); i++) {
                int status = -1;
                pid_t child;

                if (i < n_fixed)
                        bytes[i] ^= 0x10;
                world_write(WORLD_SNAPSHOTS "/epoch", bytes, i < n_fixed ? n : lengths[i - n_fixed], 0644);
                if (i < n_fixed)
                        bytes[i] ^= 0x10;
                (void) fflush(stdout);
                child = fork();
                if (child == 0) {
                        unsigned unavailable = 0;

                        _exit(compare(truth, &unavailable) != 0 || unavailable != ANSWERS);
                }
                (void) waitpid(child, &status, 0);
                wrong += status != 0;
        }
        ok(wrong == 0, "epoch: each byte before the counter changed, and other lengths (%u wrong)", wrong);
        world_write(WORLD_SNAPSHOTS "/epoch", bytes, n, 0644);
}

int main(int argc, char **argv) {
        static struct answer truth[ANSWERS];
        unsigned unavailable = 0, found = 0;
        int pipes[2];

        if (argc != 2 || pipe(pipes) < 0)
                return 2;
        plugin = plugin_load(argv[1]);
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        clinic_publish(dir, 1, 0);

        /* The truth, from a process of its own: this one must not have looked yet. */
        if (fork() == 0) {
                ask_all(truth);
                _exit(write(pipes[1], truth, sizeof truth) != (ssize_t) sizeof truth);
        }
        for (size_t have = 0; have < sizeof truth;) {
                const ssize_t k = read(pipes[0], (char *) truth + have, sizeof truth - have);

                if (k <= 0)
                        return 1;
                have += (size_t) k;
        }
        (void) wait(NULL);
        for (size_t i = 0; i < ANSWERS; i++)
                found += truth[i].status == NSS_STATUS_SUCCESS;
        ok(found == ANSWERS - 6, "the truth: %u of %d are found", found, ANSWERS);

        epochs(truth);
        ok(compare(truth, &unavailable) == 0 && unavailable == 0, "undamaged: the truth");
        for (size_t i = 0; i < N_ELEMENTS(files); i++)
                damaged(i, truth);
        ok(compare(truth, &unavailable) == 0, "undamaged again: the truth");
        world_leave();
        return finish();
}
