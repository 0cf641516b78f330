/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * account.c - the account stage: may this account be used now, however it was authenticated?
 *
 * A public key passes by the authentication stage; it does not pass by this one.
 *
 * "Not ours" is what a helper in good health says.  For one kind of account it
 * is known without asking: no account of the care directory has a uid below
 * ASKER_UID_MIN, at either end, so cron jobs of the system and root at the
 * console do not depend on a helper.
 */

#include "account.h"

#include "cleanup.h"
#include "converse.h"
#include "verify.h"

#include <errno.h>

static int finding_make(struct standing *s, const struct wire_message *decision, enum verify_finding *ret) {
        struct verify_facts facts = { .asked = s->asker.user };
        const void *now = NULL;
        int r;

        if (pam_get_item(s->pamh, PAM_USER, &now) == PAM_SUCCESS)
                facts.now = now;
        r = asker_resolve(s->asker.user, &facts.known, &facts.uid, NULL);
        if (r < 0)
                return r;
        *ret = verify_account(&facts, decision);
        return 0;
}

static void tell(struct standing *s, const char *text) {
        const bool allowed = s->standing == STANDING_ALLOWED;
        struct converse converse = { .pamh = s->pamh, .silent = ((unsigned) s->flags & PAM_SILENT) != 0 };

        (void) converse_tell(&converse, allowed ? PAM_TEXT_INFO : PAM_ERROR_MSG,
                             allowed ? CONVERSE_PLEASANT : CONVERSE_ESSENTIAL, text);
}

int account_check(struct standing *s) {
        auto_free struct wire_message *answer = NULL;
        enum verify_finding finding;
        int r;

        if (asker_is_system(&s->asker)) {
                s->standing = STANDING_NOT_OURS;
                return 0;
        }
        answer = calloc(1, sizeof *answer);
        if (!answer)
                return -ENOMEM;
        r = standing_ask(s, WIRE_ACCOUNT, WIRE_DECISION, answer);
        if (r < 0 || s->standing == STANDING_LOST || s->standing == STANDING_BAD_NAME)
                return r;

        if (s->standing == STANDING_MISMATCH) {
                r = finding_make(s, answer, &finding);
                if (r < 0)
                        return r;
                if (finding == VERIFY_GRANTED)
                        s->standing = STANDING_ALLOWED;
                else
                        s->detail = verify_finding_text(finding);
        }
        /* Who is none of ours gets no word from us, and a mismatch has no text. */
        if (s->standing != STANDING_NOT_OURS && s->standing != STANDING_MISMATCH)
                tell(s, answer->string[WIRE_TAG_TEXT]);
        return 0;
}
