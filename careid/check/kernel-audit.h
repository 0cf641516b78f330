/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * kernel-audit.h - the records of the kernel's audit, as far as they say who opened what
 *
 * As auditd writes them and ausearch --raw prints them (auditd.conf(5),
 * log_format RAW or ENRICHED); the records of one event have the same serial.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        KERNEL_LINE_MAX = 16 * 1024,            /* bytes; the kernel writes 8970 at most          */
        KERNEL_PATH_MAX = 4096,
        KERNEL_CLIENT_MAX = 64,
        KERNEL_UNSET = -1,                      /* auid of nobody: daemons                        */
};

enum kernel_type {
        KERNEL_SYSCALL = 1,                     /* auid, exe, success                             */
        KERNEL_CWD,                             /* path                                           */
        KERNEL_PATH,                            /* path                                           */
        KERNEL_OTHER,
};

struct kernel_record {
        enum kernel_type type;
        int64_t     seconds;
        uint64_t    serial;
        int64_t     auid;                       /* who logged in, whoever they have become since; KERNEL_UNSET */
        bool        success;
        char        path[KERNEL_PATH_MAX + 1];  /* "" where there is none, or it is too long      */
        char        exe[256];
};

/* One line without its newline.  false: it is no record of the audit. */
bool kernel_record_parse(const char *line, size_t n, struct kernel_record *ret);

/*
 * The client whose directory @path is or lies in: the first part of it that is
 * called client-ORG-N, without "client-".  false: it is none.
 */
bool kernel_path_client(const char *path, char ret[static KERNEL_CLIENT_MAX + 1]);
