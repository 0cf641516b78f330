/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * clinic.c - the example clinic, built (clinic.h says what is in it)
 */

#include "clinic.h"

#include "cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void must(int r, const char *what) {
        if (r == 0)
                return;
        printf("Bail out! %s: %d\n", what, r);
        exit(1);
}

struct snapshot_builder *clinic_builder(enum snapshot_kind kind, uint64_t generation, int64_t written) {
        struct snapshot_builder *b = NULL;

        /* The serial of a delta without changes, so that one can stand beside it. */
        must(snapshot_builder_new(kind, generation, kind != SNAPSHOT_PUBLIC && kind != SNAPSHOT_PRIVATE, written, &b), "builder");
        return b;
}

void clinic_add_group(struct snapshot_builder *b, const char *name, gid_t gid, enum snapshot_group_kind kind) {
        const struct snapshot_build_group group = { .name = name, .gid = gid, .kind = kind };

        must(snapshot_builder_add_group(b, &group), name);
}

void clinic_add_user(struct snapshot_builder *b, const char *name, uint8_t flags, uid_t uid, gid_t gid,
                     const struct snapshot_timed *memberships, size_t n) {
        char home[SNAPSHOT_PATH_MAX + 1];
        struct snapshot_build_user user = {
                .name = name, .flags = flags, .from = INT64_MIN, .until = INT64_MAX,
                .memberships = memberships, .n_memberships = n,
        };

        if (uid != 0) {
                (void) snprintf(home, sizeof home, "/home/%s", name);
                user.flags = (uint8_t) (flags | SNAPSHOT_PASSWD);
                user.uid = uid;
                user.gid = gid;
                if (!(flags & SNAPSHOT_GONE)) {
                        user.home = home;
                        user.shell = "/bin/sh";
                }
        }
        must(snapshot_builder_add_user(b, &user), name);
}

static void add_many(struct snapshot_builder *b) {
        auto_free struct snapshot_timed *all = calloc(N_MANY, sizeof *all);
        char name[32];

        must(all ? 0 : -1, "memory");
        for (uint32_t i = 0; i < N_MANY; i++) {
                (void) snprintf(name, sizeof name, "unit-many-%u", (unsigned) i);
                clinic_add_group(b, name, GID_MANY + i, SNAPSHOT_GROUP_UNIT);
                all[i] = (struct snapshot_timed) PLAIN(GID_MANY + i);
        }
        clinic_add_user(b, "many", 0, UID_MANY, GID_NURSE, all, N_MANY);
}

struct snapshot_builder *clinic_public(uint64_t generation, int64_t written, int many) {
        static const struct snapshot_timed anna[] = { PLAIN(GID_OAK_NURSE), PLAIN(GID_NURSE), PLAIN(GID_OAK) };
        static const struct snapshot_timed bo[] = {
                PLAIN(GID_AIDE), TIMED(0, LONG_AGO, GID_OAK), TIMED(LONG_AGO, FAR_AHEAD, GID_OAK_NURSE),
        };
        static const struct snapshot_timed dana[] = { PLAIN(GID_OAK) };
        static const struct snapshot_timed listed_now[] = { PLAIN(GID_LISTED) };
        static const char *const members[] = { "lena", "mo" };
        const struct snapshot_build_group listed = {
                .name = "unit-listed", .flags = SNAPSHOT_LISTED, .gid = GID_LISTED, .kind = SNAPSHOT_GROUP_UNIT,
                .members = members, .n_members = N_ELEMENTS(members),
        };
        const struct snapshot_build_group chat = {
                .name = "service-chat", .flags = SNAPSHOT_LISTED, .gid = GID_CHAT, .kind = SNAPSHOT_GROUP_SERVICE,
        };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC, generation, written);

        clinic_add_group(b, "role-nurse", GID_NURSE, SNAPSHOT_GROUP_ROLE);
        clinic_add_group(b, "unit-oak", GID_OAK, SNAPSHOT_GROUP_UNIT);
        clinic_add_group(b, "unit-oak-nurse", GID_OAK_NURSE, SNAPSHOT_GROUP_ROLE_AT_UNIT);
        clinic_add_group(b, "role-aide", GID_AIDE, SNAPSHOT_GROUP_ROLE);
        clinic_add_group(b, "role-client", GID_CLIENT, SNAPSHOT_GROUP_ROLE);
        clinic_add_group(b, "service-journal", GID_JOURNAL, SNAPSHOT_GROUP_SERVICE_RECORD);
        must(snapshot_builder_add_group(b, &chat), "service-chat");
        must(snapshot_builder_add_group(b, &listed), "unit-listed");
        clinic_add_user(b, "anna", 0, UID_ANNA, GID_NURSE, anna, N_ELEMENTS(anna));
        clinic_add_user(b, "bo", 0, UID_BO, GID_AIDE, bo, N_ELEMENTS(bo));
        clinic_add_user(b, "dana", 0, 0, 0, dana, N_ELEMENTS(dana));
        clinic_add_user(b, "lena", 0, UID_LENA, GID_NURSE, listed_now, N_ELEMENTS(listed_now));
        clinic_add_user(b, "mo", 0, UID_MO, GID_NURSE, listed_now, N_ELEMENTS(listed_now));
        if (many)
                add_many(b);
        return b;
}

struct snapshot_builder *clinic_private(uint64_t generation, int64_t written) {
        static const struct snapshot_timed elsa[] = { PLAIN(GID_CLIENT), PLAIN(GID_CHAT) };
        static const struct snapshot_timed chat[] = { PLAIN(GID_CHAT) };
        static const char *const members[] = { "elsa", "dana" };
        const struct snapshot_build_group listed = {
                .name = "service-chat", .flags = SNAPSHOT_LISTED, .gid = GID_CHAT, .kind = SNAPSHOT_GROUP_SERVICE,
                .members = members, .n_members = N_ELEMENTS(members),
        };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PRIVATE, generation, written);

        must(snapshot_builder_add_group(b, &listed), "service-chat");
        clinic_add_user(b, "elsa", SNAPSHOT_PRIVATE_KIND, UID_ELSA, GID_CLIENT, elsa, N_ELEMENTS(elsa));
        clinic_add_user(b, "dana", 0, 0, 0, chat, N_ELEMENTS(chat));
        return b;
}

void clinic_publish(int dir, uint64_t generation, int many) {
        const int64_t now = (int64_t) time(NULL);
        struct snapshot_builder *public = clinic_public(generation, now, many);
        struct snapshot_builder *private = clinic_private(generation, now);

        must(snapshot_write_bases(dir, public, private), "snapshot_write_bases");
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
}
