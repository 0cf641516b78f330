/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * converse.h - bounded calls of the host program's conversation function
 *
 * One message a call.  PAM_SILENT (sudo sets it from 1.9.16 on) asks a module
 * not to chat; what a person must read to get in, or to know why not, is shown
 * all the same, everything else is not.
 */

#include <security/pam_modules.h>
#include <stdbool.h>
#include <stddef.h>

enum {
        CONVERSE_TEXT_MAX    = 16384,           /* bytes of a text to show                               */
        CONVERSE_ANSWER_MAX  = 8,               /* bytes of an answer that anything is made of           */
        CONVERSE_MESSAGE_MAX = 20,              /* prompts of one attempt: old sshd dies at 33 messages  */
};

enum converse_weight {
        CONVERSE_ESSENTIAL,                     /* shown to the silent, too                              */
        CONVERSE_PLEASANT,
};

/* What a person chose at a prompt: the first letter, where the answer is one letter; or how long it is. */
enum converse_choice {
        CONVERSE_GO_ON = 1,                     /* Enter, and every answer of another length than these  */
        CONVERSE_CANCEL,                        /* "c" or "q"                                            */
        CONVERSE_INVERT,                        /* "i"                                                   */
        CONVERSE_LARGER,                        /* "l": larger, and back again                           */
        CONVERSE_TURN,                          /* "s": to this device, and back again                   */
        CONVERSE_WAY,                           /* "a": another way                                      */
        CONVERSE_FOUR,                          /* four bytes, whichever ("link")                        */
        CONVERSE_FIVE,                          /* five bytes, whichever ("other")                       */
        CONVERSE_SIX,                           /* six bytes, whichever ("larger")                       */
        CONVERSE_OTHER,                         /* one character that is no choice                       */
};

/* Of @answer, as far as CONVERSE_ANSWER_MAX bytes. */
enum converse_choice converse_choice_of(const char *answer);

struct converse {
        pam_handle_t *pamh;
        bool          silent;                   /* PAM_SILENT                                            */
        unsigned      n_prompts;
        unsigned      n_typed;                  /* of the last prompts, one after the other: answers of more than Enter */
};

/* Verdicts of all three. */
enum {
        CONVERSE_OK = 0,
        CONVERSE_E_FAILED,                      /* the host program cannot, or the person broke off      */
        CONVERSE_E_TOO_MANY,                    /* CONVERSE_MESSAGE_MAX were asked                       */
};

/* Show @text; an empty one is not shown. */
int converse_tell(struct converse *c, int style, enum converse_weight weight, const char *text);

/* Ask @text.  The answer is read for its letter, wiped and forgotten. */
int converse_ask(struct converse *c, int style, const char *text, enum converse_choice *ret);

/*
 * Ask @text.  The answer, of at most @max bytes, goes into @ret of @max + 1 bytes, NUL-terminated, and is the caller's
 * to wipe; its length into *ret_n.  A longer one is no answer that anything could be compared with: *ret_n is 0.
 */
int converse_type(struct converse *c, int style, const char *text, size_t max, char *ret, size_t *ret_n);
