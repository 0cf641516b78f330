/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-snapshot-members.c - who is listed in a group, to whom, and when (numbers: snapshot-members.c, snapshot-list.c)
 */

#include "snapshot.h"

#include "cleanup.h"
#include "clinic.h"
#include "pack.h"
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GENERATION = 5, ANSWER_MAX = 512, MANY = 5000 };

static char answer[ANSWER_MAX];
static int dir = -1;

static void must(int r) {
        if (r != 0) {
                printf("Bail out! builder: %d\n", r);
                exit(1);
        }
}

static int one_more(const char *name, size_t n, void *context) {
        const size_t at = strlen(answer);

        *(bool *) context &= name[n] == '\0' && strlen(name) == n;
        (void) snprintf(answer + at, sizeof answer - at, "%s%s", at ? "," : "", name);
        return 0;
}

/* As the plugin asks: the members, "-" for no such group, or what the code says. */
static const char *members(const char *group) {
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e;
        bool whole = true;
        int r;

        answer[0] = '\0';
        r = snapshot_acquire(&view);
        if (r == 0)
                r = snapshot_group_by_name(view, group, &e);
        if (r == -EAGAIN) {
                r = snapshot_reacquire(&view);
                if (r == 0)
                        r = snapshot_group_by_name(view, group, &e);
        }
        if (r == 0)
                r = snapshot_members_of(view, &e, one_more, &whole);
        snapshot_release(view);
        if (r != 0)
                (void) snprintf(answer, sizeof answer, "%s", r == SNAPSHOT_E_NOT_FOUND ? "-" : r < 0 ? strerrorname_np(-r) : "?");
        return whole ? answer : "not whole";
}

static void says(const char *group, const char *want, const char *what) {
        const char *const got = members(group);

        ok(strcmp(got, want) == 0, "%s (%s: %s)", what, group, got);
}

/* -- Writing ---------------------------------------------------------------------------------------- */

/* The clinic's groups, as publish-members.c asks for them. */
static int ask(void *about, gid_t gid, struct snapshot_build_group *ret) {
        static const struct { gid_t gid; const char *name; enum snapshot_group_kind kind; } known[] = {
                { GID_NURSE, "role-nurse", SNAPSHOT_GROUP_ROLE }, { GID_OAK, "unit-oak", SNAPSHOT_GROUP_UNIT },
                { GID_CHAT, "service-chat", SNAPSHOT_GROUP_SERVICE }, { GID_JOURNAL, "service-journal", SNAPSHOT_GROUP_SERVICE_RECORD },
        };

        ++*(unsigned *) about;
        for (size_t i = 0; i < N_ELEMENTS(known); i++)
                if (known[i].gid == gid) {
                        ret->name = known[i].name;
                        ret->kind = known[i].kind;
                        return 0;
                }
        return 1;
}

static unsigned list(struct snapshot_builder *b, const struct snapshot_builder *others) {
        unsigned n_asked = 0;

        must(snapshot_builder_list_members(b, others, ask, &n_asked));
        return n_asked;
}

static void bases(bool listed) {
        struct snapshot_builder *public = clinic_public(GENERATION, 1, 0), *private = clinic_private(GENERATION, 1);
        unsigned n = 0;

        if (listed)
                n = list(public, NULL) + list(private, public);
        must(snapshot_write_bases(dir, public, private));
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
        ok(n == 0, "a base knows the names of its groups");
}

static void deltas(struct snapshot_builder *public, struct snapshot_builder *private) {
        (void) list(public, NULL);
        (void) list(private, public);
        must(snapshot_write_deltas(dir, public, private));
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
}

/* -- Cases ------------------------------------------------------------------------------------------ */

static void test_base(void) {
        bases(false);
        says("unit-oak", "", "not listed where nobody said so");
        bases(true);
        says("unit-oak", "anna,dana", "who holds it, and not whose time is over (MUST 1)");
        says("role-nurse", "anna", "a primary group is no membership");
        says("unit-oak-nurse", "anna,bo", "bo until 2200");
        says("service-chat", "elsa,dana", "staff and a client, to whom the private file is open");
        says("role-client", "elsa", "a client's role");
        says("service-journal", "", "nobody");
        says("unit-none", "-", "no such group");
}

static void test_delta(void) {
        static const struct snapshot_timed oak[] = { PLAIN(GID_OAK) }, later[] = { TIMED(FAR_AHEAD, INT64_MAX, GID_OAK), PLAIN(GID_NURSE) };
        struct snapshot_builder *public = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        struct snapshot_builder *private = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);

        clinic_add_user(public, "anna", 0, UID_ANNA, GID_NURSE, later, N_ELEMENTS(later));
        clinic_add_user(public, "bo", 0, UID_BO, GID_AIDE, oak, 1);
        clinic_add_user(public, "nils", 0, 2001100090, GID_NURSE, oak, 1);
        clinic_add_user(private, "elsa", SNAPSHOT_GONE | SNAPSHOT_PRIVATE_KIND, UID_ELSA, GID_CLIENT, NULL, 0);
        deltas(public, private);
        says("unit-oak", "dana,bo,nils", "whoever has changed is listed by the delta, the others by the base");
        says("unit-oak-nurse", "", "who holds it no more is not");
        says("role-nurse", "anna", "nor twice who holds it still");
        says("service-chat", "dana", "and a client who is gone is gone");
        says("role-client", "", "from everywhere");
}

static void test_gone(void) {
        const struct snapshot_build_group gone = { .name = "service-chat", .flags = SNAPSHOT_GONE, .gid = GID_CHAT, .kind = SNAPSHOT_GROUP_SERVICE };
        struct snapshot_builder *public = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        struct snapshot_builder *private = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);

        bases(true);
        must(snapshot_builder_add_group(public, &gone));
        must(snapshot_builder_add_group(private, &gone));
        deltas(public, private);
        says("service-chat", "-", "a group that is gone");
}

static void test_who_asks(void) {
        bases(true);
        says("service-chat", "elsa,dana", "opened by who may");
        world_euid = UID_ANNA;
        (void) chmod(WORLD_SNAPSHOTS "/private.snapshot", 0);
        says("service-chat", "", "used by who may not: nobody from the private file (MUST 2)");
        says("unit-oak", "anna,dana", "but staff");
        world_euid = (uid_t) -1;
        (void) chmod(WORLD_SNAPSHOTS "/private.snapshot", 0600);
        says("service-chat", "elsa,dana", "and again by who may");
}

/* No writer makes these: what a list, or a flag, says by itself counts for nothing. */
static void test_lies(void) {
        static const char *const names[] = { "anna", "bo", "carl", "stranger", "elsa" };
        static const struct snapshot_timed nurse[] = { PLAIN(GID_NURSE), PLAIN(GID_JOURNAL) };
        const struct snapshot_build_group all = {
                .name = "role-nurse", .flags = SNAPSHOT_LISTED, .gid = GID_NURSE, .kind = SNAPSHOT_GROUP_ROLE, .members = names, .n_members = N_ELEMENTS(names),
        }, journal = {
                .name = "service-journal", .flags = SNAPSHOT_LISTED, .gid = GID_JOURNAL, .kind = SNAPSHOT_GROUP_SERVICE_RECORD,
                .members = names, .n_members = N_ELEMENTS(names),
        }, oak = {
                .name = "unit-oak", .gid = GID_OAK, .kind = SNAPSHOT_GROUP_UNIT,
        };
        struct snapshot_builder *public = clinic_builder(SNAPSHOT_PUBLIC, GENERATION, 1), *private = clinic_builder(SNAPSHOT_PRIVATE, GENERATION, 1);
        const struct snapshot_timed held[] = { PLAIN(GID_OAK) };

        clinic_add_user(public, "anna", 0, UID_ANNA, GID_NURSE, nurse, 2);
        clinic_add_user(public, "bo", 0, UID_BO, GID_NURSE, NULL, 0);
        clinic_add_user(public, "carl", SNAPSHOT_CHOICE, UID_BO + 70, GID_NURSE, nurse, 2);
        must(snapshot_builder_add_group(public, &all));
        must(snapshot_builder_add_group(public, &oak));
        clinic_add_user(private, "elsa", 0, UID_ELSA, GID_NURSE, nurse, 2);
        must(snapshot_builder_add_group(private, &journal));
        must(snapshot_builder_add_group(public, &(struct snapshot_build_group) {
                .name = "service-journal", .flags = SNAPSHOT_LISTED, .gid = GID_JOURNAL, .kind = SNAPSHOT_GROUP_SERVICE_RECORD }));
        must(snapshot_write_bases(dir, public, private));
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);
        says("role-nurse", "anna", "not who does not hold it, whose choice decides, whom nobody knows, who is in another file (MUST 1, 2, 4)");
        says("service-journal", "", "who is in the private file alone is no member of a record service, flag or no flag (MUST 3)");

        public = clinic_builder(SNAPSHOT_PUBLIC_DELTA, GENERATION, 1);
        private = clinic_builder(SNAPSHOT_PRIVATE_DELTA, GENERATION, 1);
        clinic_add_user(public, "bo", 0, UID_BO, GID_NURSE, held, 1);
        deltas(public, private);
        says("unit-oak", "", "no part of a list where the base has none");
}

/* A list that no record holds is left out; one that is long is whole, in any buffer that holds it. */
static void test_long(void) {
        struct snapshot_builder *public = clinic_builder(SNAPSHOT_PUBLIC, GENERATION, 1), *private = clinic_builder(SNAPSHOT_PRIVATE, GENERATION, 1);
        static const struct snapshot_timed oak[] = { PLAIN(GID_OAK), TIMED(1, FAR_AHEAD, GID_OAK) };
        enum { NEEDED = 9 + 2 + MANY * (6 + (int) sizeof(char *)) + (int) sizeof(char *) };
        static char buf[NEEDED + 16];
        const struct snapshot_view *view = NULL;
        struct snapshot_entry e;
        struct group gr;
        size_t n = 0;

        clinic_add_group(public, "unit-oak", GID_OAK, SNAPSHOT_GROUP_UNIT);
        for (uint32_t i = 0; i < MANY; i++) {
                char name[16];

                (void) snprintf(name, sizeof name, "u%04u", (unsigned) i);
                clinic_add_user(public, name, 0, UID_ANNA + i, GID_NURSE, oak, 2);
        }
        (void) list(public, NULL);
        must(snapshot_write_bases(dir, public, private));
        (void) snapshot_builder_free(public);
        (void) snapshot_builder_free(private);

        must(snapshot_acquire(&view));
        must(snapshot_group_by_name(view, "unit-oak", &e));
        ok(!e.steady && snapshot_group_by_name(view, "unit-oak", &e) == 0 && !e.steady, "an answer with members is never kept");
        for (size_t size = 64; size < NEEDED - 64; size *= 2)
                n += pack_group(view, &e, &gr, buf, size) != -ERANGE;
        ok(n == 0 && pack_group(view, &e, &gr, buf, NEEDED - 1) == -ERANGE, "a buffer that is too small, by much or by one byte");
        ok(pack_group(view, &e, &gr, buf, sizeof buf) == 0, "one that is not");
        for (n = 0; gr.gr_mem[n]; n++)
                ;
        ok(n == MANY && strcmp(gr.gr_mem[0], "u0000") == 0 && strcmp(gr.gr_mem[MANY - 1], "u4999") == 0,
           "%d members, each once, in their order", MANY);
        snapshot_release(view);
}

int main(void) {
        world_enter();
        dir = world_open(WORLD_SNAPSHOTS);
        test_base();
        test_delta();
        test_gone();
        test_who_asks();
        test_lies();
        test_long();
        snapshot_shutdown();
        world_leave();
        return finish();
}
