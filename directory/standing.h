/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * standing.h - has a user of the host anything to do here, and have they still?
 *
 * The helper asks twice: by the number of who has connected, before it has
 * read a word of theirs and while it may still choose not to be able to write;
 * and within the transaction of each act, which may be a good while after they
 * were found to be who they are.
 */

#include "acts.h"

/*
 * Could any act be that of the user @uid, whom the host calls @host_name (NULL:
 * that is not known, or not asked)?  Of an account of careid's own that has
 * that uid, or one of the host's that has that name, which counts now: of
 * staff who are assigned, hold a mandate or have a sample to review; of a
 * client about whom something was granted.  DIRECTORY_OK; NOT_FOUND: no.
 */
int directory_standing_find(struct directory *d, uid_t uid, const char *host_name, int64_t now);

/*
 * Is the account that acts (@act->by_account) still what it was found to be:
 * the person's, not archived, and assigned where it is staff's?  Root is.
 * CONSTRAINT: no.
 */
int directory_standing_keeps(struct directory *d, const struct directory_act *act);
