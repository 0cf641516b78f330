/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * self-places.h - the reader's places and owners as the scenes of the module have them
 *
 * Included before everything else (-include).  "/" is the current directory;
 * geteuid() is a double here, and the files are those of who runs the scenes.
 */

#include <unistd.h>

#define CAREID_SNAPSHOT_DIR "/lib/careroles"
#define CAREID_SELF_DIR     "/run/careroles"

#define TRUSTED_START       "."
#define TRUSTED_OWNER       getuid()
#define SNAPSHOT_OWNER_MAX  ((uid_t) -2)
#define SNAPSHOT_SELF_OWNER getuid()
#define SNAPSHOT_PAUSE_NS   1000
