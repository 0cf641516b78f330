/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * account.h - the requests that ask no person: ACCOUNT, OPEN, CLOSE
 */

#include "helper.h"
#include "wire.h"

void account_run(struct helper *h, const struct wire_message *request);
void account_open_run(struct helper *h, const struct wire_message *request);
void account_close_run(struct helper *h, const struct wire_message *request);

/* The answer to one who may not ask, or (@crowded) asks too much at once. */
void account_refuse(struct helper *h, bool crowded);
void account_session_refuse(struct helper *h, bool crowded);
