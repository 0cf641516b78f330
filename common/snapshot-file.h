/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-file.h - one snapshot file as bytes in memory: checking and searching it
 *
 * Nothing here opens, maps or asks what time it is; and nothing is believed
 * before it has been checked against the bounds that snapshot_file_init()
 * found.  Result codes as in snapshot.h.
 */

#include "snapshot.h"

#include <stdatomic.h>

/*
 * Which lines and records of one mapped file have been checked, as far as
 * there is room: the checksum and the strings of these are not gone through
 * again.  A list of offsets, at places that their hashes choose; all zero at
 * first.  Bounds, kinds and ids are checked at every look-up nevertheless.
 */
enum { SNAPSHOT_SEEN_BASE = 1024, SNAPSHOT_SEEN_DELTA = 256 };          /* powers of two */

struct snapshot_seen {
        _Atomic uint32_t *offset;               /* NULL: nothing is remembered                    */
        uint32_t          n;
};

/* The part of a checked header that a look-up needs, copied so that it stays what was checked. */
struct snapshot_file {
        const uint8_t          *at;             /* NULL: there is no such file                    */
        size_t                  size;
        uint64_t                generation, serial, seed;
        int64_t                 written;
        uint32_t                id_min, id_max;
        struct snapshot_section tables[SNAPSHOT_TABLES];
        struct snapshot_section records;
        struct snapshot_seen    seen;           /* borrowed; none after snapshot_file_init()      */
};

/*
 * Check the header of the @size bytes at @at (8-aligned, borrowed for as long
 * as *f is used).  Returns 0 or -EBADMSG.  *f is written only on 0.
 */
int snapshot_file_init(struct snapshot_file *f, const void *at, size_t size, enum snapshot_kind kind);

/*
 * Find the record of @type (SNAPSHOT_USER, SNAPSHOT_GROUP) with the name of
 * @n bytes, or with the id.  What is found may be GONE, or not valid now.
 * *ret is good for nothing unless SNAPSHOT_OK is returned.
 */
int snapshot_file_by_name(const struct snapshot_file *f, uint8_t type, const char *name, size_t n,
                          struct snapshot_entry *ret);
int snapshot_file_by_id(const struct snapshot_file *f, uint8_t type, uint32_t id, struct snapshot_entry *ret);

/*
 * The record at @offset, checked like one that was found: the first is at
 * f->records.offset, each next one after the length of the one before.  For
 * who goes through all of a file; a look-up never does.
 */
int snapshot_file_record(const struct snapshot_file *f, uint32_t offset, struct snapshot_entry *ret);

/*
 * The record at @offset, if it is of @type and has that name, or, with @name
 * NULL, that id; NOT_FOUND otherwise.  For who has found it before.
 */
int snapshot_file_at(const struct snapshot_file *f, uint32_t offset, uint8_t type, const char *name, size_t n, uint32_t id,
                     struct snapshot_entry *ret);

/* The @i-th membership of a user without times (i < fixed.n_plain), with times (i < fixed.n_timed). */
uint32_t snapshot_entry_plain(const struct snapshot_entry *user, uint32_t i);
void snapshot_entry_timed(const struct snapshot_entry *user, uint32_t i, struct snapshot_timed *ret);
