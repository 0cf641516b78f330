/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * slots.h - how many conversations one user may have at once
 */

#include <sys/types.h>

enum {
        SLOTS_MAX = 4,          /* for each uid but 0                                             */
};

enum {
        SLOTS_OK = 0,
        SLOTS_E_NONE = 1,       /* all of them are taken                                          */
};

/*
 * Take one of @uid's slots in a file of the directory CAREID_RUN_DIR/callers, which
 * is @owner's alone.  It is held until *ret_fd and what was made of it by fork()
 * are closed, at the latest by the end of those processes.  With the descriptor
 * every other uid's bytes can be locked as well: it is not for a process that
 * reads what a caller says.  Returns SLOTS_OK, SLOTS_E_NONE or a negative errno.
 */
int slots_take(uid_t uid, uid_t owner, int *ret_fd);
