/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-snapshot.c - writes the snapshots of a small clinic into a directory
 *
 *     make-snapshot DIRECTORY [GENERATION]
 *
 * For trying the plugin by hand and for tests on a whole system.  Staff anna
 * (nurse at oak), bo (aide); a client elsa; 1200 groups for "many".
 */

#include "snapshot-build.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { GIDS = 2001000000, UIDS = 2001100000, MANY = 1200 };

#define PLAIN(gid_) { INT64_MIN, INT64_MAX, (gid_), 0 }

static void check(int r, const char *what) {
        if (r == 0)
                return;
        fprintf(stderr, "make-snapshot: %s: %d\n", what, r);
        exit(1);
}

static void add_user(struct snapshot_builder *b, const char *name, uid_t uid, gid_t gid, uint8_t flags,
                     const struct snapshot_timed *memberships, size_t n) {
        char home[64];
        const struct snapshot_build_user user = {
                .name = name, .flags = (uint8_t) (flags | SNAPSHOT_PASSWD), .uid = uid, .gid = gid,
                .home = home, .shell = "/bin/sh", .from = INT64_MIN, .until = INT64_MAX,
                .memberships = memberships, .n_memberships = n,
        };

        (void) snprintf(home, sizeof home, "/home/%s", name);
        check(snapshot_builder_add_user(b, &user), name);
}

static void add_group(struct snapshot_builder *b, const char *name, gid_t gid, enum snapshot_group_kind kind) {
        const struct snapshot_build_group group = { .name = name, .gid = gid, .kind = kind };

        check(snapshot_builder_add_group(b, &group), name);
}

int main(int argc, char **argv) {
        static struct snapshot_timed many[MANY];
        const struct snapshot_timed anna[] = { PLAIN(GIDS + 1), PLAIN(GIDS + 2), PLAIN(GIDS + 3) };
        const struct snapshot_timed bo[] = { PLAIN(GIDS + 4), { 0, 1, GIDS + 1, 0 } };
        const struct snapshot_timed elsa[] = { PLAIN(GIDS + 5) };
        struct snapshot_builder *public, *private;
        const int64_t now = (int64_t) time(NULL);
        uint64_t generation = (uint64_t) now;
        int dir;

        if (argc < 2 || argc > 3) {
                fprintf(stderr, "usage: make-snapshot DIRECTORY [GENERATION]\n");
                return 2;
        }
        if (argc == 3)
                generation = strtoull(argv[2], NULL, 10);
        dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0) {
                perror(argv[1]);
                return 1;
        }

        check(snapshot_builder_new(SNAPSHOT_PUBLIC, generation, 0, now, &public), "public");
        check(snapshot_builder_new(SNAPSHOT_PRIVATE, generation, 0, now, &private), "private");
        add_group(public, "role-nurse", GIDS + 1, SNAPSHOT_GROUP_ROLE);
        add_group(public, "unit-oak", GIDS + 2, SNAPSHOT_GROUP_UNIT);
        add_group(public, "unit-oak-nurse", GIDS + 3, SNAPSHOT_GROUP_ROLE_AT_UNIT);
        add_group(public, "role-aide", GIDS + 4, SNAPSHOT_GROUP_ROLE);
        add_group(public, "role-client", GIDS + 5, SNAPSHOT_GROUP_ROLE);
        add_group(public, "service-journal", GIDS + 6, SNAPSHOT_GROUP_SERVICE_RECORD);
        for (uint32_t i = 0; i < MANY; i++) {
                char name[32];

                (void) snprintf(name, sizeof name, "unit-many-%u", (unsigned) i);
                add_group(public, name, GIDS + 1000 + i, SNAPSHOT_GROUP_UNIT);
                many[i] = (struct snapshot_timed) PLAIN(GIDS + 1000 + i);
        }
        add_user(public, "anna", UIDS + 1, GIDS + 1, 0, anna, 3);
        add_user(public, "bo", UIDS + 2, GIDS + 4, 0, bo, 2);
        add_user(public, "many", UIDS + 3, GIDS + 1, 0, many, MANY);
        add_user(private, "elsa", UIDS + 9, GIDS + 5, SNAPSHOT_PRIVATE_KIND, elsa, 1);

        check(snapshot_write_bases(dir, public, private), argv[1]);
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
        return 0;
}
