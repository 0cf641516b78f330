/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * findings.h - what the care directory says that somebody should look at
 *
 * None of it is damage: the schema sees to that.  Numbers, and names for the
 * system; never who a person is.  It costs what writing the snapshots anew costs.
 */

#include "directory.h"

enum {
        FINDING_REVIEWS,                /* grants past the day on which they were to be looked at again; example: the grant */
        FINDING_CLIENTS,                /* clients who are enrolled nowhere now; the client       */
        FINDING_UNITS,                  /* units where nobody is assigned now; the unit           */
        FINDING_ALIASES,                /* protected persons whose alias holds their own last name; the person's id */
        FINDING_TEMPLATES,              /* templates of an archived role, unit or organisation; the template */
        FINDING_ROLE_SERVICES,          /* services in roles that couldn't be put there today; "ROLE SERVICE" */
        FINDING_NUMBERS,                /* accounts and groups of an earlier edition on a number, or with a name, that is not theirs; the name */
        FINDING_KEYS,                   /* identities under keys that are not in use; the person's id */
        FINDING_UNSAID,                 /* accounts and groups that no snapshot may say; the name */
        FINDINGS
};

enum { FINDING_EXAMPLE_MAX = 64 };

struct directory_found {
        int64_t n;
        char    example[FINDING_EXAMPLE_MAX + 1];       /* the first of them; "" where there is none */
};

int directory_findings(struct directory *d, int64_t now, struct directory_found ret[static FINDINGS]);
