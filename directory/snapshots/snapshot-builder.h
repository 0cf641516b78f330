/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-builder.h - what is inside a builder, for the four files that make snapshots
 */

#include "snapshot-build.h"
#include "snapshot-file.h"

/* A set of 64-bit numbers, hashed; 0 stands for an empty place and is never a member. */
struct number_set {
        uint64_t *at;
        size_t    n, size;                              /* size is 0 or a power of two              */
};

struct snapshot_builder {
        enum snapshot_kind       kind;
        uint64_t                 generation, serial, seed;
        int64_t                  written;
        struct snapshot_record **records;               /* each malloc'd, its check still 0         */
        size_t                   n_records, n_space;
        size_t                   n_in[SNAPSHOT_TABLES]; /* entries of each table                    */
        uint64_t                 n_bytes;               /* of all records                           */
        struct number_set        keys;                  /* hashes of type and name; type and id     */
        struct number_set        forbidden;             /* gids of record services                  */
        struct number_set        held;                  /* gids that a private kind holds           */
};

/* The name of a record that is whole; it ends with NUL. */
static inline const char *record_name(const struct snapshot_record *record) {
        return (const char *) (record + 1) + record->n_timed * sizeof(struct snapshot_timed) + record->n_plain * sizeof(uint32_t);
}

/* Records begin at multiples of 8. */
static inline size_t record_round_up(size_t n) {
        return (n + 7) & ~(size_t) 7;
}

/* What the header of a file says; nothing is mapped any more (at NULL).  0 or a negative errno as snapshot_set_look(). */
int snapshot_look_at(int dir, const char *name, mode_t mode, enum snapshot_kind kind, struct snapshot_file *ret);
