/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * batch.h - many acts that count together or not at all
 *
 * Between a begin and its end each act is a savepoint of the one transaction
 * that is open: what fails rolls back itself alone, what succeeds is seen by
 * the next one, and nobody else sees anything.  The writers' lock is held all
 * along, so nothing outside the process is waited for, least of all a person.
 *
 * directory_audit_last() goes on saying what was committed before the batch
 * until its end, then the last entry of the batch.  directory_publish() is
 * refused (-EINVAL); directory_close() rolls back.
 */

#include "directory.h"

/*
 * -EBUSY as for any act.  A batch may be in another, which is all the depth
 * there is (-EINVAL): kept, it counts as far as that one does.
 */
int directory_batch_begin(struct directory *d);

bool directory_in_batch(const struct directory *d);

/*
 * @keep: all of it is committed; otherwise all of it is rolled back.  A full
 * disk or a failing one undoes everything at once: every act after that, and
 * an end that would keep, return -ECANCELED.  So does an end where
 * directory_ask_before_commit() says no; where the commit fails, its error is
 * returned and nothing is kept.
 */
int directory_batch_end(struct directory *d, bool keep);

/*
 * From here on nothing is kept: the first act begins a batch that nobody
 * ends, so that what an act would say, print and be refused for can be seen.
 * There is no way back but directory_close().
 */
void directory_dry_run(struct directory *d);
