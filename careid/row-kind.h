/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * row-kind.h - a word that is to be a kind of rows, and is none
 */

#include <stdbool.h>

/* Says which there are, or which is meant; @all: also "all".  Returns OUTCOME_USAGE. */
int row_kind_unknown(const char *command, const char *word, bool all);
