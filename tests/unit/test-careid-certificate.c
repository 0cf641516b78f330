/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-careid-certificate.c - a relying party's certificate and key: good, expired, of somebody else
 *
 * Certificates are made here, so that none in the tree ever expires.
 */

#include "certificate.h"

#include "cleanup.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400, PEM_MAX = 8192 };

static unsigned n_tests, failed;

static void check(bool ok, const char *name, int got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %d\n", got);
        failed += !ok;
}

static size_t take(BIO *bio, char ret[static PEM_MAX]) {
        char *text;
        const long n = BIO_get_mem_data(bio, &text);

        if (n > 0 && n < PEM_MAX)
                memcpy(ret, text, (size_t) n);
        (void) BIO_free(bio);
        return n > 0 ? (size_t) n : 0;
}

static size_t make_certificate(EVP_PKEY *key, time_t from, time_t until, char ret[static PEM_MAX]) {
        X509 *x = X509_new();
        X509_NAME *name = X509_get_subject_name(x);
        BIO *bio = BIO_new(BIO_s_mem());

        (void) X509_set_version(x, X509_VERSION_3);
        (void) ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        (void) ASN1_TIME_set(X509_getm_notBefore(x), from);
        (void) ASN1_TIME_set(X509_getm_notAfter(x), until);
        (void) X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *) "Kliniken Åsen", -1, -1, 0);
        (void) X509_set_issuer_name(x, name);
        (void) X509_set_pubkey(x, key);
        (void) X509_sign(x, key, EVP_sha256());
        (void) PEM_write_bio_X509(bio, x);
        X509_free(x);
        return take(bio, ret);
}

static size_t make_key(EVP_PKEY *key, const char *passphrase, char ret[static PEM_MAX]) {
        BIO *bio = BIO_new(BIO_s_mem());

        (void) PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL, passphrase,
                                             passphrase ? (int) strlen(passphrase) : 0, NULL, NULL);
        return take(bio, ret);
}

int main(void) {
        static char good[PEM_MAX], other[PEM_MAX], key[PEM_MAX], other_key[PEM_MAX], locked[PEM_MAX], both[2 * PEM_MAX];
        const time_t now = 1800000000;
        EVP_PKEY *k = EVP_EC_gen("P-256"), *k2 = EVP_EC_gen("P-256");
        struct certificate_facts facts = { 0 };
        size_t n_good, n_other, n_key, n_other_key, n_locked;
        int r;

        n_good = make_certificate(k, now - 10 * DAY, now + 40 * DAY + 7, good);
        n_other = make_certificate(k2, now - 10 * DAY, now + 5 * DAY, other);
        n_key = make_key(k, NULL, key);
        n_other_key = make_key(k2, NULL, other_key);
        n_locked = make_key(k, "hemligt", locked);

        r = certificate_judge(good, n_good, key, n_key, now, &facts);
        check(r == CERTIFICATE_OK && facts.days_left == 40 && strcmp(facts.subject, "Kliniken Åsen") == 0, "a certificate and its key", r);
        r = certificate_judge(good, n_good, NULL, 0, now, &facts);
        check(r == CERTIFICATE_OK, "a certificate alone", r);
        r = certificate_judge(good, n_good, other_key, n_other_key, now, &facts);
        check(r == CERTIFICATE_E_MISMATCH, "somebody else's key", r);
        r = certificate_judge(good, n_good, locked, n_locked, now, &facts);
        check(r == CERTIFICATE_E_KEY, "a key with a passphrase: nobody is asked", r);
        r = certificate_judge(good, n_good, good, n_good, now, &facts);
        check(r == CERTIFICATE_E_KEY, "a certificate where the key should be", r);
        r = certificate_judge(key, n_key, key, n_key, now, &facts);
        check(r == CERTIFICATE_E_NOT_PEM, "a key where the certificate should be", r);
        r = certificate_judge("", 0, NULL, 0, now, &facts);
        check(r == CERTIFICATE_E_NOT_PEM, "an empty file", r);
        r = certificate_judge(good, n_good - 60, NULL, 0, now, &facts);
        check(r == CERTIFICATE_E_NOT_PEM, "a certificate that was cut off", r);

        r = certificate_judge(good, n_good, key, n_key, now + 40 * DAY + 6, &facts);
        check(r == CERTIFICATE_OK && facts.days_left == 0, "in its last second", r);
        r = certificate_judge(good, n_good, key, n_key, now + 40 * DAY + 8, &facts);
        check(r == CERTIFICATE_E_EXPIRED && facts.days_left < 0, "one second after its end", r);
        r = certificate_judge(good, n_good, key, n_key, now - 10 * DAY - 1, &facts);
        check(r == CERTIFICATE_E_NOT_YET, "one second before its beginning", r);

        memcpy(both, good, n_good);
        memcpy(both + n_good, other, n_other);
        r = certificate_judge_all(both, n_good + n_other, now, &facts);
        check(r == CERTIFICATE_OK && facts.days_left == 5, "several: the one that ends first counts", r);
        r = certificate_judge_all(both, n_good + n_other, now + 6 * DAY, &facts);
        check(r == CERTIFICATE_E_EXPIRED, "several: the second has expired", r);
        r = certificate_judge_all(both, n_good + n_other - 60, now, &facts);
        check(r == CERTIFICATE_E_NOT_PEM, "several: the second was cut off", r);
        r = certificate_judge_all("nothing\n", 8, now, &facts);
        check(r == CERTIFICATE_E_NOT_PEM, "several: none", r);

        EVP_PKEY_free(k);
        EVP_PKEY_free(k2);
        printf("1..%u\n", n_tests);
        return failed != 0;
}
