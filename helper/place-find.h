/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * place-find.h - where the session of a process is, as kernel and logind say
 */

#include "place.h"

#include <sys/types.h>

/*
 * The session of @pid, by its audit session (kernel) and its control group
 * (systemd): neither can be changed by who is in it.  Looks only; what can't be
 * asked is PLACE_UNKNOWN.  Before the sandbox shuts.
 */
void place_find(pid_t pid, struct place *ret);
