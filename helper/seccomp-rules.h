/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * seccomp-rules.h - the list of system calls, for the filter and for its tests
 */

#include "sandbox.h"

#include <seccomp.h>

/* Put the rules of @s into @filter.  Returns 0 or a negative errno.  Calls that an architecture lacks are left out. */
int seccomp_rules(scmp_filter_ctx filter, const struct sandbox *s);
