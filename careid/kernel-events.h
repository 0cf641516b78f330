/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * kernel-events.h - records of the kernel's audit put together into events, and whose a file is by its name
 *
 *  1. MUST drop nothing unseen: a line that can't be read is counted, and an
 *     event of which a part is missing, or comes too late, is told as what it is.
 *  2. MUST call a file a client's by its name only where the name can't mean
 *     another file: below the directory of all clients, and not past a ".."
 *     that might follow a symbolic link.
 *
 * A name is what the caller wrote, not where it led.  That a link inside a
 * client's directory leads to another client's, names don't show; the file's
 * group does, where it is the client's.
 */

#include "kernel-audit.h"

#include <stdio.h>

enum {
        KERNEL_EVENTS_MAX = 256,                /* that have begun and not ended; the oldest is told before there are more */
        KERNEL_NAMES_MAX = 16,                  /* names of one event; the kernel's calls have five at most */
        KERNEL_EVENT_SECONDS = 2,               /* after this none of its records is awaited, as by ausearch */
};

struct kernel_name {
        char    *path;                          /* as it was written; "": none that can be read   */
        int64_t  gid;                           /* of the file; KERNEL_UNSET                      */
        bool     parent;
};

struct kernel_event {
        char        node[KERNEL_NODE_MAX + 1];
        int64_t     seconds;
        uint32_t    millis;
        uint64_t    serial;
        int64_t     auid;                       /* KERNEL_UNSET: nobody's, or not known           */
        enum kernel_success success;
        bool        called;                     /* the record of the call has come                */
        bool        keyed, from_cwd;
        bool        cut;                        /* there were more names                          */
        char        exe[KERNEL_EXE_MAX + 1];
        char       *cwd;                        /* NULL: not known                                */
        size_t      n_names;
        struct kernel_name name[KERNEL_NAMES_MAX];
};

/* What an event is told to; DIRECTORY_OK or 0 goes on, anything else ends the reading. */
typedef int kernel_event_told(void *with, const struct kernel_event *event);

struct kernel_events;

/* 0 or -ENOMEM. */
int kernel_events_new(kernel_event_told *told, void *with, struct kernel_events **ret);
struct kernel_events *kernel_events_free(struct kernel_events *events);         /* returns NULL */
static inline void kernel_events_freep(struct kernel_events **events) {
        *events = kernel_events_free(*events);
}

/* All lines of a log; an event may go on in the next one.  0, -EIO, -ENOMEM, or what told() has returned. */
int kernel_events_read(struct kernel_events *events, FILE *log);

/* After the last log: those that have not ended. */
int kernel_events_end(struct kernel_events *events);

/* Lines that are too long, have no end, or are no records. */
size_t kernel_events_unread(const struct kernel_events *events);

enum kernel_whose {
        KERNEL_NO_CLIENT = 1,                   /* certainly none's                               */
        KERNEL_CLIENT,                          /* that of @ret: ORG-N                            */
        KERNEL_UNSURE,                          /* it may be anybody's                            */
};

/* Whose the @n-th name of an event is; @under is the directory of all clients' directories, absolute and without "..". */
enum kernel_whose kernel_event_whose(const struct kernel_event *event, size_t n, const char *under,
                                     char ret[static KERNEL_CLIENT_MAX + 1]);
