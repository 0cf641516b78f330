/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-recall.c - answers that a process keeps: given whole, to the same question, until something changes (numbers: recall.c)
 */

#include "recall.h"

#include "cleanup.h"
#include "clinic.h"
#include "snapshot.h"
#include "world.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { GUARD = 0x5a, ROOM = 192, OFTEN = 64, MANY = 5000, ROUNDS = 400, TELLERS = 2, LISTENERS = 2, TURNS = 500000, WORDS = 8 };

static int dir = -1;

static uint32_t counter_now(void) {
        uint32_t counter = 0;

        (void) snapshot_counter_now(&counter);
        return counter;
}

/* A user as pack.c lays it out; @variant is in the gid, the home and the shell. */
static struct passwd user_of(unsigned i, unsigned variant, char buf[static ROOM]) {
        struct passwd pw = { .pw_uid = UID_MANY + i, .pw_gid = GID_MANY + variant, .pw_name = buf };

        (void) snprintf(buf, ROOM, "p%u%c*%c%c/home/%u/p%u%c/bin/sh%u", i, 0, 0, 0, variant, i, 0, variant);
        pw.pw_passwd = pw.pw_name + strlen(pw.pw_name) + 1;
        pw.pw_gecos = pw.pw_passwd + 2;
        pw.pw_dir = pw.pw_gecos + 1;
        pw.pw_shell = pw.pw_dir + strlen(pw.pw_dir) + 1;
        return pw;
}

static bool user_is(const struct passwd *pw, unsigned i, unsigned variant) {
        char buf[ROOM];
        const struct passwd want = user_of(i, variant, buf);

        return strcmp(pw->pw_name, want.pw_name) == 0 && strcmp(pw->pw_passwd, "*") == 0 && strcmp(pw->pw_gecos, "") == 0 &&
               strcmp(pw->pw_dir, want.pw_dir) == 0 && strcmp(pw->pw_shell, want.pw_shell) == 0 &&
               pw->pw_uid == want.pw_uid && pw->pw_gid == want.pw_gid;
}

static void remember_user(unsigned i, unsigned variant, bool by_name) {
        char buf[ROOM];
        const struct passwd pw = user_of(i, variant, buf);

        remember_passwd(counter_now(), by_name, &pw);
}

static struct group group_of(const char *name, gid_t gid, char **members, char buf[static ROOM]) {
        (void) snprintf(buf, ROOM, "%s%c*", name, 0);
        return (struct group) { .gr_name = buf, .gr_passwd = buf + strlen(buf) + 1, .gr_gid = gid, .gr_mem = members };
}

static void remember_oak(bool by_name) {
        char buf[ROOM], *nobody[] = { NULL };
        const struct group gr = group_of("unit-oak", GID_OAK, nobody, buf);

        remember_group(counter_now(), by_name, &gr);
}

static bool oak_is_given(const char *name, gid_t gid, char *buf, size_t n) {
        struct group gr;

        return recall_group(name, gid, &gr, buf, n) && strcmp(gr.gr_name, "unit-oak") == 0 && strcmp(gr.gr_passwd, "*") == 0 &&
               gr.gr_gid == GID_OAK && !gr.gr_mem[0] && (uintptr_t) gr.gr_mem % _Alignof(char *) == 0;
}

/* -- Buffers ------------------------------------------------------------------------------------------- */

static bool untouched(const char *from, const char *to) {
        while (from < to && *from == GUARD)
                from++;
        return from >= to;
}

/* From some size on it is given, below not; nothing is written beyond, and the caller's struct only with an answer. */
static void sizes(void) {
        _Alignas(16) char room[ROOM + 16];
        unsigned wrong = 0, given = 0;

        for (size_t offset = 0; offset < 16; offset++)
                for (size_t n = 0; n <= ROOM - 16; n++) {
                        char *const buf = room + offset;
                        struct passwd pw = { .pw_uid = 1 };
                        struct group gr = { .gr_gid = 1 };

                        memset(room, GUARD, sizeof room);
                        if (recall_passwd("p1", 0, &pw, buf, n)) {
                                wrong += !user_is(&pw, 1, 2) || pw.pw_name < buf || pw.pw_shell + strlen(pw.pw_shell) >= buf + n;
                                given++;
                        } else
                                wrong += pw.pw_uid != 1 || n > 64;
                        wrong += !untouched(room, buf) || !untouched(buf + n, room + sizeof room);

                        memset(room, GUARD, sizeof room);
                        if (recall_group(NULL, GID_OAK, &gr, buf, n)) {
                                wrong += !oak_is_given(NULL, GID_OAK, buf, n) || (char *) gr.gr_mem < buf || gr.gr_passwd + 2 > buf + n;
                                given++;
                        } else
                                wrong += gr.gr_gid != 1 || n > 64;
                        wrong += !untouched(room, buf) || !untouched(buf + n, room + sizeof room);
                }
        ok(wrong == 0 && given > 0, "every size at every alignment (%u wrong, %u given)", wrong, given);
}

/* 2: as in getpwnam(pw->pw_name): the question is whole after, or answered. */
static void question_in_the_buffer(void) {
        unsigned wrong = 0;

        for (size_t at = 0; at < ROOM - 3; at++) {
                char buf[ROOM] = { 0 };
                struct passwd pw;

                memcpy(buf + at, "p1", 3);
                if (!recall_passwd(buf + at, 0, &pw, buf, sizeof buf))
                        wrong += memcmp(buf + at, "p1", 3) != 0;
                else
                        wrong += !user_is(&pw, 1, 2);
        }
        ok(wrong == 0, "2: a name that stands in the buffer (%u wrong)", wrong);
}

/* -- Questions ------------------------------------------------------------------------------------------- */

static int count_groups(gid_t gid, void *context) {
        gid_t *const sum = context;

        *sum = *sum * 31 + gid;
        return 0;
}

static void other_questions(void) {
        static const char *const others[] = { "p", "p2", "p11", "p1\xc3\xa5", "", "unit-oak",
                "p1-and-so-on-until-it-is-longer-than-any-name-that-there-could-ever-be-here" };
        char buf[ROOM];
        struct passwd pw;
        struct group gr;
        unsigned wrong = 0;

        for (size_t i = 0; i < N_ELEMENTS(others); i++)
                wrong += recall_passwd(others[i], 0, &pw, buf, sizeof buf) || recall_groups(others[i], count_groups, &(gid_t) { 0 }) == 0;
        ok(wrong == 0, "1: other names (%u of them answered)", wrong);
        ok(!recall_passwd(NULL, UID_MANY + 1, &pw, buf, sizeof buf), "1: a name was asked for, not its uid");
        ok(!recall_group("unit-oak", 0, &gr, buf, sizeof buf) && oak_is_given(NULL, GID_OAK, buf, sizeof buf), "1: a gid was, not its name");
        ok(!recall_passwd(NULL, GID_OAK, &pw, buf, sizeof buf), "1: a user with the id of a group");
        ok(!recall_group("p1", 0, &gr, buf, sizeof buf), "1: a group with the name of a user");
        ok(recall_groups("p1", count_groups, &(gid_t) { 0 }) != 0, "1: groups of a user whose entry is known");
}

static void groups(void) {
        gid_t held[RECALL_GROUPS_MAX + 1], sum = 0, want = 0;

        for (unsigned i = 0; i < N_ELEMENTS(held); i++)
                held[i] = GID_MANY + 3 * i;
        for (unsigned i = 0; i < 5; i++)
                (void) count_groups(held[i], &want);
        remember_groups(counter_now(), "anna", held, 5);
        ok(recall_groups("anna", count_groups, &sum) == 0 && sum == want, "the groups of a user, in their order");
        remember_groups(counter_now(), "anna.without", held, 0);
        sum = 0;
        ok(recall_groups("anna.without", count_groups, &sum) == 0 && sum == 0, "no groups at all");
        remember_groups(counter_now(), "anna.with.many", held, N_ELEMENTS(held));
        ok(recall_groups("anna.with.many", count_groups, &sum) != 0, "more than there is room for");
}

static void too_long(void) {
        char buf[ROOM], *nobody[] = { NULL }, *somebody[] = { buf, NULL };
        struct passwd pw = user_of(7, 1000000007, buf), got;
        struct group gr;

        (void) snprintf(pw.pw_shell, 80, "/bin/%070d", 0);
        remember_passwd(counter_now(), true, &pw);
        ok(!recall_passwd("p7", 0, &got, buf, sizeof buf), "strings that are too long are not kept");
        gr = group_of("unit-listed", GID_LISTED, somebody, buf);
        remember_group(counter_now(), true, &gr);
        ok(!recall_group("unit-listed", 0, &gr, buf, sizeof buf), "nor is a group with members");
        gr = group_of("unit-sixty-four-bytes-which-is-as-long-as-a-name-can-possibly-be", GID_LISTED, nobody, buf);
        remember_group(counter_now(), true, &gr);
        ok(recall_group("unit-sixty-four-bytes-which-is-as-long-as-a-name-can-possibly-be", 0, &gr, buf, sizeof buf), "the longest name is");
}

/* -- Places ---------------------------------------------------------------------------------------------- */

static bool user_is_given(unsigned i, bool by_name) {
        char name[16], buf[ROOM];
        struct passwd pw;

        (void) snprintf(name, sizeof name, "p%u", i);
        return recall_passwd(by_name ? name : NULL, UID_MANY + i, &pw, buf, sizeof buf) && user_is(&pw, i, 3);
}

/* Who is asked for all the time comes to a place that nobody else wants, however full it was. */
static void often(bool by_name) {
        unsigned missing = OFTEN;

        for (unsigned i = 0; i < MANY; i++)
                remember_user(i, 3, by_name);
        for (unsigned round = 0; round < ROUNDS && missing > 0; round++) {
                missing = 0;
                for (unsigned i = 0; i < OFTEN; i++)
                        if (!user_is_given(i * (MANY / OFTEN), by_name)) {
                                missing++;
                                remember_user(i * (MANY / OFTEN), 3, by_name);
                        }
        }
        ok(missing == 0, "%s: %d of %d that are asked for often find room (%u do not)", by_name ? "names" : "ids", OFTEN, MANY, missing);
}

static atomic_uint n_torn;
static atomic_bool stop;

/* One user, remembered in ever other words. */
static struct { char buf[ROOM]; struct passwd pw; } words[WORDS];

static void *tell(void *unused) {
        const uint32_t counter = counter_now();

        (void) unused;
        for (unsigned i = 0; !atomic_load_explicit(&stop, memory_order_relaxed); i++)
                remember_passwd(counter, true, &words[i % WORDS].pw);
        return NULL;
}

/* Nothing is given but one of these, whole. */
static void *listen(void *unused) {
        unsigned torn = 0, given = 0;

        (void) unused;
        while (given < TURNS) {
                const struct passwd *want;
                struct passwd pw;
                char buf[ROOM];

                if (!recall_passwd("p1", 0, &pw, buf, sizeof buf))
                        continue;
                want = &words[(pw.pw_gid - GID_MANY) % WORDS].pw;
                torn += strcmp(pw.pw_dir, want->pw_dir) != 0 || strcmp(pw.pw_shell, want->pw_shell) != 0 || pw.pw_gid != want->pw_gid;
                given++;
        }
        atomic_fetch_add(&n_torn, torn);
        return NULL;
}

static void threads(void) {
        pthread_t tellers[TELLERS], listeners[LISTENERS];

        for (unsigned i = 0; i < WORDS; i++)
                words[i].pw = user_of(1, i, words[i].buf);
        for (size_t i = 0; i < TELLERS; i++)
                (void) pthread_create(&tellers[i], NULL, tell, NULL);
        for (size_t i = 0; i < LISTENERS; i++)
                (void) pthread_create(&listeners[i], NULL, listen, NULL);
        for (size_t i = 0; i < LISTENERS; i++)
                (void) pthread_join(listeners[i], NULL);
        atomic_store(&stop, true);
        for (size_t i = 0; i < TELLERS; i++)
                (void) pthread_join(tellers[i], NULL);
        ok(n_torn == 0, "3: threads: no answer is torn (%u)", n_torn);
}

/* -- Change ---------------------------------------------------------------------------------------------- */

static void change(void) {
        char buf[ROOM], text[ROOM];
        const struct passwd pw = user_of(1, 2, text);
        const uint32_t before = counter_now();
        struct passwd got;

        (void) snapshot_epoch_advance(dir);
        ok(!recall_passwd("p1", 0, &got, buf, sizeof buf) && !oak_is_given(NULL, GID_OAK, buf, sizeof buf) &&
           recall_groups("anna", count_groups, &(gid_t) { 0 }) != 0, "1: the counter has changed: nothing is known");
        remember_passwd(before, true, &pw);
        ok(!recall_passwd("p1", 0, &got, buf, sizeof buf), "1: nor is what a view from before gives now");
        remember_passwd(counter_now(), true, &pw);
        ok(recall_passwd("p1", 0, &got, buf, sizeof buf) && user_is(&got, 1, 2), "what one of now gives is");
}

int main(void) {
        const struct snapshot_view *view = NULL;
        char buf[ROOM];
        struct passwd pw;

        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        clinic_publish(dir, 1, 0);
        remember_user(1, 2, true);
        ok(!recall_passwd("p1", 0, &pw, buf, sizeof buf), "nothing is known before a view has been opened");

        if (snapshot_acquire(&view) != SNAPSHOT_OK)
                return 1;
        snapshot_release(view);
        remember_user(1, 2, true);
        remember_oak(false);
        sizes();
        question_in_the_buffer();
        other_questions();
        groups();
        too_long();
        change();
        often(true);
        often(false);
        threads();
        snapshot_shutdown();
        world_leave();
        return finish();
}
