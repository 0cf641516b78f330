/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-snapshot-set.c - bases, deltas and self entries together say what a simpler reader makes of them
 *
 *     input  = damage *entry
 *     damage = file u8, at u16, change u8     ; change 0: none
 *     entry  = 4 bytes, see entry_of()
 *
 * Property: of eight names and eight ids of users and of groups, the reader
 * says what a model says that goes through lists: a delta replaces by name
 * and by id, GONE is gone, memberships of both files add up, who is no staff
 * has no group of a record service or of unknown kind (K8).  So it does as
 * root, and as each user who has only a self entry besides the public files.
 * With one byte changed it says the same, or that it can't say.
 */

#include "clinic.h"
#include "snapshot-view.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum {
        FILES = 4, PUBLIC = 0, PUBLIC_DELTA, PRIVATE, PRIVATE_DELTA,
        KEYS = 8, ENTRIES_MAX = 24, FIRST_RECORD = 6,
        FIRST_UID = UID_ANNA, FIRST_GID = GID_NURSE,
        ANY = KEYS,                             /* by name, or by id                              */
};

static const enum snapshot_kind kinds[FILES] = {
        SNAPSHOT_PUBLIC, SNAPSHOT_PUBLIC_DELTA, SNAPSHOT_PRIVATE, SNAPSHOT_PRIVATE_DELTA,
};
static const char *const user_names[KEYS] = { "anna", "bo", "cia", "dana", "elsa", "finn", "gun", "hugo" };
static const char *const group_names[KEYS] = {
        "unit-a", "unit-b", "unit-c", "unit-d", "unit-e", "unit-f", "service-g", "service-h",
};

struct entry {
        uint8_t  type, flags, gid, held;        /* @held: a bit for each group                    */
        unsigned name, id;                      /* ANY: has none (a user without PASSWD)          */
};

struct list {
        struct entry entry[ENTRIES_MAX];
        size_t       n;
};

/* Where a user or group that the public files don't have is looked for. */
struct hidden {
        const struct list *base, *delta;
};

struct answer {
        int      r;                             /* negative: can't be said                        */
        unsigned name, id, held;
};

/* -- The files ------------------------------------------------------------------------------------------ */

/*
 *     b0: file 2 bits, group 1, GONE 1, PASSWD 1, PRIVATE-KIND 1
 *     b1: name 3 bits, id 3 bits; b2: held; b3: primary gid 3 bits
 */
static struct entry entry_of(const uint8_t *in, unsigned file) {
        const bool is_group = in[0] & 4, is_gone = (in[0] & 8) && file % 2 != PUBLIC, has_passwd = in[0] & 16;
        const bool is_private_kind = (in[0] & 32) && file >= PRIVATE;

        return (struct entry) {
                .type = is_group ? SNAPSHOT_GROUP : SNAPSHOT_USER,
                .flags = (uint8_t) ((is_gone ? SNAPSHOT_GONE : 0) | (!is_group && has_passwd ? SNAPSHOT_PASSWD : 0) |
                                    (!is_group && is_private_kind ? SNAPSHOT_PRIVATE_KIND : 0)),
                .gid = in[3] % KEYS, .held = is_group || is_gone ? 0 : in[2],
                .name = in[1] % KEYS, .id = is_group || has_passwd ? in[1] / KEYS % KEYS : ANY,
        };
}

static int build(struct snapshot_builder *b, const struct entry *e) {
        struct snapshot_timed held[KEYS];
        size_t n = 0;

        if (e->type == SNAPSHOT_GROUP)
                return snapshot_builder_add_group(b, &(struct snapshot_build_group) {
                        .name = group_names[e->name], .flags = e->flags, .gid = FIRST_GID + e->id,
                        .kind = e->name >= FIRST_RECORD ? SNAPSHOT_GROUP_SERVICE_RECORD : SNAPSHOT_GROUP_UNIT,
                });
        for (unsigned i = 0; i < KEYS; i++)
                if (e->held & 1U << i)
                        held[n++] = (struct snapshot_timed) PLAIN(FIRST_GID + i);
        return snapshot_builder_add_user(b, &(struct snapshot_build_user) {
                .name = user_names[e->name], .flags = e->flags,
                .uid = e->id == ANY ? 0 : FIRST_UID + e->id, .gid = e->id == ANY ? 0 : FIRST_GID + (gid_t) e->gid,
                .home = (e->flags & (SNAPSHOT_PASSWD | SNAPSHOT_GONE)) == SNAPSHOT_PASSWD ? "/home/h" : NULL,
                .shell = (e->flags & (SNAPSHOT_PASSWD | SNAPSHOT_GONE)) == SNAPSHOT_PASSWD ? "/s" : NULL,
                .from = INT64_MIN, .until = INT64_MAX, .memberships = held, .n_memberships = n,
        });
}

/* The image of what is in @list; what a builder refuses is taken out of it. */
static uint8_t *image_of(struct list *list, enum snapshot_kind kind, size_t *ret_n) {
        struct snapshot_builder *b = clinic_builder(kind, 1, 1);
        uint8_t *image = NULL;
        size_t n = 0;

        for (size_t i = 0; i < list->n; i++)
                if (build(b, &list->entry[i]) == 0)
                        list->entry[n++] = list->entry[i];
        list->n = n;
        assert(snapshot_builder_image(b, &image, ret_n) == 0);
        (void) snapshot_builder_free(b);
        return image;
}

/* -- The model -------------------------------------------------------------------------------------------- */

static const struct entry *in_list(const struct list *list, uint8_t type, unsigned name, unsigned id) {
        for (size_t i = 0; list && i < list->n; i++) {
                const struct entry *const e = &list->entry[i];

                if (e->type == type && (name == ANY ? e->id == id : e->name == name))
                        return e;
        }
        return NULL;
}

static const struct entry *in_pair(const struct list *base, const struct list *delta, uint8_t type, unsigned name, unsigned id) {
        const struct entry *e = in_list(delta, type, name, id);

        if (!e) {
                e = in_list(base, type, name, id);
                if (e && (name == ANY ? in_list(delta, type, e->name, ANY) : e->id != ANY ? in_list(delta, type, ANY, e->id) : NULL))
                        return NULL;
        }
        return e && !(e->flags & SNAPSHOT_GONE) ? e : NULL;
}

static bool is_open(const struct list *files, const struct hidden *h, unsigned gid) {
        const struct entry *const in_public = in_pair(&files[PUBLIC], &files[PUBLIC_DELTA], SNAPSHOT_GROUP, ANY, gid);
        const struct entry *const hidden = in_pair(h->base, h->delta, SNAPSHOT_GROUP, ANY, gid);

        if ((in_public && in_public->name >= FIRST_RECORD) || (hidden && hidden->name >= FIRST_RECORD))
                return false;
        return in_public || hidden;
}

static struct answer model_find(const struct list *files, const struct hidden *h, uint8_t type, unsigned name, unsigned id) {
        const struct entry *e = in_pair(&files[PUBLIC], &files[PUBLIC_DELTA], type, name, id);
        bool is_hidden = false;

        if (!e || (type == SNAPSHOT_USER && !(e->flags & SNAPSHOT_PASSWD))) {
                e = in_pair(h->base, h->delta, type, name, id);
                is_hidden = true;
        }
        if (!e || (type == SNAPSHOT_USER && !(e->flags & SNAPSHOT_PASSWD)))
                return (struct answer) { .r = SNAPSHOT_E_NOT_FOUND };
        if (type == SNAPSHOT_USER && (is_hidden || (e->flags & SNAPSHOT_PRIVATE_KIND)) && !is_open(files, h, e->gid))
                return (struct answer) { .r = -1 };
        return (struct answer) { .name = e->name, .id = e->id };
}

static struct answer model_groups(const struct list *files, const struct hidden *h, unsigned name) {
        const struct entry *const in_public = in_pair(&files[PUBLIC], &files[PUBLIC_DELTA], SNAPSHOT_USER, name, ANY);
        const struct entry *const hidden = in_pair(h->base, h->delta, SNAPSHOT_USER, name, ANY);
        const unsigned held = (in_public ? in_public->held : 0U) | (hidden ? hidden->held : 0U);
        struct answer a = { .r = in_public || hidden ? SNAPSHOT_OK : SNAPSHOT_E_NOT_FOUND };

        for (unsigned i = 0; i < KEYS; i++)
                if (held & 1U << i &&
                    ((in_public && !((in_public->flags | (hidden ? hidden->flags : 0)) & SNAPSHOT_PRIVATE_KIND)) || is_open(files, h, i)))
                        a.held |= 1U << i;
        return a;
}

/* -- The reader --------------------------------------------------------------------------------------------- */

static unsigned index_of(const char *const names[static KEYS], const char *name) {
        for (unsigned i = 0; i < KEYS; i++)
                if (strcmp(names[i], name) == 0)
                        return i;
        abort();
}

static struct answer found(int r, const struct snapshot_entry *e, bool is_user) {
        if (r != SNAPSHOT_OK)
                return (struct answer) { .r = r < 0 ? -1 : r };
        return (struct answer) {
                .name = index_of(is_user ? user_names : group_names, e->name),
                .id = e->fixed.id - (is_user ? FIRST_UID : FIRST_GID),
        };
}

static int hold(gid_t gid, void *context) {
        unsigned *const held = context;

        assert(gid >= FIRST_GID && gid < FIRST_GID + KEYS);
        *held |= 1U << (gid - FIRST_GID);
        return 0;
}

static struct answer held_by(const struct snapshot_view *v, unsigned name) {
        struct answer a = { .r = SNAPSHOT_OK };
        const int r = snapshot_groups_of(v, user_names[name], hold, &a.held);

        return r == SNAPSHOT_OK ? a : (struct answer) { .r = r < 0 ? -1 : r };
}

static void same(struct answer said, struct answer right, bool is_damaged) {
        if (is_damaged && said.r < 0)
                return;
        assert(said.r == right.r && said.name == right.name && said.id == right.id && said.held == right.held);
}

static void compare(const struct snapshot_view *v, const struct list *files, const struct hidden *h, bool is_damaged) {
        struct snapshot_entry e;

        for (unsigned i = 0; i < KEYS; i++) {
                same(found(snapshot_user_by_name(v, user_names[i], &e), &e, true), model_find(files, h, SNAPSHOT_USER, i, ANY), is_damaged);
                same(found(snapshot_user_by_uid(v, FIRST_UID + i, &e), &e, true), model_find(files, h, SNAPSHOT_USER, ANY, i), is_damaged);
                same(found(snapshot_group_by_name(v, group_names[i], &e), &e, false), model_find(files, h, SNAPSHOT_GROUP, i, ANY), is_damaged);
                same(found(snapshot_group_by_gid(v, FIRST_GID + i, &e), &e, false), model_find(files, h, SNAPSHOT_GROUP, ANY, i), is_damaged);
                same(held_by(v, i), model_groups(files, h, i), is_damaged);
        }
}

/* -- Together ------------------------------------------------------------------------------------------------- */

/* As each user that root finds in the private files: their own entry is copied for them, and they see nobody else's. */
static void compare_alone(const struct snapshot_file read[static FILES], const struct list *files, const struct hidden *h) {
        for (unsigned i = 0; i < KEYS; i++) {
                const struct entry *const e = in_pair(h->base, h->delta, SNAPSHOT_USER, ANY, i);
                struct snapshot_view v = { .written = INT64_MIN, .euid = FIRST_UID + i, .euid_is_fixed = 1 };
                struct list own = { .n = 1 };
                uint8_t *image;
                size_t n;

                if (!e)
                        continue;
                own.entry[0] = *e;
                image = image_of(&own, SNAPSHOT_SELF, &n);
                assert(own.n == 1 && snapshot_file_init(&v.self, image, n, SNAPSHOT_SELF) == 0);
                v.public = (struct snapshot_pair) { .base = read[PUBLIC], .delta = read[PUBLIC_DELTA] };
                compare(&v, files, &(struct hidden) { .base = &own }, false);
                free(image);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        struct list files[FILES] = { 0 };
        const struct hidden h = { .base = &files[PRIVATE], .delta = &files[PRIVATE_DELTA] };
        struct snapshot_file read[FILES];
        uint8_t *image[FILES], change;
        struct snapshot_view v = { .written = INT64_MIN, .euid_is_fixed = 1 };
        size_t size[FILES], at;
        unsigned damaged;

        if (n < 4)
                return 0;
        damaged = data[0] % FILES;
        at = (size_t) data[1] | (size_t) data[2] << 8;
        change = data[3];
        for (data += 4, n -= 4; n >= 4; data += 4, n -= 4) {
                const unsigned file = data[0] % FILES;

                if (files[file].n < ENTRIES_MAX)
                        files[file].entry[files[file].n++] = entry_of(data, file);
        }
        for (unsigned i = 0; i < FILES; i++) {
                image[i] = image_of(&files[i], kinds[i], &size[i]);
                assert(snapshot_file_init(&read[i], image[i], size[i], kinds[i]) == 0);
        }
        v.public = (struct snapshot_pair) { .base = read[PUBLIC], .delta = read[PUBLIC_DELTA] };
        v.private = (struct snapshot_pair) { .base = read[PRIVATE], .delta = read[PRIVATE_DELTA] };
        compare(&v, files, &h, false);
        compare_alone(read, files, &h);

        if (change != 0) {
                struct snapshot_file again;

                image[damaged][at % size[damaged]] ^= change;
                memset(&v.answers, 0, sizeof v.answers);
                if (snapshot_file_init(&again, image[damaged], size[damaged], kinds[damaged]) == 0)
                        compare(&v, files, &h, true);
        }
        for (unsigned i = 0; i < FILES; i++)
                free(image[i]);
        return 0;
}
