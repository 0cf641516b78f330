/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * check-code.h - a few characters that are on the screen and in the app
 *
 * They tell a person that what the app asks about is what stands before them.
 * They are no secret and prove nothing to us.
 */

enum { CHECK_CODE_LEN = 4 };

/* No two characters that look or sound alike: no 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V. */
#define CHECK_CODE_ALPHABET "3479ACDEFHJKMNPQRTWXY"

/* Returns 0, or -EIO if there is no chance to be had. */
int check_code_make(char ret[static CHECK_CODE_LEN + 1]);
