/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * held.c - counting
 *
 * 1. MUST keep what uids other than 0 have below their limits, each and together, whatever they do.
 * 2. MUST not let those who say nothing keep out those who speak, however many uids they have.
 * 3. MUST not let those who have conversations keep out those who have none, as long as there are places for firsts.
 * 4. MUST not let programs that are root for whoever starts them keep out those that let people in.
 */

#include "held.h"

#include "cleanup.h"

#include <stdlib.h>

static bool waits(const struct held_one *one) {
        return one->state == HELD_SILENT || one->state == HELD_SPOKEN;
}

static size_t n_waiting(const struct held_owner *o) {
        return o->n[HELD_SILENT] + o->n[HELD_SPOKEN];
}

/* How many may wait of @who; 0: as many as there is room for. */
static size_t waiting_max(struct held_who who) {
        if (who.uid != 0)
                return HELD_WAITING_MAX;
        return who.login != CALLER_NO_LOGIN ? HELD_LOGIN_WAITING_MAX : 0;
}

/* The entry of @who, else a free one, else N_ELEMENTS(h->owner). */
static size_t owner_find(const struct held *h, struct held_who who) {
        size_t free_one = N_ELEMENTS(h->owner);

        for (size_t i = 0; i < N_ELEMENTS(h->owner); i++) {
                if (h->owner[i].n_all == 0)
                        free_one = free_one < i ? free_one : i;
                else if (h->owner[i].who.uid == who.uid && h->owner[i].who.login == who.login)
                        return i;
        }
        return free_one;
}

/* Take @one out of the counts of its state, and put it into those of @state; HELD_FREE: into none. */
static void state_set(struct held *h, struct held_one *one, enum held_state state) {
        struct held_owner *o = &h->owner[one->owner];
        const enum held_state before = one->state;

        if (before != HELD_FREE) {
                h->n[before]--;
                o->n[before]--;
                h->n_users -= before == HELD_RUNNING && o->who.uid != 0;
        } else {
                h->n_all++;
                o->n_all++;
        }
        if (state != HELD_FREE) {
                h->n[state]++;
                o->n[state]++;
                h->n_users += state == HELD_RUNNING && o->who.uid != 0;
        } else {
                h->n_all--;
                o->n_all--;
        }
        one->state = state;
}

/* -- Places ----------------------------------------------------------------------------------------- */

static bool is_older(const struct held_one *a, const struct held_one *b) {
        return !b || a->until_ms < b->until_ms;
}

struct held_one *held_victim(struct held *h) {
        struct held_one *oldest = NULL;
        const bool any = h->n[HELD_SILENT] > 0;
        size_t most = 0;

        for (size_t i = 0; any && i < N_ELEMENTS(h->owner); i++)
                if (h->owner[i].who.uid != 0 && h->owner[i].n[HELD_SILENT] > most)
                        most = h->owner[i].n[HELD_SILENT];
        for (size_t i = 0; any && i < HELD_MAX; i++) {
                struct held_one *one = &h->one[i];
                const struct held_owner *o = &h->owner[one->owner];

                if (one->state == HELD_SILENT && is_older(one, oldest) && (most == 0 || (o->who.uid != 0 && o->n[HELD_SILENT] == most)))
                        oldest = one;
        }
        return oldest;
}

static struct held_one *oldest_silent_of(struct held *h, size_t owner) {
        struct held_one *oldest = NULL;

        for (size_t i = 0; i < HELD_MAX; i++)
                if (h->one[i].state == HELD_SILENT && h->one[i].owner == owner && is_older(&h->one[i], oldest))
                        oldest = &h->one[i];
        return oldest;
}

enum held_place held_place(struct held *h, struct held_who who, bool speaks, struct held_one **ret) {
        const size_t owner = owner_find(h, who), most = waiting_max(who);

        if (most > 0 && owner < N_ELEMENTS(h->owner) && h->owner[owner].n_all > 0 &&
            n_waiting(&h->owner[owner]) >= most)
                *ret = speaks ? oldest_silent_of(h, owner) : NULL;
        else if (h->n_all >= HELD_MAX || (!speaks && h->n[HELD_SILENT] >= HELD_SILENT_MAX))
                *ret = held_victim(h);
        else
                return HELD_PLACE_FREE;
        return *ret ? HELD_PLACE_OF : HELD_PLACE_NONE;
}

struct held_one *held_add(struct held *h, int fd, struct held_who who, uint64_t now_ms) {
        const size_t owner = owner_find(h, who);

        for (size_t i = 0; owner < N_ELEMENTS(h->owner) && i < HELD_MAX; i++)
                if (h->one[i].state == HELD_FREE) {
                        h->owner[owner].who = who;
                        h->one[i] = (struct held_one) { .fd = fd, .owner = owner, .until_ms = now_ms + HELD_FIRST_MS };
                        state_set(h, &h->one[i], HELD_SILENT);
                        return &h->one[i];
                }
        return NULL;
}

void held_speaks(struct held *h, struct held_one *one, uint64_t now_ms) {
        one->until_ms = now_ms + HELD_FIRST_MS;
        state_set(h, one, HELD_SPOKEN);
}

void held_runs(struct held *h, struct held_one *one, pid_t pid) {
        one->fd = -1;
        one->pid = pid;
        state_set(h, one, HELD_RUNNING);
}

void held_remove(struct held *h, struct held_one *one) {
        state_set(h, one, HELD_FREE);
        *one = (struct held_one) { .state = HELD_FREE, .fd = -1 };
}

/* -- Turns ------------------------------------------------------------------------------------------ */

/* As qsort() wants it. */
static int spoken_order(const void *a, const void *b) {
        const struct held_one *const x = *(struct held_one *const *) a, *const y = *(struct held_one *const *) b;

        return x->until_ms == y->until_ms ? 0 : x->until_ms < y->until_ms ? -1 : 1;
}

size_t held_spoken(struct held *h, struct held_one *ret[static HELD_MAX]) {
        size_t n = 0;

        for (size_t i = 0; n < h->n[HELD_SPOKEN] && i < HELD_MAX; i++)
                if (h->one[i].state == HELD_SPOKEN)
                        ret[n++] = &h->one[i];
        if (n > 1)
                qsort(ret, n, sizeof (struct held_one *), spoken_order);
        return n;
}

/* Until when a SPOKEN one waits for a turn. */
static uint64_t turn_ms(const struct held_one *one) {
        return one->until_ms - HELD_FIRST_MS + HELD_TURN_MS;
}

enum held_turn held_turn(const struct held *h, const struct held_one *one, uint64_t now_ms) {
        const struct held_owner *o = &h->owner[one->owner];
        const size_t own = o->n[HELD_RUNNING];

        if (o->who.uid == 0 && o->who.login == CALLER_NO_LOGIN)
                return h->n[HELD_RUNNING] < HELD_RUNNING_MAX ? HELD_TURN_NOW : HELD_TURN_NEVER;
        if (o->who.uid == 0 && own < HELD_LOGIN_MAX && h->n[HELD_RUNNING] < HELD_RUNNING_MAX - HELD_NOBODYS_MAX)
                return HELD_TURN_NOW;
        /* Most of root's are short: account stages. */
        if (o->who.uid == 0)
                return now_ms < turn_ms(one) ? HELD_TURN_LATER : HELD_TURN_NEVER;
        if (own >= HELD_USER_MAX || (own > 0 && h->n_users >= HELD_USERS_MAX - HELD_FIRSTS_MAX))
                return HELD_TURN_NEVER;
        if (h->n_users < HELD_USERS_MAX && h->n[HELD_RUNNING] < HELD_RUNNING_MAX)
                return HELD_TURN_NOW;
        return now_ms < turn_ms(one) ? HELD_TURN_LATER : HELD_TURN_NEVER;
}

struct held_one *held_by_pid(struct held *h, pid_t pid) {
        for (size_t i = 0; i < HELD_MAX; i++)
                if (h->one[i].state == HELD_RUNNING && h->one[i].pid == pid)
                        return &h->one[i];
        return NULL;
}

uint64_t held_next_ms(const struct held *h, uint64_t now_ms) {
        uint64_t next = UINT64_MAX;

        for (size_t i = 0; h->n[HELD_SILENT] + h->n[HELD_SPOKEN] > 0 && i < HELD_MAX; i++) {
                const struct held_one *one = &h->one[i];
                uint64_t due = one->until_ms;

                if (one->state == HELD_SPOKEN && turn_ms(one) > now_ms)
                        due = turn_ms(one);
                if (waits(one) && due < next)
                        next = due;
        }
        return next;
}
