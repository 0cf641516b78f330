/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-words.h - the words of BankID's API, and what is said of each: one table
 *
 * The texts are BankID's recommended ones (RFA1 to RFA23, edition of
 * developers.bankid.com), word by word in Swedish and English.  Words that
 * have no text of their own, and words of later editions, have RFA21 (pending)
 * or RFA22 (failed, and errors).
 */

#include "method.h"

#include <stdbool.h>

/* hintCode of a collect.  Zero is no hint. */
enum bankid_hint {
        BANKID_OUTSTANDING = 1,         /* pending: nobody has opened it yet                      */
        BANKID_NO_CLIENT,
        BANKID_STARTED,
        BANKID_USER_MRTD,
        BANKID_USER_CALL,
        BANKID_USER_SIGN,
        BANKID_PROCESSING,
        BANKID_PENDING,                 /* pending, with a hint that this edition does not know   */
        BANKID_EXPIRED,                 /* failed, ...                                            */
        BANKID_CERTIFICATE,
        BANKID_USER_CANCEL,
        BANKID_CANCELLED,
        BANKID_START_FAILED,
        BANKID_USER_DECLINED,
        BANKID_NOT_SUPPORTED,
        BANKID_RISK_BLOCKED,
        BANKID_FAILED,                  /* failed, with a hint that this edition does not know    */
        BANKID_COMPLETE,                /* done                                                   */
};

struct bankid_hint_words {
        const char     *name;           /* NULL: no word of BankID's                              */
        bool            failed;
        enum wire_state state;          /* pending: what is shown                                 */
        enum method_end end;            /* failed: how it ends                                    */
        enum text       scan;           /* where a code is scanned                                */
        enum text       link;           /* where a link is opened on this device                  */
};

/* Never NULL. */
const struct bankid_hint_words *bankid_hint_words(enum bankid_hint hint);

/* The hint of that name; BANKID_PENDING or BANKID_FAILED for any other, and for NULL. */
enum bankid_hint bankid_hint_find(const char *name, bool failed);

/* Verdicts about an answer.  The caller handles each one by name. */
enum {
        BANKID_OK = 0,
        BANKID_E_UNREACHABLE = 1,       /* no answer at all                                       */
        BANKID_E_TROUBLE,               /* the service has trouble, and is not to be asked again: 408, 500 */
        BANKID_E_MAINTENANCE,           /* it has trouble that passes: 503; 502 and 504, where a relay has not reached it */
        BANKID_E_REJECTED,              /* it does not accept us or our request: 401, 403, ...     */
        BANKID_E_UNKNOWN,               /* an errorCode of a later edition                        */
        BANKID_E_BUSY,                  /* 429: ask again later                                   */
        BANKID_E_IN_PROGRESS,           /* the person has another order                           */
        BANKID_E_CANCELLED,             /* the order was cancelled                                */
        BANKID_E_NOT_UNDERSTOOD,        /* said to be good, but not an answer of this API         */
        BANKID_E_MAX,
};

/* The verdict about a @status other than the good one; @code is its errorCode, or NULL. */
int bankid_error_verdict(long status, const char *code);

/* How such an answer ends a log-in, and with which text. */
enum method_end bankid_error_end(int verdict, enum text *ret_text);
