/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-build.h - makes snapshot files; the only writer of the format
 *
 * A builder collects users and groups, checks every rule of
 * docs/snapshot-format.md and lays the file out.  Result codes: 0,
 * SNAPSHOT_BUILD_E_* (about what was added; the builder is as it was), or a
 * negative errno (the builder is good for nothing but being freed).
 */

#include "snapshot-format.h"

#include <sys/types.h>

struct snapshot_builder;

enum {
        SNAPSHOT_BUILD_OK = 0,
        SNAPSHOT_BUILD_E_RANGE = 1,     /* an id, name, path or time outside its limits           */
        SNAPSHOT_BUILD_E_TWICE,         /* a name or id that is there already                     */
        SNAPSHOT_BUILD_E_K8,            /* a record group for a client, relative or external      */
        SNAPSHOT_BUILD_E_FULL,          /* over 4 GiB - 1                                         */
};

enum { SNAPSHOT_LOCK_MS = 5000 };

struct snapshot_build_user {
        const char *name;
        uint8_t     flags;              /* SNAPSHOT_GONE, _PASSWD, _PRIVATE_KIND, _CHOICE         */
        uid_t       uid;                /* with _PASSWD                                           */
        gid_t       gid;
        const char *home, *shell;       /* with _PASSWD; else NULL                                */
        int64_t     from, until;        /* INT64_MIN, INT64_MAX: unbounded                        */
        const struct snapshot_timed *memberships;       /* INT64_MIN, INT64_MAX: without times; in any order; borrowed */
        size_t      n_memberships;
};

struct snapshot_build_group {
        const char *name;
        uint8_t     flags;
        gid_t       gid;
        enum snapshot_group_kind kind;
        const char *const *members;     /* with SNAPSHOT_LISTED; those who may have it at some time */
        size_t      n_members;
};

int snapshot_builder_new(enum snapshot_kind kind, uint64_t generation, uint64_t serial, int64_t written,
                         struct snapshot_builder **ret);
struct snapshot_builder *snapshot_builder_free(struct snapshot_builder *b);     /* returns NULL   */

/* What is added is copied.  A private kind's memberships are checked against @record_gids (K8), which may be added before or after. */
int snapshot_builder_add_user(struct snapshot_builder *b, const struct snapshot_build_user *user);
int snapshot_builder_add_group(struct snapshot_builder *b, const struct snapshot_build_group *group);

/*
 * List, in each group, all users of this builder who hold it at some time:
 * after them all.  A group that it has not is added as @others (a public
 * builder, or NULL) has it, else as @ask says: 0, 1 for one that is not to be
 * added, or another result, which is then returned.  A list that is longer
 * than a record can be is left out, and the group is then not SNAPSHOT_LISTED.
 */
int snapshot_builder_list_members(struct snapshot_builder *b, const struct snapshot_builder *others,
                                  int (*ask)(void *about, gid_t gid, struct snapshot_build_group *ret), void *about);

/* A group of another file (the public base) that must never be given to a private kind. */
int snapshot_builder_forbid(struct snapshot_builder *b, gid_t record_gid);

/* Bytes of all records so far. */
uint64_t snapshot_builder_size(const struct snapshot_builder *b);

/* The bytes of the file, malloc'd: what snapshot_builder_write() writes. */
int snapshot_builder_image(const struct snapshot_builder *b, uint8_t **ret, size_t *ret_n);

/*
 * Write the file as @name in the directory @dir: temporary name, preallocated,
 * @mode, fsync, rename, fsync of the directory.  On any error nothing under
 * @name has changed and no temporary file is left.
 */
int snapshot_builder_write(struct snapshot_builder *b, int dir, const char *name, mode_t mode);

/*
 * The epoch page: created if missing (never replaced), then its counter goes
 * up by one.  At the start of a writer and after every rename of a set.  What
 * a writer that was killed has left under temporary names is removed.
 */
int snapshot_epoch_advance(int dir);

/*
 * A whole set: both bases and their empty deltas of a new generation, in the
 * order that readers need, and the epoch before and after.  The bases carry
 * the same generation (-EINVAL otherwise).  Writers wait for one another, at most SNAPSHOT_LOCK_MS
 * (-EBUSY); a caller that reads what it writes from elsewhere keeps its own
 * order, since the later call wins.
 */
int snapshot_write_bases(int dir, struct snapshot_builder *public_base, struct snapshot_builder *private_base);

/*
 * New deltas of the base that is there, of the same generation and serial
 * (-EINVAL otherwise).  Readers see the one or the other pair, wherever the
 * writer is stopped.
 */
int snapshot_write_deltas(int dir, struct snapshot_builder *public_delta, struct snapshot_builder *private_delta);

/* Which set is there, by the headers of its four files. */
struct snapshot_set {
        uint64_t generation, serial;            /* serial: of the deltas                          */
        int64_t  written;                       /* the latest of the four                         */
};

/*
 * -ENOENT: a file is missing; -EBADMSG: a header is damaged; -ESTALE: the four
 * are not of one set (a writer was killed between two renames); -EPERM: owner or mode.
 */
int snapshot_set_look(int dir, struct snapshot_set *ret);
