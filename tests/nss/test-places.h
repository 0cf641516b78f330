/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * test-places.h - the reader's places and owners as an ordinary user's tests have them
 *
 * Included before everything else (-include) where the tests compile the
 * reader's sources once more.  Here "/" is the current directory, and root is
 * who runs the test.
 */

#include <unistd.h>

#define CAREID_SNAPSHOT_DIR "/lib/careroles"
#define CAREID_SELF_DIR     "/run/careroles"

#define TRUSTED_START       "."
#define TRUSTED_OWNER       geteuid()
#define SNAPSHOT_OWNER_MAX  ((uid_t) -2)
#define SNAPSHOT_SELF_OWNER geteuid()

/* Only for tests that pretend to be somebody else (-DTEST_EUID). */
uid_t test_euid(void);
int test_euid_is_fixed(void);
#ifdef TEST_EUID
#define SNAPSHOT_EUID test_euid
#define SNAPSHOT_EUID_IS_FIXED(euid) test_euid_is_fixed()
#endif
