/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-temp.c - careid temp add, on a host that has to be asked for each name
 *
 * Its answer may come from far away: nobody waits for it with the lock held.
 * And what is said of a number that somebody has.
 */

#include "batch.h"
#include "bulk.h"
#include "commands.h"
#include "fixture.h"
#include "invocation.h"
#include "read-secret.h"

#include <stdio.h>
#include <string.h>

static struct directory *asking;
static unsigned n_asked, n_asked_within;

static void on_asked(void) {
        n_asked++;
        n_asked_within += directory_in_batch(asking);
}

/* What root types, with the names and the number (NULL: none) that are read; its exit status. */
static int temp_with(const char *account, const char *number) {
        char names[32] = "Tove\0Temp";
        char *argv[] = { (char[]) { "careid" }, (char[]) { "temp" }, (char[]) { "add" }, (char[]) { "oak-night" },
                         (char *) (uintptr_t) account, (char[]) { "--new" },
                         (char[]) { "--country" }, (char[]) { "SE" } };
        struct invocation i = { .commands = careid_commands, .directory = asking, .act = fixture_act };
        char complaint[ARGUMENTS_COMPLAINT_MAX];
        FILE *const tap = stdout;
        int status;

        (void) snprintf(names + 10, sizeof names - 10, "%s", number ? number : "");
        lines_given(names, 10 + (number ? strlen(number) + 1 : 0));
        if (arguments_parse(careid_commands, N_ELEMENTS(argv) - (number ? 0 : 2), argv, &i.arguments, complaint) != ARGUMENTS_OK)
                return OUTCOME_USAGE;
        stdout = fopen("/dev/null", "we");              /* what it prints is no line of TAP               */
        status = stdout ? temp_add(&i) : OUTCOME_BROKEN;
        if (stdout)
                (void) fclose(stdout);
        stdout = tap;
        return status;
}

static int temp_of(const char *account) {
        return temp_with(account, NULL);
}

/* What can't be done for another reason says nothing of the number. */
static void test_number(void) {
        char said[256];

        tap_ok(temp_with("far", "191401682396") == OUTCOME_REFUSED, "a number that nobody has, and a name that the host has");
        (void) snprintf(said, sizeof said, "%s", directory_complaint(asking));
        tap_ok(temp_with("far", "199908072391") == OUTCOME_REFUSED && strcmp(said, directory_complaint(asking)) == 0, "and a number that somebody has: no difference");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'identity.collision'") == 0, "nor is anything of it in the trail");
        tap_ok(temp_with("near", "199908072391") == OUTCOME_REFUSED && strstr(directory_complaint(asking), "number: "), "where nothing else is in the way, it is told");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'identity.collision'") == 1, "and stands in the trail");
        tap_ok(temp_with("near", "191401682396") == OUTCOME_DONE && fixture_number("SELECT count(*) FROM identity i JOIN account a ON a.person = i.person"
               " WHERE a.name = 'near'") == 1, "one that nobody has is registered");
}

int main(void) {
        const struct directory_template night = { .name = "oak-night", .title = "Night", .role = "nurse", .unit = "oak", .days = 1 };
        auto_directory struct directory *d = NULL;

        fixture_begin();
        asking = d = fixture_clinic();
        tap_result(directory_template_add(d, &fixture_act, &night), DIRECTORY_OK, d, "a template");
        fixture_host_asked = on_asked;
        tap_ok(temp_of("tove") == OUTCOME_DONE && n_asked > 0, "somebody new comes, and the host is asked for their name");
        tap_ok(n_asked_within == 0, "while nothing is locked");
        tap_ok(fixture_number("SELECT count(*) FROM assignment s JOIN account a ON a.id = s.account WHERE a.name = 'tove'") == 1, "they are there, and assigned");

        fixture_host_user = "far";
        fixture_host_id = 33;
        tap_ok(temp_of("far") == OUTCOME_REFUSED && n_asked_within == 0, "a name that the host has: refused");
        tap_ok(fixture_number("SELECT count(*) FROM person WHERE family_name = 'Temp'") == 1, "and nothing of it is kept");
        test_number();
        return tap_done();
}
