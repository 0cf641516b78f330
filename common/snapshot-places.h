/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-places.h - where the snapshots are, and whose they have to be
 *
 * The tests compile the reader once more with values of their own (-D); the
 * objects that are installed have no way to be told others.
 */

#include <unistd.h>

#ifndef CAREID_SNAPSHOT_DIR
#include "places.h"
#endif

/* Owner of the directory of the snapshots: a system user or root. */
#ifndef SNAPSHOT_OWNER_MAX
#define SNAPSHOT_OWNER_MAX 999
#endif

/* Owner of the directories of self entries and overlays. */
#ifndef SNAPSHOT_SELF_OWNER
#define SNAPSHOT_SELF_OWNER 0
#endif

/* Who the process is at this moment. */
#ifndef SNAPSHOT_EUID
#define SNAPSHOT_EUID geteuid
#endif

/* Can it become another in this process?  Defined where tests pretend that it can. */
#ifndef SNAPSHOT_EUID_IS_FIXED
#define SNAPSHOT_EUID_IS_FIXED(euid) euid_is_fixed(euid)
#endif

/* Pauses before a re-opening: 1, 2, 4, 8 ms. */
#ifndef SNAPSHOT_PAUSE_NS
#define SNAPSHOT_PAUSE_NS 1000000
#endif
