/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * put.c - from a row to the act that adds it, one for each kind
 *
 * The numbers are those of the kind's columns in row-kinds.c.
 */

#include "put.h"
#include "reference.h"
#include "store.h"

#include "i18n.h"

#include <string.h>

enum { HOME_MAX = 255 };

int put_organisation(const struct transfer *t) {
        return directory_organisation_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3]);
}

int put_unit(const struct transfer *t) {
        return directory_unit_add(t->d, t->act, t->value[1], t->value[0], t->value[2]);
}

int put_service(const struct transfer *t) {
        return directory_service_add(t->d, t->act, &(struct directory_service) {
                .name = t->value[0], .title = t->value[1], .opens = t->value[2] ? t->value[2] : "other",
                .module = t->value[3], .external = t->integer[4] != 0, .lobby = t->integer[5] != 0,
                .number = (uint32_t) t->integer[6],
        });
}

int put_role(const struct transfer *t) {
        return directory_role_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->integer[3] != 0);
}

int put_role_service(const struct transfer *t) {
        return directory_role_service_add(t->d, t->act, t->value[0], t->value[1]);
}

int put_person(const struct transfer *t) {
        int64_t id;

        return directory_person_add_as(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3], t->value[4], &id);
}

int put_identity(const struct transfer *t) {
        int r;

        r = directory_person_has_number(t->d, t->integer[0], t->value[1], t->value[2]);
        if (r == DIRECTORY_OK)
                return TRANSFER_SAME;
        /* What is no number at all, set() says better: it takes the short form. */
        r = directory_identity_set(t->d, t->act, t->integer[0], t->value[1], t->value[2], false);
        if (r == DIRECTORY_E_EXISTS)
                return directory_fail(t->d, r, _("number: the person has another one of this country, or the number is another "
                                                 "person's"));
        return r;
}

/* @pattern with the log-in name in the place of each %u. */
static const char *home_of(const char *pattern, const char *name, char ret[static HOME_MAX + 1]) {
        size_t n = 0;

        for (const char *p = pattern; *p; p++) {
                const bool here = p[0] == '%' && p[1] == 'u';
                const size_t k = here ? strlen(name) : 1;

                if (k > HOME_MAX - n)
                        break;
                memcpy(ret + n, here ? name : p, k);
                n += k;
                p += here;
        }
        ret[n] = '\0';
        return ret;
}

int put_account(const struct transfer *t) {
        const char *source = t->value[4] ? t->value[4] : "careid", *home = t->value[5], *shell = t->value[6];
        char own[HOME_MAX + 1];

        if (strcmp(source, "careid") == 0) {
                home = home ? home : home_of(t->home, t->value[0], own);
                shell = shell ? shell : t->shell;
        }
        return directory_account_add(t->d, t->act, t->integer[1], t->value[2], t->value[0], t->value[3], source, home, shell,
                                     NULL);
}

int put_assignment(const struct transfer *t) {
        return directory_assignment_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3], t->value[4], NULL);
}
