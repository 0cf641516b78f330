/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * certificate.c - is this certificate good, and is this its key?
 *
 * Nothing is asked of a network, no store of the host is opened, and nobody is
 * asked for a passphrase.
 */

#include "certificate.h"

#include "cleanup.h"
#include "i18n.h"
#include "utf8.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, CERTIFICATES_MAX = 256 };

static void bio_freep(BIO **b) {
        BIO_free(*b);
}

static void x509_freep(X509 **x) {
        X509_free(*x);
}

static void pkey_freep(EVP_PKEY **k) {
        EVP_PKEY_free(*k);
}

/* No passphrase: a key that has one is no key for a service. */
static int no_passphrase(char *buffer, int size, int writing, void *context) {
        (void) buffer, (void) size, (void) writing, (void) context;
        return -1;
}

static int open_pem(const char *pem, size_t n, BIO **ret) {
        if (n > INT_MAX)
                return CERTIFICATE_E_NOT_PEM;
        *ret = BIO_new_mem_buf(pem, (int) n);
        return *ret ? 0 : -ENOMEM;
}

static int judge_time(const X509 *x, int64_t now, struct certificate_facts *ret) {
        time_t t = (time_t) now;
        int days = 0, seconds = 0, before, after;
        ASN1_TIME *today = ASN1_TIME_set(NULL, t);

        if (!today)
                return -ENOMEM;
        before = X509_cmp_time(X509_get0_notBefore(x), &t);
        after = X509_cmp_time(X509_get0_notAfter(x), &t);
        if (before == 0 || after == 0 || !ASN1_TIME_diff(&days, &seconds, today, X509_get0_notAfter(x))) {
                ASN1_TIME_free(today);
                return CERTIFICATE_E_NOT_PEM;
        }
        ASN1_TIME_free(today);
        ret->days_left = after < 0 && days == 0 ? -1 : days;
        if (after < 0)
                return CERTIFICATE_E_EXPIRED;
        return before > 0 ? CERTIFICATE_E_NOT_YET : CERTIFICATE_OK;
}

static void name_of(const X509 *x, struct certificate_facts *ret) {
        const X509_NAME *name = X509_get_subject_name(x);
        const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
        unsigned char *utf8 = NULL;
        int n;

        ret->subject[0] = '\0';
        if (at < 0)
                return;
        n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        if (n > 0 && (size_t) n < sizeof ret->subject && utf8_is_clean(utf8, (size_t) n, UTF8_ONE_LINE)) {
                memcpy(ret->subject, utf8, (size_t) n);
                ret->subject[n] = '\0';
        }
        OPENSSL_free(utf8);
}

int certificate_judge(const char *pem, size_t n_pem, const char *key, size_t n_key, int64_t now,
                      struct certificate_facts *ret) {
        AUTO(bio_freep) BIO *bio = NULL, *key_bio = NULL;
        AUTO(x509_freep) X509 *x = NULL;
        AUTO(pkey_freep) EVP_PKEY *k = NULL;
        int r, in_time;

        r = open_pem(pem, n_pem, &bio);
        if (r != 0)
                return r;
        x = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
        ERR_clear_error();
        if (!x)
                return CERTIFICATE_E_NOT_PEM;
        name_of(x, ret);
        in_time = judge_time(x, now, ret);
        if (in_time < 0 || in_time == CERTIFICATE_E_NOT_PEM)
                return in_time;

        if (key) {
                r = open_pem(key, n_key, &key_bio);
                if (r != 0)
                        return r < 0 ? r : CERTIFICATE_E_KEY;
                k = PEM_read_bio_PrivateKey(key_bio, NULL, no_passphrase, NULL);
                ERR_clear_error();
                if (!k)
                        return CERTIFICATE_E_KEY;
                r = X509_check_private_key(x, k);
                ERR_clear_error();
                if (r != 1)
                        return CERTIFICATE_E_MISMATCH;
        }
        return in_time;
}

int certificate_judge_all(const char *pem, size_t n_pem, int64_t now, struct certificate_facts *ret) {
        AUTO(bio_freep) BIO *bio = NULL;
        size_t n = 0;
        int r;

        r = open_pem(pem, n_pem, &bio);
        if (r != 0)
                return r;
        for (;; n++) {
                AUTO(x509_freep) X509 *x = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
                const unsigned long why = ERR_peek_last_error();
                struct certificate_facts facts = { 0 };

                ERR_clear_error();
                if (!x && n > 0 && ERR_GET_REASON(why) == PEM_R_NO_START_LINE)
                        return CERTIFICATE_OK;
                if (!x || n == CERTIFICATES_MAX)
                        return CERTIFICATE_E_NOT_PEM;
                name_of(x, &facts);
                r = judge_time(x, now, &facts);
                if (n == 0 || facts.days_left < ret->days_left)
                        *ret = facts;
                if (r != CERTIFICATE_OK)
                        return r;
        }
}

const char *certificate_text(int r) {
        switch (r) {
        case CERTIFICATE_OK:
                return _("is good");
        case CERTIFICATE_E_NOT_PEM:
                return _("must hold a certificate in PEM form");
        case CERTIFICATE_E_KEY:
                return _("must hold a key in PEM form, without a passphrase");
        case CERTIFICATE_E_MISMATCH:
                return _("is not the key of the certificate");
        case CERTIFICATE_E_EXPIRED:
                return _("has expired; ask the bank for a new one");
        case CERTIFICATE_E_NOT_YET:
                return _("is not valid yet; is the clock right?");
        }
        return _("can't be judged");
}
