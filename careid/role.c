/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * role.c - careid role, careid service: what people may do
 */

#include "i18n.h"
#include "invocation.h"
#include "scan.h"

enum { SERVICE_NUMBER_MAX = 99999 };

int service_add(struct invocation *i) {
        const char *opens = option(i, "opens"), *text = option(i, "number");
        uint32_t number = 0;

        if (text && (!scan_whole_u32(text, SERVICE_NUMBER_MAX, &number) || number == 0))
                return outcome_say(OUTCOME_USAGE, "--number", _("must be a number from 1 to %d"),
                                   SERVICE_NUMBER_MAX);
        return invocation_end(i, "service", operand(i, 0),
                              directory_service_add(i->directory, &i->act, &(struct directory_service) {
                                      .name = operand(i, 0), .title = option(i, "title"), .opens = opens ? opens : "other",
                                      .number = number, .module = option(i, "module"), .external = option(i, "external") != NULL,
                                      .lobby = option(i, "lobby") != NULL,
                              }));
}

int role_add(struct invocation *i) {
        return invocation_end(i, "role", operand(i, 0),
                              directory_role_add(i->directory, &i->act, operand(i, 0), option(i, "title"),
                                                 option(i, "kind"), option(i, "daily-planning") != NULL));
}

int role_take_service(struct invocation *i) {
        if (!invocation_confirm(i, _("Take the service %s out of the role %s? Who has it through the role loses it now."), operand(i, 1),
                                operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "role", operand(i, 0),
                              directory_role_service_remove(i->directory, &i->act, operand(i, 0), operand(i, 1)));
}

int role_grant_service(struct invocation *i) {
        return invocation_end(i, "role", operand(i, 0),
                              directory_role_service_add(i->directory, &i->act, operand(i, 0), operand(i, 1)));
}
