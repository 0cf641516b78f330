/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * delegate.h - a command of somebody who is not root: the helper does it, as far as their mandates go
 */

#include "invocation.h"

/*
 * Ask what root would be asked (yes or no, a line that must not be seen), send
 * the words of @argv to careid-helper, and print what it answers.  Returns the
 * exit status.
 */
int delegate(struct invocation *i, int argc, char *const *argv);
