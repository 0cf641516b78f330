/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * session.h - the session stage: the directory knows who has a session here
 */

#include "account.h"

/* Record that a session begins, or that it has ended.  As account_check(). */
int session_open(struct standing *s);
int session_close(struct standing *s);
