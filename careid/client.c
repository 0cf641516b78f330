/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * client.c - careid client, careid enrol, careid unenrol, careid module: whom an organisation cares for, where, with what
 */

#include "clients.h"
#include "i18n.h"
#include "invocation.h"

#include <inttypes.h>
#include <stdio.h>

enum { CLIENT_NAME_MAX = 32 };          /* bytes of "ORG-N", with NUL                             */

int client_add(struct invocation *i) {
        char name[CLIENT_NAME_MAX];
        uint32_t number;
        int64_t person;
        int r;

        if (!invocation_person(i, &person))
                return OUTCOME_USAGE;
        r = directory_client_add(i->directory, &i->act, person, option(i, "organisation"), NULL, &number);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "person", operand(i, 0), r);
        (void) snprintf(name, sizeof name, "%s-%" PRIu32, option(i, "organisation"), number);
        return invocation_added(i, "client", "clients", "name", name);
}

int enrolment_add(struct invocation *i) {
        const char *from = option(i, "from"), *until = option(i, "until");
        char text[24];
        int64_t id;
        int r;

        if (!invocation_dates(i))
                return OUTCOME_USAGE;
        r = directory_enrolment_add(i->directory, &i->act, operand(i, 0), operand(i, 1), from, until, &id);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "client", operand(i, 0), r);
        (void) snprintf(text, sizeof text, "%" PRId64, id);
        return invocation_added(i, "enrolment", "enrolments", "id", text);
}

int enrolment_end(struct invocation *i) {
        char about[ABOUT_MAX];
        int64_t id;

        if (!invocation_id(i, "ENROLMENT", "enrolments", &id))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("End enrolment %s%s, now and for good?"), operand(i, 0),
                                invocation_row(i, "enrolments", id, (const char *const[]) { "client", "unit", NULL }, about)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "enrolment", operand(i, 0), directory_enrolment_end(i->directory, &i->act, id));
}

int module_on(struct invocation *i) {
        return invocation_end(i, "module", operand(i, 0),
                              directory_module_set(i->directory, &i->act, option(i, "organisation"), operand(i, 0), true));
}

int module_off(struct invocation *i) {
        if (!invocation_confirm(i, _("Switch the module %s of %s off? What grants give through it ends now."), operand(i, 0),
                                option(i, "organisation")))
                return OUTCOME_REFUSED;
        return invocation_end(i, "module", operand(i, 0),
                              directory_module_set(i->directory, &i->act, option(i, "organisation"), operand(i, 0), false));
}
