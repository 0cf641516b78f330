/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * decision.h - from what is known of an account to a verdict; nothing else here
 */

#include "directory.h"
#include "wire.h"

#include <stdbool.h>
#include <sys/types.h>

enum { DECISION_UID_MIN = 1000 };

struct decision_facts {
        bool  known;                    /* the care directory has the account                     */
        bool  from_host;                /* its uid is the host's                                  */
        uid_t uid;                      /* the directory's, unless from_host                      */
        bool  on_host;                  /* the host resolves the name                             */
        uid_t host_uid;
        bool  has_number;               /* the person can be identified                           */
        bool  archived;
        bool  assigned;                 /* holds an assignment that is valid now                  */
        bool  clients_off;              /* a client's, and clients don't log in ([clients] log-in) */
        bool  way_closed;               /* the way that was taken is not open to the account (ways.h) */
};

/* Why it is not yes; for yes NONE. */
enum decision_why {
        DECISION_WHY_NONE = 1,
        DECISION_WHY_UNKNOWN,           /* the care directory has no such account                 */
        DECISION_WHY_NOT_OWNER,         /* somebody else approved                                 */
        DECISION_WHY_NO_NUMBER,         /* by nothing that an e-ID says could it be the person     */
        DECISION_WHY_ARCHIVED,
        DECISION_WHY_NOT_ASSIGNED,
        DECISION_WHY_NOT_ON_HOST,       /* the host doesn't know the name                         */
        DECISION_WHY_UID_LOW,           /* it is one of the host's own users to it                */
        DECISION_WHY_UID_OTHER,         /* it is somebody else to it                              */
        DECISION_WHY_CLIENTS_OFF,
        DECISION_WHY_WAY_CLOSED,        /* a rule, S1 or the end of passwords; another way may be open */
};

/*
 * What is known of @name: @account is the care directory's, NULL where it has
 * none, and counts only under that very name; @host_uid the host's, if @on_host.
 */
struct decision_facts decision_facts_of(const char *name, const struct directory_account *account, bool on_host, uid_t host_uid);

/* Is there somebody to ask?  NONE: yes.  Otherwise the conversation is the same, and nobody is asked. */
enum decision_why decision_on_asking(const struct decision_facts *f);

/* After an approval: @owner says whether the person who approved is the one who owns the account. */
enum wire_verdict decision_after_proof(const struct decision_facts *f, bool owner, enum decision_why *ret_why);

/* May the account be used now, however it was authenticated? */
enum wire_decision decision_on_account(const struct decision_facts *f, enum decision_why *ret_why);

/* What the audit trail calls a verdict. */
const char *decision_word(enum wire_verdict verdict);
