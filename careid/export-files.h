/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * export-files.h - the new files of an export: made by root, and taken away by root if it fails
 */

#include "export.h"

#include <signal.h>

struct export_files {
        struct transfer_out file[TRANSFER_KINDS];
        char                name[TRANSFER_KINDS][64];           /* below the directory; "": the file itself */
        size_t              n;
        int                 dir;                /* -1: one file, no directory                     */
        int                 above;              /* the directory that file or directory is in     */
        char                base[256];          /* its name there                                 */
        sigset_t            before;             /* the signals that were blocked before           */
};

/*
 * As root: one file of @kind, or with NULL a directory and in it one of each
 * kind, those that are secret only with @secrets.  Nothing may be there yet,
 * not even a link.  Signals that would end the process wait from here on.
 * Returns an exit status; after a failure nothing is left behind.  *@ret is to
 * be freed with free(); its descriptors end with the process.
 */
int export_files_make(const char *path, const struct transfer_kind *kind, enum transfer_format format, bool secrets,
                      struct export_files **ret);

/*
 * Returns in a child of this process, where signals are heard.  This process, which stays root, waits
 * for it, hands signals on, and ends with its exit status; if that is no
 * success, or it was killed, it removes the files first.  A negative errno:
 * there is no child, and the files are still there.
 */
int export_files_guard(const struct export_files *f);

void export_files_remove(const struct export_files *f);

/*
 * Both at once, of one file that is of no kind: what is written into its
 * descriptor, ->file[0].fd, is there as a whole or not at all.  Returns an exit
 * status, in the child.
 */
int export_file_begin(const char *path, struct export_files **ret);
