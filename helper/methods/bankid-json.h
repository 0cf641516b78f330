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
#include "bankid-words.h"

#include <stdbool.h>

enum {
        BANKID_BODY_MAX     = 256 * 1024,       /* bytes of an answer that are read               */
        BANKID_VISIBLE_MAX  = 1125,             /* bytes of text in the app: 1500 in base64       */
        BANKID_NUMBER_LEN   = 12,               /* digits of a personal number                    */
        BANKID_CODE_MAX     = 32,               /* bytes of an errorCode that a log may show      */
        BANKID_ADDRESS_MAX  = 45,               /* bytes of an address literal                    */
        BANKID_RISK_MAX     = 8,
        BANKID_LINK_MAX     = 128,              /* bytes of a link on this device                 */
};

struct bankid_order {
        char reference[BANKID_TOKEN_MAX + 1];
        char qr_token[BANKID_TOKEN_MAX + 1];
        char qr_secret[BANKID_TOKEN_MAX + 1];
        char start_token[BANKID_TOKEN_MAX + 1];         /* what a link on this device starts      */
};

/* What an order asks for.  Strings are borrowed. */
struct bankid_request {
        const char *address;            /* of whom it is for                                      */
        const char *visible;            /* what the app shows: 1 to BANKID_VISIBLE_MAX bytes      */
        const char *risk;               /* "LOW", "MODERATE": block what is above; NULL: nothing  */
        bool        test;               /* BankIDs of the test environment, and no others         */
};

struct bankid_collected {
        enum bankid_hint hint;
        /* With BANKID_COMPLETE only: */
        char number[BANKID_NUMBER_LEN + 1];     /* by whom                                        */
        char device[BANKID_ADDRESS_MAX + 1];    /* the address of the phone; "": BankID did not say */
        char risk[BANKID_RISK_MAX + 1];         /* "low", "moderate", "high"; "": it could not say */
};

/* What the answer to auth, or to collect about @reference, says.  *ret is written on BANKID_OK only. */
int bankid_json_order(long status, const char *body, size_t n, struct bankid_order *ret);
int bankid_json_collected(long status, const char *body, size_t n, const char *reference, struct bankid_collected *ret);

/* What the answer to a GET on auth says: 405 is good, the service is there and accepts our certificate. */
int bankid_json_probe(long status, const char *body, size_t n);

/* The answer's errorCode, if it has one of letters only, for a log; else "". */
void bankid_json_error_code(const char *body, size_t n, char ret[static BANKID_CODE_MAX + 1]);

/*
 * Bodies of requests, malloc'd in *ret.  An order is the same for auth and for
 * sign.  Return 0, -EINVAL or -ENOMEM.
 */
int bankid_json_make_order(const struct bankid_request *request, char **ret);
int bankid_json_make_reference(const char *reference, char **ret);

/*
 * The link that starts the app on the device where it is opened; the token is
 * letters, digits and hyphens.  "redirect" is what BankID's own sample sends
 * where there is no page to come back to.
 */
void bankid_link(const char *start_token, char ret[static BANKID_LINK_MAX + 1]);
