/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * ask-helper.h - one question to careid-helper, which may use the network where this command may not
 */

#include "wire.h"

enum {
        ASK_HELPER_MS      = 20000,             /* for question and answer; a PROBE takes 17 s at most */
        ASK_HELPER_ACT_MS  = 90000,             /* for all that an act answers                    */
        ASK_HELPER_ACT_MAX = 4 << 20,           /* bytes of it                                    */
};

/*
 * Connect to the socket @name of CAREID_RUN_DIR.  Returns 0 or a negative
 * errno: -ENOENT or -ECONNREFUSED where nobody listens, -EPERM where somebody
 * listens who must not.
 */
int ask_helper_connect(const char *name, int *ret_fd);

/*
 * Ask as root, through /run/careid/root.sock, for an answer whose kind is in
 * @kinds.  Returns WIRE_OK, a WIRE_E_* verdict about the conversation, or a
 * negative errno: -ENOENT or -ECONNREFUSED where nobody listens, -EPERM where
 * somebody listens who must not.
 */
int ask_helper(const struct wire_message *question, uint32_t kinds, struct wire_message *ret);

/*
 * Does anybody listen on the socket @name of CAREID_RUN_DIR?  As root: the one
 * for root is nobody else's.  It is connected to, and closed at once, which an
 * acceptor takes for somebody who has gone: what lists say of sockets, others
 * can write there as well.  Returns 1, 0 or a negative errno.
 */
int ask_helper_listens(const char *name);
