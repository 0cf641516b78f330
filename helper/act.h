/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * act.h - what a person has a mandate for, done for them: ACT
 */

#include "helper.h"
#include "wire.h"

enum { ACT_TEXT_MAX = 1 << 20 };        /* bytes of what a command prints, and of what it says    */

/* Is the first message of @fd an ACT?  Nothing but its kind is looked at, and it stays to be received. */
bool act_is_asked(int fd);

/*
 * Before the sandbox is shut, and before a word of the caller's is read: could
 * any act be that of who has the caller's uid?  Whoever holds nothing is
 * answered by a process that can't write.  False also where that can't be
 * found out.
 */
bool act_may_write(const struct helper *h);

/* Before the sandbox is shut: what a process that acts needs to have loaded. */
void act_prepare(void);

void act_run(struct helper *h, const struct wire_message *request);
void act_refuse(struct helper *h, bool crowded);
