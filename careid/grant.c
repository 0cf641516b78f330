/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * grant.c - careid grant, careid confirm, careid ungrant: who may do what for which client, and what that rests on
 */

#include "clients.h"
#include "i18n.h"
#include "invocation.h"

#include <inttypes.h>
#include <stdio.h>

int grant_add(struct invocation *i) {
        const struct directory_basis basis = {
                .basis = option(i, "basis"), .document = option(i, "document"),
                .checked_by = option(i, "checked-by"), .review_date = option(i, "review-on"),
        };
        char text[24];
        int64_t id;
        int r;

        if (!invocation_dates(i) || !invocation_date(i, "review-on"))
                return OUTCOME_USAGE;
        r = directory_grant_add(i->directory, &i->act, operand(i, 0), operand(i, 1), operand(i, 2), &basis, option(i, "from"),
                                option(i, "until"), &id);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "account", operand(i, 0), r);
        (void) snprintf(text, sizeof text, "%" PRId64, id);
        return invocation_added(i, "grant", "grants", "id", text);
}

int grant_end(struct invocation *i) {
        const char *const why = option(i, "why");
        char about[ABOUT_MAX];
        int64_t id;

        if (!invocation_id(i, "GRANT", "grants", &id))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("End grant %s%s, now and for good?"), operand(i, 0),
                                invocation_row(i, "grants", id, (const char *const[]) { "account", "role", "client", NULL }, about)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "grant", operand(i, 0), directory_grant_end(i->directory, &i->act, id, why ? why : i->act.as_client ? "client" : "ended"));
}

int grant_review(struct invocation *i) {
        int64_t id;

        if (!invocation_id(i, "GRANT", "grants", &id) || !invocation_date(i, "next"))
                return OUTCOME_USAGE;
        return invocation_end(i, "grant", operand(i, 0), directory_grant_review(i->directory, &i->act, id, option(i, "next")));
}
