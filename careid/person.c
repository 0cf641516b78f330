/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * person.c - careid person: who people are
 */

#include "cleanup.h"
#include "clients.h"
#include "i18n.h"
#include "invocation.h"
#include "mandates.h"
#include "names.h"
#include "read-secret.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_LINE_MAX = 64 };

int person_add(struct invocation *i) {
        static const char *const keys[] = { "id", NULL };
        char id[24], line[32];
        const char *const values[] = { id };
        AUTO(names_wipe) struct names names = { .given = "" };
        int64_t person;
        int r, status;

        status = names_read(i, &names);
        if (status != OUTCOME_DONE)
                return status;
        r = directory_person_add(i->directory, &i->act, names.given, names.family, name_or_null(names.alias),
                                 option(i, "language"), &person);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", NULL, r);

        (void) snprintf(id, sizeof id, "%" PRId64, person);
        (void) snprintf(line, sizeof line, option(i, "quiet") ? "%s" : "person %s", id);
        return invocation_made(i, "persons", keys, values, line);
}

int person_number(struct invocation *i) {
        char number[SECRET_LINE_MAX + 1], prompt[256 + ABOUT_MAX], who[ABOUT_MAX];
        const char *country = option(i, "country");
        int64_t person;
        int r;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        if (strcmp(country, "SE") != 0 && strcmp(country, "DK") != 0)
                return outcome_say(OUTCOME_USAGE, "--country", _("must be SE or DK"));

        /* Nobody types a number for nothing, nor learns whose there is one. */
        r = mandate_covers_person(i->directory, &i->act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK)
                r = directory_identity_check(i->directory, person, country, option(i, "replace"));
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", operand(i, 0), r);

        (void) snprintf(prompt, sizeof prompt, strcmp(country, "SE") == 0
                                ? _("Personal number or coordination number of %s (it is not shown): ")
                                : _("CPR number of %s (it is not shown): "), invocation_who(i, person, who));
        r = secret_read(prompt, _("Again: "), number);
        if (r == SECRET_OK && strlen(number) > NUMBER_LINE_MAX) {
                explicit_bzero(number, sizeof number);
                r = SECRET_E_TOO_LONG;
        }
        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, "person number", _("that is longer than any personal number"));
        if (r == SECRET_E_DIFFERS)
                return outcome_say(OUTCOME_REFUSED, "person number",
                                   _("the two were not the same; nothing was changed"));
        if (r == SECRET_E_NONE)
                return outcome_say(OUTCOME_REFUSED, "person number", _("nothing was entered; nothing was changed"));
        if (r < 0)
                return outcome_of_errno("person number", r);

        r = directory_identity_set(i->directory, &i->act, person, country, number, option(i, "replace"));
        explicit_bzero(number, sizeof number);
        if (r == DIRECTORY_OK && !option(i, "quiet") && !option(i, "json"))
                (void) printf(_("the number of person %s is registered\n"), operand(i, 0));
        return invocation_end(i, "person", operand(i, 0), r);
}

int person_change(struct invocation *i) {
        AUTO(names_wipe) struct names names = { .given = "" };
        int64_t person;
        int status;

        if (!option(i, "names") && !option(i, "alias") && !option(i, "language"))
                return outcome_say(OUTCOME_USAGE, "person change", _("say what: --names, --alias or --language"));
        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        status = names_read(i, &names);
        if (status != OUTCOME_DONE)
                return status;
        return invocation_end(i, "person", operand(i, 0),
                              directory_person_change(i->directory, &i->act, person, &(struct directory_person_change) {
                                      .given_name = name_or_null(names.given), .family_name = name_or_null(names.family),
                                      .alias = name_or_null(names.alias), .language = option(i, "language"),
                              }));
}

int person_protect(struct invocation *i) {
        AUTO(names_wipe) struct names names = { .given = "" };
        int64_t person;
        int status;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        status = names_read(i, &names);
        if (status != OUTCOME_DONE)
                return status;
        return invocation_end(i, "person", operand(i, 0),
                              directory_person_protect(i->directory, &i->act, person, name_or_null(names.alias), true));
}

int person_unprotect(struct invocation *i) {
        char who[ABOUT_MAX];
        int64_t person;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("Take away the alias of %s? The name is shown again."), invocation_who(i, person, who)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "person", operand(i, 0), directory_person_protect(i->directory, &i->act, person, NULL, false));
}
