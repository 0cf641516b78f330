/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * approve.h - the conversation in which a person approves an act, drawn on their terminal
 *
 * It is the module's (pam_eid/), with a conversation of our own in the place of
 * the host program's.  Nothing here is evidence of anything: it is the helper
 * that sees the approval and goes on.
 */

#include "wire.h"

struct approve;

/* Find the terminal of this process; NULL: it has none that a code could be shown on, or there is no memory. */
struct approve *approve_new(void);
struct approve *approve_free(struct approve *a);                /* closes the connection; returns NULL */
static inline void approve_freep(struct approve **a) {
        *a = approve_free(*a);
}

/* Put what the helper has to know of it into an ACT: PACE and TIMEOUT. */
void approve_to_message(const struct approve *a, struct wire_message *m);

enum {
        APPROVE_OK = 0,                 /* it goes on: the helper's next word is a RESULT          */
        APPROVE_E_REFUSED,              /* *ret_text says why                                      */
        APPROVE_E_OUT_OF_ORDER,         /* the same, and it is nobody's decision                   */
        APPROVE_E_GIVEN_UP,             /* the person, or their terminal                           */
        APPROVE_E_TIMED_OUT,
        APPROVE_E_LOST,                 /* the helper has gone, or makes no sense                  */
};

/*
 * Hold it on @fd, from @first (INTRO, or VERDICT where there is nothing to
 * show) to the VERDICT.  @ret_text is the approver's until approve_free().
 */
int approve_run(struct approve *a, int fd, const struct wire_message *first, const char **ret_text);
