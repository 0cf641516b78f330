/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * check-certificate.h - findings about the files that [bankid] names
 */

#include "check.h"

#include <sys/types.h>

/* As the system user @owner, which the caller already is.  No finding where BankID is off. */
void check_certificates(struct check *c, const struct config *config, uid_t owner, int64_t now);
