/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * messages.h - whom to send what, and what became of it
 *
 * The directory says to whom and what about; the words are made by whoever
 * sends (helper/sending/).  Nothing is ever sent to an account that is closed
 * or locked, or to somebody who is archived or has died (L1): asked when it is
 * put here, and again when it is taken.
 *
 * A message that can't be sent is tried again, later each time, for
 * MESSAGE_DAYS.  It counts as tried, on the disk, before it is given out: who
 * is killed between that and the answer of a relay sends it once more, and not
 * for ever.  The audit trail has what was sent to whom, without address and text.
 */

#include "acts.h"

enum {
        MESSAGE_TO_MAX  = 254,          /* bytes of a number or address                           */
        MESSAGE_DAYS    = 3,            /* that it is tried                                       */
        MESSAGE_GENERAL_CHARS = 500,    /* of a general message                                   */
        MESSAGE_GENERAL_MAX   = 2000,   /* bytes of it                                            */
};

enum message_purpose {
        MESSAGE_INVITATION = 1,         /* K4                                                     */
        MESSAGE_CONTACT_CHANGED,        /* X14: to where somebody was reached until then          */
};

enum message_outcome {
        MESSAGE_SENT = 1,
        MESSAGE_REFUSED,                /* whoever carries it will not                            */
        MESSAGE_GAVE_UP,                /* for MESSAGE_DAYS                                       */
        MESSAGE_DROPPED,                /* there is nobody, or nothing, to send it to any more    */
};

/* The kinds of contact that can be sent to, as bits. */
enum { MESSAGE_BY_PHONE = 1 << 0, MESSAGE_BY_MAIL = 1 << 1 };

struct directory_message {
        int64_t id, person;
        enum message_purpose purpose;
        bool    by_mail;                /* else by phone                                          */
        char    to[MESSAGE_TO_MAX + 1]; /* the caller wipes it                                    */
        char    language[3];            /* "" where the person has none                           */
        char    account[33];            /* of an invitation; else ""                              */
        char    organisation[DIRECTORY_TITLE_MAX + 1];  /* title; "" where it is of none          */
        bool    has_se_number, has_phone;       /* of an invitation: which ways could be theirs   */
};

/*
 * Invite a client (K4): "ORG-N", by their account of that organisation.  A
 * message to their mail address is put here.  CONSTRAINT or NOT_FOUND name what is
 * missing: an account, a mail address; locked; archived; EXISTS: one waits
 * already, or (without @again) one was sent before.  Mandate: invite.
 */
int directory_invite(struct directory *d, const struct directory_act *act, const char *client, bool again);

/* For the queue: what was registered until it was changed becomes messages; what was tried for long enough ends. *@ret_n is of the latter. */
int directory_messages_tidy(struct directory *d, int64_t now, int64_t *ret_n);

/*
 * The next that is due, of the kinds @by can reach; it counts as tried now.
 * NOT_FOUND: none.  -ENOKEY as ever.
 */
int directory_message_take(struct directory *d, unsigned by, int64_t now, struct directory_message *ret);

/* What became of it, with its audit entry.  Who can't be reached now: nothing is to be said, it is due later by itself. */
int directory_message_end(struct directory *d, int64_t id, enum message_outcome outcome, int64_t now);

/* How many wait, of which kinds (bits). */
int directory_messages_waiting(struct directory *d, int64_t *ret_n, unsigned *ret_by);

/*
 * For a code that is sent at once: how is the person of @account reached?
 * NOT_FOUND: no such detail; CONSTRAINT: closed, locked or gone.  The caller wipes @ret.
 */
int directory_reach(struct directory *d, int64_t account, bool by_mail, char ret[static MESSAGE_TO_MAX + 1]);

/* Something was put here: whoever sends is woken (careid-queue.path).  Where that can't be, the timer does it. */
void directory_messages_wake(void);

/* The general message of an organisation (K6).  CONSTRAINT: without the module communication.  @text NULL takes it away.  Mandate: configure. */
int directory_general_message_set(struct directory *d, const struct directory_act *act, const char *organisation, const char *text);

/* What it is now.  NOT_FOUND: none, or the organisation has not the module. */
int directory_general_message(struct directory *d, const char *organisation, char ret[static MESSAGE_GENERAL_MAX + 1]);
