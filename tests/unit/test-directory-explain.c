/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-explain.c - who holds what, when and why: examples, and random towns against a plain reading of the tables
 */

#include "fixture.h"

#include "clients.h"
#include "explain.h"
#include "memberships.h"
#include "sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct directory_act *const act = &fixture_act;

/* -- Examples ------------------------------------------------------------------------------------------ */

static struct explain_reason reason[EXPLAIN_REASONS_MAX];
static size_t n_reasons;

/* The strongest reason, in a word. */
static const char *why(struct directory *d, const char *account, const char *group, int64_t now) {
        bool holds = false;

        if (directory_explain_group(d, account, group, now, &holds, &n_reasons, reason) != DIRECTORY_OK) {
                printf("# %s\n", directory_complaint(d));
                return "?";
        }
        return holds == explain_holds(reason[0].cause) ? explain_word(reason[0].cause) : "torn";
}

static void is_why(struct directory *d, const char *account, const char *group, int64_t now, const char *want) {
        const char *const word = why(d, account, group, now);

        tap_ok(strcmp(word, want) == 0, "%s, %s: %s", account, group, want);
        if (strcmp(word, want) != 0)
                printf("# is %s\n", word);
}

struct told {
        char   text[4096];
        size_t n;
};

static int note_who(void *about, const struct explain_who *who) {
        struct told *const t = about;

        t->n += (size_t) snprintf(t->text + t->n, sizeof t->text - t->n, "%s/%s/%s/%s/%s ", who->account, who->kind,
                                  explain_word(who->reason.cause), who->reason.role, who->reason.unit);
        return t->n < sizeof t->text ? 0 : -E2BIG;
}

static int note_held(void *about, const struct explain_held *held) {
        struct told *const t = about;

        t->n += (size_t) snprintf(t->text + t->n, sizeof t->text - t->n, "%s/%s/%lld ", held->group,
                                  explain_word(held->reason.cause), held->until == INT64_MAX ? 0LL : (long long) (held->until - FIXTURE_NOW));
        return t->n < sizeof t->text ? 0 : -E2BIG;
}

static int note_missing(void *about, const struct explain_missing *missing) {
        struct told *const t = about;

        t->n += (size_t) snprintf(t->text + t->n, sizeof t->text - t->n, "%s/%s ", missing->group, explain_word(missing->reason.cause));
        return t->n < sizeof t->text ? 0 : -E2BIG;
}

static void is_missing(struct directory *d, const char *account, int64_t now, const char *want, const char *name) {
        struct told t = { .n = 0 };

        tap_result(directory_explain_missing(d, account, now, note_missing, &t), DIRECTORY_OK, d, "%s", name);
        tap_ok(strcmp(t.text, want) == 0, "%s: %s", name, *want ? want : "nothing");
        if (strcmp(t.text, want) != 0)
                printf("# is: %s\n", t.text);
}

static void is_who(struct directory *d, const char *client, int64_t now, const char *want, const char *name) {
        struct told t = { .n = 0 };

        tap_result(directory_explain_client(d, client, now, note_who, &t), DIRECTORY_OK, d, "%s", name);
        tap_ok(strcmp(t.text, want) == 0, "%s: %s", name, *want ? want : "nobody");
        if (strcmp(t.text, want) != 0)
                printf("# is: %s\n", t.text);
}

enum { HOUR = 3600, DAY = 86400 };

static void test_staff(struct directory *d) {
        int64_t id = 0, held = 0;

        is_why(d, "anna", "unit-oak-nurse", FIXTURE_NOW, "assignment");
        tap_ok(n_reasons == 1 && reason[0].object == 1 && strcmp(reason[0].role, "nurse") == 0 && strcmp(reason[0].unit, "oak") == 0 &&
               reason[0].until == FIXTURE_NOW + 3499200 && reason[0].from == INT64_MIN, "by which, and until when");
        is_why(d, "anna", "service-journal", FIXTURE_NOW, "assignment");
        is_why(d, "anna", "org-oakclinic", FIXTURE_NOW, "assignment");
        is_why(d, "bo", "org-oakclinic", FIXTURE_NOW, "organisation");
        is_why(d, "anna", "unit-oak-nurse", FIXTURE_NOW + 3499200, "over");
        is_why(d, "anna", "unit-elm", FIXTURE_NOW, "nothing");
        is_why(d, "anna", "sudo", FIXTURE_NOW, "no-such-group");
        is_why(d, "anna", "service-video", FIXTURE_NOW, "service-not-in-role");
        is_missing(d, "anna", FIXTURE_NOW, "service-video/service-not-in-role ", "all that a nurse misses");
        is_missing(d, "anna", FIXTURE_NOW + 3499200, "role-nurse/over service-journal/over service-video/over unit-oak/over unit-oak-nurse/over ",
                   "when her assignment is over");
        is_missing(d, "bo", FIXTURE_NOW, "", "who has no assignment could hold what is the organisation's, and does");
        tap_result(directory_explain_missing(d, "nobody-here", FIXTURE_NOW, note_missing, NULL), DIRECTORY_E_NOT_FOUND, d, "nobody misses nothing");
        tap_result(directory_explain_group(d, "nobody-here", "unit-elm", FIXTURE_NOW, &(bool) { 0 }, &n_reasons, reason), DIRECTORY_E_NOT_FOUND, d, "an account that there is not");

        (void) directory_assign(d, act, &(struct directory_assignment) { .account = "bo", .role = "doctor", .unit = "elm",
                .from_date = "2026-11-23", .until_date = "2026-12-24", .weekdays = "mon,tue", .hours = "21:00-07:00" }, &held);
        is_why(d, "bo", "unit-elm-doctor", FIXTURE_NOW, "not-yet");
        is_why(d, "bo", "unit-elm-doctor", FIXTURE_NOW + 2 * DAY, "not-this-hour");
        tap_ok(reason[0].from == FIXTURE_NOW + 2 * DAY + 9 * HOUR && reason[0].until == FIXTURE_NOW + 2 * DAY + 19 * HOUR, "it says which is the next");
        is_why(d, "bo", "unit-elm-doctor", FIXTURE_NOW + 2 * DAY + 10 * HOUR, "assignment");
        (void) directory_deputy_add(d, act, held, "anna", NULL, "2026-12-01", &id);
        is_why(d, "anna", "unit-elm-doctor", FIXTURE_NOW + 2 * DAY + 10 * HOUR, "deputy");
        tap_ok(strcmp(reason[0].held_for, "bo") == 0, "for whom");
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 5 }, held);
        is_why(d, "anna", "unit-elm-doctor", FIXTURE_NOW + 6, "ended");
        is_why(d, "bo", "unit-elm-doctor", FIXTURE_NOW + 6, "ended");

        (void) directory_archive(d, act, "role", "nurse", true);
        is_why(d, "anna", "unit-oak-nurse", FIXTURE_NOW, "archived");
        is_why(d, "anna", "unit-oak", FIXTURE_NOW, "archived");
        (void) directory_archive(d, act, "role", "nurse", false);
        (void) directory_archive(d, act, "person", "1", true);
        is_why(d, "anna", "unit-oak-nurse", FIXTURE_NOW, "archived");
        is_why(d, "anna", "org-oakclinic", FIXTURE_NOW, "archived");
        (void) directory_archive(d, act, "person", "1", false);
        is_why(d, "anna", "unit-oak-nurse", FIXTURE_NOW, "assignment");
}

static const struct directory_basis basis = { .basis = "consent", .document = "folder 3", .checked_by = "Anna", .review_date = "2027-11-21" };

static void test_clients(struct directory *d) {
        struct told t = { .n = 0 };
        int64_t kim = 0, rut = 0, client = 0, grant = 0, enrolment = 0, at_unit = 0;
        uint32_t n = 0;

        (void) directory_person_add(d, act, "Kim", "K", NULL, NULL, &kim);
        (void) directory_person_add(d, act, "Rut", "R", NULL, NULL, &rut);
        (void) directory_account_add(d, act, rut, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL);
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "call", .title = "Call", .opens = "other", .module = "video" });
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "post", .title = "Post", .opens = "other", .module = "chat" });
        (void) directory_role_service_add(d, act, "relative", "call");
        tap_result(directory_client_add(d, act, kim, "oakclinic", &client, &n), DIRECTORY_OK, d, "a client");
        is_who(d, "oakclinic-1", FIXTURE_NOW, "", "a client of nobody's");
        tap_result(directory_grant_add(d, act, "rut", "relative", "oakclinic-1", &basis, NULL, "2026-12-31", &grant), DIRECTORY_OK, d, "a grant");

        is_why(d, "rut", "client-oakclinic-1", FIXTURE_NOW, "grant");
        tap_ok(strcmp(reason[0].client, "oakclinic-1") == 0 && strcmp(reason[0].role, "relative") == 0 && reason[0].object == grant, "by which, about whom");
        is_why(d, "rut", "client-oakclinic-1-call", FIXTURE_NOW, "no-such-group");
        tap_result(directory_module_set(d, act, "oakclinic", "video", true), DIRECTORY_OK, d, "the module is on");
        (void) directory_module_set(d, act, "oakclinic", "video", false);
        is_why(d, "rut", "client-oakclinic-1-call", FIXTURE_NOW, "module-off");
        (void) directory_module_set(d, act, "oakclinic", "video", true);
        is_why(d, "rut", "client-oakclinic-1-call", FIXTURE_NOW, "grant");
        is_why(d, "rut", "service-journal", FIXTURE_NOW, "never-a-record");
        is_why(d, "rut", "client-oakclinic-1-call", FIXTURE_NOW + 3499200, "over");
        is_why(d, "rut", "unit-oak", FIXTURE_NOW, "nothing");

        is_missing(d, "rut", FIXTURE_NOW, "", "a relative holds all that they could");
        (void) directory_module_set(d, act, "oakclinic", "video", false);
        is_missing(d, "rut", FIXTURE_NOW, "client-oakclinic-1-call/module-off ", "what a relative misses while a module is off");
        (void) directory_module_set(d, act, "oakclinic", "video", true);
        is_missing(d, "rut", FIXTURE_NOW + 3499200, "client-oakclinic-1/over client-oakclinic-1-call/over ", "and when the grant is over");

        tap_result(directory_explain_held(d, "rut", FIXTURE_NOW, note_held, &t), DIRECTORY_OK, d, "all that a relative holds");
        tap_ok(strcmp(t.text, "org-oakclinic/organisation/0 client-oakclinic-1/grant/3499200 client-oakclinic-1-call/grant/3499200 ") == 0, "is the client, and the service");
        printf("# %s\n", t.text);

        is_who(d, "oakclinic-1", FIXTURE_NOW, "rut/relative/grant/relative/ ", "who is not enrolled is reached by no staff");
        tap_result(directory_enrolment_add(d, act, "oakclinic-1", "oak", NULL, NULL, &enrolment), DIRECTORY_OK, d, "enrolled");
        is_who(d, "oakclinic-1", FIXTURE_NOW, "anna/staff/assignment/nurse/oak rut/relative/grant/relative/ ", "staff of that unit, and the relative");
        (void) directory_account_add(d, act, rut, "oakclinic", "books", "external", "careid", "/home/books", "/bin/sh", NULL);
        tap_result(directory_assignment_add(d, act, "books", "secretary", "oak", NULL, NULL, &at_unit), DIRECTORY_OK, d, "an external, there");
        is_why(d, "books", "unit-oak", FIXTURE_NOW, "assignment");
        is_who(d, "oakclinic-1", FIXTURE_NOW, "anna/staff/assignment/nurse/oak rut/relative/grant/relative/ ", "who reaches no client");
        is_who(d, "oakclinic-1", FIXTURE_NOW + 3499200, "", "when all of it is over");
        tap_result(directory_explain_client(d, "oakclinic-99", FIXTURE_NOW, note_who, &t), DIRECTORY_E_NOT_FOUND, d, "a client that there is not");
        (void) directory_grant_end(d, act, grant, "client");
        is_why(d, "rut", "client-oakclinic-1", FIXTURE_NOW + 1, "ended");
        (void) directory_person_died(d, act, kim, "2026-11-20", &(struct directory_left) { 0 });
        is_why(d, "rut", "client-oakclinic-1", FIXTURE_NOW + 1, "archived");
        is_who(d, "oakclinic-1", FIXTURE_NOW + 1, "", "nobody reaches the dead");
}

/* -- Several functions in one clinic (M6) ------------------------------------------------------------------ */

static void test_functions(struct directory *d) {
        struct directory_account a, b;
        uid_t first = 0, second = 0;

        tap_result(directory_account_add(d, act, 1, "oakclinic", "anna.doctor", "staff", "careid", "/home/anna.doctor", "/bin/sh", &second),
                   DIRECTORY_OK, d, "a second account of the same person in the same organisation");
        (void) directory_assignment_add(d, act, "anna.doctor", "doctor", "elm", NULL, NULL, NULL);
        tap_ok(directory_account(d, "anna", FIXTURE_NOW, &a) == 0 && directory_account(d, "anna.doctor", FIXTURE_NOW, &b) == 0 &&
               a.person == b.person && a.uid != b.uid && b.uid == second && first == 0, "has a uid of its own");
        is_why(d, "anna.doctor", "unit-elm-doctor", FIXTURE_NOW, "assignment");
        is_why(d, "anna", "unit-elm-doctor", FIXTURE_NOW + 6, "ended");
        is_why(d, "anna.doctor", "unit-oak-nurse", FIXTURE_NOW, "nothing");
}

/* -- Random towns ------------------------------------------------------------------------------------------ */

static uint64_t state = UINT64_C(88172645463325252);

static uint64_t draw(uint64_t below) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % below;
}

enum {
        TOWNS = 200, ROLES = 8, UNITS = 4, ACCOUNTS = 12, SERVICES = 6, CLIENTS = 4, ASSIGNMENTS = 24, GRANTS = 14, INSTANTS = 2, ASK_ONE_IN = 3, EXPLAIN_ONE_IN = 40,
        FIRST_GID = 2001000100,
};

static char town[64 * 1024];
static size_t n_town;

__attribute__((__format__(printf, 1, 2)))
static void sql(const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        n_town += (size_t) vsnprintf(town + n_town, sizeof town - n_town, format, ap);
        va_end(ap);
}

static const char *maybe(unsigned one_in) {
        return draw(one_in) == 0 ? "1" : "NULL";
}

/* Whole hours around now, or none. */
static const char *around(char ret[static 32]) {
        if (draw(3) == 0)
                return "NULL";
        (void) snprintf(ret, 32, "%lld", (long long) (FIXTURE_NOW + ((int64_t) draw(20 * 24) - 10 * 24) * HOUR));
        return ret;
}

static void make_bounds(char from[static 32], char until[static 32]) {
        char a[32], b[32];

        do {
                (void) snprintf(from, 32, "%s", around(a));
                (void) snprintf(until, 32, "%s", around(b));
        } while (*from != 'N' && *until != 'N' && strcmp(from, until) >= 0);
}

static void make_groups(void) {
        unsigned gid = FIRST_GID;

        sql("INSERT INTO care_group (gid, name, kind, organisation) VALUES (%u, 'org-a', 'org', 1), (%u, 'org-b', 'org', 2);", gid, gid + 1);
        gid += 2;
        for (unsigned i = 1; i <= ROLES; i++)
                sql("INSERT INTO care_group (gid, name, kind, role) VALUES (%u, 'role-r%u', 'role', %u);", gid++, i, i);
        for (unsigned i = 1; i <= UNITS; i++)
                sql("INSERT INTO care_group (gid, name, kind, unit) VALUES (%u, 'unit-u%u', 'unit', %u);", gid++, i, i);
        for (unsigned i = 1; i <= ROLES; i++)
                for (unsigned k = 1; k <= UNITS; k++)
                        sql("INSERT INTO care_group (gid, name, kind, role, unit) VALUES (%u, 'unit-u%u-r%u', 'role-at-unit', %u, %u);", gid++, k, i, i, k);
        for (unsigned i = 1; i <= SERVICES; i++)
                sql("INSERT INTO care_group (gid, name, kind, service) VALUES (%u, 'service-s%u', '%s', %u);", gid++, i, i == 1 ? "service-record" : "service", i);
        for (unsigned i = 1; i <= CLIENTS; i++) {
                sql("INSERT INTO care_group (gid, name, kind, client) VALUES (%u, 'client-%u', 'client', %u);", gid++, i, i);
                for (unsigned k = 2; k <= SERVICES; k++)
                        sql("INSERT INTO care_group (gid, name, kind, client, service) VALUES (%u, 'client-%u-s%u', 'client-service', %u, %u);", gid++, i, k, i, k);
        }
}

static const char *const kinds[] = { "staff", "external", "relative", "client" };

static void make_people(void) {
        static const char *const modules[] = { "chat", "video", "tasks" };

        for (unsigned i = 1; i <= 2; i++)
                sql("INSERT INTO organisation VALUES (%u, 'o%u', 'O', 'SE', '%s', %s);", i, i, i == 1 ? "Europe/Stockholm" : "Europe/London", maybe(12));
        for (unsigned i = 1; i <= UNITS; i++)
                sql("INSERT INTO unit VALUES (%u, %u, 'u%u', 'U', %s);", i, i % 2 + 1, i, maybe(8));
        for (unsigned i = 1; i <= ROLES; i++)
                sql("INSERT INTO role (id, name, title, kind, archived) VALUES (%u, 'r%u', 'R', '%s', %s);", i, i, kinds[i % 4], maybe(8));
        for (unsigned i = 1; i <= SERVICES; i++)
                sql("INSERT INTO service (id, name, title, opens, module, external, archived) VALUES (%u, 's%u', 'S', '%s', %s%s%s, %u, %s);", i, i,
                    i == 1 ? "record" : "other", i < 3 ? "" : "'", i < 3 ? "NULL" : modules[i % 3], i < 3 ? "" : "'", i == 1 ? 0 : (unsigned) draw(2), maybe(8));
        for (unsigned i = 1; i <= ROLES; i++)
                for (unsigned k = 1; k <= SERVICES; k++)
                        if (draw(2) && (k > 1 || i % 4 == 0))
                                sql("INSERT INTO role_service VALUES (%u, %u);", i, k);
        for (unsigned i = 1; i <= 2; i++)
                for (unsigned k = 0; k < 3; k++)
                        if (draw(2))
                                sql("INSERT INTO organisation_module VALUES (%u, '%s');", i, modules[k]);
        for (unsigned i = 1; i <= ACCOUNTS + CLIENTS; i++)
                sql("INSERT INTO person (id, given_name, family_name, created, archived, died) VALUES (%u, 'P', 'P', 1, %s, %s);", i, maybe(12), maybe(15));
        for (unsigned i = 1; i <= ACCOUNTS; i++)
                sql("INSERT INTO account (id, person, organisation, name, kind, source, created, archived) VALUES (%u, %u, %u, 'a%u', '%s', 'host', 1, %s);",
                    i, i, (unsigned) draw(2) + 1, i, kinds[i % 4], maybe(12));
        for (unsigned i = 1; i <= CLIENTS; i++)
                sql("INSERT INTO client (id, person, organisation, number, created, archived) VALUES (%u, %u, %u, %u, 1, %s);", i, ACCOUNTS + i, i % 2 + 1, i, maybe(8));
}

static void make_reasons(void) {
        char from[32], until[32], ended[32];

        for (unsigned i = 1; i <= ASSIGNMENTS; i++) {
                const unsigned kind = (unsigned) draw(2);
                const bool repeats = draw(2), deputy = i > 8 && draw(3) == 0;

                make_bounds(from, until);
                sql("INSERT INTO assignment (id, account, role, unit, valid_from, valid_until, created, ended, weekdays, minute_from, minute_until, deputy_of)"
                    " VALUES (%u, %u, %u, %u, %s, %s, 1, %s, ", i, kind + 4 * ((unsigned) draw(ACCOUNTS / 4)) + (kind ? 0 : 4), kind + 4 * (unsigned) draw(2) + (kind ? 0 : 4),
                    (unsigned) draw(UNITS) + 1, from, until, draw(3) ? "NULL" : around(ended));
                if (repeats)
                        sql("%u, %u, %u, ", (unsigned) draw(127) + 1, (unsigned) draw(48) * 30, (unsigned) draw(48) * 30);
                else
                        sql("NULL, NULL, NULL, ");
                if (deputy)
                        sql("%u);", (unsigned) draw(8) + 1);
                else
                        sql("NULL);");
        }
        for (unsigned i = 1; i <= GRANTS; i++) {
                const unsigned kind = (unsigned) draw(2) + 2;
                const bool is_ended = draw(3) == 0;

                make_bounds(from, until);
                sql("INSERT INTO client_grant (account, client, role, valid_from, valid_until, basis, created, ended, ended_why)"
                    " VALUES (%u, %u, %u, %s, %s, 'self', 1, %s, 'ended');", kind + 4 * (unsigned) draw(ACCOUNTS / 4), (unsigned) draw(CLIENTS) + 1,
                    kind + 4 * (unsigned) draw(2), from, until, is_ended ? around(ended) : "NULL");
        }
}

static int make_town(void) {
        static const char *const tables[] = {
                "client_grant", "assignment", "care_group", "enrolment", "client", "account", "person", "identity", "organisation_module",
                "role_service", "role", "service", "unit", "organisation", "number", "changed",
        };

        n_town = 0;
        sql("PRAGMA synchronous = OFF; BEGIN;");
        for (size_t i = 0; i < N_ELEMENTS(tables); i++)
                sql("DELETE FROM %s;", tables[i]);
        make_people();
        make_groups();
        make_reasons();
        sql("COMMIT;");
        return n_town < sizeof town ? fixture_sql(town) : -E2BIG;
}

/* Does the assignment or grant @x count at ?3, read plainly from its row? */
#define BOUNDS(x) "ifnull(" x ".valid_from, -1e18) <= ?3 AND ifnull(" x ".valid_until, 1e18) > ?3 AND ifnull(" x ".ended, 1e18) > ?3"
#define TURN(x)   "(" x ".weekdays IS NULL OR careid_turn(" x ".weekdays, " x ".minute_from, " x ".minute_until, so.time_zone, ?3))"

/* Account ?1, group ?2, at ?3. */
static const char oracle[] =
        "SELECT EXISTS (SELECT 1 FROM account a JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation"
        " JOIN care_group g ON g.gid = ?2"
        " WHERE a.id = ?1 AND a.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND o.archived IS NULL AND ("
        " (a.kind IN ('staff', 'external') AND EXISTS (SELECT 1 FROM assignment s JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"
        "   JOIN organisation so ON so.id = u.organisation WHERE s.account = a.id AND r.archived IS NULL AND u.archived IS NULL AND so.archived IS NULL"
        "   AND " BOUNDS("s") " AND " TURN("s")
        "   AND (s.deputy_of IS NULL OR EXISTS (SELECT 1 FROM assignment h JOIN account ha ON ha.id = h.account JOIN person hp ON hp.id = ha.person"
        "     WHERE h.id = s.deputy_of AND ha.archived IS NULL AND hp.archived IS NULL AND hp.died IS NULL AND " BOUNDS("h") " AND " TURN("h") "))"
        "   AND CASE g.kind WHEN 'org' THEN g.organisation = so.id WHEN 'role' THEN g.role = r.id WHEN 'unit' THEN g.unit = u.id"
        "     WHEN 'role-at-unit' THEN g.role = r.id AND g.unit = u.id WHEN 'client' THEN 0 WHEN 'client-service' THEN 0"
        "     ELSE EXISTS (SELECT 1 FROM role_service x JOIN service v ON v.id = x.service WHERE x.role = r.id AND v.id = g.service AND v.archived IS NULL"
        "       AND (r.kind = 'staff' OR v.external = 1)) END))"
        " OR (a.kind IN ('client', 'relative') AND EXISTS (SELECT 1 FROM client_grant s JOIN role r ON r.id = s.role JOIN client c ON c.id = s.client"
        "   JOIN person cp ON cp.id = c.person JOIN organisation co ON co.id = c.organisation WHERE s.account = a.id AND g.client = c.id"
        "   AND r.archived IS NULL AND c.archived IS NULL AND cp.archived IS NULL AND cp.died IS NULL AND co.archived IS NULL AND " BOUNDS("s")
        "   AND (g.kind = 'client' OR EXISTS (SELECT 1 FROM role_service x JOIN service v ON v.id = x.service"
        "     JOIN organisation_module m ON m.organisation = co.id AND m.module = v.module"
        "     WHERE x.role = r.id AND v.id = g.service AND v.archived IS NULL))))))";

static bool in_lists(const struct memberships *m, gid_t gid, int64_t at) {
        for (size_t k = 0; k < MEMBERSHIPS_LISTS; k++)
                for (size_t i = 0; i < m->list[k].n; i++)
                        if (m->list[k].entry[i].gid == gid && m->list[k].entry[i].from <= at && at < m->list[k].entry[i].until)
                                return true;
        return false;
}

static unsigned n_held, n_asked;

/* One account: what the snapshots would say, against the oracle, at instants of the coming days. */
static bool check_account(struct directory *d, struct memberships *m, sqlite3_stmt *ask, sqlite3_stmt *groups, int64_t account, int64_t now) {
        static const enum memberships_kind of[] = { MEMBERSHIPS_OF_STAFF, MEMBERSHIPS_OF_EXTERNAL, MEMBERSHIPS_OF_RELATIVE, MEMBERSHIPS_OF_CLIENT };
        const struct memberships_account a = { .id = account, .kind = of[account % 4] };
        int64_t counts = 0;

        if (sql_find_integer(d, "SELECT a.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND o.archived IS NULL FROM account a"
                                " JOIN person p ON p.id = a.person JOIN organisation o ON o.id = a.organisation WHERE a.id = ?1",
                             SQL_BIND(sql_integer(account)), &counts) || memberships_of(d, m, &a) != DIRECTORY_OK)
                return false;
        for (int k = 0; k < INSTANTS; k++) {
                const int64_t at = k == 0 ? now : now + (int64_t) draw(8 * 48) * (HOUR / 2) - (k == 1);

                (void) sqlite3_reset(groups);
                while (sqlite3_step(groups) == SQLITE_ROW) {
                        const gid_t gid = (gid_t) sqlite3_column_int64(groups, 0);
                        char name[33];
                        bool want, is;

                        if (draw(ASK_ONE_IN) != 0)
                                continue;
                        (void) sqlite3_reset(ask);
                        (void) sqlite3_bind_int64(ask, 1, account);
                        (void) sqlite3_bind_int64(ask, 2, gid);
                        (void) sqlite3_bind_int64(ask, 3, at < now ? now : at);
                        want = sqlite3_step(ask) == SQLITE_ROW && sqlite3_column_int(ask, 0);
                        is = counts && in_lists(m, gid, at < now ? now : at);
                        n_held += want;
                        n_asked++;
                        if (k == 0 && (draw(EXPLAIN_ONE_IN) == 0)) {
                                (void) snprintf(name, sizeof name, "a%lld", (long long) account);
                                if ((strcmp(why(d, name, sql_column(groups, 1), now), "torn") == 0) ||
                                    explain_holds(reason[0].cause) != want) {
                                        printf("# why: account %lld, %s at %lld: %s, wanted %d, is %d (%zu reasons)\n", (long long) account, sql_column(groups, 1),
                                               (long long) at, explain_word(reason[0].cause), want, is, n_reasons);
                                        return false;
                                }
                        }
                        if (is != want) {
                                printf("# account %lld, %s at %lld: %d\n", (long long) account, sql_column(groups, 1), (long long) at, is);
                                return false;
                        }
                }
        }
        return true;
}

static bool check_town(struct directory *d) {
        struct memberships m = { .now = FIXTURE_NOW + (int64_t) draw(48) * HOUR };
        auto_stmt sqlite3_stmt *ask = NULL, *groups = NULL;
        bool ok;

        ok = memberships_open(d, &m) == DIRECTORY_OK && sql_prepare(d, oracle, SQL_NONE, &ask) == DIRECTORY_OK &&
             sql_prepare(d, "SELECT gid, name FROM care_group", SQL_NONE, &groups) == DIRECTORY_OK;
        for (int64_t account = 1; ok && account <= ACCOUNTS; account++)
                ok = check_account(d, &m, ask, groups, account, m.now);
        memberships_done(&m);
        return ok;
}

static void test_towns(struct directory *d) {
        const char *const preloaded = getenv("LD_PRELOAD");
        const unsigned towns = preloaded && strstr(preloaded, "vgpreload") ? TOWNS / 40 : TOWNS;        /* 40 times as slow there */
        unsigned n = 0;

        while (n < towns && make_town() == 0 && check_town(d))
                n++;
        tap_ok(n == towns, "%u random towns: the memberships, and why, are what the tables say", n);
        tap_ok(n_held > n_asked / 200, "of %u questions %u were answered with yes", n_asked, n_held);
        if (n < towns)
                printf("# town %u: %s\n", n, directory_complaint(d));
}

/* -- What it costs ------------------------------------------------------------------------------------- */

static int count_steps(unsigned event, void *context, void *stmt, void *ns) {
        (void) event;
        (void) ns;
        *(int64_t *) context += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
}

static int count_held(void *about, const struct explain_held *held) {
        (void) held;
        ++*(size_t *) about;
        return DIRECTORY_OK;
}

/* A relative of @n clients, and the steps of statements that it takes to say what they hold. */
static int64_t steps_of_relative(unsigned n) {
        static const char clients[] =
                "CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u) SELECT i FROM n;"
                "INSERT INTO person (id, given_name, family_name, created) SELECT 1000 + i, 'P', 'P', 1 FROM n;"
                "INSERT INTO client (id, person, organisation, number, created) SELECT i, 1000 + i, 1, i, 1 FROM n;"
                "INSERT INTO number SELECT 2001100000 + i, 'gid', 'client-oakclinic-' || i FROM n;"
                "INSERT INTO care_group (gid, name, kind, organisation, client) SELECT 2001100000 + i, 'client-oakclinic-' || i, 'client', 1, i FROM n;"
                "INSERT INTO client_grant (account, client, role, basis, document, checked_by, review_on, created)"
                " SELECT a.id, i, r.id, 'consent', 'd', 'c', 9, 1 FROM n, account a, role r WHERE a.name = 'rel' AND r.name = 'relative'";
        auto_directory struct directory *d = (fixture_reset(), fixture_clinic());
        char sql[sizeof clients + 16];
        int64_t steps = 0;
        size_t held = 0;

        (void) directory_account_add(d, &fixture_act, 1, "oakclinic", "rel", "relative", "careid", "/home/rel", "/bin/sh", NULL);
        (void) snprintf(sql, sizeof sql, clients, n);
        (void) fixture_sql(sql);
        (void) sqlite3_trace_v2(d->db, SQLITE_TRACE_PROFILE, count_steps, &steps);
        tap_result(directory_explain_held(d, "rel", FIXTURE_NOW, count_held, &held), DIRECTORY_OK, d, "a relative of %u clients", n);
        (void) sqlite3_trace_v2(d->db, 0, NULL, NULL);
        tap_ok(held == n + 1, "holds their groups, and that of the organisation");
        return steps;
}

static void test_cost(void) {
        const int64_t few = steps_of_relative(100), many = steps_of_relative(400);

        tap_ok(many < few * 6, "four times as many groups cost about four times as much (%lld steps, %lld)", (long long) few, (long long) many);
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_staff(d);
                test_clients(d);
                test_functions(d);
                test_towns(d);
        }
        test_cost();
        return tap_done();
}
