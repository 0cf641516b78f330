/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * session.c - the session stage: the directory knows who has a session here
 *
 * A session that is not recorded is one that a lock cannot end; so what cannot
 * be recorded is not opened.  An account that is not the directory's is none of
 * our business (PAM_IGNORE), if a helper in good health says so, or if the uid
 * is one that the directory cannot have: see account.c.
 */

#include "session.h"

#include "cleanup.h"
#include "helper-link.h"
#include "login-note.h"

#include <errno.h>

struct exchange {
        struct wire_message question, answer;
};

static int session_record(struct standing *s, enum wire_kind kind) {
        auto_free struct exchange *x = NULL;
        uint64_t login;
        int r;

        if (asker_is_system(&s->asker)) {
                s->standing = STANDING_NOT_OURS;
                return 0;
        }
        x = calloc(1, sizeof *x);
        if (!x)
                return -ENOMEM;

        wire_message_init(&x->question, kind);
        asker_to_message(&s->asker, &x->question);
        if (kind == WIRE_OPEN && s->asker.source[0] != '\0')
                wire_set_string(&x->question, WIRE_TAG_SOURCE, s->asker.source);
        login = login_note_get(s->pamh, s->asker.user);
        if (login > 0)
                wire_set_number(&x->question, WIRE_TAG_LOGIN, login);

        r = helper_link_ask_once(&x->question, UINT32_C(1) << WIRE_RECORDED, &x->answer);
        if (r != WIRE_OK) {
                s->standing = STANDING_LOST;
                s->detail = wire_verdict_text(r);
                return 0;
        }
        s->standing = standing_of_decision((enum wire_decision) x->answer.number[WIRE_TAG_DECISION]);
        /* Recorded: nothing is decided here that the account stage has not decided. */
        if (s->standing == STANDING_MISMATCH)
                s->standing = STANDING_ALLOWED;
        if (kind == WIRE_OPEN && s->standing == STANDING_ALLOWED && wire_has(&x->answer, WIRE_TAG_LOGIN))
                return login_note_put(s->pamh, s->asker.user, x->answer.number[WIRE_TAG_LOGIN]);
        return 0;
}

int session_open(struct standing *s) {
        return session_record(s, WIRE_OPEN);
}

int session_close(struct standing *s) {
        return session_record(s, WIRE_CLOSE);
}
