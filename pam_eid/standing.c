/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * standing.c - one question of the account or the session stage
 */

#include "account.h"

#include "cleanup.h"
#include "helper-link.h"
#include "kept-link.h"
#include "login-note.h"

#include <errno.h>

/* In the conversation that the stage before has kept, where there is one and it still goes on; else in a new one. */
static int question_ask(struct standing *s, const struct wire_message *question, uint32_t kinds,
                        struct wire_message *answer, int *ret_fd) {
        auto_close int fd = -1;
        int r = WIRE_E_CLOSED;

        if (question->kind != WIRE_CLOSE)
                fd = kept_link_take(s->pamh, question->string[WIRE_TAG_ACCOUNT]);
        if (fd >= 0)
                r = helper_link_ask_on(fd, question, kinds, answer);
        if (r != WIRE_OK) {
                /* Closed first: what it has not begun to commit by then it does not record any more. */
                auto_closep(&fd);
                fd = -1;
                return helper_link_ask(question, kinds, answer, ret_fd);
        }
        *ret_fd = steal_fd(&fd);
        return r;
}

int standing_ask(struct standing *s, enum wire_kind kind, enum wire_kind expected, struct wire_message *answer) {
        auto_free struct wire_message *question = calloc(1, sizeof *question);
        const uint64_t login = login_note_get(s->pamh, s->asker.user);
        auto_close int fd = -1;
        int r;

        if (!question)
                return -ENOMEM;
        /* By the host's own name: another spelling of it is the same account, and none of its rules is gone round. */
        if (s->asker.resolves && s->asker.account[0] == '\0') {
                s->standing = STANDING_BAD_NAME;
                return 0;
        }
        wire_message_init(question, kind);
        asker_to_message(&s->asker, question);
        if (s->asker.resolves)
                wire_set_string(question, WIRE_TAG_ACCOUNT, s->asker.account);
        if (kind != WIRE_CLOSE && s->asker.source[0] != '\0')
                wire_set_string(question, WIRE_TAG_SOURCE, s->asker.source);
        if (login > 0)
                wire_set_number(question, WIRE_TAG_LOGIN, login);

        r = question_ask(s, question, UINT32_C(1) << expected, answer, &fd);
        if (r != WIRE_OK) {
                s->standing = STANDING_LOST;
                s->detail = wire_verdict_text(r);
                return 0;
        }
        s->standing = standing_of_decision((enum wire_decision) answer->number[WIRE_TAG_DECISION]);
        if (kind == WIRE_ACCOUNT && answer->number[WIRE_TAG_DECISION] == WIRE_DECISION_ALLOWED)
                kept_link_put(s->pamh, question->string[WIRE_TAG_ACCOUNT], steal_fd(&fd));
        return 0;
}
