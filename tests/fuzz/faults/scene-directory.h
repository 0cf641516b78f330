/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scene-directory.h - the care directory of scenes that log in or act (tests/unit/directory/fixture.h)
 */

#include <stdint.h>

/* fixture_begin(), in memory where there is some: thousands of commits, and nothing to keep. */
void scene_directory_begin(void);

/* How many rows @table has.  With a connection of its own: one that stays makes SQLite keep descriptors that others close. */
int64_t scene_directory_rows(const char *table);
