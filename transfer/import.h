/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * import.h - rows of files into the care directory: all of them, or none
 *
 * A row that is there already, the very same, changes nothing; one that is
 * there with another value is a mistake.  Every mistake of every row is told,
 * with the file and the place in it.
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

struct transfer_result {
        uint64_t rows, added, same, mistakes;
};

struct transfer_import {
        const char *home, *shell;               /* of accounts that say neither; %u is the log-in name */
        bool        keep;                       /* false: only say what would be                  */
        void      (*said)(void *about, const char *file, const struct row_place *at, bool note, const char *text);
        void      (*went_on)(void *about, uint64_t rows, uint64_t bytes, uint64_t bytes_in_all);        /* NULL: nobody asks */
        void       *about;
};

/*
 * DIRECTORY_OK: all of it is in the directory (or, without @keep, would be).
 * DIRECTORY_E_INVALID: ret->mistakes of them were told, and nothing is
 * changed.  A negative errno: the directory or a file is out of order, and
 * nothing is changed; *ret_file is the file, or NULL.
 *
 * Each row that was added has its entry in the audit trail; one more, "import",
 * counts them.  Nothing is published.
 */
int transfer_import(struct directory *d, const struct directory_act *act, const struct transfer_import *import,
                    const struct transfer_file *files, size_t n, struct transfer_result *ret, const char **ret_file);
