/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * verify.h - is the person who owns this account here and willing?
 */

#include "helper.h"
#include "wire.h"

/* Hold a VERIFY from after its first message to its VERDICT. */
void verify_run(struct helper *h, const struct wire_message *request);

/* The answer to one who may not ask, or (@crowded) asks too much at once. */
void verify_refuse(struct helper *h, bool crowded);
