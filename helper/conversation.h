/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * conversation.h - what may be asked, by whom, and after what
 */

#include "helper.h"
#include "wire.h"

/* Hold one conversation on @h->fd, to its end. */
void conversation_run(struct helper *h);

/* Send @m before HELPER_SEND_MS are over.  Returns a verdict of wire_send(). */
int conversation_send(const struct helper *h, const struct wire_message *m);
