/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-json.h - the bodies of BankID's RP API v6.0, both ways; no network here
 *
 * An answer is a status and bytes that anybody may have sent: JSON of another
 * version, an HTML page of a proxy, nothing.  Each becomes one verdict, and
 * what a verdict gives is in range and clean text.
 */

#include "bankid-frame.h"

#include <stdbool.h>

enum {
        BANKID_BODY_MAX     = 256 * 1024,       /* bytes of an answer that are read               */
        BANKID_VISIBLE_MAX  = 1125,             /* bytes of text in the app: 1500 in base64       */
        BANKID_NUMBER_LEN   = 12,               /* digits of a personal number                    */
        BANKID_CODE_MAX     = 32,               /* bytes of an errorCode that a log may show      */
};

/* Verdicts about an answer.  The caller handles each one by name. */
enum {
        BANKID_OK = 0,
        BANKID_E_UNREACHABLE = 1,       /* the service has trouble: 408, 5xx, maintenance          */
        BANKID_E_REJECTED,              /* it does not accept us or our request: 400, 401, 403, ... */
        BANKID_E_BUSY,                  /* 429                                                    */
        BANKID_E_IN_PROGRESS,           /* the person has another order (RFA4)                    */
        BANKID_E_CANCELLED,             /* the order was cancelled (RFA3)                         */
        BANKID_E_NOT_UNDERSTOOD,        /* said to be good, but not an answer of this API         */
};

struct bankid_order {
        char reference[BANKID_TOKEN_MAX + 1];
        char qr_token[BANKID_TOKEN_MAX + 1];
        char qr_secret[BANKID_TOKEN_MAX + 1];
};

/* Zero is no hint. */
enum bankid_hint {
        BANKID_OUTSTANDING = 1,         /* pending: nobody has opened it yet                      */
        BANKID_NO_CLIENT,
        BANKID_STARTED,
        BANKID_USER_MRTD,
        BANKID_USER_SIGN,
        BANKID_PENDING,                 /* pending, with a hint that this edition does not know   */
        BANKID_EXPIRED,                 /* failed, ...                                            */
        BANKID_CERTIFICATE,
        BANKID_USER_CANCEL,
        BANKID_CANCELLED,
        BANKID_START_FAILED,
        BANKID_FAILED,                  /* failed, with a hint that this edition does not know    */
        BANKID_COMPLETE,                /* done: @number says by whom                             */
};

struct bankid_collected {
        enum bankid_hint hint;
        char number[BANKID_NUMBER_LEN + 1];     /* with BANKID_COMPLETE only                      */
};

/* What the answer to auth, or to collect about @reference, says.  *ret is written on BANKID_OK only. */
int bankid_json_order(long status, const char *body, size_t n, struct bankid_order *ret);
int bankid_json_collected(long status, const char *body, size_t n, const char *reference, struct bankid_collected *ret);

/* What the answer to a GET on auth says: 405 is good, the service is there and accepts our certificate. */
int bankid_json_probe(long status, const char *body, size_t n);

/* The answer's errorCode, if it has one of letters only, for a log; else "". */
void bankid_json_error_code(const char *body, size_t n, char ret[static BANKID_CODE_MAX + 1]);

/*
 * Bodies of requests, malloc'd in *ret.  @visible is at most
 * BANKID_VISIBLE_MAX bytes; @test also admits BankIDs of the test environment.
 * Return 0, -EINVAL or -ENOMEM.
 */
int bankid_json_make_auth(const char *end_user_address, const char *visible, bool test, char **ret);
int bankid_json_make_reference(const char *reference, char **ret);
