/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-self.h - root lets a client, relative or external see themselves
 *
 * Their entries stand in the private snapshot, which their own processes can't
 * read.  CAREID_SELF_DIR/self/UID is a copy of the one entry, for that uid
 * alone: root's, mode 0640, readable through an ACL (docs/snapshot-format.md).
 */

#include <sys/types.h>

/*
 * Write the entry of the user @name, as the snapshots have it now, or renew it.
 * To be called as root.  0; SNAPSHOT_E_NOT_FOUND: the snapshots know no such
 * user now, or it is staff, who are public anyway: there is no entry then; or a negative errno.
 */
int snapshot_self_write(const char *name);

/*
 * Renew each entry that is there, and remove those whose user is gone, or has
 * no session and no process any more.  0, or the first negative errno.
 */
int snapshot_self_renew(void);
