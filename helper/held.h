/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * held.h - the connections that an acceptor has, and how many it may have
 *
 * Counts and times only; nothing here makes a system call.
 */

#include "caller.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
        HELD_MAX          = 1280,       /* connections that wait, and conversations, together             */
        HELD_SILENT_MAX   = 768,        /* of them, those that say nothing: the others are for who speaks */
        HELD_RUNNING_MAX  = 1024,       /* conversations at once                                          */
        HELD_USERS_MAX    = 256,        /* of them, of all uids but 0                                     */
        HELD_FIRSTS_MAX   = 64,         /* of these, the last so many are for uids that have none yet     */
        HELD_USER_MAX     = 4,          /* of them, of one uid but 0; as SLOTS_MAX                        */
        HELD_WAITING_MAX  = 32,         /* connections of one uid but 0 that have no conversation yet     */
        HELD_LOGIN_MAX    = 16,         /* of uid 0, that are one log-in's doing (held_who.login)         */
        HELD_NOBODYS_MAX  = 256,        /* the last so many are for what is nobody's doing                */
        HELD_LOGIN_WAITING_MAX = 128,   /* as HELD_WAITING_MAX, of one log-in's doing                     */
        HELD_FIRST_MS     = 5000,       /* for a connection's first message; as HELPER_FIRST_MS           */
        HELD_TURN_MS      = 2000,       /* from that message on, where there are too many for now         */
};

enum held_state {
        HELD_FREE,
        HELD_SILENT,                    /* has not said anything yet                                      */
        HELD_SPOKEN,                    /* there is something to be read: it wants a conversation         */
        HELD_RUNNING,                   /* a child has the conversation                                   */
        HELD_STATES,
};

struct held_one {
        enum held_state state;
        int      fd;                    /* -1 once a child has it                                         */
        size_t   owner;                 /* in held.owner                                                  */
        pid_t    pid;                   /* of that child                                                  */
        uint64_t until_ms;              /* SILENT, SPOKEN: it is closed then                              */
};

/*
 * Whose a connection is.  What is root comes of somebody's log-in (su, sudo:
 * whoever starts them can hold a conversation for as long as they like), or is
 * nobody's doing: sshd and login, by which people come in.
 */
struct held_who {
        uid_t uid;
        uid_t login;                    /* of uid 0: caller_login(); else CALLER_NO_LOGIN                 */
};

/* Somebody who has some. */
struct held_owner {
        struct held_who who;
        size_t n[HELD_STATES];          /* by state; none is HELD_FREE                                    */
        size_t n_all;                   /* 0: the entry is free                                           */
};

struct held {
        struct held_one   one[HELD_MAX];
        struct held_owner owner[HELD_MAX];
        size_t n[HELD_STATES];          /* by state; none is HELD_FREE                                    */
        size_t n_all;
        size_t n_users;                 /* RUNNING of uids but 0                                          */
};

/* Is there a place for one more connection? */
enum held_place {
        HELD_PLACE_FREE = 1,
        HELD_PLACE_OF,                  /* once the one that *ret says has gone                           */
        HELD_PLACE_NONE,
};

/*
 * A place for a connection of @who which has spoken already, or has not.
 * Whoever has spoken takes the place of a SILENT one, one of its own where @who
 * has too many that wait; whoever has not, of one of those that have most.
 */
enum held_place held_place(struct held *h, struct held_who who, bool speaks, struct held_one **ret);

/* Enter it, SILENT from now on.  NULL if the table is full. */
struct held_one *held_add(struct held *h, int fd, struct held_who who, uint64_t now_ms);

/*
 * Who goes where a place or a descriptor is wanted: of the uid that has most
 * SILENT ones the oldest; of several such uids the oldest of all; of uid 0 where
 * nobody else has any.  NULL: nobody is SILENT.
 */
struct held_one *held_victim(struct held *h);

/* Nothing can be taken before something ends: all places are taken by those that have spoken. */
static inline bool held_is_full(const struct held *h) {
        return h->n_all >= HELD_MAX && h->n[HELD_SILENT] == 0;
}

void held_speaks(struct held *h, struct held_one *one, uint64_t now_ms);        /* SILENT -> SPOKEN       */
void held_runs(struct held *h, struct held_one *one, pid_t pid);                /* SPOKEN -> RUNNING      */
void held_remove(struct held *h, struct held_one *one);                         /* any state -> FREE      */

static inline uid_t held_uid(const struct held *h, const struct held_one *one) {
        return h->owner[one->owner].who.uid;
}

/* All that are SPOKEN, those that have waited for longest first; returns how many. */
size_t held_spoken(struct held *h, struct held_one *ret[static HELD_MAX]);

/* May the conversation of a SPOKEN one begin? */
enum held_turn {
        HELD_TURN_NOW = 1,
        HELD_TURN_LATER,                /* HELD_TURN_MS have not passed: a place may come free            */
        HELD_TURN_NEVER,                /* there are too many                                             */
};

enum held_turn held_turn(const struct held *h, const struct held_one *one, uint64_t now_ms);

struct held_one *held_by_pid(struct held *h, pid_t pid);                        /* RUNNING, or NULL       */

/* When the next SILENT or SPOKEN one has to be closed, or has waited for its turn for long enough; UINT64_MAX: never. */
uint64_t held_next_ms(const struct held *h, uint64_t now_ms);
