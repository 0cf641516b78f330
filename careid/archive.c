/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * archive.c - careid archive, careid restore: closing what is not deleted, and opening it again
 */

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "kinds.h"

#include <stdio.h>

static int put(struct invocation *i, bool archive) {
        const struct kind *kind;
        char complaint[KIND_COMPLAINT_MAX];

        kind = kind_find(operand(i, 0), KIND_ARCHIVES, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, i->arguments.command->words, "%s", complaint);
        if (archive && !invocation_confirm(i, _("Close %s %s?"), kind->one, operand(i, 1)))
                return OUTCOME_REFUSED;
        return invocation_end(i, kind->one, operand(i, 1),
                              directory_archive(i->directory, &i->act, kind->one, operand(i, 1), archive));
}

int archive_put(struct invocation *i) {
        return put(i, true);
}

int archive_take(struct invocation *i) {
        return put(i, false);
}
