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
 * What is asked only then, since others changed the directory in between, seems
 * free again: such a batch is not to be kept, but done once more after another
 * ask, DIRECTORY_BULK_TRIES times at most.
 */

enum { DIRECTORY_BULK_TRIES = 8 };

#include "directory.h"

int directory_bulk_begin(struct directory *d);
bool directory_bulk_asks(const struct directory *d);    /* after a begin: is it such a host?      */
int directory_bulk_collect(struct directory *d);        /* outside a transaction (-EBUSY); -ENOMEM */
/* The same, or an error of host.h.  Now and then it is told how far that is. */
int directory_bulk_ask(struct directory *d, void (*went_on)(void *about, uint64_t asked, uint64_t of) /* or NULL */, void *about);
/* After the acts: did they ask what the host was not asked?  Then what they did MUST NOT be kept. */
bool directory_bulk_asks_more(const struct directory *d);
/* -EBUSY, and a complaint: it was tried often enough. */
int directory_bulk_give_up(struct directory *d);
void directory_bulk_end(struct directory *d);           /* also where it was not begun            */

/*
 * The same for a few acts that are one: @acts at least twice, first in a batch
 * that is not kept, then, the host having been asked outside of any
 * transaction, in one that is kept if they return DIRECTORY_OK and asked
 * nothing more.  What they return, the complaint staying theirs; or -EBUSY.
 * Of a dry run nothing is kept at all, and what is asked last seems free.
 */
int directory_bulk_once(struct directory *d, int (*acts)(void *about), void *about);
