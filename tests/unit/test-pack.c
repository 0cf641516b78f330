/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-pack.c - entries into every size and alignment of buffer (numbers: pack.c)
 */

#include "pack.h"

#include "cleanup.h"
#include "clinic.h"
#include "snapshot-file.h"
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BUFFER = 512, GUARD = 0x5a };

static uint8_t *image;
static struct snapshot_file file;
static const struct snapshot_view *view;

static struct snapshot_entry entry(uint8_t type, const char *name) {
        struct snapshot_entry e = { 0 };

        if (snapshot_file_by_name(&file, type, name, strlen(name), &e) != SNAPSHOT_OK) {
                printf("Bail out! %s\n", name);
                exit(1);
        }
        return e;
}

static bool is_inside(const void *p, size_t n, const char *buf, size_t n_buf) {
        return (const char *) p >= buf && (const char *) p + n <= buf + n_buf;
}

static bool untouched(const char *from, const char *to) {
        for (; from < to; from++)
                if (*from != GUARD)
                        return false;
        return true;
}

static bool passwd_is_right(const struct passwd *pw, const char *buf, size_t n) {
        return strcmp(pw->pw_name, "anna") == 0 && strcmp(pw->pw_passwd, "*") == 0 && strcmp(pw->pw_gecos, "") == 0 &&
               strcmp(pw->pw_dir, "/home/anna") == 0 && strcmp(pw->pw_shell, "/bin/sh") == 0 &&
               pw->pw_uid == UID_ANNA && pw->pw_gid == GID_NURSE && is_inside(pw->pw_name, 5, buf, n) &&
               is_inside(pw->pw_passwd, 2, buf, n) && is_inside(pw->pw_gecos, 1, buf, n) &&
               is_inside(pw->pw_dir, 11, buf, n) && is_inside(pw->pw_shell, 8, buf, n);
}

static bool group_is_right(const struct group *gr, const char *buf, size_t n) {
        return strcmp(gr->gr_name, "unit-listed") == 0 && strcmp(gr->gr_passwd, "*") == 0 && gr->gr_gid == GID_LISTED &&
               (uintptr_t) gr->gr_mem % _Alignof(char *) == 0 && is_inside(gr->gr_mem, 3 * sizeof(char *), buf, n) &&
               strcmp(gr->gr_mem[0], "lena") == 0 && strcmp(gr->gr_mem[1], "mo") == 0 && !gr->gr_mem[2] &&
               is_inside(gr->gr_mem[0], 5, buf, n) && is_inside(gr->gr_mem[1], 3, buf, n);
}

/* At each offset there is one size from which on it fits; below, ERANGE and nothing stored; beyond, nothing written. */
static void sweep(uint8_t type) {
        const struct snapshot_entry e = entry(type, type == SNAPSHOT_USER ? "anna" : "unit-listed");
        _Alignas(16) char all[BUFFER + 32];
        unsigned wrong = 0, least = BUFFER, most = 0;

        for (size_t offset = 0; offset < 16; offset++) {
                bool fits = false;

                for (size_t n = 0; n <= BUFFER; n++) {
                        struct passwd pw = { .pw_uid = 4711 };
                        struct group gr = { .gr_gid = 4711 };
                        int r;

                        memset(all, GUARD, sizeof all);
                        r = type == SNAPSHOT_USER ? pack_passwd(&e, &pw, all + offset, n) :
                                                    pack_group(view, &e, &gr, all + offset, n);
                        if (!untouched(all, all + offset) || !untouched(all + offset + n, all + sizeof all))
                                wrong++;
                        if (r == 0) {
                                if (!fits && n < least)
                                        least = (unsigned) n;
                                if (!fits && n > most)
                                        most = (unsigned) n;
                                fits = true;
                                wrong += type == SNAPSHOT_USER ? !passwd_is_right(&pw, all + offset, n) :
                                                                 !group_is_right(&gr, all + offset, n);
                        } else
                                wrong += fits || r != -ERANGE || (type == SNAPSHOT_USER ? pw.pw_uid != 4711 : gr.gr_gid != 4711);
                }
                wrong += !fits;
        }
        ok(wrong == 0, "1: %s: every size at every alignment (%u wrong)", type == SNAPSHOT_USER ? "passwd" : "group", wrong);
        if (type == SNAPSHOT_USER)
                ok(least == 27 && most == 27, "passwd: the least size is the sum of the strings (%u, %u)", least, most);
        else
                ok(least == 14 + 8 + 3 * sizeof(char *) && most == least + sizeof(char *) - 1,
                   "group: the same, with the list aligned (%u, %u)", least, most);
}

static int pack_group_alone(const struct snapshot_entry *e, struct group *ret, char *buf, size_t n) {
        return pack_group(NULL, e, ret, buf, n);
}

static void refusals(void) {
        const struct snapshot_entry user = entry(SNAPSHOT_USER, "anna"), group = entry(SNAPSHOT_GROUP, "unit-listed");
        struct snapshot_entry e;
        struct passwd pw;
        struct group gr;
        char buf[BUFFER];

        ok(pack_passwd(&group, &pw, buf, sizeof buf) == -EBADMSG, "a group is no passwd entry");
        ok(pack_group(NULL, &user, &gr, buf, sizeof buf) == -EBADMSG, "a user is no group");
        e = entry(SNAPSHOT_USER, "dana");
        ok(pack_passwd(&e, &pw, buf, sizeof buf) == -EBADMSG, "a user without a passwd entry");

#define REFUSED(of, pack, out, change, what) do {                               \
                e = (of);                                                       \
                change;                                                         \
                ok((pack)(&e, (out), buf, sizeof buf) == -EBADMSG, what);       \
        } while (0)

        REFUSED(user, pack_passwd, &pw, e.fixed.id = 0, "3: uid 0");
        REFUSED(user, pack_passwd, &pw, e.fixed.gid = 0, "3: gid 0");
        REFUSED(user, pack_passwd, &pw, e.fixed.id = SNAPSHOT_ID_MIN - 1, "3: a uid below the range");
        REFUSED(user, pack_passwd, &pw, e.fixed.id = SNAPSHOT_ID_MAX + 1, "3: a uid above the range");
        REFUSED(user, pack_passwd, &pw, e.name = "root", "3: root");
        REFUSED(user, pack_passwd, &pw, e.name = "an:a", "2: a name that changed");
        REFUSED(user, pack_passwd, &pw, e.home = "x/ome/anna", "2: a home that changed");
        REFUSED(user, pack_passwd, &pw, e.home = "/etc//anna", "2: a home among root's files");
        REFUSED(user, pack_passwd, &pw, e.shell = "/bin\nsh", "2: a shell that changed");
        REFUSED(group, pack_group_alone, &gr, e.fixed.id = 0, "3: a group of gid 0");
        REFUSED(group, pack_group_alone, &gr, e.name = "unit listed", "2: a group's name that changed");
        REFUSED(group, pack_group_alone, &gr, e.name = "sudo-listed", "2: a group's name of another beginning");
        e = group;
        ok(pack_group(NULL, &e, &gr, buf, sizeof buf) == 0 && !gr.gr_mem[0], "without a view, no members");
}

int main(void) {
        struct snapshot_builder *b = clinic_public(1, 1, 0);
        size_t n;

        if (snapshot_builder_image(b, &image, &n) != 0 || snapshot_file_init(&file, image, n, SNAPSHOT_PUBLIC) != 0)
                return 1;
        (void) snapshot_builder_free(b);
        world_enter();
        clinic_publish(world_open(WORLD_SNAPSHOTS), 1, 0);
        if (snapshot_acquire(&view) != SNAPSHOT_OK)
                return 1;
        sweep(SNAPSHOT_USER);
        sweep(SNAPSHOT_GROUP);
        refusals();
        snapshot_release(view);
        snapshot_shutdown();
        world_leave();
        free(image);
        return finish();
}
