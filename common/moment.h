/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * moment.h - a moment as lists and JSON show it: UTC, 2026-11-21T17:05:09Z
 */

#include <stdint.h>

enum { MOMENT_TEXT = 24 };              /* bytes, with NUL                                        */

/* "" where there is none: INT64_MIN and INT64_MAX are no bounds, and a year has four digits.  Returns @ret. */
const char *moment_text(int64_t at, char ret[static MOMENT_TEXT]);
