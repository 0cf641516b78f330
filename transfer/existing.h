/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * existing.h - what a row's values stand for, and whether it is there already
 */

#include "rows.h"

struct values {
        int64_t integer[TRANSFER_COLUMNS_MAX];
        bool    known[TRANSFER_COLUMNS_MAX];            /* the integer stands for something       */
};

/*
 * Persons to ids, dates to seconds, and so on.  DIRECTORY_OK; INVALID: what
 * is wrong has been said; or a negative errno.
 */
int values_read(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct row_listener *l,
                struct values *ret);

/*
 * TRANSFER_SAME, ENDED, ARCHIVED or CHANGED; NOT_FOUND; EXISTS: there is another one
 * under its key, and it has been said where they differ; or a negative errno.
 */
int existing_find(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct values *values,
                  int64_t now, const struct row_listener *l);

/* Does it hang on what is archived, dead or ended? */
int existing_is_gone(struct directory *d, const struct transfer_kind *kind, const struct row *row, const struct values *values, bool *ret);
