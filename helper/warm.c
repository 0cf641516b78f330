/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * warm.c - the rehearsal
 *
 * 1. MUST not use, read or leave behind any key, certificate or random state that anything else uses; OpenSSL
 *    seeds anew in each child.
 */

#include "warm.h"

#include "cleanup.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdint.h>

enum { STEPS_MAX = 20 };

static void key_freep(EVP_PKEY **p) {
        EVP_PKEY_free(*p);
}

static void certificate_freep(X509 **p) {
        X509_free(*p);
}

static void context_freep(SSL_CTX **p) {
        SSL_CTX_free(*p);
}

static void end_freep(SSL **p) {
        SSL_free(*p);
}

static void cipher_freep(EVP_CIPHER_CTX **p) {
        EVP_CIPHER_CTX_free(*p);
}

static void numbers_rehearse(void) {
        static const uint8_t key[32];
        AUTO(cipher_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
        uint8_t out[EVP_MAX_MD_SIZE];
        unsigned n;

        (void) HMAC(EVP_sha256(), key, sizeof key, key, sizeof key, out, &n);
        (void) EVP_Digest(key, sizeof key, out, NULL, EVP_sha256(), NULL);
        if (ctx)
                (void) EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, key);
}

static X509 *certificate_make(EVP_PKEY *key) {
        X509 *certificate = X509_new();

        if (!certificate)
                return NULL;
        if (X509_set_version(certificate, 2) != 1 || ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) != 1 ||
            !X509_gmtime_adj(X509_getm_notBefore(certificate), 0) ||
            !X509_gmtime_adj(X509_getm_notAfter(certificate), 60) ||
            X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                       (const unsigned char *) "rehearsal", -1, -1, 0) != 1 ||
            X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1 ||
            X509_set_pubkey(certificate, key) != 1 || X509_sign(certificate, key, EVP_sha256()) <= 0) {
                X509_free(certificate);
                return NULL;
        }
        return certificate;
}

/* As a conversation reads one: from text. */
static EVP_PKEY *key_through_text(EVP_PKEY *key) {
        BIO *text = BIO_new(BIO_s_mem());
        EVP_PKEY *read = NULL;

        if (text && PEM_write_bio_PrivateKey(text, key, NULL, NULL, 0, NULL, NULL) == 1)
                read = PEM_read_bio_PrivateKey(text, NULL, NULL, NULL);
        BIO_free(text);
        return read;
}

static SSL_CTX *context_make(const SSL_METHOD *method, X509 *certificate, EVP_PKEY *key) {
        SSL_CTX *context = SSL_CTX_new(method);

        if (!context)
                return NULL;
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1 ||
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) != 1) {
                SSL_CTX_free(context);
                return NULL;
        }
        return context;
}

static void handshake_rehearse(void) {
        AUTO(key_freep) EVP_PKEY *made = EVP_EC_gen("P-256");
        AUTO(key_freep) EVP_PKEY *key = made ? key_through_text(made) : NULL;
        AUTO(certificate_freep) X509 *certificate = key ? certificate_make(key) : NULL;
        AUTO(context_freep) SSL_CTX *theirs = certificate ? context_make(TLS_server_method(), certificate, key) : NULL;
        AUTO(context_freep) SSL_CTX *ours = theirs ? context_make(TLS_client_method(), certificate, key) : NULL;
        AUTO(end_freep) SSL *server = ours ? SSL_new(theirs) : NULL;
        AUTO(end_freep) SSL *client = server ? SSL_new(ours) : NULL;
        BIO *near = NULL, *far = NULL;
        char byte = 0;

        if (!client || BIO_new_bio_pair(&near, 0, &far, 0) != 1)
                return;
        SSL_set_bio(client, near, near);
        SSL_set_bio(server, far, far);
        SSL_set_connect_state(client);
        SSL_set_accept_state(server);
        for (int i = 0; i < STEPS_MAX && (!SSL_is_init_finished(client) || !SSL_is_init_finished(server)); i++) {
                (void) SSL_do_handshake(client);
                (void) SSL_do_handshake(server);
        }
        if (SSL_write(client, &byte, 1) == 1)
                (void) SSL_read(server, &byte, 1);
}

void warm_crypto(void) {
        numbers_rehearse();
        handshake_rehearse();
        ERR_clear_error();
}
