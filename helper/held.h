/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * held.h - the connections that an acceptor has, and how many it may have
 *
 * Counts and times only; nothing here makes a system call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
        HELD_MAX          = 1280,       /* connections that wait, and conversations, together             */
        HELD_RUNNING_MAX  = 1024,       /* conversations at once                                          */
        HELD_USERS_MAX    = 256,        /* of them, of all uids but 0                                     */
        HELD_USER_MAX     = 4,          /* of them, of one uid but 0; as SLOTS_MAX                        */
        HELD_WAITING_MAX  = 32,         /* connections of one uid but 0 that have no conversation yet     */
        HELD_FIRST_MS     = 5000,       /* for a connection's first message; as HELPER_FIRST_MS           */
};

enum held_state {
        HELD_FREE,
        HELD_SILENT,                    /* has not said anything yet                                      */
        HELD_SPOKEN,                    /* there is something to be read: it wants a conversation         */
        HELD_RUNNING,                   /* a child has the conversation                                   */
};

struct held_one {
        enum held_state state;
        int      fd;                    /* -1 once a child has it                                         */
        uid_t    uid;
        pid_t    pid;                   /* of that child                                                  */
        uint64_t until_ms;              /* SILENT, SPOKEN: it is closed then                              */
};

struct held {
        struct held_one one[HELD_MAX];
        size_t   n_silent, n_spoken, n_running, n_users;        /* the last: RUNNING of uids but 0        */
};

/* Enter a connection of @uid, SILENT from now on.  NULL if that uid has too many that wait, or the table is full. */
struct held_one *held_add(struct held *h, int fd, uid_t uid, uint64_t now_ms);

/* The SILENT one that has been so for longest, or NULL: the first to be closed where room or descriptors are wanted. */
struct held_one *held_oldest_silent(struct held *h);

void held_speaks(struct held *h, struct held_one *one, uint64_t now_ms);        /* SILENT -> SPOKEN       */
void held_runs(struct held *h, struct held_one *one, pid_t pid);                /* SPOKEN -> RUNNING      */
void held_remove(struct held *h, struct held_one *one);                         /* any state -> FREE      */

/* May one more conversation of @uid begin? */
bool held_may_run(const struct held *h, uid_t uid);

struct held_one *held_by_pid(struct held *h, pid_t pid);                        /* RUNNING, or NULL       */

/* When the next SILENT or SPOKEN one has to be closed; UINT64_MAX if there is none. */
uint64_t held_next_ms(const struct held *h);
