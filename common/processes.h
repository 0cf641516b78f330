/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * processes.h - does anybody run here
 */

#include <sys/types.h>

/*
 * Is a process running whose real, effective, saved or file system uid is
 * @uid?  1: yes, 0: none; or a negative errno, where that can't be told: -EPERM
 * where /proc hides some (hidepid=), -EACCES where something else does, or what
 * reading there failed with.  To be called as root, who sees them all.
 */
int processes_of(uid_t uid);
