/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * certificate.h - is this certificate good, and is this its key?
 */

#include <stddef.h>
#include <stdint.h>

enum {
        CERTIFICATE_OK = 0,
        CERTIFICATE_E_NOT_PEM = 1,      /* no certificate in PEM                                  */
        CERTIFICATE_E_KEY,              /* no key in PEM, or one with a passphrase                */
        CERTIFICATE_E_MISMATCH,         /* the key is not the certificate's                       */
        CERTIFICATE_E_EXPIRED,
        CERTIFICATE_E_NOT_YET,          /* valid from a later time on                             */
};

struct certificate_facts {
        int64_t days_left;              /* whole days until it expires; negative: has expired     */
        char    subject[256];           /* its common name, for people; "" if it has none that can be shown */
};

/*
 * Judge the first certificate in @pem at the time @now; with @key (or NULL),
 * whether that is its key.  *ret is written where the certificate could be
 * read.  Returns CERTIFICATE_OK, CERTIFICATE_E_*, or -ENOMEM.
 */
int certificate_judge(const char *pem, size_t n_pem, const char *key, size_t n_key, int64_t now,
                      struct certificate_facts *ret);

/* All certificates in @pem, which must be one or more: the fewest days left of any. */
int certificate_judge_all(const char *pem, size_t n_pem, int64_t now, struct certificate_facts *ret);

/* What a verdict means, for people. */
const char *certificate_text(int r);
