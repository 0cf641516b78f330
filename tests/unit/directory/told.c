/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* told.c - a builder of snapshots that writes down what it is given */

#include "told.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct snapshot_builder {
        char text[1 << 20];
        size_t n;
        uint64_t generation, serial;
};

struct told told = { .look = -ENOENT };

__attribute__((__format__(printf, 2, 3)))
static void note(struct snapshot_builder *b, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        b->n += (size_t) vsnprintf(b->text + b->n, sizeof b->text - b->n, format, ap);
        va_end(ap);
        if (b->n >= sizeof b->text)
                b->n = sizeof b->text - 1;
}

int snapshot_builder_new(enum snapshot_kind kind, uint64_t gen, uint64_t serial, int64_t written, struct snapshot_builder **ret) {
        *ret = calloc(1, sizeof **ret);
        if (!*ret)
                return -ENOMEM;
        (*ret)->generation = gen;
        (*ret)->serial = serial;
        told.n_builders++;
        note(*ret, "%s serial %llu written %lld\n",
             kind == SNAPSHOT_PUBLIC || kind == SNAPSHOT_PUBLIC_DELTA ? "public" : "private", (unsigned long long) serial, (long long) (written - FIXTURE_NOW));
        return 0;
}

struct snapshot_builder *snapshot_builder_free(struct snapshot_builder *b) {
        told.n_builders -= b != NULL;
        free(b);
        return NULL;
}

static const char *when(int64_t t, char *ret, size_t n) {
        if (t == INT64_MIN || t == INT64_MAX)
                return "";
        (void) snprintf(ret, n, "%lld", (long long) (t - FIXTURE_NOW));
        return ret;
}

int snapshot_builder_add_user(struct snapshot_builder *b, const struct snapshot_build_user *u) {
        char from[32], until[32];

        if (told.refuse && (!told.refuse_name || (strcmp(u->name, told.refuse_name) == 0 && !(u->flags & SNAPSHOT_GONE))))
                return told.refuse;
        note(b, "user %s flags %u", u->name, u->flags);
        if (u->flags & SNAPSHOT_PASSWD)
                note(b, " %u %u %s %s", (unsigned) u->uid % 1000, (unsigned) u->gid % 1000, u->home ? u->home : "-", u->shell ? u->shell : "-");
        for (size_t i = 0; i < u->n_memberships; i++)
                note(b, " %u(%s,%s)", u->memberships[i].gid % 1000, when(u->memberships[i].from, from, sizeof from),
                     when(u->memberships[i].until, until, sizeof until));
        note(b, "\n");
        return 0;
}

int snapshot_builder_add_group(struct snapshot_builder *b, const struct snapshot_build_group *g) {
        note(b, "group %s %u kind %d members %zu%s\n", g->name, (unsigned) g->gid % 1000, (int) g->kind, g->n_members,
             g->flags & SNAPSHOT_GONE ? " gone" : "");
        return 0;
}

int snapshot_builder_list_members(struct snapshot_builder *b, const struct snapshot_builder *others,
                                  int (*ask)(void *about, gid_t gid, struct snapshot_build_group *ret), void *about) {
        struct snapshot_build_group group = { .gid = 0 };

        note(b, "lists%s", others ? " by the public ones" : "");
        for (gid_t gid = 2001000000; gid < 2001000020; gid++)
                if (ask(about, gid, &group) == 0)
                        note(b, " %s", group.name);
        note(b, "\n");
        return 0;
}

int snapshot_builder_forbid(struct snapshot_builder *b, gid_t gid) {
        note(b, "forbid %u\n", (unsigned) gid % 1000);
        return 0;
}

int snapshot_epoch_advance(int dir) {
        struct stat st;

        told.n_epochs++;
        return fstat(dir, &st) < 0 ? -errno : 0;
}

int snapshot_write_bases(int dir, struct snapshot_builder *public_base, struct snapshot_builder *private_base) {
        (void) dir;
        memcpy(told.text[0], public_base->text, sizeof told.text[0]);
        memcpy(told.text[1], private_base->text, sizeof told.text[1]);
        told.generation = public_base->generation;
        told.n_bases++;
        told.there = (struct snapshot_set) { .generation = told.generation, .serial = 1 };
        told.look = 0;
        return public_base->generation == private_base->generation ? 0 : -EINVAL;
}

int snapshot_write_deltas(int dir, struct snapshot_builder *public_delta, struct snapshot_builder *private_delta) {
        (void) dir;
        memcpy(told.text[0], public_delta->text, sizeof told.text[0]);
        memcpy(told.text[1], private_delta->text, sizeof told.text[1]);
        told.n_deltas++;
        told.there.serial = public_delta->serial;
        return public_delta->generation == told.there.generation && private_delta->generation == told.there.generation &&
                       public_delta->serial == private_delta->serial ? 0 : -EINVAL;
}

int snapshot_set_look(int dir, struct snapshot_set *ret) {
        (void) dir;
        *ret = told.there;
        return told.look;
}

uint64_t snapshot_builder_size(const struct snapshot_builder *b) {
        (void) b;
        return told.n_bytes;
}

/* -- What is asked of it -------------------------------------------------------------------------------- */

static bool has(int which, const char *line) {
        const char *const at = strstr(told.text[which], line);
        const size_t n = strlen(line);

        return at && (at == told.text[which] || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0');
}

void told_says(int which, const char *line, const char *name) {
        const bool ok = has(which, line);

        tap_ok(ok, "%s", name);
        if (!ok)
                printf("# wanted: %s\n# there is:\n# %s\n", line, told.text[which]);
}

bool told_mentions(int which, const char *word) {
        return strstr(told.text[which], word) != NULL;
}

void told_delta(struct directory *d, int64_t now, const char *name) {
        const unsigned bases = told.n_bases, deltas = told.n_deltas;

        tap_result(directory_publish(d, now), DIRECTORY_OK, d, "%s", name);
        tap_ok(told.n_bases == bases && told.n_deltas == deltas + 1 && told.n_builders == 0, "%s: as a delta", name);
}

void told_base(struct directory *d, const char *name) {
        const unsigned bases = told.n_bases, deltas = told.n_deltas;

        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%s", name);
        tap_ok(told.n_bases == bases + 1 && told.n_deltas == deltas && told.n_builders == 0, "%s: a new base, with nothing to add to it", name);
}

void told_people(struct directory *d) {
        static const struct directory_act *const act = &fixture_act;

        (void) directory_person_add(d, act, "Rut", "Ros", NULL, NULL, &(int64_t) { 0 });
        (void) directory_account_add(d, act, 3, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL);
        (void) directory_account_add(d, act, 3, "oakclinic", "rut.c", "client", "careid", "/home/rut.c", "/bin/sh", NULL);
        (void) directory_account_add(d, act, 3, "oakclinic", "rut.e", "external", "careid", "/home/rut.e", "/bin/sh", NULL);
        (void) directory_assignment_add(d, act, "rut.e", "secretary", "oak", "2026-12-01", NULL, NULL);
        (void) directory_account_add(d, act, 1, "oakclinic", "anna.ad", "staff", "host", NULL, NULL, NULL);
        (void) directory_assignment_add(d, act, "anna.ad", "doctor", "elm", NULL, NULL, NULL);
}
