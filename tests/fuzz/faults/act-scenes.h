/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * act-scenes.h - the sets of scenes of sweep-acts and fuzz-acts-faults, and what they have in common
 */

#include "scene.h"

extern const struct scenes acts_directory, acts_place, acts_read;

enum { ACT_FILE_MAX = 4 << 20 };

/* All of a file, of at most ACT_FILE_MAX bytes, until the program ends.  Without it there are no scenes: ends the process. */
char *act_file(const char *path, size_t *ret_n);

/* What run() has said: 0, a verdict, or a negative errno.  @tells: success says that nothing has failed. */
struct scene_end act_ended(int result, bool tells);
