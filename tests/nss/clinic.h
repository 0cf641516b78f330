/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * clinic.h - the example clinic that the tests of snapshots share
 *
 * Errors end the test program: a clinic that can't be built tests nothing.
 */

#include "snapshot-build.h"

enum {
        GID_NURSE = 2001000001, /* role-nurse                                                     */
        GID_OAK,                /* unit-oak                                                       */
        GID_OAK_NURSE,          /* unit-oak-nurse                                                 */
        GID_AIDE,               /* role-aide                                                      */
        GID_CLIENT,             /* role-client                                                    */
        GID_JOURNAL,            /* service-journal: a record service                              */
        GID_CHAT,               /* service-chat, whose members are listed in the private file: elsa, dana */
        GID_LISTED,             /* unit-listed, whose members are listed: lena, mo                */
        GID_MANY  = 2001010000, /* unit-many-0 and on                                             */
        UID_ANNA  = 2001100001, /* staff: role-nurse; unit-oak, unit-oak-nurse                    */
        UID_BO,                 /* staff: role-aide; unit-oak until 2000, unit-oak-nurse until 2200 */
        UID_MANY,               /* staff: every unit-many                                         */
        UID_ELSA,               /* client: role-client, service-chat                              */
        UID_LENA,               /* staff: role-nurse, unit-listed                                 */
        UID_MO,                 /* the same                                                       */
        N_MANY    = 1200,
        LONG_AGO  = 946684800,  /* 2000-01-01                                                     */
};
#define FAR_AHEAD INT64_C(7258118400)   /* 2200-01-01 */

/* dana is staff whose passwd entry is the host's: unit-oak here, service-chat in the private file. */

#define PLAIN(gid_)                { INT64_MIN, INT64_MAX, (gid_), 0 }
#define TIMED(from_, until_, gid_) { (from_), (until_), (gid_), 0 }

struct snapshot_builder *clinic_builder(enum snapshot_kind kind, uint64_t generation, int64_t written);
void clinic_add_group(struct snapshot_builder *b, const char *name, gid_t gid, enum snapshot_group_kind kind);

/* With a home of their name and /bin/sh; @uid 0: without a passwd entry. */
void clinic_add_user(struct snapshot_builder *b, const char *name, uint8_t flags, uid_t uid, gid_t gid,
                     const struct snapshot_timed *memberships, size_t n);

/* The two bases.  @many: with the unit-many groups and their user. */
struct snapshot_builder *clinic_public(uint64_t generation, int64_t written, int many);
struct snapshot_builder *clinic_private(uint64_t generation, int64_t written);

/* All files of the clinic, written into @dir.  @written: now. */
void clinic_publish(int dir, uint64_t generation, int many);
