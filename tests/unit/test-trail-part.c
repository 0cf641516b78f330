/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-trail-part.c - what the auditor of one organisation of two reads of the trail that is one for both
 *
 * Oak and Ash.  Everything that is added has a name whose beginning says of
 * what it is: an entry that is shown is about one whose name says "oak".
 */

#include "clients.h"
#include "fixture.h"
#include "mandates.h"
#include "trail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ENTRIES_MAX = 256 };

static const struct directory_act *const root = &fixture_act;
static struct directory_act oak_auditor = { .now = FIXTURE_NOW }, both_auditor = { .now = FIXTURE_NOW };
static struct directory_act ash_clerk = { .now = FIXTURE_NOW };

static struct entries {
        size_t n;
        struct {
                char act[40], object[40], actor[64];
        } entry[ENTRIES_MAX];
} shown;

static int each(void *with, const struct directory_trail_entry *e) {
        struct entries *const to = with;

        if (to->n == ENTRIES_MAX)
                return DIRECTORY_E_CONSTRAINT;
        (void) snprintf(to->entry[to->n].act, sizeof to->entry->act, "%s", e->act);
        (void) snprintf(to->entry[to->n].object, sizeof to->entry->object, "%s", e->object);
        (void) snprintf(to->entry[to->n++].actor, sizeof to->entry->actor, "%s", e->actor);
        return DIRECTORY_OK;
}

static int read_as(struct directory *d, const struct directory_act *act, const char *about, const char *word) {
        char part[MANDATE_PART_MAX];
        int r;

        shown.n = 0;
        r = mandate_audit_part(d, act, part);
        if (r != DIRECTORY_OK)
                return r;
        return directory_trail_read(d, &(struct directory_trail_filter) { .about = about, .word = word, .part = part }, each, &shown);
}

static bool has(const char *act, const char *kind, int64_t id) {
        char object[40];

        (void) snprintf(object, sizeof object, "%s:%" PRId64, kind, id);
        for (size_t i = 0; i < shown.n; i++)
                if (strcmp(shown.entry[i].act, act) == 0 && strcmp(shown.entry[i].object, object) == 0)
                        return true;
        return false;
}

static int64_t person(struct directory *d, const struct directory_act *act, const char *family) {
        int64_t id = 0;

        tap_result(directory_person_add(d, act, "Test", family, NULL, NULL, &id), DIRECTORY_OK, d, "%s", family);
        return id;
}

static void account(struct directory *d, int64_t id, const char *organisation, const char *name, const char *kind) {
        char home[64];

        (void) snprintf(home, sizeof home, "/home/%s", name);
        tap_result(directory_account_add(d, root, id, organisation, name, kind, "careid", home, "/bin/sh", NULL), DIRECTORY_OK, d, "%s", name);
}

static int64_t id_of(const char *table, const char *name) {
        char query[128];

        (void) snprintf(query, sizeof query, "SELECT id FROM %s WHERE name = '%s'", table, name);
        return fixture_number(query);
}

static struct directory_act auditor(struct directory *d, const char *family, const char *name) {
        const int64_t id = person(d, root, family);
        static char actors[4][64];
        static size_t n;

        account(d, id, "oakclinic", name, "staff");
        (void) snprintf(actors[n], sizeof actors[n], "person:%" PRId64 " uid:2001000099", id);
        return (struct directory_act) { .actor = actors[n++], .now = FIXTURE_NOW, .by_person = id };
}

int main(void) {
        int64_t oaks, ashes, shared, moved, by_ash, oak_client, ash_client, lone, assignment_oak = 0, assignment_ash = 0, assignment_across = 0, id = 0;
        struct directory *d;

        fixture_begin();
        d = fixture_clinic();
        tap_result(directory_organisation_add(d, root, "ashclinic", "Ash clinic", "SE", "Europe/Stockholm"), DIRECTORY_OK, d, "another organisation");
        tap_result(directory_unit_add(d, root, "ashclinic", "ashward", "Ash ward"), DIRECTORY_OK, d, "its ward");
        oak_auditor = auditor(d, "Oakauditor", "oakaudit");
        both_auditor = auditor(d, "Bothauditor", "bothaudit");
        account(d, both_auditor.by_person, "ashclinic", "bothash", "staff");
        tap_result(directory_mandate_add(d, root, oak_auditor.by_person, "read-audit", "oakclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "of one");
        for (int k = 0; k < 2; k++)
                tap_result(directory_mandate_add(d, root, both_auditor.by_person, "read-audit", k ? "ashclinic" : "oakclinic", NULL, NULL, NULL, NULL),
                           DIRECTORY_OK, d, "of both");

        id = person(d, root, "Ashclerk");
        account(d, id, "ashclinic", "ashclerk", "staff");
        tap_result(directory_mandate_add(d, root, id, "add", "ashclinic", NULL, NULL, NULL, NULL), DIRECTORY_OK, d, "who adds people at Ash");
        ash_clerk = (struct directory_act) { .actor = "person:0 uid:2001000050", .now = FIXTURE_NOW, .by_person = id };
        {
                static char actor[64];

                (void) snprintf(actor, sizeof actor, "person:%" PRId64 " uid:2001000050", id);
                ash_clerk.actor = actor;
        }

        oaks = person(d, root, "Oak");
        account(d, oaks, "oakclinic", "oaknurse", "staff");
        ashes = person(d, root, "Ash");
        account(d, ashes, "ashclinic", "ashnurse", "staff");
        shared = person(d, root, "Shared");
        account(d, shared, "oakclinic", "sharedoak", "staff");
        account(d, shared, "ashclinic", "sharedash", "staff");
        moved = person(d, root, "Helps");
        account(d, moved, "oakclinic", "helps", "staff");
        by_ash = person(d, &ash_clerk, "Byash");
        account(d, by_ash, "oakclinic", "byash", "staff");
        lone = person(d, root, "Lone");

        tap_result(directory_assignment_add(d, root, "oaknurse", "nurse", "oak", NULL, NULL, &assignment_oak), DIRECTORY_OK, d, "at Oak");
        tap_result(directory_assignment_add(d, root, "ashnurse", "nurse", "ashward", NULL, NULL, &assignment_ash), DIRECTORY_OK, d, "at Ash");
        (void) directory_assignment_add(d, root, "helps", "nurse", "ashward", NULL, NULL, &assignment_across);
        oak_client = person(d, root, "Oakclient");
        ash_client = person(d, root, "Ashclient");
        tap_result(directory_client_add(d, root, oak_client, "oakclinic", NULL, NULL), DIRECTORY_OK, d, "a client of Oak");
        tap_result(directory_client_add(d, root, ash_client, "ashclinic", NULL, NULL), DIRECTORY_OK, d, "a client of Ash");
        tap_result(directory_role_add(d, root, "cook", "Cook", "staff", false), DIRECTORY_OK, d, "a role for all");

        tap_result(read_as(d, &ash_clerk, NULL, NULL), DIRECTORY_E_CONSTRAINT, d, "who has no mandate to read");
        tap_result(read_as(d, root, NULL, NULL), DIRECTORY_OK, d, "root");
        tap_ok((int64_t) shown.n == fixture_number("SELECT count(*) FROM audit"), "reads all of it: %zu", shown.n);
        tap_result(read_as(d, &both_auditor, NULL, NULL), DIRECTORY_OK, d, "who has a mandate for each");
        tap_ok((int64_t) shown.n == fixture_number("SELECT count(*) FROM audit"), "reads all of it: %zu", shown.n);

        tap_result(read_as(d, &oak_auditor, NULL, NULL), DIRECTORY_OK, d, "the auditor of Oak");
        tap_ok(has("organisation.add", "organisation", id_of("organisation", "oakclinic")) && has("unit.add", "unit", id_of("unit", "oak")) &&
               has("account.add", "account", id_of("account", "oaknurse")) && has("person.add", "person", oaks) &&
               has("assignment.add", "assignment", assignment_oak) && has("person.add", "person", oak_client) &&
               has("account.add", "account", id_of("account", "sharedoak")) && has("account.add", "account", id_of("account", "byash")),
               "reads what is Oak's");
        tap_ok(!has("organisation.add", "organisation", id_of("organisation", "ashclinic")) && !has("unit.add", "unit", id_of("unit", "ashward")) &&
               !has("account.add", "account", id_of("account", "ashnurse")) && !has("person.add", "person", ashes) &&
               !has("assignment.add", "assignment", assignment_ash) && !has("person.add", "person", ash_client) &&
               !has("account.add", "account", id_of("account", "sharedash")), "and nothing that is Ash's");
        tap_ok(!has("person.add", "person", shared) && !has("person.add", "person", lone) && !has("person.add", "person", by_ash) &&
               !has("role.add", "role", id_of("role", "cook")) && !has("directory.create", "directory", 0), "nor what may be, or is of all");
        tap_ok(assignment_across == 0 || (!has("assignment.add", "assignment", assignment_across) && !has("person.add", "person", moved)),
               "nor who helps out there, and that they do");
        for (size_t i = 0; i < shown.n; i++)
                if (strstr(shown.entry[i].actor, ash_clerk.actor))
                        tap_ok(false, "by somebody of Ash's: %s %s", shown.entry[i].act, shown.entry[i].object);

        tap_result(read_as(d, &oak_auditor, "ashnurse", NULL), DIRECTORY_OK, d, "about somebody of Ash's");
        tap_ok(shown.n == 0, "there is nothing");
        tap_result(read_as(d, &oak_auditor, "nobody-here", NULL), DIRECTORY_OK, d, "as about whom there is not");
        tap_ok(shown.n == 0, "there is nothing");
        tap_result(read_as(d, &oak_auditor, "oaknurse", NULL), DIRECTORY_OK, d, "about somebody of Oak's");
        tap_ok(shown.n == 2, "what there is: %zu", shown.n);
        tap_result(read_as(d, &oak_auditor, NULL, "unit.add"), DIRECTORY_OK, d, "one act");
        tap_ok(shown.n == 2, "oak and elm: %zu", shown.n);

        /* Who comes to have something there is certain no more. */
        account(d, oaks, "ashclinic", "oakthere", "staff");
        tap_result(read_as(d, &oak_auditor, NULL, NULL), DIRECTORY_OK, d, "the auditor of Oak, later");
        tap_ok(!has("person.add", "person", oaks) && has("account.add", "account", id_of("account", "oaknurse")), "reads of the account, not of the person");
        fixture_closep(&d);
        return tap_done();
}
