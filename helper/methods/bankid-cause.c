/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-cause.c - one table of why there is no answer, and what that means
 *
 * With TLS 1.3 a server tells that it doesn't like our certificate by an alert
 * in place of its first answer, which libcurl reports as a failed read; the
 * words of OpenSSL are all that is left of it.  Words: OpenSSL
 * crypto/err/openssl.txt (SSL_R_..._ALERT_...), alerts: RFC 8446, 6.2.
 */

#include "bankid-cause.h"

#include "bankid-words.h"
#include "cleanup.h"

#include <openssl/x509_vfy.h>
#include <string.h>

/* The first row whose words are in what comes after " alert ". */
static const struct {
        const char       *words;
        enum bankid_cause cause;
} alerts[] = {
        { "certificate expired", BANKID_CAUSE_EXPIRED },
        { "unknown ca",          BANKID_CAUSE_ISSUER },
        { "certificate",         BANKID_CAUSE_REFUSED },        /* bad, unknown, revoked, unsupported, required */
        { "access denied",       BANKID_CAUSE_REFUSED },
        { "internal error",      BANKID_CAUSE_OTHER },          /* trouble of its own                      */
        { "",                    BANKID_CAUSE_HANDSHAKE },
};

static bool cause_from_alert(const char *error, enum bankid_cause *ret) {
        const char *const alert = strstr(error, " alert ");

        for (size_t i = 0; alert && i < N_ELEMENTS(alerts); i++)
                if (strstr(alert, alerts[i].words)) {
                        *ret = alerts[i].cause;
                        return true;
                }
        return false;
}

static enum bankid_cause cause_of_verification(long verification) {
        switch (verification) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
                return BANKID_CAUSE_STALE;
        /* libcurl compares the name itself, before it asks OpenSSL for a verdict on the rest. */
        case X509_V_OK:
        case X509_V_ERR_UNSPECIFIED:
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
                return BANKID_CAUSE_WRONG_HOST;
        default:
                return BANKID_CAUSE_UNTRUSTED;
        }
}

enum bankid_cause bankid_cause_of(const struct bankid_ending *e) {
        enum bankid_cause cause;

        if (e->code == CURLE_OK)
                return BANKID_CAUSE_NONE;
        if (e->too_long)
                return BANKID_CAUSE_TOO_LONG;
        if (e->code == CURLE_PEER_FAILED_VERIFICATION)
                return cause_of_verification(e->verification);
        if (e->code == CURLE_SSL_CERTPROBLEM || e->code == CURLE_SSL_CACERT_BADFILE)
                return BANKID_CAUSE_UNUSABLE;
        if (e->code == CURLE_COULDNT_CONNECT)
                return BANKID_CAUSE_NOBODY;
        if (e->code == CURLE_OPERATION_TIMEDOUT)
                return BANKID_CAUSE_TIMED_OUT;
        if ((e->code == CURLE_SSL_CONNECT_ERROR || e->code == CURLE_RECV_ERROR || e->code == CURLE_SEND_ERROR) &&
            cause_from_alert(e->error, &cause))
                return cause;
        /* Some servers hang up on a certificate that they don't like, without a word. */
        if (e->handshaken && (e->code == CURLE_GOT_NOTHING || e->code == CURLE_RECV_ERROR || e->code == CURLE_SEND_ERROR))
                return BANKID_CAUSE_HUNG_UP;
        return BANKID_CAUSE_OTHER;
}

bool bankid_cause_is_certificate(enum bankid_cause cause) {
        switch (cause) {
        case BANKID_CAUSE_REFUSED:
        case BANKID_CAUSE_EXPIRED:
        case BANKID_CAUSE_ISSUER:
        case BANKID_CAUSE_UNUSABLE:
        case BANKID_CAUSE_UNTRUSTED:
        case BANKID_CAUSE_WRONG_HOST:
        case BANKID_CAUSE_STALE:
                return true;
        case BANKID_CAUSE_NONE:
        case BANKID_CAUSE_HUNG_UP:
        case BANKID_CAUSE_HANDSHAKE:
        case BANKID_CAUSE_TOO_LONG:
        case BANKID_CAUSE_NOBODY:
        case BANKID_CAUSE_TIMED_OUT:
        case BANKID_CAUSE_OTHER:
                break;
        }
        return false;
}

int bankid_cause_verdict(enum bankid_cause cause) {
        if (cause == BANKID_CAUSE_NONE)
                return BANKID_OK;
        if (cause == BANKID_CAUSE_TOO_LONG)
                return BANKID_E_NOT_UNDERSTOOD;
        return bankid_cause_is_certificate(cause) || cause == BANKID_CAUSE_HANDSHAKE ? BANKID_E_REJECTED : BANKID_E_UNREACHABLE;
}
