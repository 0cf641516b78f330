/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * archive.c - careid archive, careid restore: closing what is not deleted, and opening it again
 */

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "kinds.h"
#include "scan.h"

#include <stdio.h>
#include <string.h>

static bool confirm(const struct invocation *i, const struct kind *kind) {
        const bool is_person = strcmp(kind->one, "person") == 0;
        const char *const name = operand(i, 1);
        char what[ABOUT_MAX];
        uint64_t id;

        if (is_person && name && scan_whole_u64(name, INT64_MAX, &id))
                (void) invocation_who(i, (int64_t) id, what);
        else
                (void) snprintf(what, sizeof what, "%s %.400s", kind->one, name ? name : "");
        return is_person || strcmp(kind->one, "account") == 0 || strcmp(kind->one, "client") == 0
                       ? invocation_confirm(i, _("Close %s, and end for good what is granted to or about them?"), what)
                       : invocation_confirm(i, _("Close %s?"), what);
}

static int put(struct invocation *i, bool archive) {
        const struct kind *kind;
        char complaint[KIND_COMPLAINT_MAX];

        kind = kind_find(operand(i, 0), KIND_ARCHIVES, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, i->arguments.command->words, "%s", complaint);
        if (archive && !confirm(i, kind))
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
