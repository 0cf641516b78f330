/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * dry-run.h - what a command would do, without it
 *
 * Every command that writes the care directory, and nothing else, has
 * --dry-run: its acts are done in a transaction that is never committed, so
 * that everything that could refuse them does.
 */

#include "invocation.h"

/*
 * Runs the command.  Each line that it prints begins with "dry run: ", and a
 * last one says that nothing was changed; with --json the JSON is printed as
 * it is, and the last line on standard error.  Returns the command's status.
 */
int dry_run(struct invocation *i);
