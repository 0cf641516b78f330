/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-snapshot-build.c - what the builder refuses, and that what it writes reads back
 */

#include "cleanup.h"
#include "clinic.h"
#include "snapshot-file.h"
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

/* A row says only in what it differs from an entry that is right. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define USER(...)  { .name = "anna", .from = INT64_MIN, .until = INT64_MAX, __VA_ARGS__ }
#define PASSWD     .flags = SNAPSHOT_PASSWD, .uid = UID_ANNA, .gid = GID_NURSE, .home = "/home/anna", .shell = "/bin/sh"
#define GROUP(...) { .name = "unit-oak", .gid = GID_OAK, .kind = SNAPSHOT_GROUP_UNIT, __VA_ARGS__ }

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
#define X255 X64 X64 X64 X16 X16 X16 "xxxxxxxxxxxxxxx"

static const struct snapshot_timed below[] = { PLAIN(SNAPSHOT_ID_MIN - 1) };
static const struct snapshot_timed above[] = { PLAIN(SNAPSHOT_ID_MAX + 1) };
static const struct snapshot_timed edges[] = { PLAIN(SNAPSHOT_ID_MIN), PLAIN(SNAPSHOT_ID_MAX) };
static const struct snapshot_timed backwards[] = { TIMED(2, 1, GID_OAK) };
static const struct snapshot_timed never[] = { TIMED(1, 1, GID_OAK) };
static const struct snapshot_timed noise[] = { { INT64_MIN, INT64_MAX, GID_OAK, 1 } };
static const struct snapshot_timed oak[] = { PLAIN(GID_OAK) };

static const struct {
        const char                *name;
        enum snapshot_kind         kind;
        struct snapshot_build_user user;
        int                        want;
} users[] = {
        { "a passwd entry",               SNAPSHOT_PUBLIC,       USER(PASSWD), 0 },
        { "memberships only",             SNAPSHOT_PUBLIC,       USER(.memberships = oak, .n_memberships = 1), 0 },
        { "ids at the edges",             SNAPSHOT_PUBLIC,       USER(.memberships = edges, .n_memberships = 2), 0 },
        { "a gid below the range",        SNAPSHOT_PUBLIC,       USER(.memberships = below, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "a gid above the range",        SNAPSHOT_PUBLIC,       USER(.memberships = above, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "a membership that ends first", SNAPSHOT_PUBLIC,       USER(.memberships = backwards, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "a membership of no time",      SNAPSHOT_PUBLIC,       USER(.memberships = never, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "a membership with noise",      SNAPSHOT_PUBLIC,       USER(.memberships = noise, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "an entry that ends first",     SNAPSHOT_PUBLIC,       { .name = "anna", .from = 2, .until = 1 }, SNAPSHOT_BUILD_E_RANGE },
        { "no name",                      SNAPSHOT_PUBLIC,       { .name = "", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "root",                         SNAPSHOT_PUBLIC,       { .name = "root", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "a capital",                    SNAPSHOT_PUBLIC,       { .name = "Anna", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "a digit first",                SNAPSHOT_PUBLIC,       { .name = "1anna", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "a dash first",                 SNAPSHOT_PUBLIC,       { .name = "-anna", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "a colon",                      SNAPSHOT_PUBLIC,       { .name = "an:na", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "all that a name may have",     SNAPSHOT_PUBLIC,       { .name = "_a.b-9", .from = 1, .until = 2 }, 0 },
        { "the longest name",             SNAPSHOT_PUBLIC,       { .name = X64, .from = 1, .until = 2 }, 0 },
        { "a longer name",                SNAPSHOT_PUBLIC,       { .name = X64 "x", .from = 1, .until = 2 }, SNAPSHOT_BUILD_E_RANGE },
        { "uid 0",                        SNAPSHOT_PUBLIC,       USER(PASSWD, .uid = 0), SNAPSHOT_BUILD_E_RANGE },
        { "gid 0",                        SNAPSHOT_PUBLIC,       USER(PASSWD, .gid = 0), SNAPSHOT_BUILD_E_RANGE },
        { "a relative home",              SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "home"), SNAPSHOT_BUILD_E_RANGE },
        { "a home with a colon",          SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/an:na"), SNAPSHOT_BUILD_E_RANGE },
        { "a shell with a newline",       SNAPSHOT_PUBLIC,       USER(PASSWD, .shell = "/bin/sh\n"), SNAPSHOT_BUILD_E_RANGE },
        { "no shell",                     SNAPSHOT_PUBLIC,       USER(PASSWD, .shell = NULL), SNAPSHOT_BUILD_E_RANGE },
        { "the longest home",             SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/" X64 X64 X64 X16 X16 X16 "xxxxxxxxx"), 0 },
        { "a home deeper down",           SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/srv/clinic/anna"), 0 },
        { "a home in root's directories", SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/etc/systemd/system/ssh.service.d"), SNAPSHOT_BUILD_E_RANGE },
        { "a home that climbs",           SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/../etc/x"), SNAPSHOT_BUILD_E_RANGE },
        { "a home that is all homes",     SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/"), SNAPSHOT_BUILD_E_RANGE },
        { "a hidden home",                SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/bo/.ssh"), SNAPSHOT_BUILD_E_RANGE },
        { "a longer home",                SNAPSHOT_PUBLIC,       USER(PASSWD, .home = "/home/" X64 X64 X64 X16 X16 X16 "xxxxxxxxxx"), SNAPSHOT_BUILD_E_RANGE },
        { "a uid without a passwd entry", SNAPSHOT_PUBLIC,       USER(.uid = UID_ANNA), SNAPSHOT_BUILD_E_RANGE },
        { "a client in public",           SNAPSHOT_PUBLIC,       USER(PASSWD, .flags = SNAPSHOT_PASSWD | SNAPSHOT_PRIVATE_KIND), SNAPSHOT_BUILD_E_RANGE },
        { "a client in a public delta",   SNAPSHOT_PUBLIC_DELTA, USER(.flags = SNAPSHOT_PRIVATE_KIND), SNAPSHOT_BUILD_E_RANGE },
        { "a client in private",          SNAPSHOT_PRIVATE,      USER(.flags = SNAPSHOT_PRIVATE_KIND), 0 },
        { "gone from a base",             SNAPSHOT_PUBLIC,       USER(.flags = SNAPSHOT_GONE), SNAPSHOT_BUILD_E_RANGE },
        { "gone by a delta",              SNAPSHOT_PUBLIC_DELTA, USER(.flags = SNAPSHOT_GONE), 0 },
        { "gone, with memberships",       SNAPSHOT_PUBLIC_DELTA, USER(.flags = SNAPSHOT_GONE, .memberships = oak, .n_memberships = 1), SNAPSHOT_BUILD_E_RANGE },
        { "a flag for groups",            SNAPSHOT_PUBLIC,       USER(.flags = SNAPSHOT_LISTED), SNAPSHOT_BUILD_E_RANGE },
        { "an unknown flag",              SNAPSHOT_PUBLIC,       USER(.flags = SNAPSHOT_FLAGS + 1), SNAPSHOT_BUILD_E_RANGE },
};

static const char *const bad_member[] = { "anna", "an,na" };

static const struct {
        const char                 *name;
        enum snapshot_kind          kind;
        struct snapshot_build_group group;
        int                         want;
} groups[] = {
        { "a group",              SNAPSHOT_PUBLIC,       GROUP(), 0 },
        { "gid 0",                SNAPSHOT_PUBLIC,       GROUP(.gid = 0), SNAPSHOT_BUILD_E_RANGE },
        { "below the range",      SNAPSHOT_PUBLIC,       GROUP(.gid = SNAPSHOT_ID_MIN - 1), SNAPSHOT_BUILD_E_RANGE },
        { "at the lower edge",    SNAPSHOT_PUBLIC,       GROUP(.gid = SNAPSHOT_ID_MIN), 0 },
        { "at the upper edge",    SNAPSHOT_PUBLIC,       GROUP(.gid = SNAPSHOT_ID_MAX), 0 },
        { "above the range",      SNAPSHOT_PUBLIC,       GROUP(.gid = SNAPSHOT_ID_MAX + 1), SNAPSHOT_BUILD_E_RANGE },
        { "no kind",              SNAPSHOT_PUBLIC,       GROUP(.kind = 0), SNAPSHOT_BUILD_E_RANGE },
        { "an unknown kind",      SNAPSHOT_PUBLIC,       GROUP(.kind = SNAPSHOT_GROUP_SERVICE_RECORD + 1), SNAPSHOT_BUILD_E_RANGE },
        { "a flag for users",     SNAPSHOT_PUBLIC,       GROUP(.flags = SNAPSHOT_CHOICE), SNAPSHOT_BUILD_E_RANGE },
        { "a name with a space",  SNAPSHOT_PUBLIC,       GROUP(.name = "unit oak"), SNAPSHOT_BUILD_E_RANGE },
        { "the host's own name",  SNAPSHOT_PUBLIC,       GROUP(.name = "sudo"), SNAPSHOT_BUILD_E_RANGE },
        { "another kind's name",  SNAPSHOT_PUBLIC,       GROUP(.name = "role-oak"), SNAPSHOT_BUILD_E_RANGE },
        { "a beginning alone",    SNAPSHOT_PUBLIC,       GROUP(.name = "unit-"), SNAPSHOT_BUILD_E_RANGE },
        { "a member with comma",  SNAPSHOT_PUBLIC,       GROUP(.flags = SNAPSHOT_LISTED, .members = bad_member, .n_members = 2), SNAPSHOT_BUILD_E_RANGE },
        { "listed, one member",   SNAPSHOT_PUBLIC,       GROUP(.flags = SNAPSHOT_LISTED, .members = bad_member, .n_members = 1), 0 },
        { "a member, not listed", SNAPSHOT_PUBLIC,       GROUP(.members = bad_member, .n_members = 1), SNAPSHOT_BUILD_E_RANGE },
        { "listed and gone",      SNAPSHOT_PUBLIC_DELTA, GROUP(.flags = SNAPSHOT_LISTED | SNAPSHOT_GONE), SNAPSHOT_BUILD_E_RANGE },
        { "gone by a delta",      SNAPSHOT_PUBLIC_DELTA, GROUP(.flags = SNAPSHOT_GONE), 0 },
};

static void verdicts(void) {
        for (size_t i = 0; i < N_ELEMENTS(users); i++) {
                struct snapshot_builder *b = clinic_builder(users[i].kind, 1, 1);
                const int r = snapshot_builder_add_user(b, &users[i].user);

                ok(r == users[i].want, "user: %s (%d)", users[i].name, r);
                (void) snapshot_builder_free(b);
        }
        for (size_t i = 0; i < N_ELEMENTS(groups); i++) {
                struct snapshot_builder *b = clinic_builder(groups[i].kind, 1, 1);
                const int r = snapshot_builder_add_group(b, &groups[i].group);

                ok(r == groups[i].want, "group: %s (%d)", groups[i].name, r);
                (void) snapshot_builder_free(b);
        }
}

static void once(void) {
        const struct snapshot_build_user anna = USER(PASSWD);
        const struct snapshot_build_user same_uid = USER(PASSWD, .name = "anders");
        const struct snapshot_build_group oak_group = GROUP(), same_gid = GROUP(.name = "unit-elm");
        const struct snapshot_build_user named_oak = USER(.name = "unit-oak");
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC, 1, 1);

        ok(snapshot_builder_add_user(b, &anna) == 0, "once: a user");
        ok(snapshot_builder_add_user(b, &anna) == SNAPSHOT_BUILD_E_TWICE, "once: the name again");
        ok(snapshot_builder_add_user(b, &same_uid) == SNAPSHOT_BUILD_E_TWICE, "once: the uid again");
        ok(snapshot_builder_add_group(b, &oak_group) == 0, "once: a group");
        ok(snapshot_builder_add_group(b, &same_gid) == SNAPSHOT_BUILD_E_TWICE, "once: the gid again");
        ok(snapshot_builder_add_user(b, &named_oak) == 0, "once: users and groups don't collide");
        (void) snapshot_builder_free(b);
}

static void k8(void) {
        static const struct snapshot_timed journal[] = { PLAIN(GID_JOURNAL) };
        static const struct snapshot_timed later[] = { TIMED(FAR_AHEAD, FAR_AHEAD + 1, GID_JOURNAL) };
        const struct snapshot_build_group record = GROUP(.name = "service-journal", .gid = GID_JOURNAL,
                                                         .kind = SNAPSHOT_GROUP_SERVICE_RECORD);
        const struct snapshot_build_user client = USER(.flags = SNAPSHOT_PRIVATE_KIND, .memberships = journal,
                                                       .n_memberships = 1);
        const struct snapshot_build_user once_upon = USER(.flags = SNAPSHOT_PRIVATE_KIND, .memberships = later,
                                                          .n_memberships = 1);
        const struct snapshot_build_user primary = USER(PASSWD, .flags = SNAPSHOT_PASSWD | SNAPSHOT_PRIVATE_KIND,
                                                        .gid = GID_JOURNAL);
        const struct snapshot_build_user staff = USER(.name = "bo", .memberships = journal, .n_memberships = 1);
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PRIVATE, 1, 1);

        ok(snapshot_builder_add_group(b, &record) == 0, "K8: a record group");
        ok(snapshot_builder_add_user(b, &client) == SNAPSHOT_BUILD_E_K8, "K8: a client in it");
        ok(snapshot_builder_add_user(b, &once_upon) == SNAPSHOT_BUILD_E_K8, "K8: a client in it some day");
        ok(snapshot_builder_add_user(b, &primary) == SNAPSHOT_BUILD_E_K8, "K8: as the primary group");
        ok(snapshot_builder_add_user(b, &staff) == 0, "K8: staff may be in it");
        (void) snapshot_builder_free(b);

        b = clinic_builder(SNAPSHOT_PRIVATE, 1, 1);
        ok(snapshot_builder_add_user(b, &client) == 0, "K8: a group that is not known yet");
        ok(snapshot_builder_add_group(b, &record) == SNAPSHOT_BUILD_E_K8, "K8: a client is in what turns out to be one");
        ok(snapshot_builder_forbid(b, GID_JOURNAL) == SNAPSHOT_BUILD_E_K8, "K8: the same, of another file");
        (void) snapshot_builder_free(b);

        b = clinic_builder(SNAPSHOT_PRIVATE, 1, 1);
        ok(snapshot_builder_forbid(b, GID_JOURNAL) == 0, "K8: a record group of another file");
        ok(snapshot_builder_add_user(b, &client) == SNAPSHOT_BUILD_E_K8, "K8: a client in that");
        ok(snapshot_builder_add_user(b, &staff) == 0, "K8: staff in that");
        (void) snapshot_builder_free(b);
}

/* Many users and groups: all are found by name and id, each with what was said about it, and nobody else is. */
static void read_back(size_t n) {
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC, 7, 8);
        auto_free uint8_t *image = NULL;
        struct snapshot_file f;
        struct snapshot_entry e;
        size_t size, wrong = 0;
        char name[32];

        for (uint32_t i = 0; i < n; i++) {
                const struct snapshot_timed m[] = { PLAIN(GID_OAK + 1), TIMED(1, 2, GID_OAK), PLAIN(GID_OAK), PLAIN(GID_OAK) };

                (void) snprintf(name, sizeof name, "user-%u", (unsigned) i);
                clinic_add_user(b, name, 0, UID_ANNA + i, GID_MANY + i, m, N_ELEMENTS(m));
                (void) snprintf(name, sizeof name, "unit-%u", (unsigned) i);
                clinic_add_group(b, name, GID_MANY + i, SNAPSHOT_GROUP_UNIT);
        }
        ok(snapshot_builder_image(b, &image, &size) == 0 && snapshot_file_init(&f, image, size, SNAPSHOT_PUBLIC) == 0 &&
           f.generation == 7 && f.written == 8, "read back: %zu users and groups", n);

        for (uint32_t i = 0; i < n; i++) {
                struct snapshot_entry by_id;
                struct snapshot_timed t;

                (void) snprintf(name, sizeof name, "user-%u", (unsigned) i);
                if (snapshot_file_by_name(&f, SNAPSHOT_USER, name, strlen(name), &e) != SNAPSHOT_OK ||
                    e.fixed.id != UID_ANNA + i || e.fixed.gid != GID_MANY + i || strcmp(e.name, name) != 0 ||
                    strncmp(e.home, "/home/user-", 11) != 0 || strcmp(e.shell, "/bin/sh") != 0 ||
                    snapshot_file_by_id(&f, SNAPSHOT_USER, UID_ANNA + i, &by_id) != SNAPSHOT_OK || by_id.record != e.record)
                        wrong++;
                snapshot_entry_timed(&e, 0, &t);
                if (e.fixed.n_plain != 2 || e.fixed.n_timed != 1 || snapshot_entry_plain(&e, 0) != GID_OAK ||
                    snapshot_entry_plain(&e, 1) != GID_OAK + 1 || t.from != 1 || t.until != 2 || t.gid != GID_OAK)
                        wrong++;
                (void) snprintf(name, sizeof name, "unit-%u", (unsigned) i);
                if (snapshot_file_by_name(&f, SNAPSHOT_GROUP, name, strlen(name), &e) != SNAPSHOT_OK ||
                    e.fixed.id != GID_MANY + i ||
                    snapshot_file_by_id(&f, SNAPSHOT_GROUP, GID_MANY + i, &by_id) != SNAPSHOT_OK || by_id.record != e.record)
                        wrong++;
                if (snapshot_file_by_name(&f, SNAPSHOT_USER, name, strlen(name), &e) != SNAPSHOT_E_NOT_FOUND ||
                    snapshot_file_by_id(&f, SNAPSHOT_USER, GID_MANY + i, &e) != SNAPSHOT_E_NOT_FOUND)
                        wrong++;
        }
        ok(wrong == 0, "read back: all of them right (%zu wrong)", wrong);
        (void) snapshot_builder_free(b);
}

/* Everything in the directory but the named files. */
static bool nothing_temporary(void) {
        return access(WORLD_SNAPSHOTS "/.public.snapshot.new", F_OK) < 0 &&
               access(WORLD_SNAPSHOTS "/.private.snapshot.new", F_OK) < 0 &&
               access(WORLD_SNAPSHOTS "/.public.delta.new", F_OK) < 0 &&
               access(WORLD_SNAPSHOTS "/.private.delta.new", F_OK) < 0;
}

static uint64_t counter(void) {
        size_t n;
        auto_free uint8_t *page = world_read(WORLD_SNAPSHOTS "/epoch", &n);
        struct snapshot_epoch e;

        memcpy(&e, page, sizeof e);
        return n == SNAPSHOT_EPOCH_SIZE ? e.counter : 0;
}

static void writing(void) {
        auto_close int dir = world_open(WORLD_SNAPSHOTS), lock = -1;
        struct snapshot_builder *public = clinic_public(1, 1, 0), *private = clinic_private(1, 1), *other = clinic_private(2, 1);
        struct stat before, after, st;
        auto_free uint8_t *old = NULL;
        size_t n;

        (void) umask(077);
        world_write(WORLD_SNAPSHOTS "/.public.snapshot.new", "left over", 9, 0600);
        ok(snapshot_write_bases(dir, public, private) == 0, "writing: a first set, with a draft left over");
        ok(stat(WORLD_SNAPSHOTS "/public.snapshot", &st) == 0 && (st.st_mode & 07777) == 0644 &&
           stat(WORLD_SNAPSHOTS "/public.delta", &st) == 0 && (st.st_mode & 07777) == 0644 &&
           stat(WORLD_SNAPSHOTS "/epoch", &st) == 0 && (st.st_mode & 07777) == 0644, "writing: public modes, whatever the umask");
        ok(stat(WORLD_SNAPSHOTS "/private.snapshot", &st) == 0 && (st.st_mode & 07777) == 0600 &&
           stat(WORLD_SNAPSHOTS "/private.delta", &st) == 0 && (st.st_mode & 07777) == 0600 &&
           stat(WORLD_SNAPSHOTS "/.lock", &st) == 0 && (st.st_mode & 07777) == 0600, "writing: private modes");
        ok(nothing_temporary(), "writing: nothing temporary is left");
        ok(counter() == 2, "writing: the epoch went up before and after");

        (void) stat(WORLD_SNAPSHOTS "/epoch", &before);
        (void) stat(WORLD_SNAPSHOTS "/public.snapshot", &st);
        ok(snapshot_write_bases(dir, public, private) == 0 && stat(WORLD_SNAPSHOTS "/epoch", &after) == 0 &&
           before.st_ino == after.st_ino && counter() == 4, "writing: the epoch page stays the same file");
        ok(stat(WORLD_SNAPSHOTS "/public.snapshot", &after) == 0 && st.st_ino != after.st_ino, "writing: a snapshot is a new file");
        ok(snapshot_epoch_advance(dir) == 0 && counter() == 5, "writing: the epoch by itself");

        ok(snapshot_write_bases(dir, public, other) == -EINVAL, "writing: two generations");
        ok(snapshot_write_bases(dir, private, public) == -EINVAL, "writing: the wrong way round");
        ok(snapshot_builder_write(public, dir, "a/b", 0644) == -EINVAL, "writing: a path as a name");

        /* A directory under the temporary name can't be removed like a file: the old one stays. */
        old = world_read(WORLD_SNAPSHOTS "/public.snapshot", &n);
        (void) mkdir(WORLD_SNAPSHOTS "/.private.delta.new", 0700);
        ok(snapshot_write_bases(dir, public, private) < 0, "writing: a draft that can't be made");
        {
                size_t m;
                auto_free uint8_t *now = world_read(WORLD_SNAPSHOTS "/public.snapshot", &m);

                ok(m == n && memcmp(now, old, n) == 0, "writing: then nothing is replaced");
        }
        (void) rmdir(WORLD_SNAPSHOTS "/.private.delta.new");
        ok(nothing_temporary(), "writing: and nothing temporary is left");

        lock = open(WORLD_SNAPSHOTS "/.lock", O_RDWR | O_CLOEXEC);
        (void) flock(lock, LOCK_EX);
        ok(snapshot_epoch_advance(dir) == -EBUSY, "writing: not while another writes");

        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
        (void) snapshot_builder_free(other);
}

static void k8_across(void) {
        static const struct snapshot_timed journal[] = { PLAIN(GID_JOURNAL) };
        auto_close int dir = world_open(WORLD_SNAPSHOTS);
        struct snapshot_builder *public = clinic_public(1, 1, 0), *private = clinic_builder(SNAPSHOT_PRIVATE, 1, 1);

        clinic_add_user(private, "elsa", SNAPSHOT_PRIVATE_KIND, 0, 0, journal, 1);
        ok(snapshot_write_bases(dir, public, private) == SNAPSHOT_BUILD_E_K8, "K8: a public record group, a private client");
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
}

int main(void) {
        world_enter();
        verdicts();
        once();
        k8();
        k8_across();
        read_back(0);
        read_back(1);
        read_back(15);
        read_back(5000);
        writing();
        world_leave();
        return finish();
}
