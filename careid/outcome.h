/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * outcome.h - how a command ends: its exit status, and the one line that says why
 */

#include "directory.h"

enum {
        OUTCOME_DONE    = 0,
        OUTCOME_REFUSED = 1,            /* refused, not found, or (check) something is wrong      */
        OUTCOME_USAGE   = 2,
        OUTCOME_BROKEN  = 3,            /* the directory, the host or careid is out of order      */
};

/*
 * From here on the first complaint is also printed as JSON, on standard
 * output: { "error": { "about": WHAT or null, "text": ..., "status": ... } }.
 */
void outcome_in_json(void);

/* "careid: WHAT: ..." on standard error, without WHAT where it is NULL; returns @status. */
int outcome_say(int status, const char *what, const char *format, ...)
        __attribute__((__format__(__printf__, 3, 4)));

/*
 * The same for a result code of directory/, with the directory's own
 * complaint where it has one.  @d is NULL after directory_open() failed.
 * DIRECTORY_OK says nothing.
 */
int outcome_of_directory(const char *what, int r, const struct directory *d);

/* The same for a negative errno of the system. */
int outcome_of_errno(const char *what, int r);

/* "careid: TEXT" on standard error: what is no failure of the act. */
void outcome_warn(const char *text);
