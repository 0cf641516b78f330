/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * kernel-audit.h - the records of the kernel's audit, as far as they say who opened what
 *
 * As auditd writes them and ausearch --raw prints them (auditd.conf(5),
 * log_format RAW or ENRICHED); the records of one event have the same time and
 * serial, and come from the same node.  kernel-events.h puts them together.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        KERNEL_LINE_MAX = 16 * 1024,            /* bytes; the kernel writes 8970 at most          */
        KERNEL_PATH_MAX = 4096,
        KERNEL_EXE_MAX = 255,
        KERNEL_NODE_MAX = 64,
        KERNEL_CLIENT_MAX = 64,
        KERNEL_UNSET = -1,                      /* auid of nobody: daemons; gid of nothing        */
};

#define KERNEL_KEY "careid-client"              /* of etc/audit.rules                             */

enum kernel_type {
        KERNEL_SYSCALL = 1,                     /* auid, exe, success, keyed, from_cwd            */
        KERNEL_CWD,                             /* path                                           */
        KERNEL_PATH,                            /* path, gid, parent                              */
        KERNEL_END,                             /* the last of its event                          */
        KERNEL_OTHER,
};

enum kernel_success {
        KERNEL_NOT_SAID = 1,
        KERNEL_YES,
        KERNEL_NO,
};

struct kernel_record {
        enum kernel_type type;
        char        node[KERNEL_NODE_MAX + 1];  /* "": this host                                  */
        int64_t     seconds;
        uint32_t    millis;
        uint64_t    serial;
        int64_t     auid;                       /* who logged in, whoever they have become since; KERNEL_UNSET */
        enum kernel_success success;
        bool        keyed;                      /* a rule with KERNEL_KEY wrote it                */
        bool        from_cwd;                   /* names that don't begin with / continue the working directory,
                                                   and not another that is open                   */
        int64_t     gid;                        /* the file's group; KERNEL_UNSET                 */
        bool        parent;                     /* the directory in which something was made or taken away */
        char        path[KERNEL_PATH_MAX + 1];  /* "" where there is none, or it is too long      */
        char        exe[KERNEL_EXE_MAX + 1];    /* the same                                       */
};

/* One line without its newline.  false: it is no record of the audit. */
bool kernel_record_parse(const char *line, size_t n, struct kernel_record *ret);
