/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * link-trust.h - who may stand at the other end of the link
 *
 * A file of its own because these three answers are what a test without root
 * has to give differently; everything else in helper-link.c is tested as it is.
 */

#include <stdbool.h>
#include <sys/types.h>

/* 0 if only root can have put a socket into the directory @path; -ENOENT, -EPERM or another negative errno. */
int link_directory_check(const char *path);

/* May the process that listens on the socket have this uid? */
bool link_listener_trusted(uid_t uid);

/*
 * In root's child, before it executes @helper: be the owner of that file, a
 * system user, in every id and without groups, for good.  The file is _careid's,
 * so that who is _careid could write into it what root would then execute.  The
 * helper learns who asks from the socket pair, which root has made.
 * 0 or a negative errno.
 */
int link_become_owner(const char *helper);
