/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * lookups.c - how long a look-up of a user or group takes, through glibc
 *
 *     lookups SOURCES PERSONS [known]
 *
 * SOURCES is the line of nsswitch.conf that is measured, for all databases;
 * `nsswitch` is the one that the host has.  Asks for staff and units of
 * make-county's county of PERSONS:
 *
 *     known      KNOWN of them, over and over, after they have been asked for once
 *     random     another one each time, of all there are
 *     unknown    names and ids that nobody has
 *
 * or of the first kind alone.
 *
 * The clock of some machines goes in steps of 10 ns, so it is read around
 * BATCH calls, or around each where a call takes longer than LONG_NS.  Each
 * answer is checked, but for those of `constant`.  Prints a line for each
 * function and kind: both names; of the batches the best, the median and the
 * 99th percentile, in nanoseconds a call, what the loop itself takes left out;
 * and how many answers were wrong.  Then `memory`, a dash, and the private
 * memory in KiB that the process has more in the end than before the first
 * look-up.  A wrong answer before the measuring ends the program.
 */

#include "county.h"

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KNOWN = 64, KEYS = 20000, BATCH = 100, BATCHES_MAX = 2000, BATCHES_MIN = 3 };
enum { KIND_NS = 200000000, LONG_NS = 20000, BUFFER = 1 << 20, GROUPS_MAX = 64, NAME = 32 };

/* glibc's, without a header of its own in every release */
extern int __nss_configure_lookup(const char *database, const char *line);

struct key {
        char  user[NAME], group[NAME];
        uid_t uid;
        gid_t gid, primary;
        bool  is_there;
};

enum kind { KIND_KNOWN, KIND_RANDOM, KIND_UNKNOWN, KINDS };
static const char *const kind_names[KINDS] = { "known", "random", "unknown" };

static struct county county;
static struct key keys[KEYS];
static double times[BATCHES_MAX];                /* of a call of each batch, in ns                */
static char buffer[BUFFER];
static bool checked = true;

static void key_make(struct key *k, unsigned person) {
        const unsigned unit = person / COUNTY_UNIT_STAFF;

        *k = (struct key) {
                .uid = (uid_t) (COUNTY_UID_STAFF + person), .gid = (gid_t) (COUNTY_GID_UNIT + unit),
                .primary = (gid_t) (COUNTY_GID_ORG + unit / COUNTY_ORG_UNITS), .is_there = true,
        };
        (void) snprintf(k->user, sizeof k->user, "p%u", person);
        county_unit_name(unit, k->group);
}

static void key_make_unknown(struct key *k, unsigned i) {
        *k = (struct key) { .uid = (uid_t) (COUNTY_NOBODY + i), .gid = (gid_t) (COUNTY_NOBODY + i), .primary = COUNTY_GID_ORG };
        (void) snprintf(k->user, sizeof k->user, "q%u", i);
        (void) snprintf(k->group, sizeof k->group, "q-unit-u%u", i);
}

/* The same numbers in every run. */
static void keys_make(enum kind kind) {
        uint64_t seed = 88172645463325252U;

        for (unsigned i = 0; i < KEYS; i++) {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                if (kind == KIND_UNKNOWN)
                        key_make_unknown(&keys[i], i);
                else if (kind == KIND_RANDOM)
                        key_make(&keys[i], (unsigned) (seed % county.staff));
                else
                        key_make(&keys[i], (unsigned) ((uint64_t) (i % KNOWN) * county.staff / KNOWN));
        }
}

/* -- The functions -------------------------------------------------------------------------------- */

static bool ask_getpwnam(const struct key *k) {
        struct passwd entry, *found = NULL;

        (void) getpwnam_r(k->user, &entry, buffer, sizeof buffer, &found);
        return !checked || (found ? k->is_there && found->pw_uid == k->uid : !k->is_there);
}

static bool ask_getpwuid(const struct key *k) {
        struct passwd entry, *found = NULL;

        (void) getpwuid_r(k->uid, &entry, buffer, sizeof buffer, &found);
        return !checked || (found ? k->is_there && found->pw_gid == k->primary : !k->is_there);
}

static bool ask_getgrnam(const struct key *k) {
        struct group entry, *found = NULL;

        (void) getgrnam_r(k->group, &entry, buffer, sizeof buffer, &found);
        return !checked || (found ? k->is_there && found->gr_gid == k->gid : !k->is_there);
}

static bool ask_getgrgid(const struct key *k) {
        struct group entry, *found = NULL;

        (void) getgrgid_r(k->gid, &entry, buffer, sizeof buffer, &found);
        return !checked || (found ? k->is_there && found->gr_gid == k->gid : !k->is_there);
}

static bool ask_getgrouplist(const struct key *k) {
        gid_t groups[GROUPS_MAX];
        int n = GROUPS_MAX;

        (void) getgrouplist(k->user, k->primary, groups, &n);
        for (int i = 1; i < n && i < GROUPS_MAX; i++)
                if (groups[i] == k->gid)
                        return !checked || k->is_there;
        return !checked || !k->is_there;
}

/* The loop by itself. */
static bool ask_nobody(const struct key *k) {
        (void) k;
        return true;
}

static const struct {
        const char *name;
        bool (*ask)(const struct key *k);
} functions[] = {
        { "getpwnam",     ask_getpwnam     },
        { "getpwuid",     ask_getpwuid     },
        { "getgrnam",     ask_getgrnam     },
        { "getgrgid",     ask_getgrgid     },
        { "getgrouplist", ask_getgrouplist },
        { "nobody",       ask_nobody       },
};

enum { FUNCTIONS = sizeof functions / sizeof *functions - 1, NOBODY = FUNCTIONS };

static void must_be_right(bool right, size_t f, const struct key *k) {
        if (right)
                return;
        fprintf(stderr, "lookups: %s of %s: wrong answer\n", functions[f].name, k->user);
        exit(1);
}

/* -- Time ---------------------------------------------------------------------------------------- */

static uint64_t now_ns(void) {
        struct timespec t;

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        return (uint64_t) t.tv_sec * 1000000000 + (uint64_t) t.tv_nsec;
}

static int compare(const void *a, const void *b) {
        const double x = *(const double *) a, y = *(const double *) b;

        return (x > y) - (x < y);
}

/* Ask for @n keys from the @first on; nanoseconds a call. */
static double batch(size_t f, size_t first, size_t n, unsigned *wrong) {
        bool (*const volatile ask)(const struct key *k) = functions[f].ask;    /* read each time, also for nobody */
        const uint64_t start = now_ns();

        for (size_t i = 0; i < n; i++)
                *wrong += !ask(&keys[(first + i) % KEYS]);
        return (double) (now_ns() - start) / (double) n;
}

/* *times in their order: how many there are. */
static size_t batches(size_t f, unsigned *wrong) {
        const uint64_t begin = now_ns();
        const size_t calls = batch(f, 0, 1, wrong) < LONG_NS && batch(f, 1, 1, wrong) < LONG_NS ? BATCH : 1;
        size_t n = 0;

        while (n < BATCHES_MAX && (n < BATCHES_MIN || now_ns() - begin < KIND_NS)) {
                times[n] = batch(f, n * calls, calls, wrong);
                n++;
        }
        qsort(times, n, sizeof *times, compare);
        return n;
}

static double loop_cost(void) {
        unsigned wrong = 0;
        const size_t n = batches(NOBODY, &wrong);

        return times[n / 2];
}

static void measure(size_t f, enum kind kind, double loop) {
        unsigned wrong = 0;
        const size_t n = batches(f, &wrong), of[] = { 0, n / 2, n - 1 - n / 100 };

        printf("%s\t%s", functions[f].name, kind_names[kind]);
        for (size_t i = 0; i < sizeof of / sizeof *of; i++)
                printf("\t%.1f", times[of[i]] > loop ? times[of[i]] - loop : 0);
        printf("\t%u\n", wrong);
}

/* -- Memory -------------------------------------------------------------------------------------- */

/* What nobody else has of this process, in KiB. */
static long private_kib(void) {
        FILE *const f = fopen("/proc/self/smaps_rollup", "r");
        char line[256];
        long kib = 0, n;

        while (f && fgets(line, sizeof line, f))
                if (sscanf(line, "Anonymous: %ld", &n) == 1)
                        kib += n;
        if (f)
                (void) fclose(f);
        return kib;
}

int main(int argc, char **argv) {
        static const char *const databases[] = { "passwd", "group", "initgroups" };
        double loop;
        long before;

        if (argc != 3 && argc != 4) {
                fprintf(stderr, "usage: lookups SOURCES PERSONS [known]\n");
                return 2;
        }
        county = county_of((unsigned) strtoul(argv[2], NULL, 10));
        checked = !strstr(argv[1], "constant");
        for (size_t i = 0; strcmp(argv[1], "nsswitch") != 0 && i < sizeof databases / sizeof *databases; i++)
                if (__nss_configure_lookup(databases[i], argv[1]) < 0) {
                        perror(argv[1]);
                        return 2;
                }

        memset(buffer, 0, sizeof buffer);
        keys_make(KIND_KNOWN);
        loop = loop_cost();
        before = private_kib();
        before = private_kib();                 /* the first time takes memory itself */
        for (size_t i = 0; i < KNOWN; i++)
                for (size_t f = 0; f < FUNCTIONS; f++)
                        must_be_right(functions[f].ask(&keys[i]), f, &keys[i]);

        for (enum kind kind = 0; kind < (argc == 4 ? KIND_RANDOM : KINDS); kind++) {
                keys_make(kind);
                for (size_t f = 0; f < FUNCTIONS; f++)
                        measure(f, kind, loop);
        }
        printf("memory\t-\t%ld\n", private_kib() - before);
        return 0;
}
