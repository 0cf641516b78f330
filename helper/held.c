/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * held.c - counting
 *
 * 1. MUST keep what uids other than 0 have below their limits, each and together, whatever they do.
 * 2. MUST not let one uid have more than a part of the table.
 */

#include "held.h"

static size_t count(const struct held *h, uid_t uid, bool running) {
        size_t n = 0;

        for (size_t i = 0; i < HELD_MAX; i++)
                n += h->one[i].state != HELD_FREE && h->one[i].uid == uid &&
                     (h->one[i].state == HELD_RUNNING) == running;
        return n;
}

struct held_one *held_oldest_silent(struct held *h) {
        struct held_one *oldest = NULL;

        for (size_t i = 0; h->n_silent > 0 && i < HELD_MAX; i++)
                if (h->one[i].state == HELD_SILENT && (!oldest || h->one[i].until_ms < oldest->until_ms))
                        oldest = &h->one[i];
        return oldest;
}

struct held_one *held_add(struct held *h, int fd, uid_t uid, uint64_t now_ms) {
        if (uid != 0 && count(h, uid, false) >= HELD_WAITING_MAX)
                return NULL;
        for (size_t i = 0; i < HELD_MAX; i++)
                if (h->one[i].state == HELD_FREE) {
                        h->one[i] = (struct held_one) {
                                .state = HELD_SILENT, .fd = fd, .uid = uid, .until_ms = now_ms + HELD_FIRST_MS,
                        };
                        h->n_silent++;
                        return &h->one[i];
                }
        return NULL;
}

void held_speaks(struct held *h, struct held_one *one, uint64_t now_ms) {
        one->state = HELD_SPOKEN;
        one->until_ms = now_ms + HELD_FIRST_MS;
        h->n_silent--;
        h->n_spoken++;
}

void held_runs(struct held *h, struct held_one *one, pid_t pid) {
        one->state = HELD_RUNNING;
        one->fd = -1;
        one->pid = pid;
        h->n_spoken--;
        h->n_running++;
        h->n_users += one->uid != 0;
}

void held_remove(struct held *h, struct held_one *one) {
        h->n_silent -= one->state == HELD_SILENT;
        h->n_spoken -= one->state == HELD_SPOKEN;
        h->n_running -= one->state == HELD_RUNNING;
        h->n_users -= one->state == HELD_RUNNING && one->uid != 0;
        *one = (struct held_one) { .state = HELD_FREE, .fd = -1 };
}

bool held_may_run(const struct held *h, uid_t uid) {
        if (h->n_running >= HELD_RUNNING_MAX)
                return false;
        return uid == 0 || (h->n_users < HELD_USERS_MAX && count(h, uid, true) < HELD_USER_MAX);
}

struct held_one *held_by_pid(struct held *h, pid_t pid) {
        for (size_t i = 0; i < HELD_MAX; i++)
                if (h->one[i].state == HELD_RUNNING && h->one[i].pid == pid)
                        return &h->one[i];
        return NULL;
}

uint64_t held_next_ms(const struct held *h) {
        uint64_t next = UINT64_MAX;

        if (h->n_silent + h->n_spoken == 0)
                return next;
        for (size_t i = 0; i < HELD_MAX; i++)
                if ((h->one[i].state == HELD_SILENT || h->one[i].state == HELD_SPOKEN) && h->one[i].until_ms < next)
                        next = h->one[i].until_ms;
        return next;
}
