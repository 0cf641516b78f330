/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-town.c - the staff of a clinic of any size, as snapshots and as passwd and group files
 *
 *     make-town PERSONS SNAPSHOTS FILES
 *
 * Writes the snapshots into the directory SNAPSHOTS, and FILES/passwd and
 * FILES/group that say the same but for one thing: a group's line has to name
 * its members.  Each person holds a role, a unit and the role at the unit; a
 * unit has 25 persons, there are 8 roles.
 */

#include "snapshot-build.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
        ROLES = 8, UNIT_PERSONS = 25,
        GID_STAFF = 2001000000, GID_ROLE = 2001000001, GID_UNIT = 2001100000, GID_BOTH = 2001200000,
        UID_FIRST = 2002000000,
};

static struct snapshot_builder *public, *private;
static FILE *passwd, *group;

static void must(int r, const char *what) {
        if (r != 0) {
                fprintf(stderr, "make-town: %s: %d\n", what, r);
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

/* The persons @first, @first + @step, ... below @end are its members. */
static void group_add(const char *name, unsigned gid, enum snapshot_group_kind kind,
                      unsigned first, unsigned step, unsigned end) {
        const struct snapshot_build_group g = { .name = name, .gid = gid, .kind = kind };

        must(snapshot_builder_add_group(public, &g), name);
        fprintf(group, "%s:x:%u:", name, gid);
        for (unsigned i = first; i < end; i += step)
                fprintf(group, "%sp%u", i == first ? "" : ",", i);
        fprintf(group, "\n");
}

static void person_add(unsigned i) {
        const unsigned unit = i / UNIT_PERSONS, role = i % ROLES;
        const struct snapshot_timed held[] = {
                { INT64_MIN, INT64_MAX, GID_ROLE + role, 0 },
                { INT64_MIN, INT64_MAX, GID_UNIT + unit, 0 },
                { INT64_MIN, INT64_MAX, GID_BOTH + unit * ROLES + role, 0 },
        };
        char name[32], home[64];
        const struct snapshot_build_user user = {
                .name = name, .flags = SNAPSHOT_PASSWD, .uid = UID_FIRST + i, .gid = GID_STAFF, .home = home, .shell = "/bin/sh",
                .from = INT64_MIN, .until = INT64_MAX, .memberships = held, .n_memberships = sizeof held / sizeof *held,
        };

        (void) snprintf(name, sizeof name, "p%u", i);
        (void) snprintf(home, sizeof home, "/home/%s", name);
        must(snapshot_builder_add_user(public, &user), name);
        fprintf(passwd, "%s:*:%u:%u::%s:/bin/sh\n", name, UID_FIRST + i, (unsigned) GID_STAFF, home);
}

int main(int argc, char **argv) {
        const unsigned persons = argc == 4 ? (unsigned) strtoul(argv[1], NULL, 10) : 0;
        const unsigned units = (persons + UNIT_PERSONS - 1) / UNIT_PERSONS;
        int dir;

        if (persons == 0) {
                fprintf(stderr, "usage: make-town PERSONS SNAPSHOTS FILES\n");
                return 2;
        }
        dir = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        must(dir < 0, argv[2]);
        passwd = file_open(argv[3], "passwd");
        group = file_open(argv[3], "group");
        must(snapshot_builder_new(SNAPSHOT_PUBLIC, 1, 0, (int64_t) time(NULL), &public), "builder");
        must(snapshot_builder_new(SNAPSHOT_PRIVATE, 1, 0, (int64_t) time(NULL), &private), "builder");

        group_add("org-town", GID_STAFF, SNAPSHOT_GROUP_ORG, 0, 1, 0);
        for (unsigned role = 0; role < ROLES; role++) {
                char name[32];

                (void) snprintf(name, sizeof name, "role-r%u", role);
                group_add(name, GID_ROLE + role, SNAPSHOT_GROUP_ROLE, role, ROLES, persons);
        }
        for (unsigned unit = 0; unit < units; unit++) {
                const unsigned first = unit * UNIT_PERSONS;
                const unsigned end = first + UNIT_PERSONS < persons ? first + UNIT_PERSONS : persons;
                char name[32];

                (void) snprintf(name, sizeof name, "unit-u%u", unit);
                group_add(name, GID_UNIT + unit, SNAPSHOT_GROUP_UNIT, first, 1, end);
                for (unsigned role = 0; role < ROLES; role++) {
                        (void) snprintf(name, sizeof name, "unit-u%u-r%u", unit, role);
                        group_add(name, GID_BOTH + unit * ROLES + role, SNAPSHOT_GROUP_ROLE_AT_UNIT,
                                  first + (role + ROLES - first % ROLES) % ROLES, ROLES, end);
                }
        }
        for (unsigned i = 0; i < persons; i++)
                person_add(i);

        must(snapshot_write_bases(dir, public, private), "snapshot_write_bases");
        must(fclose(passwd) || fclose(group), argv[3]);
        return 0;
}
