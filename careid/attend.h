/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * attend.h - self entries are renewed and removed for as long as there are any
 */

/*
 * snapshot_self_renew(), and again whenever the snapshots or logind's sessions
 * change, until no entry is left.  0, or a negative errno.
 */
int attend(void);
