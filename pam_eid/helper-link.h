/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * helper-link.h - one conversation with careid-helper
 *
 * Through the socket where there is one (root.sock for euid 0, user.sock for
 * everybody else); by executing the setuid helper where there is none, or, for
 * euid 0, where the socket does not answer.  docs/helper-protocol.md.
 */

#include "wire.h"

enum {
        HELPER_LINK_CONNECT_MS = 3000,          /* for a place in the queue of the socket                */
        HELPER_LINK_SOCKET_MS  = 3000,          /* for the first answer through root's socket, then itself */
        HELPER_LINK_ANSWER_MS  = 10000,         /* for the first answer                                  */
};

/*
 * Send @question as the first message of a new conversation and receive the
 * first answer, of a kind in @kinds, into *ret, which is another message.
 *
 * Returns WIRE_OK and stores the connection in *ret_fd; a WIRE_E_* verdict
 * (WIRE_E_CLOSED also where there is nobody to ask); or a negative errno
 * (-EPERM: there is a socket, and it is not to be trusted).
 */
int helper_link_ask(const struct wire_message *question, uint32_t kinds, struct wire_message *ret, int *ret_fd);

/* The same in the conversation @fd, which has been answered and may go on (kept-link.h).  WIRE_OK or WIRE_E_*. */
int helper_link_ask_on(int fd, const struct wire_message *question, uint32_t kinds, struct wire_message *ret);
