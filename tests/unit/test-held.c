/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-held.c - how many connections and conversations an acceptor has, of whom, and until when */

#include "held.h"

#include "cleanup.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned n_cases, n_failed;

static void ok(bool is, const char *what) {
        printf("%sok %u - %s\n", is ? "" : "not ", ++n_cases, what);
        n_failed += !is;
}

/* How many connections of @uid are let in, up to @most. */
static size_t fill(struct held *h, uid_t uid, size_t most) {
        size_t n = 0;

        while (n < most && held_add(h, (int) n + 10, uid, 0))
                n++;
        return n;
}

/* How many conversations of @uid begin, up to @most; each connection speaks at once. */
static size_t run(struct held *h, uid_t uid, size_t most) {
        size_t n = 0;

        while (n < most && held_may_run(h, uid)) {
                struct held_one *one = held_add(h, 10, uid, 0);

                if (!one)
                        break;
                held_speaks(h, one, 0);
                held_runs(h, one, (pid_t) (uid * 10000 + n + 1));
                n++;
        }
        return n;
}

static void test_waiting(struct held *h) {
        ok(fill(h, 1000, HELD_MAX) == HELD_WAITING_MAX, "a user has so many connections that wait, and no more");
        ok(fill(h, 1001, 1) == 1, "another user has a place all the same");
        ok(fill(h, 0, HELD_MAX + 1) == HELD_MAX - HELD_WAITING_MAX - 1, "root has what room there is");
        ok(held_add(h, 9, 0, 0) == NULL && held_oldest_silent(h) == &h->one[0], "a full table takes nobody, and says who is the oldest");
        held_remove(h, &h->one[0]);
        ok(held_add(h, 9, 0, 0) == &h->one[0], "a place that is free is taken again");
}

static void test_running(struct held *h) {
        size_t n = 0;

        ok(run(h, 1000, 100) == HELD_USER_MAX, "a user has so many conversations, and no more");
        for (uid_t uid = 1001; uid < 3000; uid++)
                n += run(h, uid, 1);
        ok(n == HELD_USERS_MAX - HELD_USER_MAX, "all users together have so many");
        ok(!held_may_run(h, 4000), "and then nobody else has one");
        ok(run(h, 0, HELD_MAX) == HELD_RUNNING_MAX - HELD_USERS_MAX, "root has the rest");
        ok(!held_may_run(h, 0), "up to the last");
        held_remove(h, held_by_pid(h, 1000 * 10000 + 2));
        ok(held_may_run(h, 1000) && held_may_run(h, 0) && held_may_run(h, 4000), "one that ends makes room");
        ok(held_by_pid(h, 1000 * 10000 + 2) == NULL && held_by_pid(h, 1000 * 10000 + 1) != NULL, "it is found by its process no more");
}

static void test_times(struct held *h) {
        struct held_one *a, *b;

        ok(held_next_ms(h) == UINT64_MAX && !held_oldest_silent(h), "with nobody there is nothing to wait for");
        a = held_add(h, 10, 0, 100);
        b = held_add(h, 11, 1000, 300);
        ok(held_next_ms(h) == 100 + HELD_FIRST_MS && held_oldest_silent(h) == a, "the first is closed first");
        held_speaks(h, a, 1000);
        ok(held_next_ms(h) == 300 + HELD_FIRST_MS && held_oldest_silent(h) == b, "whoever has spoken has time again");
        held_remove(h, b);
        ok(held_next_ms(h) == 1000 + HELD_FIRST_MS && !held_oldest_silent(h), "and is not the silent one");
        held_runs(h, a, 7);
        ok(held_next_ms(h) == UINT64_MAX && h->n_running == 1 && h->n_users == 0 && a->fd == -1, "a conversation has its own clock");
        held_remove(h, a);
        ok(h->n_running + h->n_silent + h->n_spoken + h->n_users == 0, "in the end nothing is counted");
}

int main(void) {
        void (*const tests[])(struct held *) = { test_waiting, test_running, test_times };

        for (size_t i = 0; i < N_ELEMENTS(tests); i++) {
                auto_free struct held *h = calloc(1, sizeof *h);

                if (!h)
                        return EXIT_FAILURE;
                tests[i](h);
        }
        printf("1..%u\n", n_cases);
        return n_failed != 0;
}
