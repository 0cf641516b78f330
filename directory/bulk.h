/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bulk.h - many acts in a short time: what is the same for all of them is done once
 *
 * Statements stay prepared, the host's users and groups are read once, and
 * SQLite gets more memory.  What the acts do and check is the same.  Called
 * outside a transaction, since the host may have to ask elsewhere; one
 * directory of a process at a time (-EBUSY).
 *
 * A host whose users are not all to be listed (a directory service) has to be
 * asked for each name.  For that not to happen while the writers' lock is held
 * the acts are done twice: between collect and ask in a batch that is not kept,
 * where nobody asks and everybody seems free; then again, answered from memory.
 * What is asked only then, since the directory has changed in between, the
 * host is asked on the spot.
 */

#include "directory.h"

int directory_bulk_begin(struct directory *d);
bool directory_bulk_asks(const struct directory *d);    /* after a begin: is it such a host?      */
int directory_bulk_collect(struct directory *d);        /* outside a transaction (-EBUSY); -ENOMEM */
/* The same, or an error of host.h.  Now and then it is told how far that is. */
int directory_bulk_ask(struct directory *d, void (*went_on)(void *about, uint64_t asked, uint64_t of) /* or NULL */, void *about);
void directory_bulk_end(struct directory *d);           /* also where it was not begun            */

/*
 * The same for a few acts that are one: @acts twice, first in a batch that is
 * not kept, then, the host having been asked outside of any transaction, in
 * one that is kept if they return DIRECTORY_OK.  What they return; the
 * complaint stays theirs.  In a dry run nothing is kept of the second, either.
 */
int directory_bulk_once(struct directory *d, int (*acts)(void *about), void *about);
