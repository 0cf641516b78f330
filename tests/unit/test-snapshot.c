/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-snapshot.c - what the files say together: deltas, times, K8, who asks, choices (numbers: snapshot.c)
 */

#include "snapshot.h"

#include "cleanup.h"
#include "clinic.h"
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { ANSWER_MAX = 512, GENERATION = 5 };

static char answer[ANSWER_MAX];
static int dir = -1;

static const char *code(int r) {
        (void) snprintf(answer, sizeof answer, "%s", r == SNAPSHOT_E_NOT_FOUND ? "not found" : r < 0 ? strerrorname_np(-r) : "?");
        return answer;
}

/* Ask as the plugin does; "uid:gid:home", "gid", or what the code says. */
static const char *ask(int (*by_name)(const struct snapshot_view *, const char *, struct snapshot_entry *),
                       int (*by_id)(const struct snapshot_view *, uint32_t, struct snapshot_entry *),
                       const char *name, uint32_t id) {
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e;
        int r;

        r = snapshot_acquire(&view);
        if (r == 0)
                r = by_name ? by_name(view, name, &e) : by_id(view, id, &e);
        if (r == -EAGAIN) {
                r = snapshot_reacquire(&view);
                if (r == 0)
                        r = by_name ? by_name(view, name, &e) : by_id(view, id, &e);
        }
        if (r != 0)
                (void) code(r);
        else if (e.fixed.type == SNAPSHOT_USER)
                (void) snprintf(answer, sizeof answer, "%s:%u:%u:%s", e.name, e.fixed.id, e.fixed.gid, e.home);
        else
                (void) snprintf(answer, sizeof answer, "%s:%u", e.name, e.fixed.id);
        snapshot_release(view);
        return answer;
}

static const char *user(const char *name) {
        return ask(snapshot_user_by_name, NULL, name, 0);
}

static const char *uid(uint32_t id) {
        return ask(NULL, snapshot_user_by_uid, NULL, id);
}

static const char *group(const char *name) {
        return ask(snapshot_group_by_name, NULL, name, 0);
}

static const char *gid(uint32_t id) {
        return ask(NULL, snapshot_group_by_gid, NULL, id);
}

static int one_more(gid_t held, void *context) {
        char *const at = context;
        const size_t n = strlen(at);

        (void) snprintf(at + n, ANSWER_MAX - n, "%s%u", n ? "," : "", (unsigned) (held - GID_NURSE));
        return 0;
}

/* The groups as numbers counted from GID_NURSE: "0,1,2". */
static const char *groups(const char *name) {
        const struct snapshot_view *view = NULL;
        int r;

        answer[0] = '\0';
        r = snapshot_acquire(&view);
        if (r == 0)
                r = snapshot_groups_of(view, name, one_more, answer);
        if (r == -EAGAIN) {
                answer[0] = '\0';
                r = snapshot_reacquire(&view);
                if (r == 0)
                        r = snapshot_groups_of(view, name, one_more, answer);
        }
        snapshot_release(view);
        return r ? code(r) : answer;
}

static void says(const char *got, const char *want, const char *what) {
        ok(strcmp(got, want) == 0, "%s (%s)", what, got);
}

/* Begin again with the clinic's files and nothing open. */
static void fresh(void) {
        snapshot_shutdown();
        world_euid = (uid_t) -1;
        clinic_publish(dir, GENERATION, 0);
        (void) unlink(WORLD_SELF "/2001100004");
        (void) unlink(WORLD_OVERLAY "/2001100001");
}

static void must(int r) {
        if (r != 0) {
                printf("Bail out! builder: %d\n", r);
                exit(1);
        }
}

/* Write and free. */
static void put(struct snapshot_builder *b, const char *name, mode_t mode) {
        must(snapshot_builder_write(b, dir, name, mode));
        (void) snapshot_builder_free(b);
        must(snapshot_epoch_advance(dir));
}

static void bases(void) {
        fresh();
        says(user("anna"), "anna:2001100001:2001000001:/home/anna", "base: a user");
        says(uid(UID_ANNA), "anna:2001100001:2001000001:/home/anna", "base: by uid");
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "base: a client, for whom may read the private file");
        says(uid(UID_ELSA), "elsa:2001100004:2001000005:/home/elsa", "base: the client by uid");
        says(user("dana"), "not found", "base: the passwd entry is the host's");
        says(group("unit-oak"), "unit-oak:2001000002", "base: a group");
        says(gid(GID_OAK), "unit-oak:2001000002", "base: by gid");
        says(group("anna"), "not found", "base: a user is no group");
        says(user("unit-oak"), "not found", "base: a group is no user");
        says(gid(UID_ANNA), "not found", "base: a uid is no gid");
        says(user("root"), "not found", "base: root");
        says(user(""), "not found", "base: no name");
        says(user("Anna"), "not found", "base: not the alphabet");
        says(uid(0), "not found", "base: uid 0");
        says(uid(SNAPSHOT_ID_MAX + 1), "not found", "base: a uid out of range");
        says(groups("anna"), "0,1,2", "base: groups");
        says(groups("bo"), "3,2", "base: the groups of now");
        says(groups("dana"), "1,6", "base: groups of both files");
        says(groups("elsa"), "4,6", "base: a client's groups");
        says(groups("nobody-here"), "not found", "base: groups of a stranger");
        says(groups("root"), "not found", "base: groups of root");
}

static void deltas(void) {
        static const struct snapshot_timed elm[] = { PLAIN(GID_NURSE + 20) };
        const struct snapshot_build_group oak_gone = { .name = "unit-oak", .gid = GID_OAK, .kind = SNAPSHOT_GROUP_UNIT,
                                                       .flags = SNAPSHOT_GONE };
        struct snapshot_builder *b;

        fresh();
        (void) user("anna");
        b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        clinic_add_group(b, "unit-elm", GID_NURSE + 20, SNAPSHOT_GROUP_UNIT);
        clinic_add_group(b, "unit-birch", GID_OAK_NURSE, SNAPSHOT_GROUP_UNIT);
        must(snapshot_builder_add_group(b, &oak_gone));
        clinic_add_user(b, "anna", 0, UID_ANNA, GID_NURSE, elm, 1);
        clinic_add_user(b, "bo", SNAPSHOT_GONE, UID_BO, GID_AIDE, NULL, 0);
        clinic_add_user(b, "dana", SNAPSHOT_GONE, 0, 0, NULL, 0);
        clinic_add_user(b, "carl", 0, 2001100077, GID_NURSE, elm, 1);
        put(b, "public.delta", 0644);

        says(groups("anna"), "20", "delta: 1: replaced memberships, seen by a running process");
        says(user("bo"), "not found", "delta: 1: gone");
        says(uid(UID_BO), "not found", "delta: 1: gone by uid");
        says(groups("bo"), "not found", "delta: 1: no groups either");
        says(groups("dana"), "6", "delta: 1: gone from the public file, still in the private one");
        says(user("carl"), "carl:2001100077:2001000001:/home/carl", "delta: a new user");
        says(group("unit-elm"), "unit-elm:2001000021", "delta: a new group");
        says(gid(GID_OAK), "not found", "delta: 1: a group that is gone");
        says(group("unit-birch"), "unit-birch:2001000003", "delta: a renamed group");
        says(gid(GID_OAK_NURSE), "unit-birch:2001000003", "delta: its gid has the new name");
        says(group("unit-oak-nurse"), "not found", "delta: 1: its old name is nobody's");
        says(group("role-nurse"), "role-nurse:2001000001", "delta: what it does not speak of stands");

        b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        clinic_add_user(b, "anna", 0, 0, 0, elm, 1);
        put(b, "public.delta", 0644);
        says(user("anna"), "not found", "delta: 1: no passwd entry any more");
        says(uid(UID_ANNA), "not found", "delta: 1: nor by uid");
        says(user("bo"), "bo:2001100002:2001000004:/home/bo", "delta: a later one counts instead of the first");

        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(b, "elsa", SNAPSHOT_GONE, UID_ELSA, GID_CLIENT, NULL, 0);
        put(b, "private.delta", 0600);
        says(user("elsa"), "not found", "delta: the private one");
        says(groups("elsa"), "not found", "delta: the private one's groups");
}

static void times(void) {
        const int64_t now = (int64_t) time(NULL);
        const struct {
                const char *name;
                int64_t     from, until;
                const char *want;
        } cases[] = {
                { "since long",       LONG_AGO,  FAR_AHEAD,      "timo:2001100050:2001000001:/home/t" },
                { "until for ever",   LONG_AGO,  INT64_MAX,      "timo:2001100050:2001000001:/home/t" },
                { "from the first",   INT64_MIN, FAR_AHEAD,      "timo:2001100050:2001000001:/home/t" },
                { "over",             0,         LONG_AGO,       "not found"                     },
                { "over this second", 0,         now,            "not found"                     },
                { "not yet",          FAR_AHEAD, INT64_MAX,      "not found"                     },
                { "from this second", now,       now + 3600,     "timo:2001100050:2001000001:/home/t" },
        };
        struct snapshot_builder *b;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const struct snapshot_build_user timo = {
                        .name = "timo", .flags = SNAPSHOT_PASSWD, .uid = 2001100050, .gid = GID_NURSE,
                        .home = "/home/t", .shell = "/bin/sh", .from = cases[i].from, .until = cases[i].until,
                };

                fresh();
                b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
                must(snapshot_builder_add_user(b, &timo));
                put(b, "public.delta", 0644);
                says(user("timo"), cases[i].want, cases[i].name);
        }

        /* The clock says 1970 or the like: the delta was written an hour after now. */
        fresh();
        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, now + 3600);
        put(b, "private.delta", 0600);
        says(groups("bo"), "3", "time: 2: a clock before the writing gives nothing with a time");
        says(user("bo"), "bo:2001100002:2001000004:/home/bo", "time: what has no time stands");
}

static void k8(void) {
        static const struct snapshot_timed wide[] = { PLAIN(GID_JOURNAL), PLAIN(GID_CHAT), PLAIN(GID_NURSE + 99) };
        struct snapshot_builder *b;

        /* A private delta does not know the public file's record groups; no write_bases() stands in between. */
        fresh();
        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(b, "elsa", SNAPSHOT_PRIVATE_KIND, UID_ELSA, GID_CLIENT, wide, N_ELEMENTS(wide));
        clinic_add_user(b, "rita", SNAPSHOT_PRIVATE_KIND, 2001100060, GID_JOURNAL, NULL, 0);
        clinic_add_user(b, "anna", 0, 0, 0, wide, N_ELEMENTS(wide));
        put(b, "private.delta", 0600);
        says(groups("elsa"), "6", "K8: 4: neither a record service nor a group that nobody knows");
        says(user("rita"), "EBADMSG", "K8: 4: not as the primary group either");
        says(groups("anna"), "0,1,2,5,6,99", "K8: staff has what the file says");

        /* A writer that has forgotten whom it writes about: only staff has a public record. */
        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(b, "elsa", 0, UID_ELSA, GID_CLIENT, wide, N_ELEMENTS(wide));
        clinic_add_user(b, "rita", 0, 2001100060, GID_JOURNAL, NULL, 0);
        clinic_add_user(b, "vera", 0, 0, 0, wide, N_ELEMENTS(wide));
        put(b, "private.delta", 0600);
        says(groups("elsa"), "6", "K8: 4: not without the flag either");
        says(groups("vera"), "6", "K8: 4: nor for an account of another source");
        says(user("rita"), "EBADMSG", "K8: 4: nor as the primary group");

        /* Private kind in one file, memberships in the other. */
        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(b, "anna", SNAPSHOT_PRIVATE_KIND, 0, 0, wide, N_ELEMENTS(wide));
        put(b, "private.delta", 0600);
        says(groups("anna"), "0,1,2,6", "K8: 4: a private kind in any file is one in all");
}

static void self_put_of(uint64_t generation, uint64_t serial, const char *name, uid_t id, mode_t mode) {
        static const struct snapshot_timed held[] = { PLAIN(GID_CHAT) };
        struct snapshot_builder *b = NULL;
        auto_close int self = world_open(WORLD_SELF);

        must(snapshot_builder_new(SNAPSHOT_SELF, generation, serial, 1, &b));
        clinic_add_user(b, name, SNAPSHOT_PRIVATE_KIND, id, GID_CLIENT, held, 1);
        must(snapshot_builder_write(b, self, "2001100004", mode));
        (void) snapshot_builder_free(b);
}

static void self_put(uint64_t generation, const char *name, uid_t id, mode_t mode) {
        self_put_of(generation, 1, name, id, mode);
}

/* The public base once more, as if it had been written @lag seconds ago. */
static void base_written(int64_t lag) {
        struct snapshot_builder *b = clinic_public(GENERATION, time(NULL) - lag, 0);

        must(snapshot_builder_write(b, dir, "public.snapshot", 0644));
        (void) snapshot_builder_free(b);
        snapshot_shutdown();
}

static void who_asks(void) {
        fresh();
        (void) chmod(WORLD_SNAPSHOTS "/private.snapshot", 0);
        says(user("anna"), "anna:2001100001:2001000001:/home/anna", "who: the public files are everybody's");
        says(user("elsa"), "not found", "who: the private one is not");
        says(groups("dana"), "1", "who: memberships of the public file alone");

        snapshot_shutdown();
        self_put(GENERATION, "elsa", UID_ELSA, 0640);
        says(user("elsa"), "not found", "who: a self entry is not for others");
        world_euid = UID_ELSA;
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "who: 3: one's own entry, after becoming that user");
        says(uid(UID_ELSA), "elsa:2001100004:2001000005:/home/elsa", "who: by uid");
        says(groups("elsa"), "6", "who: one's own groups");
        world_euid = 0;
        says(user("elsa"), "not found", "who: 3: root does not believe it, whoever opened the view");
        world_euid = UID_ANNA;
        says(user("elsa"), "not found", "who: 3: nor does anybody else");
        world_euid = UID_ELSA;
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "who: and back");

        self_put(GENERATION, "anna", UID_ANNA, 0640);
        snapshot_shutdown();
        says(user("anna"), "anna:2001100001:2001000001:/home/anna", "self: public files come first");
        self_put(GENERATION, "eskil", UID_ELSA + 1, 0640);
        snapshot_shutdown();
        says(user("eskil"), "EBADMSG", "self: it speaks of nobody else");
        self_put(GENERATION + 1, "elsa", UID_ELSA, 0640);
        base_written(0);
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "self: of another generation, the base was written just now");
        (void) unlink(WORLD_SELF "/2001100004");
        says(user("elsa"), "not found", "self: it is not held on to meanwhile");
        self_put(GENERATION + 1, "elsa", UID_ELSA, 0640);
        base_written(-60);
        says(user("elsa"), "ESTALE", "self: nobody knows when it was");
        base_written(SNAPSHOT_SELF_LAG_S + 1);
        says(user("elsa"), "ESTALE", "self: of another generation");
        says(user("anna"), "anna:2001100001:2001000001:/home/anna", "self: what does not need it stands");
        self_put(GENERATION, "elsa", UID_ELSA, 0640);
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "self: put right, without an epoch");
        self_put_of(GENERATION, 0, "elsa", UID_ELSA, 0640);
        snapshot_shutdown();
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "self: of the change before");
        (void) unlink(WORLD_SELF "/2001100004");
        says(user("elsa"), "not found", "self: nor is that held on to");
        self_put(GENERATION, "elsa", UID_ELSA, 0644);
        snapshot_shutdown();
        says(user("elsa"), "EPERM", "self: of the wrong mode");

        /* The private file opened by who may read it, and used by who may not. */
        fresh();
        says(user("elsa"), "elsa:2001100004:2001000005:/home/elsa", "who: opened by who may");
        (void) chmod(WORLD_SNAPSHOTS "/private.snapshot", 0);
        world_euid = UID_ANNA;
        says(user("elsa"), "not found", "who: 3: used by who may not");
        says(groups("dana"), "1", "who: 3: nor for memberships");
}

static void overlay_put(uint64_t generation, uid_t id, int64_t until, mode_t mode) {
        static const struct snapshot_timed chosen[] = { PLAIN(GID_AIDE), PLAIN(GID_LISTED) };
        const struct snapshot_build_user anna = {
                .name = "anna", .flags = SNAPSHOT_PASSWD, .uid = id, .gid = GID_NURSE, .home = "/home/anna", .shell = "/bin/sh",
                .from = INT64_MIN, .until = until, .memberships = chosen, .n_memberships = N_ELEMENTS(chosen),
        };
        struct snapshot_builder *b = clinic_builder(SNAPSHOT_OVERLAY, generation, 1);
        auto_close int overlay = world_open(WORLD_OVERLAY);

        must(snapshot_builder_add_user(b, &anna));
        must(snapshot_builder_write(b, overlay, "2001100001", mode));
        (void) snapshot_builder_free(b);
}

static void choices(void) {
        static const struct snapshot_timed nurse[] = { PLAIN(GID_NURSE) }, chat[] = { PLAIN(GID_CHAT) };
        struct snapshot_builder *b;
        auto_free uint8_t *bytes = NULL;
        size_t n;

        fresh();
        overlay_put(GENERATION, UID_ANNA, INT64_MAX, 0644);
        says(groups("anna"), "0,1,2", "choice: nothing depends on one");

        b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        clinic_add_user(b, "anna", SNAPSHOT_CHOICE, UID_ANNA, GID_NURSE, nurse, 1);
        put(b, "public.delta", 0644);
        says(groups("anna"), "3,7", "choice: the overlay's instead");
        says(user("anna"), "anna:2001100001:2001000001:/home/anna", "choice: memberships only");

        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(b, "anna", 0, 0, 0, chat, 1);
        put(b, "private.delta", 0600);
        says(groups("anna"), "3,7,6", "choice: a record without one stands beside it");

        overlay_put(GENERATION, UID_ANNA, LONG_AGO, 0644);
        says(groups("anna"), "0,6", "choice: a lease that has run out");
        overlay_put(GENERATION, UID_BO, INT64_MAX, 0644);
        says(groups("anna"), "EBADMSG", "choice: somebody else's");
        overlay_put(GENERATION, UID_ANNA, INT64_MAX, 0664);
        says(groups("anna"), "EPERM", "choice: of the wrong mode");
        overlay_put(GENERATION - 1, UID_ANNA, INT64_MAX, 0644);
        says(groups("anna"), "ESTALE", "choice: of another generation");
        overlay_put(GENERATION, UID_ANNA, INT64_MAX, 0644);
        bytes = world_read(WORLD_OVERLAY "/2001100001", &n);
        bytes[n - 9] ^= 1;
        world_write(WORLD_OVERLAY "/2001100001", bytes, n, 0644);
        says(groups("anna"), "EBADMSG", "choice: damage");
        (void) unlink(WORLD_OVERLAY "/2001100001");
        says(groups("anna"), "0,6", "choice: none made");
}

/* -- Answers that may be kept ---------------------------------------------------------------------------- */

static int no_more(gid_t held, void *context) {
        (void) held;
        (void) context;
        return 0;
}

/* Is the answer steady at the @nth asking?  @type 0: the groups of a user. */
static bool is_steady(uint8_t type, const char *name, unsigned nth) {
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e = { .steady = false };
        struct snapshot_question q;
        int r = SNAPSHOT_OK;

        must(snapshot_question_of_name(type ? type : SNAPSHOT_USER, name, &q));
        for (unsigned i = 0; r == SNAPSHOT_OK && i < nth; i++) {
                must(snapshot_acquire(&view));
                r = type ? snapshot_find(view, &q, &e) : snapshot_find_groups(view, &q, no_more, NULL, &e.steady);
                snapshot_release(view);
        }
        return r == SNAPSHOT_OK && e.steady;
}

static void steady(void) {
        static const struct snapshot_timed nurse[] = { PLAIN(GID_NURSE) }, soon[] = { TIMED(FAR_AHEAD, INT64_MAX, GID_CHAT) };
        const struct snapshot_build_user timo = {
                .name = "timo", .flags = SNAPSHOT_PASSWD, .uid = 2001100050, .gid = GID_NURSE,
                .home = "/home/t", .shell = "/bin/sh", .from = INT64_MIN, .until = FAR_AHEAD,
                .memberships = nurse, .n_memberships = 1,
        }, later = { .name = "anna", .from = FAR_AHEAD, .until = INT64_MAX, .memberships = soon, .n_memberships = 1 };
        struct snapshot_builder *b;

        fresh();
        world_euid_is_fixed = true;
        b = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        must(snapshot_builder_add_user(b, &timo));
        clinic_add_user(b, "carl", SNAPSHOT_CHOICE, 2001100077, GID_NURSE, nurse, 1);
        put(b, "public.delta", 0644);

        ok(!is_steady(SNAPSHOT_USER, "anna", 1) && is_steady(SNAPSHOT_USER, "anna", 1), "steady: a user, when asked for again");
        ok(!is_steady(SNAPSHOT_GROUP, "unit-oak", 1) && is_steady(SNAPSHOT_GROUP, "unit-oak", 1), "steady: a group, too");
        ok(!is_steady(SNAPSHOT_USER, "timo", 3), "steady: not one with an end");
        ok(!is_steady(SNAPSHOT_USER, "elsa", 3), "steady: not one that only some may see");
        ok(!is_steady(0, "bo", 3), "steady: not groups with times");
        ok(!is_steady(0, "timo", 3), "steady: nor groups of who has an end");
        ok(!is_steady(0, "dana", 3), "steady: nor those of two files");
        ok(!is_steady(0, "elsa", 3), "steady: nor those that only some may see");
        ok(!is_steady(0, "carl", 3), "steady: nor those of a choice");

        fresh();
        ok(!is_steady(0, "anna", 1) && is_steady(0, "anna", 1), "steady: groups, when asked for again");
        b = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        must(snapshot_builder_add_user(b, &later));
        put(b, "private.delta", 0600);
        ok(!is_steady(0, "anna", 3), "steady: not while others are to come from the private file");

        fresh();
        world_euid_is_fixed = false;
        ok(!is_steady(0, "anna", 3) && is_steady(SNAPSHOT_USER, "anna", 3), "steady: no groups where one can become another");
}

int main(void) {
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        bases();
        deltas();
        times();
        k8();
        who_asks();
        choices();
        steady();
        world_leave();
        return finish();
}
