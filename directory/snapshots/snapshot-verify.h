/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-verify.h - are the four files whole, of one set, and what a builder says?
 *
 * A look-up checks what it comes by; this goes through all of it.
 */

#include "snapshot-build.h"
#include "snapshot-file.h"

enum snapshot_files_index {
        SNAPSHOT_FILES_PUBLIC, SNAPSHOT_FILES_PRIVATE, SNAPSHOT_FILES_PUBLIC_DELTA, SNAPSHOT_FILES_PRIVATE_DELTA,
        SNAPSHOT_FILES,
};

struct snapshot_files {
        struct snapshot_file file[SNAPSHOT_FILES];      /* mapped; at NULL: not open              */
        uint64_t             serial[SNAPSHOT_FILES];
};

enum snapshot_fault_kind {
        SNAPSHOT_FAULT_OPEN = 1,                /* @error says why                                */
        SNAPSHOT_FAULT_RECORD,                  /* a record is damaged                            */
        SNAPSHOT_FAULT_LINE,                    /* a line of a table is damaged                   */
        SNAPSHOT_FAULT_INDEX,                   /* a record is not what its name and number lead to, or a line leads to none */
        SNAPSHOT_FAULT_SET,                     /* the files are not of one set                   */
        SNAPSHOT_FAULT_PUBLIC,                  /* a client, relative or external in a public file */
        SNAPSHOT_FAULT_K8,                      /* or one that holds a record service's group     */
        SNAPSHOT_FAULT_MISSING,                 /* the builder has it, the file doesn't           */
        SNAPSHOT_FAULT_DIFFERS,
        SNAPSHOT_FAULT_MORE,                    /* the file has it, the builder doesn't           */
};

struct snapshot_fault {
        enum snapshot_fault_kind kind;          /* 0: none                                        */
        const char              *file;          /* its name; NULL: of the set                     */
        char                     entry[SNAPSHOT_NAME_MAX + 1];
        int                      error;
};

const char *snapshot_files_name(enum snapshot_files_index i);

/* Open, with the headers checked.  0, or the fault (-EBADMSG) or errno of the first that is not right. */
int snapshot_files_open(int dir, struct snapshot_files *ret, struct snapshot_fault *fault);
void snapshot_files_close(struct snapshot_files *files);

/* Every record, line and table; what the files say together; K8.  0, -EBADMSG with *@fault, or a negative errno. */
int snapshot_files_check(const struct snapshot_files *files, struct snapshot_fault *fault);

/*
 * Does the file say just what the builder has?  Entries that @delta (NULL:
 * none) has under the same name or id don't matter.  As above.
 */
int snapshot_files_compare(const struct snapshot_files *files, enum snapshot_files_index i,
                           const struct snapshot_builder *b, const struct snapshot_file *delta, struct snapshot_fault *fault);

/* How many users and groups a file has; GONE ones aside. */
void snapshot_files_count(const struct snapshot_file *f, size_t *ret_users, size_t *ret_groups);
