/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-snapshot.c - any bytes as snapshots; and what the builder writes reads back equal
 *
 *     input  = even how files / odd *entry
 *     even, odd = u8
 *     entry  = 4 bytes, see build_one()
 *     how    = u8                             ; bit 0: seal the checksums, bit 1: a private pair, bit 2: ask as nobody
 *     files  = size base delta / size base size delta size private-base private-delta
 *     size   = u16                            ; the last file has what is left
 *
 * Property of the first: no crash; nothing is found whose name and id do not
 * agree with what was asked, or whose id lies outside the range; every gid
 * given is inside the range and there are no more of them than the files have
 * bytes for; and whoever has no public record has no group that the same
 * files call a record service's (K8).  Of the second: every user and group that the builder took is
 * found, with the same memberships, and nobody else is.
 */

#include "clinic.h"
#include "snapshot-view.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { FILES = 4, BUILD_MAX = 64, CHECKED_MAX = 64 };

static const char *const names[] = { "anna", "bo", "dana", "elsa", "role-nurse", "unit-oak", "x", "service-journal", "root" };

struct counted {
        size_t   n;
        uint32_t sum;
};

static int count(gid_t gid, void *context) {
        struct counted *const c = context;

        assert(snapshot_id_is_ours((uint32_t) gid));
        c->n++;
        c->sum += (uint32_t) gid;
        return 0;
}

/* -- Any bytes ------------------------------------------------------------------------------------------ */

/* Make the checksums right, as an owner with ill intent would: otherwise few inputs come past them. */
static void seal(uint8_t *at, size_t n, enum snapshot_kind kind) {
        struct snapshot_header *const h = (struct snapshot_header *) (void *) at;

        if (n < sizeof *h)
                return;
        memcpy(h->magic, SNAPSHOT_MAGIC, sizeof h->magic);
        h->version = SNAPSHOT_VERSION;
        h->kind = (uint32_t) kind;
        h->size = n;
        memset(h->reserved, 0, sizeof h->reserved);
        h->check = snapshot_mix64(h->seed, h, offsetof(struct snapshot_header, check));

        for (uint64_t o = h->records.offset, left = CHECKED_MAX; left > 0 && o % 8 == 0 && o + 48 <= n; left--) {
                struct snapshot_record *const r = (struct snapshot_record *) (void *) (at + o);

                if (r->length < 8 || r->length > n - o)
                        break;
                r->check = snapshot_check32(h->seed, (uint32_t) o, r, r->length);
                o += r->length;
        }
        for (size_t t = 0; t < SNAPSHOT_TABLES; t++)
                for (uint32_t i = 0; i < h->tables[t].n && i < CHECKED_MAX; i++) {
                        const uint64_t o = h->tables[t].offset + (uint64_t) i * SNAPSHOT_LINE_SIZE;
                        uint32_t check;

                        if (o < sizeof *h || o % 4 != 0 || o + SNAPSHOT_LINE_SIZE > n)
                                break;
                        check = snapshot_check32(h->seed, (uint32_t) o, at + o, SNAPSHOT_LINE_SIZE);
                        memcpy(at + o, &check, sizeof check);
                }
}

static void entry_check(const struct snapshot_entry *e, uint8_t type, const char *name, uint32_t id) {
        assert(e->fixed.type == type);
        assert(snapshot_name_is_valid(e->name, strlen(e->name)) && strlen(e->name) == e->fixed.n_name);
        assert(snapshot_id_is_ours(e->fixed.id));
        assert(name ? strcmp(e->name, name) == 0 : e->fixed.id == id);
        if (type == SNAPSHOT_USER) {
                assert(snapshot_id_is_ours(e->fixed.gid) && (e->fixed.flags & SNAPSHOT_PASSWD));
                assert(snapshot_home_is_valid(e->home, strlen(e->home)) && snapshot_path_is_valid(e->shell, strlen(e->shell)));
        } else
                for (uint32_t i = 0; i < e->fixed.n_plain; i++) {
                        const char *const member = snapshot_member(e, i);

                        if (!member)
                                break;
                        assert(snapshot_name_is_valid(member, strlen(member)));
                }
}

/* K8, for somebody who is not staff, whatever the flags say. */
static int count_open(gid_t gid, void *context) {
        const struct snapshot_view *const v = context;
        struct snapshot_entry group;

        assert(snapshot_group_by_gid(v, gid, &group) != SNAPSHOT_OK ||
               group.fixed.group_kind != SNAPSHOT_GROUP_SERVICE_RECORD);
        return 0;
}

static void view_check(const struct snapshot_view *v, size_t n_bytes) {
        static const uint32_t ids[] = { UID_ANNA, UID_BO, UID_ELSA, GID_NURSE, GID_OAK, GID_JOURNAL, 0, UINT32_MAX };
        struct snapshot_view alone = { .written = v->written, .euid = v->euid, .public = v->public };
        struct snapshot_entry e;

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                struct counted c = { 0 };

                if (snapshot_user_by_name(v, names[i], &e) == SNAPSHOT_OK)
                        entry_check(&e, SNAPSHOT_USER, names[i], 0);
                if (snapshot_group_by_name(v, names[i], &e) == SNAPSHOT_OK)
                        entry_check(&e, SNAPSHOT_GROUP, names[i], 0);
                if (snapshot_groups_of(v, names[i], count, &c) == SNAPSHOT_OK)
                        assert(c.n <= n_bytes / sizeof(uint32_t));
                if (snapshot_groups_of(&alone, names[i], count, &c) == SNAPSHOT_E_NOT_FOUND)
                        (void) snapshot_groups_of(v, names[i], count_open, (void *) (uintptr_t) v);
        }
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
                if (snapshot_user_by_uid(v, ids[i], &e) == SNAPSHOT_OK)
                        entry_check(&e, SNAPSHOT_USER, NULL, ids[i]);
                if (snapshot_group_by_gid(v, ids[i], &e) == SNAPSHOT_OK)
                        entry_check(&e, SNAPSHOT_GROUP, NULL, ids[i]);
        }
}

static void any_bytes(const uint8_t *data, size_t n) {
        static const enum snapshot_kind kinds[FILES] = {
                SNAPSHOT_PUBLIC, SNAPSHOT_PUBLIC_DELTA, SNAPSHOT_PRIVATE, SNAPSHOT_PRIVATE_DELTA,
        };
        struct snapshot_view v = { .written = INT64_MIN };
        struct snapshot_file *const files[FILES] = { &v.public.base, &v.public.delta, &v.private.base, &v.private.delta };
        uint8_t *copies[FILES] = { NULL };
        const size_t n_all = n;
        size_t n_files;
        uint8_t how;

        if (n < 1)
                return;
        how = *data++;
        n--;
        n_files = how & 2 ? FILES : 2;
        v.euid = how & 4 ? (uid_t) -2 : geteuid();

        for (size_t i = 0; i < n_files; i++) {
                size_t size = n;

                if (i + 1 < n_files) {
                        if (n < 2)
                                break;
                        size = (size_t) data[0] | (size_t) data[1] << 8;
                        data += 2;
                        n -= 2;
                        if (size > n)
                                size = n;
                }
                copies[i] = malloc(size + 1);
                if (!copies[i])
                        break;
                memcpy(copies[i], data, size);
                if (how & 1)
                        seal(copies[i], size, kinds[i]);
                (void) snapshot_file_init(files[i], copies[i], size, kinds[i]);
                data += size;
                n -= size;
        }
        if (v.public.base.at)
                view_check(&v, n_all);
        for (size_t i = 0; i < FILES; i++)
                free(copies[i]);
}

/* -- What the builder writes ------------------------------------------------------------------------------ */

struct built {
        char     name[16];
        uint32_t id;
        uint8_t  type;
        size_t   n;
        uint32_t sum;
};

/* One entry from four bytes: a user or group, a name, an id, memberships. */
static int build_one(struct snapshot_builder *b, const uint8_t *in, struct built *ret) {
        struct snapshot_timed m[8] = { 0 };
        struct built e = { .type = in[0] & 1 ? SNAPSHOT_USER : SNAPSHOT_GROUP, .id = SNAPSHOT_ID_MIN + 1000U + in[1] };
        int r;

        (void) snprintf(e.name, sizeof e.name, "%s-%02x-%02x", e.type == SNAPSHOT_GROUP ? "unit" : "n", in[0], in[2]);
        if (e.type == SNAPSHOT_GROUP) {
                const struct snapshot_build_group g = { .name = e.name, .gid = e.id, .kind = SNAPSHOT_GROUP_UNIT };

                r = snapshot_builder_add_group(b, &g);
        } else {
                const struct snapshot_build_user u = {
                        .name = e.name, .flags = SNAPSHOT_PASSWD, .uid = e.id, .gid = e.id, .home = "/home/h", .shell = "/s",
                        .from = INT64_MIN, .until = INT64_MAX, .memberships = m, .n_memberships = in[3] % 8,
                };

                for (uint32_t i = 0; i < u.n_memberships; i++) {
                        m[i] = (struct snapshot_timed) PLAIN(SNAPSHOT_ID_MIN + in[3] * 8U + (in[2] & 1 ? i : 0U));
                        if (i == 0 || in[2] & 1) {
                                e.n++;
                                e.sum += m[i].gid;
                        }
                }
                r = snapshot_builder_add_user(b, &u);
        }
        *ret = e;
        return r;
}

static void builds_and_reads(const uint8_t *data, size_t n) {
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_PUBLIC, 1, 1);
        struct built built[BUILD_MAX];
        struct snapshot_view v = { .written = INT64_MIN, .euid = geteuid() };
        size_t n_built = 0, size;
        struct snapshot_entry e;
        uint8_t *image;

        for (; n >= 4 && n_built < BUILD_MAX; data += 4, n -= 4) {
                const int r = build_one(b, data, &built[n_built]);

                assert(r == 0 || r == SNAPSHOT_BUILD_E_TWICE);
                n_built += r == 0;
        }
        assert(snapshot_builder_image(b, &image, &size) == 0);
        (void) snapshot_builder_free(b);
        assert(snapshot_file_init(&v.public.base, image, size, SNAPSHOT_PUBLIC) == 0);

        for (size_t i = 0; i < n_built; i++) {
                const struct built *const w = &built[i];
                struct counted c = { 0 };
                int r;

                if (w->type == SNAPSHOT_USER) {
                        assert(snapshot_user_by_name(&v, w->name, &e) == SNAPSHOT_OK && e.fixed.id == w->id);
                        assert(snapshot_user_by_uid(&v, w->id, &e) == SNAPSHOT_OK && strcmp(e.name, w->name) == 0);
                        r = snapshot_groups_of(&v, w->name, count, &c);
                        assert(r == SNAPSHOT_OK && c.n == w->n && c.sum == w->sum);
                        assert(snapshot_group_by_name(&v, w->name, &e) == SNAPSHOT_E_NOT_FOUND);
                } else {
                        assert(snapshot_group_by_name(&v, w->name, &e) == SNAPSHOT_OK && e.fixed.id == w->id);
                        assert(snapshot_group_by_gid(&v, w->id, &e) == SNAPSHOT_OK && strcmp(e.name, w->name) == 0);
                        assert(snapshot_user_by_name(&v, w->name, &e) == SNAPSHOT_E_NOT_FOUND);
                }
        }
        assert(snapshot_user_by_name(&v, "nobody", &e) == SNAPSHOT_E_NOT_FOUND);
        free(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        if (n < 1)
                return 0;
        if (data[0] & 1)
                builds_and_reads(data + 1, n - 1);
        else
                any_bytes(data + 1, n - 1);
        return 0;
}
