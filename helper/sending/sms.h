/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sms.h - an SMS, as the configuration says that the gateway wants it; inside helper/sending/ only
 */

#include "transport.h"

/* Everything but the address.  0; -EOVERFLOW, -EINVAL: it can't be said so; -ENOMEM; -EIO. */
int sms_prepare(const struct sending_means *m, const struct sending_message *message, struct transport *t);

/* What the answer means. */
enum sending_outcome sms_judge(const struct sending_means *m, const struct transport *t, CURLcode code, long status,
                               char detail[static SENDING_DETAIL_MAX]);
