/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mandate.c - careid mandate give, careid mandate take: who may administer what without being root
 */

#include "mandates.h"

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

int mandate_give(struct invocation *i) {
        static const char *const keys[] = { "id", NULL };
        const char *from = option(i, "from"), *until = option(i, "until");
        char id[24], line[48];
        uint64_t person;
        int64_t mandate;
        int r;

        if (!scan_whole_u64(operand(i, 0), INT64_MAX, &person) || person == 0)
                return outcome_say(OUTCOME_USAGE, "PERSON",
                                   _("must be the id of a person, as careid list persons shows it"));
        if (!date_is_right("--from", from) || !date_is_right("--until", until))
                return OUTCOME_USAGE;
        r = directory_mandate_add(i->directory, &i->act, (int64_t) person, operand(i, 1), option(i, "organisation"), option(i, "unit"),
                                  from, until, &mandate);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", operand(i, 0), r);
        (void) snprintf(id, sizeof id, "%" PRId64, mandate);
        (void) snprintf(line, sizeof line, "mandate %s", id);
        return invocation_made(i, "mandates", keys, (const char *[]) { id }, line);
}

int mandate_take(struct invocation *i) {
        uint64_t id;

        if (!scan_whole_u64(operand(i, 0), INT64_MAX, &id) || id == 0)
                return outcome_say(OUTCOME_USAGE, "MANDATE", _("must be the id of a mandate, as careid mandates shows it"));
        if (!invocation_confirm(i, _("End mandate %s, now and for good?"), operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "mandate", operand(i, 0), directory_mandate_end(i->directory, &i->act, (int64_t) id));
}
