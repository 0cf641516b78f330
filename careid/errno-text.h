/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * errno-text.h - what the system says went wrong, in the language of the moment
 */

/* The text of the negative errno @r; never NULL. */
const char *errno_text(int r);
