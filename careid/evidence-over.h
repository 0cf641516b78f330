/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * evidence-over.h - evidence whose time is over, deleted by hand and once a day
 */

#include "invocation.h"

enum { EVIDENCE_OVER_TEXT = 256 };

/* Delete it: OUTCOME_DONE, how many and a sentence about it; or an exit status, and it has been said why. */
int evidence_over_delete(const struct invocation *i, int64_t *ret_n, char ret_text[static EVIDENCE_OVER_TEXT]);
