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
        for (size_t i = 0; i < FINDINGS; i++)
                if (found[i].n > 0)
                        return;
        check_say(c, CHECK_OK, "county", _("units have staff, clients are enrolled, grants have been looked at"));
}
