/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * file-io.h - what writers of files share: all of it or an error, and one writer at a time
 */

#include <stddef.h>

/* Write all @n bytes of @data.  Returns 0, or a negative errno, and then an unknown part of them is written. */
int file_write(int fd, const void *data, size_t n);

/*
 * Lock @fd for this writer alone (flock(2): the lock goes with the descriptor), waiting @wait_ms at most.  Returns 0,
 * -EBUSY if another writer has had it all that time, or another negative errno.
 */
int file_lock(int fd, unsigned wait_ms);
