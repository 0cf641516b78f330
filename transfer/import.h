/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * import.h - rows of files into the care directory: all of them, or none
 *
 * A row that is there already, the very same, changes nothing; one that is
 * there with another value is a mistake.  Every mistake of every row is told,
 * with the file and the place in it.
 *
 * What has been ended, taken away or archived since is not brought back by a
 * row that still says it, and nothing is hung on it: such a row is a mistake,
 * or passed over, or, what has ended, added anew, as whoever imports says.
 */

#include "rows.h"

enum transfer_format { TRANSFER_CSV = 1, TRANSFER_JSON };

struct transfer_file {
        const char                 *name;       /* for whoever is told                            */
        const struct transfer_kind *kind;       /* NULL: the file (JSON) says it                  */
        enum transfer_format        format;
        int                         fd;         /* an ordinary file, at its beginning; borrowed   */
        uint64_t                    size;
};

enum transfer_ended {
        TRANSFER_ENDED_REFUSE = 0,      /* a mistake                                              */
        TRANSFER_ENDED_SKIP,            /* passed over, with a note                               */
        TRANSFER_ENDED_AGAIN,           /* added anew; what is archived, or hangs on that, is a mistake */
};

struct transfer_result {
        uint64_t rows, added, same, mistakes;
        uint64_t passed_over;           /* with SKIP                                              */
        uint64_t of_ended;              /* how many of the mistakes SKIP would pass over          */
        uint64_t again;                 /* how many of those added had ended                      */
};

struct transfer_import {
        const char *home, *shell;               /* of accounts that say neither; %u is the log-in name */
        enum transfer_ended ended;
        void      (*said)(void *about, const char *file, const struct row_place *at, bool note, const char *text);
        void      (*went_on)(void *about, uint64_t rows, uint64_t bytes, uint64_t bytes_in_all);        /* NULL: nobody asks */
        void       *about;
};

/*
 * DIRECTORY_OK: all of it is in the directory.
 * DIRECTORY_E_INVALID: ret->mistakes of them were told, and nothing is
 * changed.  A negative errno: the directory or a file is out of order, and
 * nothing is changed; *ret_file is the file, or NULL.
 *
 * Each row that was added has its entry in the audit trail; one more, "import",
 * counts them.  Nothing is published.
 */
int transfer_import(struct directory *d, const struct directory_act *act, const struct transfer_import *import,
                    const struct transfer_file *files, size_t n, struct transfer_result *ret, const char **ret_file);
