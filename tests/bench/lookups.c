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
 * Each answer is checked, but for those of `constant`.  Prints a line for
 * each function and kind: both names, median and 99th percentile of the time
 * of a call in nanoseconds, what the clock itself takes left out; then
 * `memory`, a dash, and the private memory in KiB that the process had more
 * after the first round of known ones than before the first look-up.
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

enum { KNOWN = 64, CALLS_MAX = 20000, CALLS_MIN = 3, KIND_NS = 200000000, BUFFER = 1 << 20, GROUPS_MAX = 64, NAME = 32 };

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
static struct key keys[CALLS_MAX];
static uint32_t times[CALLS_MAX];
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

        for (unsigned i = 0; i < CALLS_MAX; i++) {
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

static const struct {
        const char *name;
        bool (*ask)(const struct key *k);
} functions[] = {
        { "getpwnam",     ask_getpwnam     },
        { "getpwuid",     ask_getpwuid     },
        { "getgrnam",     ask_getgrnam     },
        { "getgrgid",     ask_getgrgid     },
        { "getgrouplist", ask_getgrouplist },
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

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
        const uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;

        return (x > y) - (x < y);
}

static uint32_t clock_cost(void) {
        for (size_t i = 0; i < CALLS_MAX; i++) {
                const uint64_t start = now_ns();

                times[i] = (uint32_t) (now_ns() - start);
        }
        qsort(times, CALLS_MAX, sizeof *times, compare);
        return times[CALLS_MAX / 2];
}

static void measure(size_t f, enum kind kind, uint32_t clock) {
        const uint64_t begin = now_ns();
        size_t n = 0;

        while (n < CALLS_MAX && (n < CALLS_MIN || now_ns() - begin < KIND_NS)) {
                const uint64_t start = now_ns();
                const bool right = functions[f].ask(&keys[n]);
                const uint64_t ns = now_ns() - start;

                times[n] = ns < UINT32_MAX ? (uint32_t) ns : UINT32_MAX;
                times[n] -= times[n] > clock ? clock : times[n];
                must_be_right(right, f, &keys[n]);
                n++;
        }
        qsort(times, n, sizeof *times, compare);
        printf("%s\t%s\t%u\t%u\n", functions[f].name, kind_names[kind], times[n / 2], times[n - 1 - n / 100]);
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
        uint32_t clock;
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

        clock = clock_cost();
        memset(buffer, 0, sizeof buffer);
        keys_make(KIND_KNOWN);
        before = private_kib();
        before = private_kib();                 /* the first time takes memory itself */
        for (size_t i = 0; i < KNOWN; i++)
                for (size_t f = 0; f < FUNCTIONS; f++)
                        must_be_right(functions[f].ask(&keys[i]), f, &keys[i]);
        printf("memory\t-\t%ld\n", private_kib() - before);

        for (enum kind kind = 0; kind < (argc == 4 ? KIND_RANDOM : KINDS); kind++) {
                keys_make(kind);
                for (size_t f = 0; f < FUNCTIONS; f++)
                        measure(f, kind, clock);
        }
        return 0;
}
