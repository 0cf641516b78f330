/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * organisation.c - careid organisation, careid unit: where people work
 */

#include "i18n.h"
#include "invocation.h"

#include <stdio.h>
#include <string.h>

int organisation_add(struct invocation *i) {
        const char *country = option(i, "country"), *zone = option(i, "time-zone");

        if (strcmp(country, "SE") != 0 && strcmp(country, "DK") != 0)
                return outcome_say(OUTCOME_USAGE, "--country", _("must be SE or DK"));
        if (!zone)
                zone = strcmp(country, "SE") == 0 ? "Europe/Stockholm" : "Europe/Copenhagen";
        return invocation_end(i, "organisation", operand(i, 0),
                              directory_organisation_add(i->directory, &i->act, operand(i, 0), option(i, "title"),
                                                         country, zone));
}

/* "unit change", "role change", ...: what it is of is the first word. */
int title_change(struct invocation *i) {
        const char *const words = i->arguments.command->words;
        char kind[16];

        (void) snprintf(kind, sizeof kind, "%.*s", (int) strcspn(words, " "), words);
        return invocation_end(i, kind, operand(i, 0),
                              directory_title_set(i->directory, &i->act, kind, operand(i, 0), option(i, "title")));
}

int unit_add(struct invocation *i) {
        return invocation_end(i, "unit", operand(i, 0),
                              directory_unit_add(i->directory, &i->act, option(i, "organisation"), operand(i, 0),
                                                 option(i, "title")));
}
