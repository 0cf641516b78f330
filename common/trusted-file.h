/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * trusted-file.h - files and directories that only the right owner can have written
 */

#include <stdint.h>
#include <sys/types.h>

enum { TRUSTED_TRIES = 5 };

/*
 * Open the directory at the absolute @path.  Every directory from / to its
 * parent must be root's (uid 0), and writable by root only; no link is
 * followed.  The last one must belong to a uid in @owner_min..@owner_max and be
 * writable by its owner only.
 *
 * Returns 0, -EPERM where one is not to be trusted, -ENOTDIR, -ENOENT, -EINVAL for a
 * path that is not absolute and plain, or another negative errno.  *ret_fd is O_PATH | O_CLOEXEC; *ret_owner is its owner.
 */
int trusted_directory(const char *path, uid_t owner_min, uid_t owner_max, int *ret_fd, uid_t *ret_owner);

/*
 * Open @name in @dir for reading, provided that it is a regular file with one
 * link, of @owner, whose permission bits are no more than @mode (exactly @mode
 * with @exact), of @max bytes at most.  All checks are made on the descriptor
 * that is returned, never on the path.
 *
 * Returns 0, -EPERM, -EFBIG, -ENOENT, -ESTALE for a file that was replaced at
 * this moment (open it again), or another negative errno; *ret_fd and
 * *ret_size are written only on 0.
 */
int trusted_open(int dir, const char *name, uid_t owner, mode_t mode, int exact, size_t max,
                 int *ret_fd, size_t *ret_size);

/*
 * The whole of a trusted file at an absolute path, NUL added, malloc'd: its
 * directories are root's (the last may be @owner's), it is @owner's, with no
 * more than @mode.  Errors as above; -EIO if it changed under our hands.  One
 * that is replaced at this very moment is opened again, TRUSTED_TRIES times in all.
 */
int trusted_read(const char *path, uid_t owner, mode_t mode, size_t max, char **ret, size_t *ret_n);
