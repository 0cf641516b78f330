/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-bankid-cause.c - what libcurl and OpenSSL say of a request that failed, and what that means */

#include "bankid-cause.h"

#include "bankid-words.h"
#include "cleanup.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>

/* Errors as libcurl 7.88 and 8.x write them, with OpenSSL 3.0 and later. */
#define READ    "OpenSSL SSL_read: OpenSSL/3.0.17: error:0A000415:SSL routines::"
#define CONNECT "TLS connect error: error:0A000410:SSL routines::"

static const struct {
        const char          *name;
        struct bankid_ending ending;
        enum bankid_cause    cause;
        int                  verdict;
} rows[] = {
        { "an answer", { CURLE_OK, false, true, X509_V_OK, "" }, BANKID_CAUSE_NONE, BANKID_OK },
        { "ours has expired, TLS 1.3", { CURLE_RECV_ERROR, false, true, X509_V_OK, READ "sslv3 alert certificate expired, errno 0" },
          BANKID_CAUSE_EXPIRED, BANKID_E_REJECTED },
        { "ours has expired, TLS 1.2", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, CONNECT "ssl/tls alert certificate expired" },
          BANKID_CAUSE_EXPIRED, BANKID_E_REJECTED },
        { "nobody knows who issued ours", { CURLE_RECV_ERROR, false, true, X509_V_OK, READ "tlsv1 alert unknown ca, errno 0" },
          BANKID_CAUSE_ISSUER, BANKID_E_REJECTED },
        { "ours is revoked", { CURLE_RECV_ERROR, false, true, X509_V_OK, READ "sslv3 alert certificate revoked, errno 0" },
          BANKID_CAUSE_REFUSED, BANKID_E_REJECTED },
        { "ours is bad", { CURLE_SEND_ERROR, false, true, X509_V_OK, READ "sslv3 alert bad certificate, errno 0" },
          BANKID_CAUSE_REFUSED, BANKID_E_REJECTED },
        { "ours is wanted", { CURLE_RECV_ERROR, false, true, X509_V_OK, READ "tlsv13 alert certificate required, errno 0" },
          BANKID_CAUSE_REFUSED, BANKID_E_REJECTED },
        { "access denied", { CURLE_RECV_ERROR, false, true, X509_V_OK, READ "tlsv1 alert access denied, errno 0" },
          BANKID_CAUSE_REFUSED, BANKID_E_REJECTED },
        { "no handshake", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, CONNECT "sslv3 alert handshake failure" },
          BANKID_CAUSE_HANDSHAKE, BANKID_E_REJECTED },
        { "too old a version", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, CONNECT "tlsv1 alert protocol version" },
          BANKID_CAUSE_HANDSHAKE, BANKID_E_REJECTED },
        { "trouble of its own", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, CONNECT "tlsv1 alert internal error" },
          BANKID_CAUSE_OTHER, BANKID_E_UNREACHABLE },
        { "no TLS at all", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, CONNECT "wrong version number" },
          BANKID_CAUSE_OTHER, BANKID_E_UNREACHABLE },
        { "hung up after the handshake", { CURLE_GOT_NOTHING, false, true, X509_V_OK, "Empty reply from server" },
          BANKID_CAUSE_HUNG_UP, BANKID_E_UNREACHABLE },
        { "reset after the handshake", { CURLE_RECV_ERROR, false, true, X509_V_OK, "Connection reset by peer" },
          BANKID_CAUSE_HUNG_UP, BANKID_E_UNREACHABLE },
        { "reset before it", { CURLE_SSL_CONNECT_ERROR, false, false, X509_V_OK, "OpenSSL SSL_connect: Connection reset by peer" },
          BANKID_CAUSE_OTHER, BANKID_E_UNREACHABLE },
        { "our key does not fit", { CURLE_SSL_CERTPROBLEM, false, false, X509_V_OK, "unable to set private key file" },
          BANKID_CAUSE_UNUSABLE, BANKID_E_REJECTED },
        { "our roots can't be read", { CURLE_SSL_CACERT_BADFILE, false, false, X509_V_OK, "error setting certificate verify locations" },
          BANKID_CAUSE_UNUSABLE, BANKID_E_REJECTED },
        { "its certificate is of an unknown authority",
          { CURLE_PEER_FAILED_VERIFICATION, false, false, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "SSL certificate problem" },
          BANKID_CAUSE_UNTRUSTED, BANKID_E_REJECTED },
        { "it signed its own", { CURLE_PEER_FAILED_VERIFICATION, false, false, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "SSL certificate problem" },
          BANKID_CAUSE_UNTRUSTED, BANKID_E_REJECTED },
        { "its certificate has expired", { CURLE_PEER_FAILED_VERIFICATION, false, false, X509_V_ERR_CERT_HAS_EXPIRED, "SSL certificate problem" },
          BANKID_CAUSE_STALE, BANKID_E_REJECTED },
        { "its certificate is of tomorrow", { CURLE_PEER_FAILED_VERIFICATION, false, false, X509_V_ERR_CERT_NOT_YET_VALID, "SSL certificate problem" },
          BANKID_CAUSE_STALE, BANKID_E_REJECTED },
        { "its certificate is another host's", { CURLE_PEER_FAILED_VERIFICATION, false, false, X509_V_OK, "no alternative certificate subject name" },
          BANKID_CAUSE_WRONG_HOST, BANKID_E_REJECTED },
        { "nobody there", { CURLE_COULDNT_CONNECT, false, false, X509_V_OK, "Failed to connect" }, BANKID_CAUSE_NOBODY, BANKID_E_UNREACHABLE },
        { "not in time", { CURLE_OPERATION_TIMEDOUT, false, true, X509_V_OK, "Operation timed out" }, BANKID_CAUSE_TIMED_OUT, BANKID_E_UNREACHABLE },
        { "not in time, after an alert of before", { CURLE_OPERATION_TIMEDOUT, false, true, X509_V_OK, READ "sslv3 alert bad certificate" },
          BANKID_CAUSE_TIMED_OUT, BANKID_E_UNREACHABLE },
        { "more than is read", { CURLE_WRITE_ERROR, true, true, X509_V_OK, "Failure writing output" }, BANKID_CAUSE_TOO_LONG, BANKID_E_NOT_UNDERSTOOD },
        { "half of it", { CURLE_PARTIAL_FILE, false, true, X509_V_OK, "transfer closed" }, BANKID_CAUSE_OTHER, BANKID_E_UNREACHABLE },
        { "out of memory", { CURLE_OUT_OF_MEMORY, false, false, X509_V_OK, "" }, BANKID_CAUSE_OTHER, BANKID_E_UNREACHABLE },
};

int main(void) {
        unsigned n_failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                const enum bankid_cause cause = bankid_cause_of(&rows[i].ending);
                const bool ok = cause == rows[i].cause && bankid_cause_verdict(cause) == rows[i].verdict;

                printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, rows[i].name);
                n_failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(rows));
        return n_failed != 0;
}
