/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-county.c - what the care directory says that somebody should look at
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>

void check_county(struct check *c, const struct directory_found found[static FINDINGS]) {
        const struct directory_found *f;

        f = &found[FINDING_REVIEWS];
        if (f->n > 0)
                check_say(c, CHECK_WARN, "grants-review",
                          P_("%" PRId64 " grant should have been looked at again by now: %s (careid list grants)",
                             "%" PRId64 " grants should have been looked at again by now, like %s (careid list grants)", f->n),
                          f->n, f->example);
        f = &found[FINDING_CLIENTS];
        if (f->n > 0)
                check_say(c, CHECK_WARN, "clients-enrolment",
                          P_("%" PRId64 " client is enrolled at no unit now, so that no staff reaches them: %s (careid enrol)",
                             "%" PRId64 " clients are enrolled at no unit now, so that no staff reaches them, like %s (careid "
                             "enrol)", f->n),
                          f->n, f->example);
        f = &found[FINDING_UNITS];
        if (f->n > 0)
                check_say(c, CHECK_WARN, "units-staff",
                          P_("%" PRId64 " unit has nobody assigned now: %s (careid assign, or careid archive unit)",
                             "%" PRId64 " units have nobody assigned now, like %s (careid assign, or careid archive unit)", f->n),
                          f->n, f->example);
        f = &found[FINDING_ALIASES];
        if (f->n > 0)
                check_say(c, CHECK_WRONG, "persons-protected",
                          P_("%" PRId64 " protected person has an alias that gives their last name away: person %s",
                             "%" PRId64 " protected persons have an alias that gives their last name away, like person %s", f->n),
                          f->n, f->example);
        f = &found[FINDING_TEMPLATES];
        if (f->n > 0)
                check_say(c, CHECK_WARN, "templates",
                          P_("%" PRId64 " template is for a role or unit that is closed: %s",
                             "%" PRId64 " templates are for a role or unit that is closed, like %s", f->n),
                          f->n, f->example);
        f = &found[FINDING_ROLE_SERVICES];
        if (f->n > 0)
                check_say(c, CHECK_WARN, "role-services",
                          P_("%" PRId64 " service in a role couldn't be put there today, and gives nothing: %s (a client or relative "
                             "reaches a service only through its module, an external only one for externals)",
                             "%" PRId64 " services in roles couldn't be put there today, and give nothing, like %s (a client or "
                             "relative reaches a service only through its module, an external only one for externals)", f->n),
                          f->n, f->example);
        f = &found[FINDING_NUMBERS];
        if (f->n > 0)
                check_say(c, CHECK_WRONG, "numbers-taken",
                          P_("%" PRId64 " account or group of an earlier careid has a number or name that is not its own, and gives nothing: %s",
                             "%" PRId64 " accounts and groups of an earlier careid have a number or name that is not their own, and give "
                             "nothing, like %s", f->n),
                          f->n, f->example);
        f = &found[FINDING_KEYS];
        if (f->n > 0)
                check_say(c, CHECK_WRONG, "identities-keys",
                          P_("%" PRId64 " personal number is kept under keys that are not in use, and lets nobody in: person %s (careid person number)",
                             "%" PRId64 " personal numbers are kept under keys that are not in use, and let nobody in, like that of person %s "
                             "(careid person number)", f->n),
                          f->n, f->example);
        f = &found[FINDING_UNSAID];
        if (f->n > 0)
                check_say(c, CHECK_WRONG, "snapshots-unsaid",
                          P_("%" PRId64 " account or group can't be told to programs, which don't know it: %s (careid snapshot rebuild says why)",
                             "%" PRId64 " accounts and groups can't be told to programs, which don't know them, like %s (careid snapshot "
                             "rebuild says why)", f->n),
                          f->n, f->example);
        for (size_t i = 0; i < FINDINGS; i++)
                if (found[i].n > 0)
                        return;
        check_say(c, CHECK_OK, "county", _("units have staff, clients are enrolled, grants have been looked at"));
}
