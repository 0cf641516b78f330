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
#include "snapshot-self.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>

/*
 * A client, relative or external is in no file that their own processes can
 * read.  Without their entry they are a number to themselves; nothing opens or
 * shuts by it, so the session goes on.
 */
static void show_themselves(struct standing *s) {
        const int r = geteuid() == 0 ? snapshot_self_write(s->asker.user) : 0;

        if (r < 0)
                pam_syslog(s->pamh, LOG_WARNING, "this account's own entry could not be written: its processes can't look themselves up (%s)",
                           strerrorname_np(-r));
}

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
        if (kind == WIRE_OPEN && s->standing == STANDING_ALLOWED)
                show_themselves(s);
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
