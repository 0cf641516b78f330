/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * opened.h - the report of who did open: its rows, from the audit trail and from the kernel's audit
 */

#include "invocation.h"
#include "kernel-audit.h"
#include "table.h"
#include "trail.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
        OPENED_ROWS_MAX = 500000,               /* of one report                                  */
        OPENED_LOGS_MAX = 1000,                 /* audit.log and what auditd has rotated: .999 at most */
        OPENED_WHO_MAX = 33,
        OPENED_GROUPS_MAX = 64,                 /* remembered                                     */
};

#define OPENED_UNKNOWN "?"                      /* who it was, whose it is, or whether it was let in: not known */

/* The logs of the kernel's audit that root has opened, in the order in which they were written; malloc'd. */
struct opened_logs {
        size_t n;
        int    fd[OPENED_LOGS_MAX];
};

struct opened_row {
        int64_t  at;
        uint64_t order;                         /* of those with the same time                    */
        char    *what, *with, *path;
        const char *opened, *source;
        char     who[OPENED_WHO_MAX];
};

/* Whose a uid is. */
struct opened_uid {
        uint32_t uid;
        bool     unsure, told;                  /* of directory_whose; in a row of the report     */
        int64_t  person;                        /* 0: nobody's, as far as is known                */
        char     name[OPENED_WHO_MAX];          /* "uid 1000": nobody's here; "? uid 1000": that is unsure */
};

struct opened {
        struct directory *directory;
        const char   *client;                   /* ORG-N; NULL where it is about a person's doing */
        const char   *under;                    /* the directory of all clients' directories      */
        int64_t       by, from, until;          /* 0: anybody; seconds, the end exclusive         */
        size_t        n, n_room;
        struct opened_row *row;
        bool          too_many;
        struct opened_uid *uid;
        size_t        n_uid, n_asked, n_uid_room;       /* the first n_asked are known            */
        struct {
                int64_t gid;
                char    client[DIRECTORY_CLIENT_NAME_MAX + 1];          /* "": none's             */
        } group[OPENED_GROUPS_MAX];
        size_t        n_group;
};

/* What it returns is as directory.h has it.  More than OPENED_ROWS_MAX: CONSTRAINT, and ->too_many. */
int opened_add(struct opened *o, const struct opened_row *row);
void opened_done(struct opened *o);
void opened_sort(struct opened *o);

/* All rows, the oldest first.  @for_people: without what stands in most lines, and in the column beside it. */
int opened_fill(const struct opened *o, bool for_people, struct table *table);

/* A uid to find out about; then about all of them: by asking the host, so never while rows of the directory are read. */
int opened_uid_want(struct opened *o, uint32_t uid);
int opened_uids_find(struct opened *o);

/* What was found out; NULL: nothing, since nobody wanted it.  Valid until the next opened_uid_want(). */
struct opened_uid *opened_uid(struct opened *o, uint32_t uid);

/* How many uids in the report may be somebody's whom the host does not know now. */
size_t opened_unsure(const struct opened *o);

/* The rows of the audit trail. */
int opened_trail(struct opened *o);

/* Those of the kernel's audit; closes the logs.  *@ret_unread lines could not be read. */
int opened_kernel(struct opened *o, struct opened_logs *logs, size_t *ret_unread);
