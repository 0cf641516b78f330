/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * leave.c - careid leave, careid died: everything that somebody holds ends, and it is said what that was
 */

#include "clients.h"
#include "i18n.h"
#include "invocation.h"
#include "scan.h"

#include <inttypes.h>
#include <stdio.h>

enum { LEFT_KINDS = 7 };

/* What has ended, a line for each kind of which there was something. */
static int say(const struct invocation *i, const struct directory_left *left) {
        static const char *const keys[LEFT_KINDS + 2] = { "person", "accounts", "assignments", "grants", "mandates", "credentials",
                                                          "granted_about", "enrolments", NULL };
        const int64_t counts[LEFT_KINDS] = { left->accounts, left->assignments, left->grants, left->mandates, left->credentials, left->about,
                                             left->enrolments };
        const char *const texts[LEFT_KINDS] = {
                _("accounts closed"), _("assignments ended"), _("grants ended that they held"), _("mandates ended"),
                _("passwords, TOTPs, codes and exemptions that are gone"),
                _("grants ended that were about them"), _("enrolments ended"),
        };
        const char *values[LEFT_KINDS + 1] = { operand(i, 0) };
        char text[LEFT_KINDS][24];

        for (size_t k = 0; k < LEFT_KINDS; k++) {
                (void) snprintf(text[k], sizeof text[k], "%" PRId64, counts[k]);
                values[k + 1] = text[k];
                if (counts[k] > 0 && !option(i, "json"))
                        (void) printf("%s: %s\n", texts[k], text[k]);
        }
        if (left->accounts + left->assignments + left->grants + left->about > 0 && !option(i, "json"))
                (void) printf("%s\n", _("sessions that are open keep their groups until they end"));
        return invocation_made(i, "ended", keys, values, NULL);
}

int person_leave(struct invocation *i) {
        struct directory_left left;
        char who[ABOUT_MAX];
        int64_t person;
        int r;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("Close every account of %s, and end every assignment, grant and mandate, now and for good?"),
                                invocation_who(i, person, who)))
                return OUTCOME_REFUSED;
        r = directory_person_leave(i->directory, &i->act, person, &left);
        return r == DIRECTORY_OK ? say(i, &left) : invocation_end(i, "person", operand(i, 0), r);
}

int person_died(struct invocation *i) {
        const char *const date = operand(i, 1);
        struct directory_left left;
        char who[ABOUT_MAX];
        int64_t person;
        int r;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        if (!date == !option(i, "not-so"))
                return outcome_say(OUTCOME_USAGE, "died", _("needs the day, or --not-so to take back what was recorded; not both"));
        if (date && !scan_whole_date(date))
                return outcome_say(OUTCOME_USAGE, "DATE", _("must be a day that there is, written 2026-11-21"));
        if (!date)
                return invocation_end(i, "person", operand(i, 0), directory_person_died(i->directory, &i->act, person, NULL, NULL));

        if (!invocation_confirm(i, _("Record that %s died on %s, and end everything that they hold and that was granted about them, for good?"),
                                invocation_who(i, person, who), date))
                return OUTCOME_REFUSED;
        r = directory_person_died(i->directory, &i->act, person, date, &left);
        return r == DIRECTORY_OK ? say(i, &left) : invocation_end(i, "person", operand(i, 0), r);
}
