/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-act.c - a helper that acts for nobody: what it would do is the command's, which the tests of that look at
 */

#include "act.h"

#include "conversation.h"

bool act_is_asked(int fd) {
        (void) fd;
        return false;
}

void act_prepare(void) {
}

void act_run(struct helper *h, const struct wire_message *request) {
        (void) request;
        act_refuse(h, false);
}

void act_refuse(struct helper *h, bool crowded) {
        struct wire_message m;

        wire_message_init(&m, WIRE_RESULT);
        wire_set_string(&m, WIRE_TAG_HELP, crowded ? "crowded" : "no");
        wire_set_number(&m, WIRE_TAG_STATUS, 1);
        (void) conversation_send(h, &m);
}
