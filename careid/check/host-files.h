/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host-files.h - the files of this host that careid check looks at
 */

#include "check.h"

struct host_files {
        struct check_file nsswitch, login_defs, subuid, subgid, passwd, group, breakglass, mounts, audit_rules, samba;
        struct check_file stacks[CHECK_STACKS_MAX];
        size_t            n_stacks;
        struct check_file sshd[CHECK_SSHD_MAX];
        size_t            n_sshd;
        struct check_file sssd[CHECK_SSSD_MAX];
        size_t            n_sssd;
        struct check_file audit_parts[CHECK_AUDIT_MAX];
        size_t            n_audit_parts;
        struct check_sshd_release sshd_release;
        struct check_console console;
        bool              root_has_password, auditd_runs;
};

/* One of them, as whoever asks; as host_files_read(). */
int host_file_read(const char *path, struct check_file *ret);
void host_file_done(struct check_file *f);

/* Read them as root; what is missing or can't be read has no text.  0 or -ENOMEM. */
int host_files_read(struct host_files *ret);
void host_files_done(struct host_files *h);

/* A finding for each that is there and could not be read. */
void host_files_check(const struct host_files *h, struct check *c);
