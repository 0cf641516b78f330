/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * approval.h - the approval of an act, seen by the helper in the very conversation that asks for it
 *
 * What parses a provider's answers must not be what may write the care
 * directory and the snapshots.  So a conversation that may act has two halves,
 * parted before either is shut in and before a word of the caller's is read:
 *
 *     acting       reads the ACT, asks for the approval, does it; no network     SANDBOX_ACTING
 *     verifying    holds what a VERIFY is, from INTRO to VERDICT; writes nothing SANDBOX_READING
 *
 * A socket pair joins them: one question of one size there, one answer of one
 * size back, and after it the evidence, which is stored and looked at by
 * nobody.  The acting half reads nothing of the caller's in between, and has no
 * care directory open.
 */

#include "directory.h"
#include "helper.h"
#include "texts.h"
#include "wire.h"

enum {
        APPROVAL_WORD_MAX = 31,         /* bytes of a word about how it was approved              */
};

struct approval_question {
        char     account[WIRE_NAME_MAX + 1];
        char     words[WIRE_PROGRAM_MAX + 1];   /* what the app shows of the act: "careid temp add" */
        char     language[3];
        uint32_t pace, timeout;                 /* as in a VERIFY                                 */
};

/* How it ended.  Nothing but APPROVED is an approval, and it is one of the uid alone. */
struct approval {
        enum wire_verdict verdict;
        enum text text;                         /* that the caller has been told with it          */
        uid_t     uid;                          /* APPROVED: whose account it is                  */
        bool      proven;                       /* by somebody: it is to be recorded              */
        char      source[INET6_ADDRSTRLEN];     /* where the caller's session is from; "": it isn't */
        char      authenticator[APPROVAL_WORD_MAX + 1], assurance[APPROVAL_WORD_MAX + 1];
        uint8_t   reference[32];
        char     *evidence;                     /* malloc'd; NULL: there is none                  */
        size_t    n_evidence;
};

/*
 * Part the two: in the acting half h->other and h->half are set, in the other
 * one h->verifying and h->half, and it is not acting any more and has no
 * resolver.  Returns 0 in both, or a negative errno.
 */
int approval_part(struct helper *h);

/* The verifying half's life: wait for the question, hold the conversation, answer.  Returns when there is nothing to do any more. */
void approval_serve(struct helper *h);

/*
 * In the acting half: have the person asked, and wait for it.  0 and *ret,
 * which goes to approval_done(); the caller has got the VERDICT then, or has
 * gone.  Or a negative errno: the other half is out of order, and the caller
 * has got none.
 */
int approval_ask(struct helper *h, const struct approval_question *question, struct approval *ret);
void approval_done(struct approval *a);

/*
 * Write it down in @d as what a log-in of @account is, with its evidence; one
 * that was proven by somebody and is none, as an entry of the trail alone.
 * Returns what the care directory says; *ret_login is its record, or 0.
 */
int approval_record(struct helper *h, struct directory *d, int64_t account, const struct approval *a, int64_t now, int64_t *ret_login);

/*
 * At the end of the acting half: the other one has time to tell the provider
 * that it gives up.  Does not return where that one has crashed: then this one
 * does the same, for whoever looks after it.
 */
void approval_end(struct helper *h);
