/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * lookups.c - how long a look-up of a user or group takes, through glibc
 *
 *     lookups SOURCES PERSONS
 *
 * SOURCES is the line of nsswitch.conf that is measured, for all databases.
 * Asks for the persons p0 ... of make-town and their units, another one each
 * time, up to KEYS of them; each answer is checked.  Prints a line for each
 * function: name, nanoseconds of CPU, user and system, for a call (median of
 * ROUNDS rounds).
 */

#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, ROUND_NS = 40000000, KEYS = 64, UNIT_PERSONS = 25, BUFFER = 1 << 20, GROUPS_MAX = 64 };

/* glibc's, without a header of its own in every release */
extern int __nss_configure_lookup(const char *database, const char *line);

static struct key {
        char  user[32], group[32];
        uid_t uid;
        gid_t gid, primary;
} keys[KEYS];
static size_t n_keys;
static char buffer[BUFFER];

static bool ask_getpwnam(const struct key *k) {
        struct passwd entry, *found = NULL;

        return getpwnam_r(k->user, &entry, buffer, sizeof buffer, &found) == 0 && found && found->pw_uid == k->uid;
}

static bool ask_getpwuid(const struct key *k) {
        struct passwd entry, *found = NULL;

        return getpwuid_r(k->uid, &entry, buffer, sizeof buffer, &found) == 0 && found && found->pw_gid == k->primary;
}

static bool ask_getgrnam(const struct key *k) {
        struct group entry, *found = NULL;

        return getgrnam_r(k->group, &entry, buffer, sizeof buffer, &found) == 0 && found && found->gr_gid == k->gid;
}

static bool ask_getgrgid(const struct key *k) {
        struct group entry, *found = NULL;

        return getgrgid_r(k->gid, &entry, buffer, sizeof buffer, &found) == 0 && found && found->gr_gid == k->gid;
}

static bool ask_getgrouplist(const struct key *k) {
        gid_t groups[GROUPS_MAX];
        int n = GROUPS_MAX;

        if (getgrouplist(k->user, k->primary, groups, &n) < 0)
                return false;
        for (int i = 0; i < n; i++)
                if (groups[i] == k->gid)
                        return true;
        return false;
}

static bool ask_miss_user(const struct key *k) {
        struct passwd entry, *found = NULL;

        (void) k;
        (void) getpwnam_r("nobody-of-this-name", &entry, buffer, sizeof buffer, &found);
        return !found;
}

static bool ask_miss_group(const struct key *k) {
        struct group entry, *found = NULL;

        (void) k;
        (void) getgrnam_r("no-group-of-this-name", &entry, buffer, sizeof buffer, &found);
        return !found;
}

static const struct {
        const char *name;
        bool (*ask)(const struct key *k);
} functions[] = {
        { "getpwnam_r",   ask_getpwnam     },
        { "getpwuid_r",   ask_getpwuid     },
        { "getgrnam_r",   ask_getgrnam     },
        { "getgrgid_r",   ask_getgrgid     },
        { "getgrouplist", ask_getgrouplist },
        { "miss, user",   ask_miss_user    },
        { "miss, group",  ask_miss_group   },
};

/* Of CPU: what others do on the machine meanwhile is not measured. */
static double cpu_ns(void) {
        struct timespec t;

        (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

static double round_ns(bool (*ask)(const struct key *k), unsigned calls, const char *name) {
        const double start = cpu_ns();

        for (unsigned i = 0; i < calls; i++)
                if (!ask(&keys[i % n_keys])) {
                        fprintf(stderr, "lookups: %s of %s: wrong answer\n", name, keys[i % n_keys].user);
                        exit(1);
                }
        return cpu_ns() - start;
}

static int compare(const void *a, const void *b) {
        const double x = *(const double *) a, y = *(const double *) b;

        return (x > y) - (x < y);
}

/* What is asked for; the ids are make-town's, and are found out through what is measured. */
static void keys_find(unsigned persons) {
        n_keys = persons < KEYS ? persons : KEYS;
        for (unsigned i = 0; i < n_keys; i++) {
                const unsigned person = (unsigned) ((unsigned long long) i * persons / n_keys);
                struct passwd *pw;
                struct group *gr;

                (void) snprintf(keys[i].user, sizeof keys[i].user, "p%u", person);
                (void) snprintf(keys[i].group, sizeof keys[i].group, "unit-u%u", person / UNIT_PERSONS);
                pw = getpwnam(keys[i].user);
                gr = getgrnam(keys[i].group);
                if (!pw || !gr) {
                        fprintf(stderr, "lookups: no %s or no %s\n", keys[i].user, keys[i].group);
                        exit(1);
                }
                keys[i].uid = pw->pw_uid;
                keys[i].primary = pw->pw_gid;
                keys[i].gid = gr->gr_gid;
        }
}

int main(int argc, char **argv) {
        static const char *const databases[] = { "passwd", "group", "initgroups" };

        if (argc != 3) {
                fprintf(stderr, "usage: lookups SOURCES PERSONS\n");
                return 2;
        }
        for (size_t i = 0; i < sizeof databases / sizeof *databases; i++)
                if (__nss_configure_lookup(databases[i], argv[1]) < 0) {
                        perror(argv[1]);
                        return 2;
                }
        keys_find((unsigned) strtoul(argv[2], NULL, 10));

        for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
                double rounds[ROUNDS];
                unsigned calls = 1;

                while (round_ns(functions[f].ask, calls, functions[f].name) < ROUND_NS)
                        calls *= 2;
                for (unsigned r = 0; r < ROUNDS; r++)
                        rounds[r] = round_ns(functions[f].ask, calls, functions[f].name) / calls;
                qsort(rounds, ROUNDS, sizeof *rounds, compare);
                printf("%s\t%.0f\n", functions[f].name, rounds[ROUNDS / 2]);
        }
        return 0;
}
