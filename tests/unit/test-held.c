/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-held.c - how many connections and conversations an acceptor has, of whom, and until when */

#include "held.h"

#include "cleanup.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned n_cases, n_failed;

enum { LOGIN = 1 << 30 };               /* uid LOGIN + N stands for root, in the log-in of uid N */

static struct held_who who(uid_t uid) {
        if (uid >= LOGIN)
                return (struct held_who) { .uid = 0, .login = uid - LOGIN };
        return (struct held_who) { .uid = uid, .login = CALLER_NO_LOGIN };
}

static void ok(bool is, const char *what) {
        printf("%sok %u - %s\n", is ? "" : "not ", ++n_cases, what);
        n_failed += !is;
}

/* How many connections of @uid are let in without another's going, up to @most; they say nothing. */
static size_t fill(struct held *h, uid_t uid, size_t most, uint64_t now) {
        struct held_one *goes;
        size_t n = 0;

        while (n < most && held_place(h, who(uid), false, &goes) == HELD_PLACE_FREE && held_add(h, (int) n + 10, who(uid), now))
                n++;
        return n;
}

static struct held_one *speak(struct held *h, uid_t uid, uint64_t now) {
        struct held_one *goes = NULL, *one;

        switch (held_place(h, who(uid), true, &goes)) {
        case HELD_PLACE_OF:
                held_remove(h, goes);
                break;
        case HELD_PLACE_FREE:
                break;
        case HELD_PLACE_NONE:
                return NULL;
        }
        one = held_add(h, 10, who(uid), now);
        if (one)
                held_speaks(h, one, now);
        return one;
}

/* How many conversations of @uid begin, up to @most; each connection speaks at once. */
static size_t run(struct held *h, uid_t uid, size_t most) {
        size_t n = 0;

        for (; n < most; n++) {
                struct held_one *one = speak(h, uid, 0);

                if (!one)
                        break;
                if (held_turn(h, one, 0) != HELD_TURN_NOW) {
                        held_remove(h, one);
                        break;
                }
                held_runs(h, one, (pid_t) (uid % LOGIN * 10000 + n + 1));
        }
        return n;
}

static enum held_turn turn_of(struct held *h, uid_t uid, uint64_t now) {
        struct held_one *one = speak(h, uid, 0);
        enum held_turn turn = HELD_TURN_NEVER;

        if (one) {
                turn = held_turn(h, one, now);
                held_remove(h, one);
        }
        return turn;
}

static void test_waiting(struct held *h) {
        struct held_one *goes = NULL;

        ok(fill(h, 1000, HELD_MAX, 0) == HELD_WAITING_MAX, "a user has so many connections that wait, and no more");
        ok(held_place(h, who(1000), false, &goes) == HELD_PLACE_NONE, "and one more that says nothing has no place");
        ok(held_place(h, who(1000), true, &goes) == HELD_PLACE_OF && goes == &h->one[0], "one that speaks has their oldest silent one's");
        ok(fill(h, 1001, 1, 1) == 1, "another user has a place all the same");
        ok(fill(h, 0, HELD_MAX + 1, 1) == HELD_SILENT_MAX - HELD_WAITING_MAX - 1, "root has what room there is for those who say nothing");
        ok(held_place(h, who(0), false, &goes) == HELD_PLACE_OF && held_uid(h, goes) == 1000, "then the user who has most gives way to root");
        ok(held_place(h, who(0), true, &goes) == HELD_PLACE_FREE, "whoever speaks has room still");
        held_speaks(h, &h->one[0], 1);
        ok(held_place(h, who(1000), true, &goes) == HELD_PLACE_OF && goes == &h->one[1], "who has spoken waits too, and is not the one who goes");
        for (size_t i = 1; i < HELD_WAITING_MAX; i++)
                held_speaks(h, &h->one[i], 1);
        ok(held_place(h, who(1000), true, &goes) == HELD_PLACE_NONE, "with all of theirs spoken, a user has to wait for an answer");
}

static void test_many_uids(struct held *h) {
        struct held_one *goes = NULL, *nurse;
        size_t n = 0;

        for (uid_t uid = 100000; uid < 100000 + HELD_SILENT_MAX; uid++)
                n += fill(h, uid, 1, uid - 100000);
        ok(n == HELD_SILENT_MAX, "many uids with a connection each have the room for those who say nothing");
        ok(held_place(h, who(200000), false, &goes) == HELD_PLACE_OF && held_uid(h, goes) == 100000, "of uids with one each the oldest goes");
        held_remove(h, goes);
        ok(fill(h, 100500, 1, 5000) == 1 && held_victim(h)->until_ms == 500 + HELD_FIRST_MS && held_uid(h, held_victim(h)) == 100500,
           "of the uid that has two its older one");
        for (n = 0; (nurse = speak(h, (uid_t) (300000 + n), 5000)) != NULL && n < HELD_MAX; n++)
                ;
        ok(n == HELD_MAX && h->n[HELD_SILENT] == 0 && held_is_full(h), "whoever speaks has the place of one who doesn't, up to the last");
        ok(held_place(h, who(1000), true, &goes) == HELD_PLACE_NONE, "and then there is none before something ends");
}

static void test_running(struct held *h) {
        struct held_one *one;
        size_t n = 0;

        ok(run(h, 1000, 100) == HELD_USER_MAX, "a user has so many conversations, and no more");
        for (uid_t uid = 1001; uid < 3000; uid++)
                n += run(h, uid, 2);
        ok(n == HELD_USERS_MAX - HELD_USER_MAX, "all users together have so many");
        ok(h->n[HELD_RUNNING] == HELD_USERS_MAX && run(h, 1001, 2) == 0, "the last of them were the first of their uids");
        ok(turn_of(h, 4000, HELD_TURN_MS - 1) == HELD_TURN_LATER, "then another waits for a turn");
        ok(turn_of(h, 4000, HELD_TURN_MS) == HELD_TURN_NEVER, "for so long");
        ok(turn_of(h, 1000, 0) == HELD_TURN_NEVER && turn_of(h, 1001, 0) == HELD_TURN_NEVER, "who has one is told at once");
        ok(run(h, 0, HELD_MAX) == HELD_RUNNING_MAX - HELD_USERS_MAX, "root has the rest");
        ok(turn_of(h, 0, 0) == HELD_TURN_NEVER, "up to the last");
        held_remove(h, held_by_pid(h, 1000 * 10000 + 2));
        ok(turn_of(h, 4000, 0) == HELD_TURN_NOW && turn_of(h, 0, 0) == HELD_TURN_NOW, "one that ends makes room");
        ok(turn_of(h, 1000, 0) == HELD_TURN_NEVER, "for whoever has none");
        ok(held_by_pid(h, 1000 * 10000 + 2) == NULL && held_by_pid(h, 1000 * 10000 + 1) != NULL, "it is found by its process no more");
        one = speak(h, 4000, 100);
        held_runs(h, one, 4711);
        one = speak(h, 4001, 100);
        ok(held_next_ms(h, 100) == 100 + HELD_TURN_MS && held_next_ms(h, 100 + HELD_TURN_MS) == 100 + HELD_FIRST_MS,
           "there is a time to say that there are too many, and one to close");
}

static void test_logins(struct held *h) {
        size_t n = 0;

        ok(run(h, LOGIN + 1000, 100) == HELD_LOGIN_MAX, "what is root in one log-in has so many conversations, and no more");
        ok(turn_of(h, LOGIN + 1000, HELD_TURN_MS - 1) == HELD_TURN_LATER, "one more waits for one of them to end");
        ok(turn_of(h, LOGIN + 1000, HELD_TURN_MS) == HELD_TURN_NEVER, "for so long");
        ok(turn_of(h, LOGIN + 1001, 0) == HELD_TURN_NOW && turn_of(h, LOGIN, 0) == HELD_TURN_NOW, "another log-in has its own, root's too");
        ok(turn_of(h, 1000, 0) == HELD_TURN_NOW, "and the user with that uid");
        held_remove(h, held_by_pid(h, 1000 * 10000 + 1));
        ok(turn_of(h, LOGIN + 1000, HELD_TURN_MS) == HELD_TURN_NOW, "one that ends makes room");
        for (uid_t uid = 1001; uid < 2000; uid++)
                n += run(h, LOGIN + uid, HELD_MAX);
        ok(n == HELD_RUNNING_MAX - HELD_NOBODYS_MAX - HELD_LOGIN_MAX + 1, "all log-ins together have so many");
        ok(turn_of(h, LOGIN + 3000, 0) == HELD_TURN_LATER && turn_of(h, LOGIN + 3000, HELD_TURN_MS) == HELD_TURN_NEVER, "then a new one waits, and is told");
        ok(run(h, 0, HELD_MAX) == HELD_NOBODYS_MAX && turn_of(h, 0, 0) == HELD_TURN_NEVER, "what is nobody's doing has the last ones");
        ok(h->n_users == 0, "none of them is counted as a user's");
}

static void test_login_waiting(struct held *h) {
        struct held_one *goes = NULL;

        ok(fill(h, LOGIN + 1000, HELD_MAX, 0) == HELD_LOGIN_WAITING_MAX && held_place(h, who(LOGIN + 1000), false, &goes) == HELD_PLACE_NONE,
           "so many connections of one log-in's doing wait, and no more");
        ok(fill(h, 0, 100, 0) == 100 && fill(h, LOGIN + 1001, 1, 0) == 1, "what is nobody's, or another's, has room");
}

static void test_order(struct held *h) {
        struct held_one *of[HELD_MAX], *a = speak(h, 1000, 300), *b = speak(h, 1001, 100), *c = speak(h, 1002, 200);

        (void) held_add(h, 10, who(1003), 0);
        ok(held_spoken(h, of) == 3 && of[0] == b && of[1] == c && of[2] == a, "who has waited for longest comes first");
}

static void test_times(struct held *h) {
        struct held_one *a, *b;

        ok(held_next_ms(h, 0) == UINT64_MAX && !held_victim(h), "with nobody there is nothing to wait for");
        a = held_add(h, 10, who(0), 100);
        ok(held_victim(h) == a, "root's goes where there is no other");
        b = held_add(h, 11, who(1000), 300);
        ok(held_next_ms(h, 0) == 100 + HELD_FIRST_MS && held_victim(h) == b, "the first is closed first, and a user's before root's goes");
        held_speaks(h, a, 1000);
        ok(held_next_ms(h, 5000) == 300 + HELD_FIRST_MS, "whoever has spoken has time again");
        held_remove(h, b);
        ok(held_next_ms(h, 5000) == 1000 + HELD_FIRST_MS && !held_victim(h), "and is not a silent one");
        held_runs(h, a, 7);
        ok(held_next_ms(h, 0) == UINT64_MAX && h->n[HELD_RUNNING] == 1 && h->n_users == 0 && a->fd == -1, "a conversation has its own clock");
        held_remove(h, a);
        ok(h->n_all + h->n[HELD_SILENT] + h->n[HELD_SPOKEN] + h->n[HELD_RUNNING] + h->n_users == 0, "in the end nothing is counted");
}

int main(void) {
        void (*const tests[])(struct held *) = { test_waiting, test_many_uids, test_running, test_logins, test_login_waiting, test_order, test_times };

        for (size_t i = 0; i < N_ELEMENTS(tests); i++) {
                auto_free struct held *h = calloc(1, sizeof *h);

                if (!h)
                        return EXIT_FAILURE;
                tests[i](h);
        }
        printf("1..%u\n", n_cases);
        return n_failed != 0;
}
