/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * offered.h - the ways that a log-in is offered
 */

#include "attempt.h"

/*
 * Fill a->ways, a->inside, a->may_turn and a->password_ends: the same for every
 * name (X15).  a->n_ways 0: there is none, and *ret_text is what that is told
 * with.  Returns 0, or a negative errno with a sentence in @complaint.
 */
int offered_find(struct attempt *a, struct directory *d, enum text *ret_text, char complaint[static CONFIG_COMPLAINT_MAX]);
