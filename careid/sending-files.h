/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sending-files.h - the files that [sms] and [mail] name: are they there, whose are they?
 */

#include "config.h"

#include <sys/types.h>

enum { SENDING_SECRET_MAX = 512, SENDING_ROOTS_MAX = 1024 * 1024 };     /* bytes                  */

/*
 * Judge those of what is configured, as the system user @owner, which the
 * caller already is.  CONFIG_OK; CONFIG_E_WRONG with a sentence in @complaint,
 * which quotes nothing of a secret; or a negative errno.
 */
int sending_files_judge(const struct config *c, uid_t owner, char complaint[static CONFIG_COMPLAINT_MAX]);
