/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * notice.h - what the administrator is told in time, once a day
 */

#include "helper.h"

enum {
        NOTICE_CERTIFICATE_DAYS = 30,           /* before our certificate expires                 */
        NOTICE_INTERVAL_S       = 24 * 60 * 60,
};

/*
 * Write a line into the journal if our certificate expires within
 * NOTICE_CERTIFICATE_DAYS, or the provider has just said that it has expired.
 * For root's conversations only, whose helper can remember that it has; call
 * it when nobody waits any more.
 */
void notice_certificate(struct helper *h);
