/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * contact.c - careid contact: how a person is reached
 *
 * A detail is read from the terminal or standard input, never from an
 * argument; it goes to standard output alone, and never into a complaint.
 */

#include "clients.h"
#include "i18n.h"
#include "invocation.h"
#include "messages.h"
#include "read-secret.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool arguments_are_right(const struct invocation *i, int64_t *ret) {
        const char *const kind = operand(i, 1);

        if (!invocation_person(i, ret))
                return false;
        if (strcmp(kind, "phone") != 0 && strcmp(kind, "mail") != 0) {
                (void) outcome_say(OUTCOME_USAGE, "KIND", _("must be phone or mail"));
                return false;
        }
        return true;
}

/* Whoever was reached there until now is told (X14). */
static void wake(const struct invocation *i, int r) {
        if (r == DIRECTORY_OK && !option(i, "dry-run"))
                directory_messages_wake();
}

int contact_set(struct invocation *i) {
        char detail[SECRET_LINE_MAX + 1], prompt[256 + ABOUT_MAX], who[ABOUT_MAX];
        int64_t person;
        int r;

        if (!arguments_are_right(i, &person))
                return OUTCOME_USAGE;
        (void) snprintf(prompt, sizeof prompt, strcmp(operand(i, 1), "phone") == 0
                                ? _("Phone number of %s, like +46 8 123 456 78 (it is not shown): ")
                                : _("Mail address of %s (it is not shown): "), invocation_who(i, person, who));
        r = secret_read(prompt, _("Again: "), detail);
        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, "contact set", _("that is longer than any phone number or mail address"));
        if (r == SECRET_E_DIFFERS)
                return outcome_say(OUTCOME_REFUSED, "contact set", _("the two were not the same; nothing was changed"));
        if (r == SECRET_E_NONE)
                return outcome_say(OUTCOME_REFUSED, "contact set", _("nothing was entered; nothing was changed"));
        if (r < 0)
                return outcome_of_errno("contact set", r);

        r = option(i, "replace") ? directory_contact_set(i->directory, &i->act, person, operand(i, 1), detail)
                                 : directory_contact_add(i->directory, &i->act, person, operand(i, 1), detail);
        explicit_bzero(detail, sizeof detail);
        wake(i, r);
        if (r == DIRECTORY_OK && !option(i, "quiet") && !option(i, "json"))
                (void) printf(_("how person %s is reached is registered\n"), operand(i, 0));
        return invocation_end(i, "person", operand(i, 0), r);
}

int contact_remove(struct invocation *i) {
        char who[ABOUT_MAX];
        int64_t person;
        int r;

        if (!arguments_are_right(i, &person))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("Remove the %s of %s?"), operand(i, 1), invocation_who(i, person, who)))
                return OUTCOME_REFUSED;
        r = directory_contact_set(i->directory, &i->act, person, operand(i, 1), NULL);
        wake(i, r);
        return invocation_end(i, "person", operand(i, 0), r);
}

int contact_show(struct invocation *i) {
        static const char *const keys[] = { "person", "kind", "value", NULL };
        const char *values[] = { operand(i, 0), operand(i, 1), NULL };
        char *detail = NULL;
        int64_t person;
        int r, status;

        if (!arguments_are_right(i, &person))
                return OUTCOME_USAGE;
        r = directory_contact_read(i->directory, &i->act, person, operand(i, 1), option(i, "reason"), &detail);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", operand(i, 0), r);
        values[2] = detail;
        status = invocation_made(i, "contacts", keys, values, detail);
        explicit_bzero(detail, strlen(detail));
        free(detail);
        return status;
}
