/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * evidence-over.c - evidence whose time is over, deleted by hand and once a day
 */

#include "evidence-over.h"

#include "i18n.h"

#include <inttypes.h>
#include <stdio.h>

int evidence_over_delete(const struct invocation *i, int64_t *ret_n, char ret_text[static EVIDENCE_OVER_TEXT]) {
        int64_t n = 0;
        const int r = directory_evidence_prune(i->directory, &i->act, &n);

        if (r != DIRECTORY_OK)
                return invocation_end(i, "evidence", NULL, r);
        (void) snprintf(ret_text, EVIDENCE_OVER_TEXT, P_("%" PRId64 " log-in's evidence was deleted: its time was over",
                                                         "the evidence of %" PRId64 " log-ins was deleted: its time was over", n), n);
        *ret_n = n;
        return OUTCOME_DONE;
}
