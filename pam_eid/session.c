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
#include "login-note.h"

#include <errno.h>

static int session_record(struct standing *s, enum wire_kind kind) {
        auto_free struct wire_message *answer = NULL;
        int r;

        if (asker_is_system(&s->asker)) {
                s->standing = STANDING_NOT_OURS;
                return 0;
        }
        answer = calloc(1, sizeof *answer);
        if (!answer)
                return -ENOMEM;
        r = standing_ask(s, kind, WIRE_RECORDED, answer);
        if (r < 0 || s->standing == STANDING_LOST)
                return r;
        /* Recorded: nothing is decided here that the account stage has not decided. */
        if (s->standing == STANDING_MISMATCH)
                s->standing = STANDING_ALLOWED;
        if (kind == WIRE_OPEN && s->standing == STANDING_ALLOWED && wire_has(answer, WIRE_TAG_LOGIN))
                return login_note_put(s->pamh, s->asker.user, answer->number[WIRE_TAG_LOGIN]);
        return 0;
}

int session_open(struct standing *s) {
        return session_record(s, WIRE_OPEN);
}

int session_close(struct standing *s) {
        return session_record(s, WIRE_CLOSE);
}
