/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * evidence.h - inside directory/: evidence as a part of the transaction that records its log-in
 */

#include "store.h"

enum { EVIDENCE_EXPIRE_MAX = 16 };      /* rows that one log-in deletes                           */

/* Keep the evidence of @login for the log-in @id, whose row has been written in this transaction. */
int evidence_add(struct directory *d, int64_t id, const struct directory_login *login);

/* Delete what is kept no longer, @max rows at most, with an audit entry of @actor if there is any. */
int evidence_expire(struct directory *d, const char *actor, int64_t now, int64_t max, int64_t *ret_n);
