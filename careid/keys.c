/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * keys.c - careid keys: new keys for personal numbers and contact details
 */

#include "i18n.h"
#include "invocation.h"

#include <inttypes.h>
#include <stdio.h>

int keys_rotate(struct invocation *i) {
        static const char *const keys[] = { "id", "numbers", "contacts", "evidence", NULL };
        struct directory_rotated done = { .id = 0 };
        char text[4][24], line[64];
        const char *const values[] = { text[0], text[1], text[2], text[3] };
        int r;

        if (!invocation_confirm(i, _("Make new keys, and write every personal number and contact detail anew?")))
                return OUTCOME_REFUSED;
        r = directory_keys_rotate(i->directory, &i->act, &done);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "keys", NULL, r);
        (void) snprintf(text[0], sizeof text[0], "%" PRId64, done.id);
        (void) snprintf(text[1], sizeof text[1], "%" PRId64, done.numbers);
        (void) snprintf(text[2], sizeof text[2], "%" PRId64, done.contacts);
        (void) snprintf(text[3], sizeof text[3], "%" PRId64, done.evidence);
        (void) snprintf(line, sizeof line, "keys %s", text[0]);
        return invocation_made(i, "keys", keys, values, line);
}
