/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-groups.c - which groups there are by the configuration, and whether their members are listed
 */

#include "explain.h"
#include "group-settings.h"
#include "told.h"

#include <string.h>

static const struct directory_act *const act = &fixture_act;

/* [groups] list-members: the builders are told to list, after all users, and a change of it is everything anew. */
static void test_lists(struct directory *d) {
        const struct directory_groups off = { .roles = true, .units = true, .services = true },
                                      on = { .list_members = true, .roles = true, .units = true, .services = true };
        struct directory_groups read;
        bool changed = true;

        tap_ok(directory_groups_set(d, act, &off, &changed) == DIRECTORY_OK && !changed, "what it says already changes nothing");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(!told_mentions(TOLD_PUBLIC, "lists") && !told_mentions(TOLD_PRIVATE, "lists"), "nothing is listed");
        tap_result(directory_groups_set(d, act, &on, &changed), DIRECTORY_OK, d, "listed from now on");
        tap_ok(changed && directory_groups_read(d, &read) == DIRECTORY_OK && read.list_members, "it is noted");
        told_base(d, "listed from now on");
        tap_ok(strstr(told.text[TOLD_PUBLIC], "user bo") < strstr(told.text[TOLD_PUBLIC], "\nlists "), "the public base, when all users are in it");
        told_says(TOLD_PUBLIC, "lists org-oakclinic unit-oak unit-elm service-journal service-video role-nurse role-doctor role-relative role-secretary unit-oak-nurse",
             "groups have names, accounts' numbers none");
        tap_ok(told_mentions(TOLD_PRIVATE, "lists by the public ones"), "the private one");
        (void) directory_archive(d, act, "account", "bo", true);
        told_delta(d, FIXTURE_NOW, "an account archived");
        tap_ok(told_mentions(TOLD_PUBLIC, "lists") && told_mentions(TOLD_PRIVATE, "lists by the public ones"), "deltas, too");
        (void) directory_archive(d, act, "unit", "oak", true);
        (void) directory_publish(d, FIXTURE_NOW);
        tap_ok(told_mentions(TOLD_PUBLIC, "lists org-oakclinic unit-elm "), "an archived group has no list");
        (void) directory_archive(d, act, "unit", "oak", false);
        tap_ok(directory_groups_set(d, &(struct directory_act) { .actor = "person:1", .now = FIXTURE_NOW, .by_person = 1 }, &off, &changed) != DIRECTORY_OK &&
               !changed, "it is root's to say");
        tap_result(directory_groups_set(d, act, &off, &changed), DIRECTORY_OK, d, "listed no more");
        told_base(d, "listed no more");
        tap_ok(!told_mentions(TOLD_PUBLIC, "lists"), "and they are not");
}

/* [groups] roles, units, services: what is off is in no snapshot, and nobody is in it; on again it is what it was. */
static void test_kinds(struct directory *d) {
        static const struct {
                const char *name, *group, *held;
                int which;
                struct directory_groups off;
        } cases[] = {
                { "roles",    "group role-nurse",      " 5(", 0, { .units = true, .services = true } },
                { "units",    "group unit-oak ",       " 1(", 0, { .roles = true, .services = true } },
                { "services", "group service-journal", " 3(", 1, { .roles = true, .units = true } },
        };
        const struct directory_groups all = { .roles = true, .units = true, .services = true };
        bool changed;

        (void) directory_archive(d, act, "account", "bo", false);
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const char *const name = cases[i].name;
                struct explain_reason reason[EXPLAIN_REASONS_MAX];
                static const char *const asked[] = { "role-nurse", "unit-oak", "service-journal" };
                bool holds = true;
                size_t n = 0;

                (void) directory_publish_anew(d, FIXTURE_NOW);
                tap_ok(told_mentions(TOLD_PUBLIC, cases[i].group) && told_mentions(cases[i].which, cases[i].held), "%s: there they are", name);
                tap_ok(directory_groups_set(d, act, &cases[i].off, &changed) == DIRECTORY_OK && changed, "%s: off", name);
                told_base(d, name);
                tap_ok(!told_mentions(TOLD_PUBLIC, cases[i].group) && !told_mentions(cases[i].which, cases[i].held), "%s: nobody is told of them, or in them", name);
                tap_ok(told_mentions(TOLD_PUBLIC, "group unit-oak-nurse") && told_mentions(TOLD_PUBLIC, "group org-oakclinic") && told_mentions(TOLD_PUBLIC, " 11("), "%s: the others are there", name);
                tap_ok(directory_explain_group(d, "anna", asked[i], FIXTURE_NOW, &holds, &n, reason) == DIRECTORY_OK && !holds &&
                       reason[0].cause == EXPLAIN_KIND_OFF, "%s: why not", name);
                (void) directory_archive(d, act, "account", "bo", true);
                told_delta(d, FIXTURE_NOW, name);
                tap_ok(!told_mentions(TOLD_PUBLIC, cases[i].group), "%s: nor by a delta", name);
                (void) directory_archive(d, act, "account", "bo", false);
                (void) directory_groups_set(d, act, &all, &changed);
                told_base(d, name);
                tap_ok(told_mentions(TOLD_PUBLIC, cases[i].group) && told_mentions(cases[i].which, cases[i].held), "%s: on again", name);
        }
}

int main(void) {
        auto_directory struct directory *d = (fixture_begin(), fixture_clinic());

        test_lists(d);
        test_kinds(d);
        return tap_done();
}
