/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * reserved.h - log-in names that belong to the system, now or after the next package
 *
 * A name that is free today may be a daemon's tomorrow, whose package then
 * takes the user that it finds for its own.  Root may know better; whoever has
 * a mandate gives no such name.
 */

#include <stdbool.h>

bool name_is_reserved(const char *name);
