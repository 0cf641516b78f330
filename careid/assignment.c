/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * assignment.c - careid assign, careid unassign: who is what, where, from when until when
 */

#include "i18n.h"
#include "invocation.h"
#include "scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool date_is_right(const char *name, const char *date) {
        if (!date || scan_whole_date(date))
                return true;
        (void) outcome_say(OUTCOME_USAGE, name, _("must be a day that there is, written 2026-11-21"));
        return false;
}

/* What both kinds of assignment have. */
static int check_dates(const struct invocation *i) {
        const char *from = option(i, "from"), *until = option(i, "until");

        if (!date_is_right("--from", from) || !date_is_right("--until", until))
                return OUTCOME_USAGE;
        if (from && until && strcmp(from, until) > 0)
                return outcome_say(OUTCOME_USAGE, "--until", _("must not be before --from"));
        return OUTCOME_DONE;
}

static int made(struct invocation *i, int64_t id) {
        static const char *const keys[] = { "id", NULL };
        char number[24], line[48];
        const char *const values[] = { number };

        (void) snprintf(number, sizeof number, "%" PRId64, id);
        (void) snprintf(line, sizeof line, "assignment %s", number);
        return invocation_made(i, "assignments", keys, values, line);
}

int assignment_add(struct invocation *i) {
        int64_t id;
        int r;

        r = check_dates(i);
        if (r != OUTCOME_DONE)
                return r;
        r = directory_assign(i->directory, &i->act, &(struct directory_assignment) {
                .account = operand(i, 0), .role = operand(i, 1), .unit = operand(i, 2),
                .from_date = option(i, "from"), .until_date = option(i, "until"),
                .weekdays = option(i, "weekdays"), .hours = option(i, "hours"),
        }, &id);
        return r == DIRECTORY_OK ? made(i, id) : invocation_end(i, "account", operand(i, 0), r);
}

int assignment_deputy(struct invocation *i) {
        int64_t held, id;
        int r;

        if (!invocation_id(i, "ASSIGNMENT", "assignments", &held))
                return OUTCOME_USAGE;
        r = check_dates(i);
        if (r != OUTCOME_DONE)
                return r;
        r = directory_deputy_add(i->directory, &i->act, held, operand(i, 1), option(i, "from"),
                                 option(i, "until"), &id);
        return r == DIRECTORY_OK ? made(i, id) : invocation_end(i, "account", operand(i, 1), r);
}

int assignment_end(struct invocation *i) {
        char about[ABOUT_MAX];
        int64_t id;

        if (!invocation_id(i, "ASSIGNMENT", "assignments", &id))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("End assignment %s%s, now and for good?"), operand(i, 0),
                                invocation_row(i, "assignments", id, (const char *const[]) { "account", "role", "unit", NULL }, about)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "assignment", operand(i, 0),
                              directory_assignment_end(i->directory, &i->act, id));
}
