/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * attempt.c - one attempt to log in, from the first question to the outcome
 *
 * Names that the host does not know are asked about like all others: before a
 * factor has proven the person, nobody learns from this module which names
 * there are.  Names of root and the system accounts are no secret, and the
 * grant rule has its answer without asking.
 */

#include "attempt.h"

#include "cleanup.h"
#include "helper-link.h"
#include "kept-link.h"
#include "login-note.h"
#include "sudo-command.h"
#include "talk.h"
#include "texts.h"
#include "verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void detail_set(struct attempt *a, const char *detail) {
        (void) snprintf(a->detail, sizeof a->detail, "%s", detail);
}

/* A row in which the person asks for each picture, and for each word of how it stands. */
static bool is_asked(const struct talk *talk) {
        return talk->host.row == HOST_SSH_ASKED || talk->host.row == HOST_PLAIN || talk->host.row == HOST_PROMPT;
}

static enum wire_pace pace_of(const struct talk *talk) {
        return talk->host.row == HOST_OTHER ? WIRE_PACE_TYPED : talk->asked ? WIRE_PACE_ASKED : WIRE_PACE_LIVE;
}

/*
 * The question.  @m borrows from @a and @sudo.  TARGET is sudo's alone: su
 * authenticates the account that it becomes, which is ACCOUNT then.
 */
static void question_make(const struct attempt *a, const struct talk *talk, const struct sudo_command *sudo,
                          struct wire_message *m) {
        const struct asker *asker = &a->asker;

        wire_message_init(m, WIRE_VERIFY);
        asker_to_message(asker, m);
        wire_set_number(m, WIRE_TAG_PACE, pace_of(talk));
        wire_set_number(m, WIRE_TAG_TIMEOUT, talk->host.timeout);
        if (asker->source[0] != '\0')
                wire_set_string(m, WIRE_TAG_SOURCE, asker->source);
        if (asker->after_key)
                wire_set_number(m, WIRE_TAG_AFTER_KEY, 1);
        if (sudo->target[0] != '\0')
                wire_set_string(m, WIRE_TAG_TARGET, sudo->target);
        if (sudo->program[0] != '\0')
                wire_set_string(m, WIRE_TAG_PROGRAM, sudo->program);
        if (sudo->program[0] != '\0' && sudo->arguments[0] != '\0')
                wire_set_string(m, WIRE_TAG_ARGUMENTS, sudo->arguments);
}

/*
 * The last text.  An sshd that shows messages at the next prompt only would
 * never show why a log-in failed, so there the reason is a prompt.
 */
static void tell_end(struct talk *talk, const char *text, bool approved) {
        enum converse_choice choice;

        if (text[0] == '\0')
                return;
        /* misc_conv(3) writes it to stdout, and `su -c COMMAND > FILE` has only the command's output in its file. */
        if ((talk->host.row == HOST_TERMINAL || talk->host.row == HOST_PLAIN) && approved)
                return;
        if (talk->host.row != HOST_SSH_ASKED || approved) {
                (void) converse_tell(&talk->converse, approved ? PAM_TEXT_INFO : PAM_ERROR_MSG,
                                     approved ? CONVERSE_PLEASANT : CONVERSE_ESSENTIAL, text);
                return;
        }
        drawing_begin(talk->drawing);
        drawing_put_string(talk->drawing, "\n");
        drawing_put_string(talk->drawing, text);
        drawing_put_string(talk->drawing, "\n\n");
        drawing_put_string(talk->drawing, text_get(TEXT_PRESS_ENTER, talk_language(talk)));
        (void) talk_prompt(talk, &choice);
}

/* Tell the person in every language that there is: nobody has told us theirs. */
static void tell_in_all(struct talk *talk, enum text_id id) {
        char all[512];

        (void) snprintf(all, sizeof all, "%s\n%s\n%s", text_in(id, TEXT_SV), text_in(id, TEXT_DA), text_in(id, TEXT_EN));
        tell_end(talk, all, false);
}

/* The facts of the grant rule, gathered after the answer, not before. */
static int finding_make(struct attempt *a, const struct wire_message *verdict, enum verify_finding *ret) {
        struct verify_facts facts = { .asked = a->asker.user };
        const void *now = NULL;
        int r;

        if (pam_get_item(a->pamh, PAM_USER, &now) == PAM_SUCCESS)
                facts.now = now;
        r = asker_resolve(a->asker.user, &facts.known, &facts.uid, NULL);
        if (r < 0)
                return r;
        *ret = verify_grant(&facts, verdict);
        return 0;
}

static int verdict_take(struct attempt *a, struct talk *talk) {
        const struct wire_message *m = &talk->message;
        enum verify_finding finding;
        int r;

        a->outcome = outcome_of_verdict((enum wire_verdict) m->number[WIRE_TAG_VERDICT]);
        if (a->outcome == EID_NOT_GRANTED) {
                r = finding_make(a, m, &finding);
                if (r < 0)
                        return r;
                if (finding == VERIFY_GRANTED)
                        a->outcome = EID_APPROVED;
                else
                        detail_set(a, verify_finding_text(finding));
        }
        if (a->outcome == EID_APPROVED && wire_has(m, WIRE_TAG_LOGIN)) {
                r = login_note_put(a->pamh, a->asker.user, m->number[WIRE_TAG_LOGIN]);
                if (r < 0)
                        return r;
        }
        /* The account stage goes on where this one ends. */
        if (a->outcome == EID_APPROVED)
                kept_link_put(a->pamh, a->asker.user, steal_fd(&talk->fd));
        /* The text of an approval that does not count would be a lie. */
        if (a->outcome != EID_NOT_GRANTED)
                tell_end(talk, m->string[WIRE_TAG_TEXT], a->outcome == EID_APPROVED);
        return 0;
}

/* The helper cannot be asked, or has stopped making sense. */
static void lost(struct attempt *a, struct talk *talk, int fault) {
        a->outcome = EID_LOST;
        detail_set(a, wire_verdict_text(fault));
        /* Whatever it still does, it is to give up: the text may be read at leisure. */
        auto_closep(&talk->fd);
        talk->fd = -1;
        tell_in_all(talk, TEXT_UNAVAILABLE);
}

/* There is nothing that could be shown here. */
static void no_way(struct attempt *a, struct talk *talk) {
        a->outcome = EID_NO_METHOD;
        auto_closep(&talk->fd);
        talk->fd = -1;
        tell_in_all(talk, TEXT_NO_METHOD);
}

static int row_run(struct talk *talk) {
        switch (talk->host.row) {
        case HOST_TERMINAL:
                return terminal_run(talk);
        case HOST_SSH_ASKED:
        case HOST_PLAIN:
                return asked_run(talk);
        case HOST_SSH_LIVE:
                return live_run(talk);
        case HOST_PROMPT:
                return prompt_run(talk);
        case HOST_OTHER:
                return typed_run(talk);
        }
        return TALK_E_LOST;
}

static int row_end(struct attempt *a, struct talk *talk, int r) {
        if (r < 0)
                return r;
        switch (r) {
        case TALK_VERDICT:
                return verdict_take(a, talk);
        case TALK_E_GIVEN_UP:
                a->outcome = EID_GIVEN_UP;
                return 0;
        case TALK_E_CONVERSATION:
                a->outcome = EID_CONVERSATION;
                return 0;
        case TALK_E_TIMED_OUT:
                a->outcome = EID_TIMED_OUT;
                tell_end(talk, text_get(TEXT_TIME_UP, talk_language(talk)), false);
                return 0;
        case TALK_E_TOO_MANY:
                a->outcome = EID_TOO_MANY;
                /* Give up at the provider first: the text may be read at leisure. */
                auto_closep(&talk->fd);
                talk->fd = -1;
                tell_end(talk, text_get(TEXT_TOO_MANY, talk_language(talk)), false);
                return 0;
        case TALK_E_NO_WAY:
                no_way(a, talk);
                return 0;
        case TALK_E_UNREAD:
                detail_set(a, "the host program answers prompts by itself");
                no_way(a, talk);
                return 0;
        case TALK_E_LOST:
                lost(a, talk, talk->fault);
                return 0;
        }
        return 0;                       /* nothing that a row returns: denied, as at the start           */
}

void attempt_unresolved(struct attempt *a, int r) {
        AUTO(talk_freep) struct talk *talk = talk_new(a->pamh, a->flags);

        a->outcome = EID_BROKEN;
        (void) snprintf(a->detail, sizeof a->detail, "the host's user database: %s", wire_verdict_text(r));
        if (talk) {
                host_find(&a->asker, &a->options, &talk->host);
                tell_in_all(talk, TEXT_UNAVAILABLE);
        }
}

int attempt_run(struct attempt *a) {
        AUTO(talk_freep) struct talk *talk = NULL;
        struct sudo_command sudo = { .target = "" };
        int r;

        a->outcome = EID_DENIED;
        if (asker_is_system(&a->asker)) {
                a->outcome = EID_SYSTEM_ACCOUNT;
                return 0;
        }
        talk = talk_new(a->pamh, a->flags);
        if (!talk)
                return -ENOMEM;
        host_find(&a->asker, &a->options, &talk->host);
        talk->asked = is_asked(talk);
        if (service_find(a->asker.service) == SERVICE_SUDO)
                sudo_command_read(&sudo);
        question_make(a, talk, &sudo, &talk->message);
        talk->ends_ms = wire_now_ms() + (uint64_t) talk->host.timeout * 1000;
        r = helper_link_ask(&talk->message, UINT32_C(1) << WIRE_INTRO | UINT32_C(1) << WIRE_VERDICT, &talk->intro,
                            &talk->fd);
        /* Arguments may be secrets. */
        explicit_bzero(&sudo, sizeof sudo);
        if (r != WIRE_OK) {
                lost(a, talk, r);
                return 0;
        }
        if (talk->intro.kind == WIRE_VERDICT) {
                /* An approval of nobody, before anything was asked, is not one. */
                a->outcome = outcome_of_verdict((enum wire_verdict) talk->intro.number[WIRE_TAG_VERDICT]);
                tell_end(talk, a->outcome == EID_NOT_GRANTED ? "" : talk->intro.string[WIRE_TAG_TEXT], false);
                return 0;
        }
        /* Until the first SHOW there is only the introduction to show. */
        wire_message_init(&talk->message, WIRE_START);
        return row_end(a, talk, row_run(talk));
}
