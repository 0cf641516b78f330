/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * shown-arguments.h - what must not be among the arguments that an e-ID app shows
 *
 * careid's own commands name clients, and say why: neither is to reach the
 * provider of an e-ID, where it is signed and kept (X1).  Other programs'
 * arguments are what an administrator has them shown for.
 */

#include <stdbool.h>

/*
 * Is it careid that @program runs with @arguments, by whatever path, itself or
 * through a shell or another program?  @arguments have blanks between them, as
 * in WIRE_TAG_ARGUMENTS; NULL is none.  Rather too often than not: any word
 * whose last component is "careid" is enough.
 */
bool arguments_are_careids(const char *program, const char *arguments);
