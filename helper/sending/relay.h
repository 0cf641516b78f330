/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * relay.h - a mail, handed over to the relay; inside helper/sending/ only
 */

#include "transport.h"

int relay_prepare(const struct sending_means *m, const struct sending_message *message, struct transport *t);

/* What came of it: 550 to 554 (RFC 5321, 4.2.2) are for good, all else is worth another try. */
enum sending_outcome relay_judge(const struct transport *t, CURLcode code, long status, char detail[static SENDING_DETAIL_MAX]);
