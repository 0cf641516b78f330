/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * row-kind.c - a word that is to be a kind of rows, and is none
 */

#include "row-kind.h"

#include "i18n.h"
#include "nearest.h"
#include "outcome.h"
#include "row-kinds.h"

#include <stdio.h>
#include <string.h>

int row_kind_unknown(const char *command, const char *word, bool with_all) {
        struct nearest near;
        char all[512] = "";
        size_t n = 0;

        nearest_init(&near, word, strlen(word));
        if (with_all)
                n = (size_t) snprintf(all, sizeof all, "all");
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++) {
                nearest_offer(&near, k->name);
                if (n < sizeof all)
                        n += (size_t) snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "", k->name);
        }
        if (near.best)
                return outcome_say(OUTCOME_USAGE, command, _("there are no rows of that name; is %s meant?"), near.best);
        return outcome_say(OUTCOME_USAGE, command, _("say of which rows: %s"), all);
}
