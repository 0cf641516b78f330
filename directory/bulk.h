/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bulk.h - many acts in a short time: what is the same for all of them is done once
 *
 * Statements stay prepared, the host's users and groups are read once, and
 * SQLite gets more memory.  What the acts do and check is the same.  Called
 * outside a transaction, since the host may have to ask elsewhere; one
 * directory of a process at a time (-EBUSY).  A host whose users are not all
 * to be listed (a directory service) goes on being asked for each name.
 */

#include "directory.h"

int directory_bulk_begin(struct directory *d);
void directory_bulk_end(struct directory *d);           /* also where it was not begun            */
