/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-files.h - the files that [bankid] names: are they there, whose are they, are they good?
 */

#include "certificate.h"
#include "config.h"

#include <sys/types.h>

enum { BANKID_FILE_MAX = 64 * 1024 };

enum bankid_file {
        BANKID_CERTIFICATE,     /* root's; with its key                                           */
        BANKID_KEY,             /* the system user's, 0400                                        */
        BANKID_CA,              /* root's; only where configured                                  */
};

/*
 * Judge one of them as the system user @owner, which the caller already is:
 * what it can't read, the helper can't read either.  Returns CONFIG_OK,
 * CONFIG_E_WRONG with a sentence in @complaint, or a negative errno; *ret as
 * certificate_judge() does.
 */
int bankid_file_judge(const struct config *c, enum bankid_file which, uid_t owner, int64_t now,
                      struct certificate_facts *ret, char complaint[static CONFIG_COMPLAINT_MAX]);
