/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-cause.h - why a request had no answer, as far as libcurl and OpenSSL tell; no network here
 */

#include <curl/curl.h>
#include <stdbool.h>

enum bankid_cause {
        BANKID_CAUSE_NONE = 1,          /* there is an answer                                     */
        BANKID_CAUSE_REFUSED,           /* the endpoint does not accept our certificate           */
        BANKID_CAUSE_EXPIRED,           /* ... since it has expired                               */
        BANKID_CAUSE_ISSUER,            /* ... since it does not know who issued it               */
        BANKID_CAUSE_HUNG_UP,           /* not a word after the handshake: some refuse a certificate so */
        BANKID_CAUSE_UNUSABLE,          /* our certificate and key can't be used                  */
        BANKID_CAUSE_UNTRUSTED,         /* its certificate is signed by none of the roots         */
        BANKID_CAUSE_WRONG_HOST,        /* its certificate is for another name                    */
        BANKID_CAUSE_STALE,             /* its certificate has expired, or is not valid yet       */
        BANKID_CAUSE_HANDSHAKE,         /* it ends the handshake for another reason: what answers is no endpoint */
        BANKID_CAUSE_TOO_LONG,          /* it says more than is read                              */
        BANKID_CAUSE_NOBODY,            /* nobody answers at the address                          */
        BANKID_CAUSE_TIMED_OUT,
        BANKID_CAUSE_OTHER,
};

/* How a request ended. */
struct bankid_ending {
        CURLcode    code;
        bool        too_long;           /* we stopped reading                                     */
        bool        handshaken;         /* TLS was through                                        */
        long        verification;       /* CURLINFO_SSL_VERIFYRESULT                              */
        const char *error;              /* libcurl's buffer                                       */
};

enum bankid_cause bankid_cause_of(const struct bankid_ending *e);

/* Has one of the two certificates not been accepted? */
bool bankid_cause_is_certificate(enum bankid_cause cause);

/* What it means for a log-in: BANKID_OK for an answer, else a BANKID_E_* verdict (bankid-words.h). */
int bankid_cause_verdict(enum bankid_cause cause);
