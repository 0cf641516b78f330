/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-decoy.h - an order of nobody's, for a name that nobody has
 */

#include "bankid-json.h"

/* Fill *ret with tokens in the form of BankID's own, which BankID has never given.  Returns 0 or -EIO: no randomness. */
int bankid_decoy_order(struct bankid_order *ret);
