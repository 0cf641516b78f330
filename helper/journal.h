/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * journal.h - one line for each attempt, once its outcome is fixed
 */

#include "wire.h"

#include <sys/types.h>

/* What a line is about; each has a MESSAGE_ID of its own that stays (journal.c). */
enum journal_about {
        JOURNAL_APPROVED = 1,
        JOURNAL_NOT_APPROVED,           /* a decision, or a person's                              */
        JOURNAL_FAILED,                 /* an outage or a fault                                   */
        JOURNAL_ACCOUNT_REFUSED,
        JOURNAL_SESSION_OPENED,
        JOURNAL_SESSION_CLOSED,
        JOURNAL_PROBED,                 /* the provider was asked whether it is there, for root   */
        JOURNAL_CERTIFICATE,            /* ours expires soon; once a day                          */
        JOURNAL_CERTIFICATE_OVER,       /* ours has expired; once a day                           */
        JOURNAL_ACTED,                  /* somebody did what they have a mandate for              */
        JOURNAL_NOT_ACTED,              /* or something else                                      */
        JOURNAL_BAD_CALLER,             /* something that is not a caller of ours                 */
        JOURNAL_QUEUE,                  /* messages went out                                      */
        JOURNAL_NOT_SENT,               /* or did not: gateway or relay is to be looked at        */
        JOURNAL_AUDIT,                  /* journal_audit() alone                                  */
};

/* Strings are borrowed and clean; NULL where there is none. */
struct journal_entry {
        enum journal_about about;
        const char *outcome;            /* a word of ours                                         */
        const char *account;            /* only one that the care directory knows: another may be a password */
        const char *service, *source, *target, *tty, *method;
        const char *detail;             /* a sentence for the administrator                       */
        uid_t       caller;
        int64_t     login;              /* 0: none                                                */
};

/* Open what it needs, before the sandbox. */
void journal_setup(void);

void journal_write(const struct journal_entry *entry);

/* What careid has to tell the administrator while it acts for somebody (careid/journal.c). */
void journal_warning(const char *text);

/* The newest hash of the audit trail, as careid writes it too (careid/journal.c): what has left the host can't be written anew unseen. */
void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]);
