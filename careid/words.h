/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * words.h - files of the host that are made of words on lines
 */

#include "scan.h"

/*
 * The next line that is not empty and not a comment, its "#..." end and outer
 * blanks taken off.  False at the end.
 */
bool words_line(struct scan *file, struct scan *ret);

/* The next word of a line: everything up to a blank. */
bool words_next(struct scan *line, const char **ret, size_t *ret_n);

/* Is the word @right, in whatever case? */
bool words_same(const char *word, size_t n, const char *right);
