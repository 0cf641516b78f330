/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * places.h - the places of a test: below a temporary directory of its own
 *
 * Stands before the generated places.h in the include path of the directory's
 * second compilation, which only the tests link.
 */

const char *fixture_place(const char *name);

#define CAREID_STATE_DIR        fixture_place("state")
#define CAREID_CONFIG_DIR       fixture_place("config")
#define CAREID_SNAPSHOT_DIR     fixture_place("snapshots")
#define CAREID_USER             "_careid"
