/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-bankid-context.c - which texts are a certificate of ours and a key that fits it, and what is said of others */

#include "bankid-context.h"

#include "cleanup.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

enum { YEAR = 365 * 24 * 60 * 60 };

/* In the test's own words: what is made once, and texts of it. */
enum { RSA_2048, CURVES, CURVES_OTHER, N_KEYS };

static EVP_PKEY *keys[N_KEYS];
static X509 *certificates[N_KEYS];

enum form { PLAIN, OF_ITS_KIND, LOCKED };

static void text_of(BIO *text, char **ret, size_t *ret_n) {
        *ret_n = (size_t) BIO_get_mem_data(text, ret);
}

static void key_write(BIO *text, int key, enum form form) {
        switch (form) {
        case PLAIN:
                (void) PEM_write_bio_PrivateKey(text, keys[key], NULL, NULL, 0, NULL, NULL);
                break;
        case OF_ITS_KIND:
                (void) PEM_write_bio_PrivateKey_traditional(text, keys[key], NULL, NULL, 0, NULL, NULL);
                break;
        case LOCKED:
                (void) PEM_write_bio_PrivateKey(text, keys[key], EVP_aes_256_cbc(), (unsigned char *) "phrase", 6, NULL, NULL);
                break;
        }
}

static X509 *certificate_new(EVP_PKEY *key) {
        X509 *x = X509_new();

        (void) X509_set_version(x, 2);
        (void) ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        (void) X509_gmtime_adj(X509_getm_notBefore(x), 0);
        (void) X509_gmtime_adj(X509_getm_notAfter(x), YEAR);
        (void) X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *) "test", -1, -1, 0);
        (void) X509_set_issuer_name(x, X509_get_subject_name(x));
        (void) X509_set_pubkey(x, key);
        (void) X509_sign(x, key, EVP_sha256());
        return x;
}

static const struct {
        const char *name;
        int         n_certificates, certificate, key;   /* -1: none                               */
        enum form   form;
        const char *before, *after;                     /* more text around the certificates      */
        const char *why;                                /* NULL: they fit                         */
        int         n_chain;
} rows[] = {
        { "a key of elliptic curves", 1, CURVES, CURVES, PLAIN, "", "", NULL, 0 },
        { "one of RSA", 1, RSA_2048, RSA_2048, PLAIN, "", "", NULL, 0 },
        { "the older form, elliptic curves", 1, CURVES, CURVES, OF_ITS_KIND, "", "", NULL, 0 },
        { "the older form, RSA", 1, RSA_2048, RSA_2048, OF_ITS_KIND, "", "", NULL, 0 },
        { "words around a certificate", 1, CURVES, CURVES, PLAIN, "subject=test\n", "\nissuer=test\n", NULL, 0 },
        { "those who issued it as well", 3, CURVES, CURVES, PLAIN, "", "", NULL, 2 },
        { "the key of another, of the same kind", 1, CURVES, CURVES_OTHER, PLAIN, "", "", "our key does not fit our certificate", 0 },
        { "the key of another, of another kind", 1, CURVES, RSA_2048, PLAIN, "", "", "our key does not fit our certificate", 0 },
        { "no key", 1, CURVES, -1, PLAIN, "", "", "our key can't be read", 0 },
        { "a key under a pass phrase", 1, CURVES, CURVES, LOCKED, "", "", "our key can't be read", 0 },
        { "no certificate", 0, -1, CURVES, PLAIN, "", "", "our certificate can't be read", 0 },
        { "half a certificate after it", 1, CURVES, CURVES, PLAIN, "", "-----BEGIN CERTIFICATE-----\nMIIB\n",
          "a certificate after ours can't be read", 0 },
};

static bool row_holds(size_t i) {
        BIO *certificate = BIO_new(BIO_s_mem()), *key = BIO_new(BIO_s_mem());
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        struct bankid_material m = { .port = 443 };
        STACK_OF(X509) *chain = NULL;
        int64_t expires = -1;
        const char *why;
        bool ok;

        (void) BIO_puts(certificate, rows[i].before);
        for (int n = 0; n < rows[i].n_certificates; n++)
                (void) PEM_write_bio_X509(certificate, certificates[n == 0 ? rows[i].certificate : RSA_2048]);
        (void) BIO_puts(certificate, rows[i].after);
        if (rows[i].key >= 0)
                key_write(key, rows[i].key, rows[i].form);
        text_of(certificate, &m.certificate, &m.n_certificate);
        text_of(key, &m.key, &m.n_key);

        why = bankid_context_fill(context, &m, &expires);
        ok = (why == NULL) == (rows[i].why == NULL) && (!why || strcmp(why, rows[i].why) == 0) && (expires > 0) == !why;
        if (!why) {
                (void) SSL_CTX_get0_chain_certs(context, &chain);
                ok = ok && SSL_CTX_check_private_key(context) == 1 && (chain ? sk_X509_num(chain) : 0) == rows[i].n_chain &&
                     EVP_PKEY_eq(SSL_CTX_get0_privatekey(context), keys[rows[i].key]) == 1;
        }
        if (!ok)
                printf("# said: %s\n", why ? why : "nothing");
        SSL_CTX_free(context);
        BIO_free(key);
        BIO_free(certificate);
        return ok;
}

int main(void) {
        unsigned n_failed = 0;

        keys[RSA_2048] = EVP_RSA_gen(2048);
        keys[CURVES] = EVP_EC_gen("P-256");
        keys[CURVES_OTHER] = EVP_EC_gen("P-256");
        for (size_t i = 0; i < N_KEYS; i++)
                certificates[i] = certificate_new(keys[i]);
        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                const bool ok = row_holds(i);

                printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, rows[i].name);
                n_failed += !ok;
        }
        for (size_t i = 0; i < N_KEYS; i++) {
                X509_free(certificates[i]);
                EVP_PKEY_free(keys[i]);
        }
        printf("1..%zu\n", N_ELEMENTS(rows));
        return n_failed != 0;
}
