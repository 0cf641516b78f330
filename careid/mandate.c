/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mandate.c - careid mandate give, careid mandate take: who may administer what without being root
 */

#include "mandates.h"

#include "i18n.h"
#include "invocation.h"
#include "mandate-needed.h"
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
        enum mandate_act what;
        char id[24], line[48];
        int64_t person, mandate;
        int r;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        if (!date_is_right("--from", from) || !date_is_right("--until", until))
                return OUTCOME_USAGE;
        r = directory_mandate_add(i->directory, &i->act, person, operand(i, 1), option(i, "organisation"), option(i, "unit"),
                                  from, until, &mandate);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", operand(i, 0), r);
        if (mandate_of_word(operand(i, 1), &what) == 0 && !mandate_needed_by_any(what))
                (void) fprintf(stderr, _("careid: mandate give: nothing needs a mandate to %s yet, and it opens nothing\n"), operand(i, 1));
        (void) snprintf(id, sizeof id, "%" PRId64, mandate);
        (void) snprintf(line, sizeof line, "mandate %s", id);
        return invocation_made(i, "mandates", keys, (const char *[]) { id }, line);
}

int mandate_take(struct invocation *i) {
        char about[ABOUT_MAX];
        int64_t id;

        if (!invocation_id(i, "MANDATE", "mandates", &id))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("End mandate %s%s, now and for good?"), operand(i, 0),
                                invocation_row(i, "mandates", id, (const char *const[]) { "act", "organisation", "unit", NULL }, about)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "mandate", operand(i, 0), directory_mandate_end(i->directory, &i->act, id));
}
