/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-temp.c - careid temp add, on a host that has to be asked for each name
 *
 * Its answer may come from far away: nobody waits for it with the lock held.
 */

#include "batch.h"
#include "bulk.h"
#include "commands.h"
#include "fixture.h"
#include "invocation.h"
#include "read-secret.h"

#include <stdio.h>

static struct directory *asking;
static unsigned n_asked, n_asked_within;

static void on_asked(void) {
        n_asked++;
        n_asked_within += directory_in_batch(asking);
}

/* What root types, with the names that are read; its exit status. */
static int temp_of(const char *account) {
        static const char names[] = "Tove\0Temp";
        char *argv[] = { (char[]) { "careid" }, (char[]) { "temp" }, (char[]) { "add" }, (char[]) { "oak-night" },
                         (char *) (uintptr_t) account, (char[]) { "--new" } };
        struct invocation i = { .commands = careid_commands, .directory = asking, .act = fixture_act };
        char complaint[ARGUMENTS_COMPLAINT_MAX];
        FILE *const tap = stdout;
        int status;

        lines_given(names, sizeof names);
        if (arguments_parse(careid_commands, N_ELEMENTS(argv), argv, &i.arguments, complaint) != ARGUMENTS_OK)
                return OUTCOME_USAGE;
        stdout = fopen("/dev/null", "we");              /* what it prints is no line of TAP               */
        status = stdout ? temp_add(&i) : OUTCOME_BROKEN;
        if (stdout)
                (void) fclose(stdout);
        stdout = tap;
        return status;
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
        return tap_done();
}
