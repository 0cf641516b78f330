/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-files.h - the files of the configuration, as they are and as they are in force
 */

#include "config.h"

#include <sys/types.h>

/* What an administrator has written: every file whole, in the order in which they count. */
struct config_files {
        struct config_file {
                char  *path;
                char  *text;
                size_t n;
        } file[CONFIG_FILES_MAX + 1];
        size_t n;
};

/*
 * Read careid.conf and careid.conf.d/NAME.conf of @directory as root.  Each must be
 * root's and writable by root only.  Returns CONFIG_OK, CONFIG_E_WRONG with a
 * sentence in @complaint, or a negative errno.
 */
int config_files_read(const char *directory, struct config_files *ret, char complaint[static CONFIG_COMPLAINT_MAX]);
void config_files_done(struct config_files *files);

/* "; it is uid 990, mode 0666" for a complaint about a file, or "" where that can't be seen. */
const char *config_file_now(const char *path, char ret[static 64]);

/* Make one configuration of them, complete and checked for itself. */
int config_files_parse(const struct config_files *files, struct config *ret,
                       char complaint[static CONFIG_COMPLAINT_MAX]);

/* Do they say the same, of every option? */
bool config_same(const struct config *a, const struct config *b);

/*
 * Where the option stands that counts, "FILE:LINE": in the last file that says
 * it, its last line there.  False: nowhere, it has its default, or the files
 * are not right.
 */
bool config_files_said(const struct config_files *files, const char *section, const char *name, char *ret, size_t n_ret);

/*
 * The compiled form in CAREID_STATE_DIR, which must be @owner's, 0600.
 * config_compiled_read() gives the defaults and -ENOENT where there is none.
 */
int config_compiled_read(uid_t owner, struct config *ret, char complaint[static CONFIG_COMPLAINT_MAX]);
int config_compiled_write(const struct config *c);
