/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * row-write.h - rows into a file, in the form that rows.h reads
 *
 * Values are UTF-8 without NUL; NULL and "" are no value.  In CSV they are
 * guarded against programs that would carry them out (formula.h).  Whether all
 * could be written is the stream's to say.
 */

#include "import.h"

#include <stdio.h>

void row_write_begin(FILE *f, const struct transfer_kind *kind, enum transfer_format format);
/* 0; -EILSEQ: a value is no UTF-8, and nothing of the row is written; -ENOMEM. */
int row_write(FILE *f, const struct transfer_kind *kind, enum transfer_format format, const char *const value[], bool first);
void row_write_end(FILE *f, enum transfer_format format);
