/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-county.c - the care of a county of any size, as snapshots and as passwd and group files
 *
 *     make-county PERSONS SNAPSHOTS FILES
 *
 * Writes the snapshots into the directory SNAPSHOTS, and FILES/passwd and
 * FILES/group that say the same but for two things: a group's line has to
 * name its members, and such files hide nobody.  The same number gives the
 * same county.
 *
 * Half of the persons are staff (p0 ...), a fifth are clients (c0 ...), the
 * rest relatives (r0 ...).  200 persons make a unit, 100 units an
 * organisation; there are 8 roles; each relative holds three or four of as
 * many grants as there are persons, each fourth of which ends in 2100.
 * 1 000 000 persons: 500 000 staff, 200 000 clients, 300 000 relatives,
 * 5 000 units, 1 000 000 grants, 245 058 groups.
 *
 * county.h has what a program that looks somebody up must know.
 */

#include "county.h"
#include "snapshot-build.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ENDS INT64_C(4102444800)                /* 2100-01-01 */

static struct snapshot_builder *public, *private;
static struct county county;
static FILE *passwd, *group;

static void must(int r, const char *what) {
        if (r != 0) {
                fprintf(stderr, "make-county: %s: %d\n", what, r);
                exit(1);
        }
}

static FILE *file_open(const char *folder, const char *name) {
        char path[4096];
        FILE *f;

        (void) snprintf(path, sizeof path, "%s/%s", folder, name);
        f = fopen(path, "w");
        must(f ? 0 : 1, path);
        return f;
}

static void group_begin(const char *name, unsigned gid, enum snapshot_group_kind kind) {
        const struct snapshot_build_group g = { .name = name, .gid = gid, .kind = kind };

        must(snapshot_builder_add_group(public, &g), name);
        fprintf(group, "%s:x:%u:", name, gid);
}

/* The staff @first, @first + @step, ... below @end are its members. */
static void group_of_staff(const char *name, unsigned gid, enum snapshot_group_kind kind,
                           unsigned first, unsigned step, unsigned end) {
        group_begin(name, gid, kind);
        for (unsigned i = first; i < end; i += step)
                fprintf(group, "%sp%u", i == first ? "" : ",", i);
        fprintf(group, "\n");
}

static void groups_add(void) {
        char name[32];

        for (unsigned o = 0; o < county.organisations; o++) {
                (void) snprintf(name, sizeof name, "org-o%u", o);
                group_of_staff(name, COUNTY_GID_ORG + o, SNAPSHOT_GROUP_ORG, 0, 1, 0);
        }
        for (unsigned r = 0; r < COUNTY_ROLES; r++) {
                (void) snprintf(name, sizeof name, "role-r%u", r);
                group_of_staff(name, COUNTY_GID_ROLE + r, SNAPSHOT_GROUP_ROLE, r, COUNTY_ROLES, county.staff);
        }
        for (unsigned u = 0; u < county.units; u++) {
                const unsigned first = u * COUNTY_UNIT_STAFF;
                const unsigned end = first + COUNTY_UNIT_STAFF < county.staff ? first + COUNTY_UNIT_STAFF : county.staff;

                county_unit_name(u, name);
                group_of_staff(name, COUNTY_GID_UNIT + u, SNAPSHOT_GROUP_UNIT, first, 1, end);
                for (unsigned r = 0; r < COUNTY_ROLES; r++) {
                        (void) snprintf(name, sizeof name, "unit-u%u-r%u", u, r);
                        group_of_staff(name, COUNTY_GID_BOTH + u * COUNTY_ROLES + r, SNAPSHOT_GROUP_ROLE_AT_UNIT,
                                       first + (r + COUNTY_ROLES - first % COUNTY_ROLES) % COUNTY_ROLES, COUNTY_ROLES, end);
                }
        }
}

static void person_add(struct snapshot_builder *b, char letter, unsigned i, unsigned uid, unsigned unit, uint8_t flags,
                       const struct snapshot_timed *held, size_t n) {
        char name[32], home[64];
        const struct snapshot_build_user user = {
                .name = name, .flags = flags | SNAPSHOT_PASSWD, .uid = uid,
                .gid = COUNTY_GID_ORG + unit / COUNTY_ORG_UNITS, .home = home, .shell = "/bin/sh",
                .from = INT64_MIN, .until = INT64_MAX, .memberships = held, .n_memberships = n,
        };

        (void) snprintf(name, sizeof name, "%c%u", letter, i);
        (void) snprintf(home, sizeof home, "/home/%s", name);
        must(snapshot_builder_add_user(b, &user), name);
        fprintf(passwd, "%s:*:%u:%u::%s:/bin/sh\n", name, uid, (unsigned) user.gid, home);
}

static void staff_add(unsigned i) {
        const unsigned unit = i / COUNTY_UNIT_STAFF, role = i % COUNTY_ROLES;
        const struct snapshot_timed held[] = {
                { INT64_MIN, INT64_MAX, COUNTY_GID_ROLE + role, 0 },
                { INT64_MIN, INT64_MAX, COUNTY_GID_UNIT + unit, 0 },
                { INT64_MIN, INT64_MAX, COUNTY_GID_BOTH + unit * COUNTY_ROLES + role, 0 },
        };

        person_add(public, 'p', i, COUNTY_UID_STAFF + i, unit, 0, held, sizeof held / sizeof *held);
}

/* Memberships of relatives, and who is named in the line of each client's group. */
static void grants_add(void) {
        unsigned *const members = calloc(county.persons + 1, sizeof *members), *const next = calloc(county.clients + 1, sizeof *next);
        char name[32];

        must(members && next ? 0 : 1, "memory");
        for (unsigned pass = 0; pass < 2; pass++) {
                for (unsigned i = 0; i < county.relatives; i++) {
                        const unsigned n = county_grants(&county, i);

                        for (unsigned k = 0; k < n; k++) {
                                const unsigned client = county_granted_client(&county, i, k);

                                if (pass == 0)
                                        next[client + 1]++;
                                else
                                        members[next[client]++] = i;
                        }
                }
                for (unsigned c = 0; pass == 0 && c < county.clients; c++)
                        next[c + 1] += next[c];
        }
        for (unsigned c = 0, at = 0; c < county.clients; c++) {
                const unsigned first = at;

                (void) snprintf(name, sizeof name, "client-o%u-%u", county_client_org(&county, c), county_client_number(&county, c));
                group_begin(name, COUNTY_GID_CLIENT + c, SNAPSHOT_GROUP_CLIENT);
                for (; at < next[c]; at++)
                        fprintf(group, "%sr%u", at == first ? "" : ",", members[at]);
                fprintf(group, "\n");
        }
        for (unsigned i = 0; i < county.relatives; i++) {
                const unsigned n = county_grants(&county, i);
                struct snapshot_timed held[8];

                for (unsigned k = 0; k < n; k++)
                        held[k] = (struct snapshot_timed) {
                                INT64_MIN, k % 4 == 3 ? ENDS : INT64_MAX, COUNTY_GID_CLIENT + county_granted_client(&county, i, k), 0,
                        };
                person_add(private, 'r', i, COUNTY_UID_RELATIVE + i, county_relative_org(&county, i) * COUNTY_ORG_UNITS,
                           SNAPSHOT_PRIVATE_KIND, held, n);
        }
        free(members);
        free(next);
}

int main(int argc, char **argv) {
        const unsigned long persons = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
        int dir;

        if (persons < COUNTY_MIN || persons > COUNTY_MAX) {
                fprintf(stderr, "usage: make-county PERSONS SNAPSHOTS FILES (%d to %d persons)\n", COUNTY_MIN, COUNTY_MAX);
                return 2;
        }
        county = county_of((unsigned) persons);
        dir = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        must(dir < 0, argv[2]);
        passwd = file_open(argv[3], "passwd");
        group = file_open(argv[3], "group");
        must(snapshot_builder_new(SNAPSHOT_PUBLIC, 1, 0, (int64_t) time(NULL), &public), "builder");
        must(snapshot_builder_new(SNAPSHOT_PRIVATE, 1, 0, (int64_t) time(NULL), &private), "builder");

        groups_add();
        for (unsigned i = 0; i < county.staff; i++)
                staff_add(i);
        for (unsigned i = 0; i < county.clients; i++) {
                const struct snapshot_timed own = { INT64_MIN, INT64_MAX, COUNTY_GID_CLIENT + i, 0 };

                person_add(private, 'c', i, COUNTY_UID_CLIENT + i, county_client_unit(&county, i), SNAPSHOT_PRIVATE_KIND, &own, 1);
        }
        grants_add();

        must(snapshot_write_bases(dir, public, private), "snapshot_write_bases");
        must(fclose(passwd) || fclose(group), argv[3]);
        return 0;
}
