/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * names.h - what a person is called, read where no other user of the host can read it
 *
 * First and last name by a command with INVOKE_NAMES, where it has --new or
 * --names only with that; then, with --alias, an alias.  In this order, a line
 * each, from the terminal or standard input (read-secret.h).
 */

#include "invocation.h"
#include "read-secret.h"

#include <string.h>

struct names {
        char given[ASKED_LINE_MAX + 1], family[ASKED_LINE_MAX + 1], alias[ASKED_LINE_MAX + 1];     /* "": not asked for */
};

/* Returns an exit status; unless OUTCOME_DONE, what is wrong has been said. */
int names_read(const struct invocation *i, struct names *ret);

static inline void names_wipe(struct names *names) {
        explicit_bzero(names, sizeof *names);
}

/* NULL for what was not asked for. */
static inline const char *name_or_null(const char *name) {
        return *name ? name : NULL;
}
