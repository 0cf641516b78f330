/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * temp.c - careid template, careid temp: who stands in for a while, in one command
 *
 * Person, number, account and assignment are one batch: all of it is there, or
 * nothing.  What is asked of somebody at the terminal is asked before it
 * begins.  The number comes last: whether somebody has it is told only where
 * all else would have been done, and then it stands in the trail.
 */

#include "bulk.h"
#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "names.h"
#include "scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DAYS_MAX = 366 };

int template_add(struct invocation *i) {
        const char *const days = option(i, "days");
        uint32_t n = 1;

        if (days && (!scan_whole_u32(days, DAYS_MAX, &n) || n == 0))
                return outcome_say(OUTCOME_USAGE, "--days", _("must be a number from 1 to %d"), DAYS_MAX);
        return invocation_end(i, "template", operand(i, 0),
                              directory_template_add(i->directory, &i->act, &(struct directory_template) {
                                      .name = operand(i, 0), .title = option(i, "title"), .role = option(i, "role"),
                                      .unit = option(i, "unit"), .days = n, .weekdays = option(i, "weekdays"),
                                      .hours = option(i, "hours"),
                              }));
}

/* -- A temp ------------------------------------------------------------------------------------------- */

struct temp {
        const struct invocation *invocation;
        struct directory_template_found template;
        struct account_places places;
        struct names names;
        char    number[SECRET_LINE_MAX + 1];    /* "": none                                       */
        int64_t person, assignment;
};

static void temp_wipe(struct temp *t) {
        names_wipe(&t->names);
        explicit_bzero(t->number, sizeof t->number);
}

/* What can be wrong before anything is asked or done. */
static int check(const struct invocation *i) {
        const char *country = option(i, "country"), *from = option(i, "from"), *until = option(i, "until");

        if (from && !scan_whole_date(from))
                return outcome_say(OUTCOME_USAGE, "--from", _("must be a day that there is, written 2026-11-21"));
        if (until && !scan_whole_date(until))
                return outcome_say(OUTCOME_USAGE, "--until", _("must be a day that there is, written 2026-11-21"));
        if (from && until && strcmp(from, until) > 0)
                return outcome_say(OUTCOME_USAGE, "--until", _("must not be before --from"));
        if (!option(i, "new") && (country || option(i, "language")))
                return outcome_say(OUTCOME_USAGE, country ? "--country" : "--language", _("is for a new person, with --new"));
        if (country && strcmp(country, "SE") != 0 && strcmp(country, "DK") != 0)
                return outcome_say(OUTCOME_USAGE, "--country", _("must be SE or DK"));
        return OUTCOME_DONE;
}

static int read_number(const struct invocation *i, struct temp *t) {
        char prompt[256];
        int r;

        (void) snprintf(prompt, sizeof prompt, _("Personal number of %s (it is not shown): "), operand(i, 1));
        r = secret_read(prompt, _("Again: "), t->number);
        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, "temp", _("that is longer than any personal number"));
        if (r == SECRET_E_DIFFERS)
                return outcome_say(OUTCOME_REFUSED, "temp", _("the two were not the same; nothing was changed"));
        if (r == SECRET_E_NONE)
                return outcome_say(OUTCOME_REFUSED, "temp", _("nothing was entered; nothing was changed"));
        return r < 0 ? outcome_of_errno("temp", r) : OUTCOME_DONE;
}

static int add_person(const struct invocation *i, struct temp *t) {
        int r;

        r = directory_person_add(i->directory, &i->act, t->names.given, t->names.family, NULL,
                                 option(i, "language"), &t->person);
        if (r == DIRECTORY_OK)
                r = directory_account_add(i->directory, &i->act, t->person, t->template.organisation, operand(i, 1),
                                          t->template.kind, "careid", t->places.home, t->places.shell, NULL);
        return r;
}

/* All of it or nothing; twice, so that the host is asked for the name before there is a transaction (bulk.h). */
static int add_all(void *about) {
        struct temp *t = about;
        const struct invocation *i = t->invocation;
        int r = DIRECTORY_OK;

        if (option(i, "new"))
                r = add_person(i, t);
        if (r == DIRECTORY_OK)
                r = directory_template_use(i->directory, &i->act, operand(i, 0), operand(i, 1), option(i, "from"),
                                           option(i, "until"), &t->assignment);
        /* Not while the host has yet to say whether the name is taken: that batch is not kept, and asked again. */
        if (r == DIRECTORY_OK && *t->number && !directory_bulk_asks_more(i->directory))
                r = directory_identity_add(i->directory, &i->act, t->person, option(i, "country"), t->number);
        return r;
}

int temp_add(struct invocation *i) {
        static const char *const keys[] = { "account", "assignment", "person", NULL };
        AUTO(temp_wipe) struct temp t = { .invocation = i };
        char number[24], person[24] = "", line[64];
        int r, status;

        status = check(i);
        if (status != OUTCOME_DONE)
                return status;
        r = directory_template_find(i->directory, operand(i, 0), &t.template);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "template", operand(i, 0), r);
        if (option(i, "new"))
                status = account_places_find(i, operand(i, 1), &t.places);
        if (status == OUTCOME_DONE)
                status = names_read(i, &t.names);
        if (status == OUTCOME_DONE && option(i, "country"))
                status = read_number(i, &t);
        if (status != OUTCOME_DONE)
                return status;

        r = directory_bulk_once(i->directory, add_all, &t);
        if (r != DIRECTORY_OK)
                r = directory_identity_collided(i->directory, &i->act, r);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "account", operand(i, 1), r);
        (void) snprintf(number, sizeof number, "%" PRId64, t.assignment);
        (void) snprintf(line, sizeof line, "assignment %s", number);
        if (option(i, "new"))
                (void) snprintf(person, sizeof person, "%" PRId64, t.person);
        status = invocation_made(i, "assignments", keys, (const char *const[]) { operand(i, 1), number, *person ? person : NULL }, line);
        if (*person && !*t.number && !option(i, "json"))
                (void) printf(_("before they can log in: careid person number %s --country SE\n"), person);
        return status;
}
