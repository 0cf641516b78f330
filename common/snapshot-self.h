/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-self.h - root lets a client, relative or external see themselves
 *
 * Their entries stand in the private snapshot, which their own processes can't
 * read.  CAREID_SELF_DIR/self/UID is a copy of the one entry, for that uid
 * alone: root's, mode 0640, readable through an ACL (docs/snapshot-format.md).
 */

#include <stdbool.h>
#include <sys/types.h>

/*
 * Write the entry of the user @name, as the snapshots have it now, or renew it.
 * To be called as root.  0; SNAPSHOT_E_NOT_FOUND: the snapshots know no such
 * user now, or it is staff, who are public anyway: there is no entry then; or a negative errno.
 */
int snapshot_self_write(const char *name);

/* What is there after all has been gone through. */
struct snapshot_self_left {
        size_t n;                               /* entries                                        */
        bool   is_ending;                       /* of one nobody is there, but it was just written */
};

enum { SNAPSHOT_SELF_YOUNG_S = 10 };            /* from the entry to the session's first process  */

/* logind's: a file for each uid that has a session or lingers. */
#define SNAPSHOT_USERS_DIR "/run/systemd/users"

/*
 * Renew each entry that is there, and remove those whose user is gone, or has
 * no session and no process any more.  0, or the first negative errno.
 */
int snapshot_self_renew(struct snapshot_self_left *ret);
