/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-material.c - reads what BankID is spoken to with
 *
 * 1. MUST use no root but the one that BankID publishes for it for each of BankID's own hosts.
 * 2. MUST refuse a key that anybody but _careid could have written or can read.
 */

#include "bankid-material.h"

#include "cleanup.h"
#include "i18n.h"
#include "places.h"
#include "scan.h"
#include "trusted-file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PRODUCTION_ROOT CAREID_DATA_DIR "/bankid-root.pem"
#define TEST_ROOT       CAREID_DATA_DIR "/bankid-test-root.pem"

int bankid_material_place(const char *url, struct bankid_material *ret) {
        struct scan s = scan_text(url);
        const char *from, *to;
        char host[BANKID_HOST_MAX + 1];
        uint8_t address[16];
        uint32_t port = 443;
        bool is_6;
        size_t n;

        if (!scan_literal(&s, "https://") || strlen(url) >= sizeof ret->url)
                return -EINVAL;
        from = s.at;
        if (scan_char(&s, '[')) {
                from = s.at;
                to = memchr(from, ']', scan_left(&s));
                if (!to)
                        return -EINVAL;
                s.at = to + 1;
        } else {
                while (s.at < s.end && *s.at != ':' && *s.at != '/')
                        s.at++;
                to = s.at;
        }
        n = (size_t) (to - from);
        if (n == 0 || n > BANKID_HOST_MAX)
                return -EINVAL;
        if (scan_char(&s, ':') && (!scan_u32(&s, UINT16_MAX, &port) || port == 0))
                return -EINVAL;
        if (!scan_at_end(&s) && *s.at != '/')
                return -EINVAL;
        memcpy(host, from, n);
        host[n] = '\0';
        is_6 = inet_pton(AF_INET6, host, address) == 1;
        if (is_6 != (from[-1] == '['))
                return -EINVAL;

        memcpy(ret->url, url, strlen(url) + 1);
        memcpy(ret->host, host, n + 1);
        ret->port = (uint16_t) port;
        ret->literal = is_6 || inet_pton(AF_INET, host, address) == 1;
        return 0;
}

/* A file that is nobody's secret: root's, or ours. */
static int pem_read_public(const char *path, uid_t owner, char **ret, size_t *ret_n) {
        int r;

        r = trusted_read(path, 0, 0644, BANKID_PEM_MAX, ret, ret_n);
        if (r == -EPERM)
                r = trusted_read(path, owner, 0644, BANKID_PEM_MAX, ret, ret_n);
        return r;
}

static void bio_freep(BIO **b) {
        BIO_free(*b);
}

static void x509_freep(X509 **x) {
        X509_free(*x);
}

int64_t bankid_material_expires(const struct bankid_material *m) {
        AUTO(bio_freep) BIO *bio = m->certificate ? BIO_new_mem_buf(m->certificate, (int) m->n_certificate) : NULL;
        AUTO(x509_freep) X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
        struct tm tm;

        ERR_clear_error();
        if (!x || ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
                return 0;
        return (int64_t) timegm(&tm);
}

static int complain(char complaint[static CONFIG_COMPLAINT_MAX], const char *what, const char *path, int r) {
        (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "[bankid] %s: %s: %s", what, path, _(strerrordesc_np(-r)));
        return r;
}

static const char *roots_for(const struct config *c) {
        switch (config_endpoint_of(c->bankid_endpoint)) {
        case CONFIG_ENDPOINT_PRODUCTION:
                return PRODUCTION_ROOT;
        case CONFIG_ENDPOINT_TEST:
                return TEST_ROOT;
        case CONFIG_ENDPOINT_RELAY:
                break;
        }
        return c->bankid_ca;
}

int bankid_material_read(const struct config *c, uid_t owner, struct bankid_material *ret,
                         char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct bankid_material m = { .port = 0 };
        const char *roots;
        int r;

        r = bankid_material_place(c->bankid_endpoint, &m);
        if (r < 0)
                return complain(complaint, "endpoint", c->bankid_endpoint, r);
        m.test = strcmp(c->bankid_environment, "test") == 0;
        roots = roots_for(c);
        if (!*roots) {
                (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "%s",
                                _("[bankid] ca: must name who signed the endpoint's certificate where the endpoint is not "
                                  "BankID's own"));
                return -EINVAL;
        }

        r = pem_read_public(roots, owner, &m.roots, &m.n_roots);
        if (r < 0)
                return complain(complaint, "ca", roots, r);
        r = pem_read_public(c->bankid_certificate, owner, &m.certificate, &m.n_certificate);
        if (r < 0)
                r = complain(complaint, "certificate", c->bankid_certificate, r);
        if (r == 0) {
                r = trusted_read(c->bankid_key, owner, 0400, BANKID_PEM_MAX, &m.key, &m.n_key);
                if (r < 0)
                        r = complain(complaint, "key", c->bankid_key, r);
        }
        if (r < 0) {
                bankid_material_done(&m);
                return r;
        }
        *ret = m;
        return 0;
}

void bankid_material_done(struct bankid_material *m) {
        if (m->key)
                explicit_bzero(m->key, m->n_key);
        free(m->key);
        free(m->certificate);
        free(m->roots);
        *m = (struct bankid_material) { .port = 0 };
}
