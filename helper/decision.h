/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * decision.h - from what is known of an account to a verdict; nothing else here
 */

#include "texts.h"
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
};

/* Is there somebody to ask?  Otherwise the conversation is the same, and nobody is asked. */
bool decision_is_askable(const struct decision_facts *f);

/* After an approval: @owner says whether the person who approved is the one who owns the account. */
enum wire_verdict decision_after_proof(const struct decision_facts *f, bool owner, enum text *ret_text);

/* May the account be used now, however it was authenticated? */
enum wire_decision decision_on_account(const struct decision_facts *f, enum text *ret_text);

/* What the audit trail calls a verdict. */
const char *decision_word(enum wire_verdict verdict);
