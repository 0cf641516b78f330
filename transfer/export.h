/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * export.h - rows of the care directory into files, as import reads them
 *
 * What stands at that moment, of one moment for all files.  Imported into an
 * empty directory and exported again they are the same bytes.
 */

#include "import.h"

struct transfer_out {
        const struct transfer_kind *kind;
        enum transfer_format        format;
        int                         fd;         /* empty, open for writing; borrowed              */
        uint64_t                    rows;       /* how many there were                            */
        uint64_t                    left_out;   /* archived, ended, over, dead, or hanging on such */
};

/*
 * The audit trail says that it was done, of what, and the @reason, before
 * anything is written.  CONSTRAINT, without @secrets: a kind of which there is
 * something that leaves only where it is asked for; without a @reason (NULL):
 * the contact details of somebody who is protected are among them.  After a
 * failure the files are empty, and *ret_at is the one that could not be
 * written, or NULL.
 */
int transfer_export(struct directory *d, const struct directory_act *act, bool secrets, const char *reason, struct transfer_out *out,
                    size_t n, const struct transfer_out **ret_at);
