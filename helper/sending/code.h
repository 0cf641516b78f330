/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * code.h - a code for a log-in, sent to whom it is for: at once, never by the queue
 */

#include "helper.h"
#include "sending.h"

/*
 * Send @code to the phone (SENDING_SMS) or mail address (SENDING_MAIL) that is
 * registered for the person of @account, in @language ("sv", "da", "en"), and
 * how many minutes it is good for.  The directory must be open to read.
 *
 * Returns 0 and a sending that goes on by itself (sending.h); -ENOENT: nothing
 * of that kind is registered; -EACCES: the account is closed or locked, the
 * person gone: nothing is sent to them (L1); -EOPNOTSUPP: this kind is not
 * configured; or another negative errno.  None of this is for whoever logs in.
 */
int sending_code(struct helper *h, enum sending_kind kind, int64_t account, const char *code, unsigned minutes, const char *language,
                 struct sending **ret);
