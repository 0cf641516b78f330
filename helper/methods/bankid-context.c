/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-context.c - certificates and a key from text
 *
 * 1. MUST say so where any of it can't be read, or the key does not fit: no handshake begins then.
 * 2. MUST ask nobody for a pass phrase.
 */

#include "bankid-context.h"

#include "cleanup.h"

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

static void bio_freep(BIO **p) {
        BIO_free(*p);
}

static void certificate_freep(X509 **p) {
        X509_free(*p);
}

static void key_freep(EVP_PKEY **p) {
        EVP_PKEY_free(*p);
}

static void decoder_freep(OSSL_DECODER_CTX **p) {
        OSSL_DECODER_CTX_free(*p);
}

/* Said in place of a person: there is none here. */
static int no_phrase(char *buffer, int n, int writing, void *user) {
        (void) buffer;
        (void) n;
        (void) writing;
        (void) user;
        return -1;
}

/* Of the kind that the certificate is for: so nothing is prepared for the others. */
static EVP_PKEY *key_of_kind(const struct bankid_material *m, const char *kind) {
        AUTO(bio_freep) BIO *text = BIO_new_mem_buf(m->key, (int) m->n_key);
        AUTO(decoder_freep) OSSL_DECODER_CTX *decoder = NULL;
        EVP_PKEY *key = NULL;

        if (!text || !kind)
                return NULL;
        decoder = OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", NULL, kind, EVP_PKEY_KEYPAIR, NULL, NULL);
        if (!decoder || OSSL_DECODER_CTX_set_pem_password_cb(decoder, no_phrase, NULL) != 1 ||
            OSSL_DECODER_from_bio(decoder, text) != 1)
                return NULL;
        return key;
}

/* As libcurl would: for a kind that its certificate calls by another name. */
static EVP_PKEY *key_of_any_kind(const struct bankid_material *m) {
        AUTO(bio_freep) BIO *text = BIO_new_mem_buf(m->key, (int) m->n_key);

        return text ? PEM_read_bio_PrivateKey(text, NULL, no_phrase, NULL) : NULL;
}

static EVP_PKEY *key_read(const struct bankid_material *m, const X509 *certificate) {
        const EVP_PKEY *const fits = X509_get0_pubkey(certificate);
        EVP_PKEY *const key = fits ? key_of_kind(m, EVP_PKEY_get0_type_name(fits)) : NULL;

        return key ? key : key_of_any_kind(m);
}

/* Those that come after ours, up to the end of the text. */
static bool others_add(SSL_CTX *context, BIO *text) {
        for (;;) {
                AUTO(certificate_freep) X509 *other = PEM_read_bio_X509(text, NULL, no_phrase, NULL);

                if (!other)
                        return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
                if (SSL_CTX_add1_chain_cert(context, other) != 1)
                        return false;
        }
}

static const char *context_fill(SSL_CTX *context, const struct bankid_material *m, int64_t *ret_expires) {
        AUTO(bio_freep) BIO *text = BIO_new_mem_buf(m->certificate, (int) m->n_certificate);
        AUTO(certificate_freep) X509 *ours = text ? PEM_read_bio_X509(text, NULL, no_phrase, NULL) : NULL;
        AUTO(key_freep) EVP_PKEY *key = ours ? key_read(m, ours) : NULL;
        struct tm tm;

        if (!ours)
                return "our certificate can't be read";
        if (!key)
                return "our key can't be read";
        if (SSL_CTX_use_certificate(context, ours) != 1)
                return "our certificate can't be used";
        if (!others_add(context, text))
                return "a certificate after ours can't be read";
        /* One of another kind is taken, for a certificate of that kind to come. */
        if (SSL_CTX_use_PrivateKey(context, key) != 1 || SSL_CTX_check_private_key(context) != 1)
                return "our key does not fit our certificate";
        if (ASN1_TIME_to_tm(X509_get0_notAfter(ours), &tm) == 1)
                *ret_expires = (int64_t) timegm(&tm);
        return NULL;
}

const char *bankid_context_fill(SSL_CTX *context, const struct bankid_material *m, int64_t *ret_expires) {
        const char *why;

        *ret_expires = 0;
        ERR_clear_error();
        why = context_fill(context, m, ret_expires);
        ERR_clear_error();
        return why;
}
