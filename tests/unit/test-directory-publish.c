/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-publish.c - what the snapshots are told, line by line
 *
 * The builder is one that writes down what it is given; directory/publish*.c
 * say what MUST be.
 */

#include "batch.h"
#include "explain.h"
#include "fixture.h"
#include "group-settings.h"
#include "memberships.h"
#include "snapshot-build.h"
#include "sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <fcntl.h>

/* -- A builder that writes down ---------------------------------------------------------------------- */

struct snapshot_builder {
        char text[1 << 20];
        size_t n;
        uint64_t generation, serial;
};

static char published[2][1 << 20];
static uint64_t generation;
static unsigned n_builders, n_advanced, n_written, n_deltas;
static int refuse_user;
static const char *refuse_name;                 /* NULL: all of them; else unless it is gone      */
static uint64_t n_bytes;                        /* what builders say they hold                    */
static struct snapshot_set there;               /* what is in the place                           */
static int look_result = -ENOENT;

__attribute__((__format__(printf, 2, 3)))
static void note(struct snapshot_builder *b, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        b->n += (size_t) vsnprintf(b->text + b->n, sizeof b->text - b->n, format, ap);
        va_end(ap);
        if (b->n >= sizeof b->text)
                b->n = sizeof b->text - 1;
}

int snapshot_builder_new(enum snapshot_kind kind, uint64_t gen, uint64_t serial, int64_t written, struct snapshot_builder **ret) {
        *ret = calloc(1, sizeof **ret);
        if (!*ret)
                return -ENOMEM;
        (*ret)->generation = gen;
        (*ret)->serial = serial;
        n_builders++;
        note(*ret, "%s serial %llu written %lld\n",
             kind == SNAPSHOT_PUBLIC || kind == SNAPSHOT_PUBLIC_DELTA ? "public" : "private", (unsigned long long) serial, (long long) (written - FIXTURE_NOW));
        return 0;
}

struct snapshot_builder *snapshot_builder_free(struct snapshot_builder *b) {
        n_builders -= b != NULL;
        free(b);
        return NULL;
}

static const char *when(int64_t t, char *ret, size_t n) {
        if (t == INT64_MIN || t == INT64_MAX)
                return "";
        (void) snprintf(ret, n, "%lld", (long long) (t - FIXTURE_NOW));
        return ret;
}

int snapshot_builder_add_user(struct snapshot_builder *b, const struct snapshot_build_user *u) {
        char from[32], until[32];

        if (refuse_user && (!refuse_name || (strcmp(u->name, refuse_name) == 0 && !(u->flags & SNAPSHOT_GONE))))
                return refuse_user;
        note(b, "user %s flags %u", u->name, u->flags);
        if (u->flags & SNAPSHOT_PASSWD)
                note(b, " %u %u %s %s", (unsigned) u->uid % 1000, (unsigned) u->gid % 1000, u->home ? u->home : "-", u->shell ? u->shell : "-");
        for (size_t i = 0; i < u->n_memberships; i++)
                note(b, " %u(%s,%s)", u->memberships[i].gid % 1000, when(u->memberships[i].from, from, sizeof from),
                     when(u->memberships[i].until, until, sizeof until));
        note(b, "\n");
        return 0;
}

int snapshot_builder_add_group(struct snapshot_builder *b, const struct snapshot_build_group *g) {
        note(b, "group %s %u kind %d members %zu%s\n", g->name, (unsigned) g->gid % 1000, (int) g->kind, g->n_members,
             g->flags & SNAPSHOT_GONE ? " gone" : "");
        return 0;
}

int snapshot_builder_list_members(struct snapshot_builder *b, const struct snapshot_builder *others,
                                  int (*ask)(void *about, gid_t gid, struct snapshot_build_group *ret), void *about) {
        struct snapshot_build_group group = { .gid = 0 };

        note(b, "lists%s", others ? " by the public ones" : "");
        for (gid_t gid = 2001000000; gid < 2001000020; gid++)
                if (ask(about, gid, &group) == 0)
                        note(b, " %s", group.name);
        note(b, "\n");
        return 0;
}

int snapshot_builder_forbid(struct snapshot_builder *b, gid_t gid) {
        note(b, "forbid %u\n", (unsigned) gid % 1000);
        return 0;
}

int snapshot_epoch_advance(int dir) {
        struct stat st;

        n_advanced++;
        return fstat(dir, &st) < 0 ? -errno : 0;
}

int snapshot_write_bases(int dir, struct snapshot_builder *public_base, struct snapshot_builder *private_base) {
        (void) dir;
        memcpy(published[0], public_base->text, sizeof published[0]);
        memcpy(published[1], private_base->text, sizeof published[1]);
        generation = public_base->generation;
        n_written++;
        there = (struct snapshot_set) { .generation = generation, .serial = 1 };
        look_result = 0;
        return public_base->generation == private_base->generation ? 0 : -EINVAL;
}

int snapshot_write_deltas(int dir, struct snapshot_builder *public_delta, struct snapshot_builder *private_delta) {
        (void) dir;
        memcpy(published[0], public_delta->text, sizeof published[0]);
        memcpy(published[1], private_delta->text, sizeof published[1]);
        n_deltas++;
        there.serial = public_delta->serial;
        return public_delta->generation == there.generation && private_delta->generation == there.generation &&
                       public_delta->serial == private_delta->serial ? 0 : -EINVAL;
}

int snapshot_set_look(int dir, struct snapshot_set *ret) {
        (void) dir;
        *ret = there;
        return look_result;
}

uint64_t snapshot_builder_size(const struct snapshot_builder *b) {
        (void) b;
        return n_bytes;
}

/* -- Tests ------------------------------------------------------------------------------------------- */

static const struct directory_act *const act = &fixture_act;

static bool has(int which, const char *line) {
        const char *const at = strstr(published[which], line);
        const size_t n = strlen(line);

        return at && (at == published[which] || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0');
}

static void says(int which, const char *line, const char *name) {
        const bool ok = has(which, line);

        tap_ok(ok, "%s", name);
        if (!ok)
                printf("# wanted: %s\n# there is:\n# %s\n", line, published[which]);
}

static bool mentions(int which, const char *word) {
        return strstr(published[which], word) != NULL;
}

/* 2001000000: 0 org, 1 oak, 2 elm, 3 journal, 4 video, 5 nurse, 6 doctor, 7 relative, 8 secretary, 9 anna, 10 bo, 11 oak-nurse */
static void test_clinic(struct directory *d) {
        uint64_t first;

        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published");
        tap_ok(n_builders == 0 && n_advanced == 1 && n_written == 1, "the epoch goes up at the start, one set is written");
        says(0, "public serial 0 written 0", "the public base");
        says(1, "private serial 0 written 0", "the private base");
        says(0, "group org-oakclinic 0 kind 4 members 0", "an organisation's group");
        says(0, "group unit-oak 1 kind 2 members 0", "a unit's");
        says(0, "group service-journal 3 kind 8 members 0", "a record service's");
        says(0, "group service-video 4 kind 5 members 0", "another service's");
        says(0, "group role-nurse 5 kind 1 members 0", "a role's");
        says(0, "group unit-oak-nurse 11 kind 3 members 0", "a role's at a unit");
        says(1, "forbid 3", "the record service is forbidden to the private base");
        says(0, "user anna flags 2 9 0 /home/anna /bin/bash 1(,3499200) 5(,3499200) 11(,3499200)", "anna: unit, role, role at unit, until the end of the year");
        says(1, "user anna flags 0 3(,3499200)", "anna's services are private (MUST 1)");
        says(0, "user bo flags 2 10 0 /home/bo /bin/bash", "bo: no assignment, no groups");
        tap_ok(!mentions(1, "user bo"), "and nothing private");

        first = generation;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published again");
        tap_ok(generation != first && generation != 0, "another generation");
}

static void test_private(struct directory *d) {
        (void) directory_person_add(d, act, "Rut", "Ros", NULL, NULL, &(int64_t) { 0 });
        (void) directory_account_add(d, act, 3, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL);
        (void) directory_account_add(d, act, 3, "oakclinic", "rut.c", "client", "careid", "/home/rut.c", "/bin/sh", NULL);
        (void) directory_account_add(d, act, 3, "oakclinic", "rut.e", "external", "careid", "/home/rut.e", "/bin/sh", NULL);
        (void) directory_assignment_add(d, act, "rut.e", "secretary", "oak", "2026-12-01", NULL, NULL);
        (void) directory_account_add(d, act, 1, "oakclinic", "anna.ad", "staff", "host", NULL, NULL, NULL);
        (void) directory_assignment_add(d, act, "anna.ad", "doctor", "elm", NULL, NULL, NULL);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "published with a relative, a client and an external");
        tap_ok(!mentions(0, "rut"), "none of them is in the public base (MUST 1, X10)");
        says(1, "user rut flags 6 12 0 /home/rut /bin/sh", "the relative");
        says(1, "user rut.c flags 6 13 0 /home/rut.c /bin/sh", "the client");
        says(1, "user rut.e flags 6 14 0 /home/rut.e /bin/sh 1(820800,) 4(820800,) 8(820800,) 15(820800,)", "the external, from December on, services too");
        says(0, "user anna.ad flags 0 0(,) 2(,) 6(,) 16(,)", "an account of the host: groups only, its organisation's among them");
}

static void test_times(struct directory *d) {
        int64_t id = 0;

        (void) directory_assignment_add(d, act, "bo", "nurse", "oak", "2026-12-01", "2026-12-10", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-05", "2026-12-20", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-21", "2026-12-21", NULL);
        (void) directory_assignment_add(d, act, "bo", "nurse", "elm", "2027-01-10", "2027-01-10", NULL);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        says(0, "user bo flags 2 10 0 /home/bo /bin/bash 1(820800,1684800) 2(1166400,2635200) 2(4276800,4363200) 5(820800,2635200) 5(4276800,4363200)"
                " 11(820800,1684800) 17(1166400,2635200) 17(4276800,4363200)", "times that touch are one, others are not");
        (void) directory_publish_anew(d, FIXTURE_NOW + 2635200);
        says(0, "user bo flags 2 10 0 /home/bo /bin/bash 2(4276800,4363200) 5(4276800,4363200) 17(4276800,4363200)", "what is over is left out (MUST 2)");

        (void) directory_assignment_add(d, act, "bo", "doctor", "elm", NULL, "2026-12-31", &id);
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 100 }, id);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(mentions(0, "6(,100)"), "what was ended by hand ends then");
        (void) directory_publish_anew(d, FIXTURE_NOW + 100);
        tap_ok(!mentions(0, "6(,100)"), "and is left out after");
}

static void test_archived(struct directory *d) {
        static const struct { const char *kind, *name, *gone; int which; } cases[] = {
                { "account", "anna", "user anna flags", 0 }, { "account", "anna", "user anna flags", 1 },
                { "person", "1", "user anna flags", 0 }, { "person", "3", "user rut", 1 },
                { "organisation", "oakclinic", "user ", 0 }, { "organisation", "oakclinic", "user ", 1 },
                { "unit", "oak", "group unit-oak", 0 }, { "unit", "oak", " 1(", 0 },
                { "role", "nurse", "group role-nurse", 0 }, { "role", "nurse", " 5(", 0 }, { "role", "nurse", " 11(", 0 },
                { "service", "journal", "service-journal", 0 }, { "service", "journal", " 3(", 1 },
        };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                bool before;

                (void) directory_publish_anew(d, FIXTURE_NOW);
                before = mentions(cases[i].which, cases[i].gone);
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, true);
                tap_ok(directory_publish_anew(d, FIXTURE_NOW) == 0 && before && !mentions(cases[i].which, cases[i].gone),
                       "archived %s %s: no \"%s\" any more (MUST 2)", cases[i].kind, cases[i].name, cases[i].gone);
                (void) directory_archive(d, act, cases[i].kind, cases[i].name, false);
        }
}

/*
 * Rows as the acts about clients write them: client oakclinic-1 is person 9, and 2001000900 up are groups.
 * rut is a relative with a grant; video is a service of the module video, mail of the module chat, and of her role both.
 */
static const char clients[] =
        "INSERT INTO person (id, given_name, family_name, created) VALUES (9, 'Kim', 'K', 1);"
        "INSERT INTO client (id, person, organisation, number, created) VALUES (1, 9, 1, 1, 1);"
        "INSERT INTO service (id, name, title, opens, module) VALUES (90, 'call', 'Call', 'other', 'video'), (91, 'mail', 'Mail', 'other', 'chat');"
        "INSERT INTO role_service (role, service) SELECT id, 90 FROM role WHERE name = 'relative';"
        "INSERT INTO role_service (role, service) SELECT id, 91 FROM role WHERE name = 'relative';"
        "INSERT INTO organisation_module VALUES (1, 'video');"
        "INSERT INTO number VALUES (2001000900, 'gid', 'a'), (2001000901, 'gid', 'b'), (2001000902, 'gid', 'c');"
        "INSERT INTO care_group (gid, name, kind, organisation, client, service) VALUES"
        " (2001000900, 'client-oakclinic-1', 'client', 1, 1, NULL),"
        " (2001000901, 'client-oakclinic-1-call', 'client-service', 1, 1, 90),"
        " (2001000902, 'client-oakclinic-1-mail', 'client-service', 1, 1, 91);"
        "INSERT INTO client_grant (account, client, role, basis, document, checked_by, review_on, created, valid_until)"
        " SELECT a.id, 1, r.id, 'consent', 'folder 3', 'Anna', 1900000000, 1, 1795258800 + 500"
        " FROM account a, role r WHERE a.name = 'rut' AND r.name = 'relative';";

static void test_clients(struct directory *d) {
        static const struct { const char *name, *sql, *back; bool client, call, mail; } cases[] = {
                { "nothing in the way", "SELECT 1", "SELECT 1", true, true, false },
                { "both modules", "INSERT INTO organisation_module VALUES (1, 'chat')", "DELETE FROM organisation_module WHERE module = 'chat'", true, true, true },
                { "no module", "DELETE FROM organisation_module", "INSERT INTO organisation_module VALUES (1, 'video')", true, false, false },
                { "another organisation's module", "UPDATE organisation_module SET organisation = 2", "UPDATE organisation_module SET organisation = 1", true, false, false },
                { "a service archived", "UPDATE service SET archived = 1 WHERE id = 90", "UPDATE service SET archived = NULL WHERE id = 90", true, false, false },
                { "a service that opens the record (K8)", "UPDATE service SET opens = 'record' WHERE id = 90", "UPDATE service SET opens = 'other' WHERE id = 90", true, false, false },
                { "a service that the role has not", "DELETE FROM role_service WHERE service = 90", "INSERT INTO role_service SELECT id, 90 FROM role WHERE name = 'relative'", true, false, false },
                { "the client archived", "UPDATE client SET archived = 1", "UPDATE client SET archived = NULL", false, false, false },
                { "the client's person archived", "UPDATE person SET archived = 1 WHERE id = 9", "UPDATE person SET archived = NULL WHERE id = 9", false, false, false },
                { "the client dead", "UPDATE person SET died = 1 WHERE id = 9", "UPDATE person SET died = NULL WHERE id = 9", false, false, false },
                { "the relative dead", "UPDATE person SET died = 1 WHERE id = 3", "UPDATE person SET died = NULL WHERE id = 3", false, false, false },
                { "the role archived", "UPDATE role SET archived = 1 WHERE name = 'relative'", "UPDATE role SET archived = NULL", false, false, false },
                { "the grant ended", "UPDATE client_grant SET ended = 1, ended_why = 'client'", "UPDATE client_grant SET ended = NULL, ended_why = NULL", false, false, false },
                { "the grant over", "UPDATE client_grant SET valid_until = 1795258800", "UPDATE client_grant SET valid_until = 1795258800 + 500", false, false, false },
                { "nothing in the way again", "SELECT 1", "SELECT 1", true, true, false },
        };

        tap_ok(fixture_sql(clients) == 0, "a client with a relative");
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const int changed = fixture_sql(cases[i].sql);

                tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "%s: published", cases[i].name);
                tap_ok(changed == 0 && mentions(1, " 900(,500)") == cases[i].client, "the group of the client");
                tap_ok(mentions(1, " 901(,500)") == cases[i].call, "the group of a service of theirs");
                tap_ok(mentions(1, " 902(,500)") == cases[i].mail, "and of another");
                tap_ok(!mentions(0, " 900(") && !mentions(0, " 901("), "the public is told of nobody's");
                (void) fixture_sql(cases[i].back);
        }
}

/* Nights of turns, from noon of Saturday the 21st: Saturday, Sunday ... as far as eight days ahead, and no further. */
static void test_turns(struct directory *d) {
        struct directory_account a;
        int64_t id = 0, own = 0;

        (void) directory_person_add(d, act, "Ulla", "U", NULL, NULL, &id);
        (void) directory_account_add(d, act, id, "oakclinic", "ulla", "staff", "careid", "/home/ulla", "/bin/sh", NULL);
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .until_date = "2026-11-28", .weekdays = "sat,sun", .hours = "21:00-07:00",
        }, &own), DIRECTORY_OK, d, "a doctor for nights at weekends");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(mentions(0, " 6(32400,68400) 6(118800,154800) 6(637200,673200)"), "three nights: a turn belongs to the day that it begins on");
        tap_ok(directory_account(d, "ulla", FIXTURE_NOW, &a) == 0 && !a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 32399, &a) == 0 && !a.assigned_now, "at noon she holds nothing, nor a second before nine");
        tap_ok(directory_account(d, "ulla", FIXTURE_NOW + 32400, &a) == 0 && a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 68399, &a) == 0 && a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 68400, &a) == 0 && !a.assigned_now, "from nine to seven she does");
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .weekdays = "sun-tue", .hours = "21:00-07:00" }, NULL),
                DIRECTORY_E_EXISTS, d, "the same hours of a day that they share");
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .weekdays = "mon" , .hours = "21:00-07:00" }, NULL),
                DIRECTORY_OK, d, "those of another day are another assignment");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "doctor", .unit = "elm" }, NULL),
                DIRECTORY_E_EXISTS, d, "one without turns would be all of them");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "nurse", .unit = "elm", .weekdays = "Monday" }, NULL),
                DIRECTORY_E_INVALID, d, "a day that there is not");
        tap_ok(strncmp(directory_complaint(d), "weekdays: ", 10) == 0, "the complaint names the field");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "nurse", .unit = "elm", .hours = "9-5" }, NULL),
                DIRECTORY_E_INVALID, d, "hours of another spelling");

        /* bo holds Ulla's nights from the 22nd to the 24th: of them Sunday's. */
        tap_result(directory_deputy_add(d, act, own, "bo", "2026-11-22", "2026-11-24", &id), DIRECTORY_OK, d, "a deputy");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(mentions(0, "user bo flags") && mentions(0, " 6(118800,154800)") && !mentions(0, " 6(43200,"), "holds what is held, of their own days");
        tap_ok(directory_account(d, "bo", FIXTURE_NOW + 32400, &a) == 0 && !a.assigned_now &&
               directory_account(d, "bo", FIXTURE_NOW + 118800, &a) == 0 && a.assigned_now, "and a log-in is told the same");
        tap_result(directory_deputy_add(d, act, id, "anna", NULL, "2026-11-24", NULL), DIRECTORY_E_CONSTRAINT, d, "a deputy has no deputy");
        tap_result(directory_deputy_add(d, act, own, "ulla", NULL, "2026-11-24", NULL), DIRECTORY_E_CONSTRAINT, d, "nobody is their own");
        tap_result(directory_deputy_add(d, act, own, "anna", NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "for ever");
        tap_result(directory_deputy_add(d, act, 4711, "anna", NULL, "2026-11-24", NULL), DIRECTORY_E_NOT_FOUND, d, "of nothing");
        (void) fixture_sql("UPDATE account SET archived = 1 WHERE name = 'ulla'");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(!mentions(0, " 6(118800,154800)") && directory_account(d, "bo", FIXTURE_NOW + 118800, &a) == 0 && !a.assigned_now,
               "whose account is archived gives a deputy nothing");
        (void) fixture_sql("UPDATE account SET archived = NULL WHERE name = 'ulla'");
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 120000 }, own);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(mentions(0, " 6(118800,120000)"), "it ends with what is held");
        tap_ok(directory_account(d, "bo", FIXTURE_NOW + 119999, &a) == 0 && a.assigned_now &&
               directory_account(d, "bo", FIXTURE_NOW + 120000, &a) == 0 && !a.assigned_now, "and a log-in is told the same");
        tap_result(directory_deputy_add(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 130000 }, own, "anna", NULL, "2026-11-24", NULL),
                   DIRECTORY_E_CONSTRAINT, d, "of what has ended");
}

static void test_templates(struct directory *d) {
        struct directory_template t = { .name = "elm-night", .title = "Night at Elm", .role = "doctor", .unit = "elm", .days = 1, .hours = "22:00-06:00" };
        struct directory_template_found found;
        struct directory_account a;
        int64_t id = 0;

        (void) directory_person_add(d, act, "Tove", "T", NULL, NULL, &id);
        (void) directory_account_add(d, act, id, "oakclinic", "tove", "staff", "careid", "/home/tove", "/bin/sh", NULL);
        tap_result(directory_template_add(d, act, &t), DIRECTORY_OK, d, "a template");
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_EXISTS, d, "a name that there is");
        t.name = "x";
        t.role = "relative";
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_CONSTRAINT, d, "for relatives");
        t.role = "doctor";
        t.days = 367;
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_INVALID, d, "for more than a year");
        t.days = 1;
        t.hours = "22-06";
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_INVALID, d, "for hours of another spelling");

        tap_result(directory_template_use(d, act, "elm-night", "tove", NULL, NULL, &id), DIRECTORY_OK, d, "for tonight");
        tap_ok(directory_account(d, "tove", FIXTURE_NOW + 10 * 3600 - 1, &a) == 0 && !a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 10 * 3600, &a) == 0 && a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 18 * 3600 - 1, &a) == 0 && a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 18 * 3600, &a) == 0 && !a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 34 * 3600, &a) == 0 && !a.assigned_now, "the night, whole, and not the next");
        tap_result(directory_template_use(d, act, "elm-night", "tove", "2026-11-25", NULL, &id), DIRECTORY_OK, d, "for a night to come");
        tap_result(directory_template_use(d, act, "elm-night", "tove", "2026-11-24", "2026-11-26", &id), DIRECTORY_E_EXISTS, d, "once is enough");
        tap_result(directory_template_use(d, act, "elm-day", "tove", NULL, NULL, &id), DIRECTORY_E_NOT_FOUND, d, "a template that there is not");
        tap_result(directory_template_use(d, act, "elm-night", "rut", NULL, NULL, &id), DIRECTORY_E_CONSTRAINT, d, "a relative is no temp");
        tap_result(directory_archive(d, act, "template", "elm-night", true), DIRECTORY_OK, d, "archived");
        tap_result(directory_archive(d, act, "template", "elm-night", true), DIRECTORY_E_CONSTRAINT, d, "archived twice");
        tap_result(directory_template_find(d, "elm-night", &found), DIRECTORY_E_CONSTRAINT, d, "and used no more");
        tap_result(directory_title_set(d, act, "template", "elm-night", "Nights"), DIRECTORY_E_CONSTRAINT, d, "nor given another title");
        tap_result(directory_archive(d, act, "template", "elm-night", false), DIRECTORY_OK, d, "until it is restored");
        tap_result(directory_template_find(d, "elm-night", &found), DIRECTORY_OK, d, "then it can be used again");
        tap_result(directory_title_set(d, act, "template", "elm-night", "Nights"), DIRECTORY_OK, d, "and has another title");
}

static void test_failures(struct directory *d) {
        const unsigned written = n_written;
        int lock;

        refuse_user = -ENOMEM;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -ENOMEM, d, "the builder has no memory");
        refuse_user = SNAPSHOT_BUILD_E_FULL;
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EFBIG, d, "the snapshot is full");
        refuse_user = 0;
        tap_ok(n_written == written && n_builders == 0, "nothing was written, nothing is left");

        (void) directory_batch_begin(d);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EINVAL, d, "nothing is published from inside a batch");
        (void) directory_batch_end(d, false);

        lock = open(fixture_file("state", "publish.lock"), O_RDWR);
        tap_ok(lock >= 0 && flock(lock, LOCK_EX) == 0, "another program is publishing");
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EBUSY, d, "one at a time (MUST 3)");
        (void) close(lock);
        (void) chmod(fixture_place("snapshots"), 0777);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EPERM, d, "a place that others can write to");
        (void) chmod(fixture_place("snapshots"), 0755);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "and as it was");
}

/* -- Deltas ------------------------------------------------------------------------------------------ */

static void delta(struct directory *d, int64_t now, const char *name) {
        const unsigned bases = n_written, deltas = n_deltas;

        tap_result(directory_publish(d, now), DIRECTORY_OK, d, "%s", name);
        tap_ok(n_written == bases && n_deltas == deltas + 1 && n_builders == 0, "%s: as a delta", name);
}

static void base(struct directory *d, const char *name) {
        const unsigned bases = n_written, deltas = n_deltas;

        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%s", name);
        tap_ok(n_written == bases + 1 && n_deltas == deltas && n_builders == 0, "%s: a new base, with nothing to add to it", name);
}

static void test_deltas(struct directory *d) {
        const unsigned bases = n_written, deltas = n_deltas;
        int64_t id = 0;

        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "nothing has changed");
        tap_ok(n_written == bases + 1 && n_deltas == deltas, "nothing is written");

        (void) directory_assignment_add(d, act, "anna", "nurse", "elm", NULL, NULL, &id);
        delta(d, FIXTURE_NOW, "an assignment");
        says(0, "public serial 2 written 0", "an assignment: the serial says how many acts there were since the base");
        tap_ok(strstr(published[0], "user anna flags 2 9 0 /home/anna") && !mentions(0, "user bo") && !mentions(0, "user rut"),
               "an assignment: one account is said");
        tap_ok(mentions(1, "user anna flags 0 3(,)") && !mentions(1, "user rut"), "an assignment: its services in the private one");

        (void) directory_account_add(d, act, 3, "oakclinic", "rut.d", "relative", "careid", "/home/rut.d", "/bin/sh", NULL);
        delta(d, FIXTURE_NOW, "a relative's account");
        tap_ok(mentions(0, "user anna") && !mentions(0, "rut") && mentions(1, "user rut.d flags 6 "),
               "a relative's account: in the private one, and what was said before is said again");

        (void) directory_archive(d, act, "account", "rut.d", true);
        (void) directory_archive(d, act, "person", "1", true);
        delta(d, FIXTURE_NOW, "an account and a person archived");
        says(0, "user anna flags 3 9 0 - -", "archived: gone by name and uid");
        says(0, "user anna.ad flags 1", "archived: one of the host is gone by name");
        says(1, "user anna flags 1", "archived: its services are gone");
        tap_ok(mentions(1, "user rut.d flags 7 "), "archived: a relative is gone from the private one");
        (void) directory_archive(d, act, "person", "1", false);
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW }, id);

        (void) directory_unit_add(d, act, "oakclinic", "fir", "Ward Fir");
        delta(d, FIXTURE_NOW + 1, "a unit");
        tap_ok(mentions(0, "group unit-fir ") && !mentions(0, "group unit-oak "), "a unit: its group is said, no other");

        (void) directory_archive(d, act, "unit", "oak", true);
        delta(d, FIXTURE_NOW, "what reaches far");
        tap_ok(mentions(0, "group unit-oak 1 kind 2 members 0 gone") && mentions(0, "group unit-oak-nurse 11 kind 3 members 0 gone") &&
               !mentions(0, "group unit-elm ") && mentions(0, "user anna "), "a unit archived: its groups are gone, its people are said");
        (void) directory_archive(d, act, "unit", "oak", false);
        delta(d, FIXTURE_NOW, "and back");
        says(0, "group unit-oak 1 kind 2 members 0", "restored: as it was");
}

/* The files, or the directory, were put back from a copy: no delta counts from them. */
static void test_other_base(struct directory *d) {
        there.generation++;
        base(d, "the base is another one");
        (void) directory_archive(d, act, "account", "bo", true);
        there.serial = 3;
        base(d, "the delta is of acts that the directory doesn't know");
        look_result = -EBADMSG;
        base(d, "a header is damaged");
        look_result = -ESTALE;
        base(d, "base and delta don't belong together");

        (void) directory_archive(d, act, "account", "bo", false);
        n_bytes = 3 << 20;
        base(d, "too many bytes for a delta");
        n_bytes = 0;
        (void) directory_archive(d, act, "account", "bo", true);
        (void) sql_run(d, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2049)"
                          " INSERT OR REPLACE INTO changed SELECT 'account', 1000 + i, changes FROM n, meta", SQL_NONE);
        base(d, "too many entries for a delta");
        (void) directory_archive(d, act, "account", "bo", false);
        refuse_user = -ENOMEM;
        tap_result(directory_publish(d, FIXTURE_NOW), -ENOMEM, d, "the builder has no memory for the delta");
        refuse_user = 0;
        delta(d, FIXTURE_NOW, "and what failed is made up for");
}

/* One account that no snapshot may say is gone; whatever else has changed is seen (MUST 3). */
static void test_unsaid(struct directory *d) {
        static const char many[] =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                " INSERT INTO assignment (account, role, unit, valid_from, valid_until, created)"
                " SELECT a.id, r.id, u.id, 2000000000 + 20 * i, 2000000010 + 20 * i, 1 FROM n, account a, role r, unit u"
                " WHERE a.name = 'bo' AND r.name = 'nurse' AND u.name = 'oak'";
        enum { GROUPS = 3, MOST = MEMBERSHIPS_MAX / GROUPS };           /* role, unit and both: bo's organisation is the primary group */
        const char *name, *why;
        char sql[sizeof many + 16];

        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) snprintf(sql, sizeof sql, many, MOST);
        (void) sql_run(d, "DELETE FROM changed", SQL_NONE);
        (void) fixture_sql(sql);
        (void) directory_archive(d, act, "account", "anna", true);
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'bo'", SQL_NONE);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%d memberships can be said", MOST * GROUPS);
        tap_ok(directory_unsaid(d, &name, &why) == 0 && mentions(0, "user bo flags 2 10 0 /home/bo"), "and are");

        (void) snprintf(sql, sizeof sql, many, 1);
        (void) fixture_sql(sql);
        (void) directory_archive(d, act, "account", "anna", false);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "%d can't, and the delta is written all the same", (MOST + 1) * GROUPS);
        tap_ok(mentions(0, "user anna flags 2 9 0 /home/anna"), "somebody else's change is seen");
        says(0, "user bo flags 3 10 0 - -", "who can't be said is gone from the public file");
        says(1, "user bo flags 1", "and from the private one");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0 && strstr(why, "16384"), "it says who and why: %s", why);
        tap_result(directory_publish_anew(d, FIXTURE_NOW), DIRECTORY_OK, d, "a base is written, too");
        tap_ok(!mentions(0, "user bo") && !mentions(1, "user bo") && mentions(0, "user anna"), "without them alone");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0, "and it says so");
        tap_result(directory_find_unsaid(d, FIXTURE_NOW), DIRECTORY_OK, d, "asked without writing");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "bo") == 0, "it says the same");
        (void) fixture_sql("DELETE FROM assignment WHERE valid_from >= 2000000000");

        refuse_user = SNAPSHOT_BUILD_E_RANGE;
        refuse_name = "anna";
        (void) sql_run(d, "UPDATE account SET home = home WHERE name IN ('anna', 'bo')", SQL_NONE);
        (void) sql_run(d, "INSERT INTO changed SELECT 'all', 0, changes + 1 FROM meta", SQL_NONE);
        (void) sql_run(d, "UPDATE meta SET changes = changes + 1", SQL_NONE);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "the builder refuses one");
        tap_ok(directory_unsaid(d, &name, &why) == 1 && strcmp(name, "anna") == 0 && strstr(why, "limits"), "that one is named: %s", why);
        tap_ok(!mentions(0, "user anna") && mentions(0, "user bo"), "and left out, alone");
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'anna'", SQL_NONE);
        (void) directory_archive(d, act, "account", "bo", true);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "in a delta as well");
        says(0, "user anna flags 3 9 0 - -", "it is gone there");
        refuse_user = 0;
        refuse_name = NULL;
        (void) directory_archive(d, act, "account", "bo", false);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(directory_unsaid(d, &name, &why) == 0 && mentions(0, "user anna") && mentions(0, "user bo"), "mended, nothing is left out");
}

/* A base is being read while somebody changes something: that change is marked still when the base is there. */
static void test_meanwhile(struct directory *d) {
        int64_t n = 0;

        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) sql_find_integer(d, "SELECT count(*) FROM changed", SQL_NONE, &n);
        tap_ok(n == 0, "a base leaves no marks");
        (void) sql_run(d, "UPDATE account SET home = home WHERE name = 'bo'", SQL_NONE);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) sql_find_integer(d, "SELECT count(*) FROM changed", SQL_NONE, &n);
        tap_ok(n == 1, "but those of the act that comes after what it says");
        delta(d, FIXTURE_NOW, "whose entry the next delta has");
}

/* An external's role with a service that an earlier edition let in: it is not for externals, and gives nothing (M7). */
/* [groups] list-members: the builders are told to list, after all users, and a change of it is everything anew. */
static void test_lists(struct directory *d) {
        const struct directory_groups off = { .roles = true, .units = true, .services = true },
                                      on = { .list_members = true, .roles = true, .units = true, .services = true };
        struct directory_groups read;
        bool changed = true;

        tap_ok(directory_groups_set(d, act, &off, &changed) == DIRECTORY_OK && !changed, "what it says already changes nothing");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(!mentions(0, "lists") && !mentions(1, "lists"), "nothing is listed");
        tap_result(directory_groups_set(d, act, &on, &changed), DIRECTORY_OK, d, "listed from now on");
        tap_ok(changed && directory_groups_read(d, &read) == DIRECTORY_OK && read.list_members, "it is noted");
        base(d, "listed from now on");
        tap_ok(strstr(published[0], "user bo") < strstr(published[0], "\nlists "), "the public base, when all users are in it");
        says(0, "lists org-oakclinic unit-oak unit-elm service-journal service-video role-nurse role-doctor role-relative role-secretary unit-oak-nurse",
             "groups have names, accounts' numbers none");
        tap_ok(mentions(1, "lists by the public ones"), "the private one");
        (void) directory_archive(d, act, "account", "bo", true);
        delta(d, FIXTURE_NOW, "an account archived");
        tap_ok(mentions(0, "lists") && mentions(1, "lists by the public ones"), "deltas, too");
        (void) directory_archive(d, act, "unit", "oak", true);
        (void) directory_publish(d, FIXTURE_NOW);
        tap_ok(mentions(0, "lists org-oakclinic unit-elm "), "an archived group has no list");
        (void) directory_archive(d, act, "unit", "oak", false);
        tap_ok(directory_groups_set(d, &(struct directory_act) { .actor = "person:1", .now = FIXTURE_NOW, .by_person = 1 }, &off, &changed) != DIRECTORY_OK &&
               !changed, "it is root's to say");
        tap_result(directory_groups_set(d, act, &off, &changed), DIRECTORY_OK, d, "listed no more");
        base(d, "listed no more");
        tap_ok(!mentions(0, "lists"), "and they are not");
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
                tap_ok(mentions(0, cases[i].group) && mentions(cases[i].which, cases[i].held), "%s: there they are", name);
                tap_ok(directory_groups_set(d, act, &cases[i].off, &changed) == DIRECTORY_OK && changed, "%s: off", name);
                base(d, name);
                tap_ok(!mentions(0, cases[i].group) && !mentions(cases[i].which, cases[i].held), "%s: nobody is told of them, or in them", name);
                tap_ok(mentions(0, "group unit-oak-nurse") && mentions(0, "group org-oakclinic") && mentions(0, " 11("), "%s: the others are there", name);
                tap_ok(directory_explain_group(d, "anna", asked[i], FIXTURE_NOW, &holds, &n, reason) == DIRECTORY_OK && !holds &&
                       reason[0].cause == EXPLAIN_KIND_OFF, "%s: why not", name);
                (void) directory_archive(d, act, "account", "bo", true);
                delta(d, FIXTURE_NOW, name);
                tap_ok(!mentions(0, cases[i].group), "%s: nor by a delta", name);
                (void) directory_archive(d, act, "account", "bo", false);
                (void) directory_groups_set(d, act, &all, &changed);
                base(d, name);
                tap_ok(mentions(0, cases[i].group) && mentions(cases[i].which, cases[i].held), "%s: on again", name);
        }
}

static void test_old_services(void) {
        auto_directory struct directory *d = NULL;

        fixture_reset();
        d = fixture_clinic();
        (void) directory_account_add(d, act, 2, "oakclinic", "ext", "external", "careid", "/home/ext", "/bin/sh", NULL);
        (void) directory_assignment_add(d, act, "ext", "secretary", "oak", NULL, NULL, NULL);
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "old", .title = "Old", .opens = "other" });
        (void) directory_publish_anew(d, FIXTURE_NOW);
        says(1, "user ext flags 6 12 0 /home/ext /bin/sh 1(,) 4(,) 8(,) 13(,)", "an external has the services that are for externals");
        (void) fixture_sql("INSERT INTO role_service SELECT r.id, s.id FROM role r, service s WHERE r.name = 'secretary' AND s.name = 'old'");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        says(1, "user ext flags 6 12 0 /home/ext /bin/sh 1(,) 4(,) 8(,) 13(,)", "and no others, though its role has one (M7)");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_clinic(d);
                test_private(d);
                test_times(d);
                test_archived(d);
                test_clients(d);
                test_turns(d);
                test_templates(d);
                test_failures(d);
                test_deltas(d);
                test_other_base(d);
                test_meanwhile(d);
        }
        {
                auto_directory struct directory *d = (fixture_reset(), fixture_clinic());

                test_unsaid(d);
                test_lists(d);
                test_kinds(d);
        }
        test_old_services();
        return tap_done();
}
