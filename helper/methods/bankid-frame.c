/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-frame.c - makes the text of a frame
 *
 * 1. MUST make the frames of the published examples (tests/unit/test-bankid-frame.c).
 * 2. MUST not let the secret leave but through the HMAC.
 */

#include "bankid-frame.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

int bankid_frame(const char *token, const char *secret, uint32_t seconds, char ret[static BANKID_FRAME_MAX + 1]) {
        static const char digits[] = "0123456789abcdef";
        uint8_t code[EVP_MAX_MD_SIZE];
        char time[11];
        unsigned n_code = 0;
        size_t n;

        if (!*token || strlen(token) > BANKID_TOKEN_MAX || !*secret || strlen(secret) > BANKID_TOKEN_MAX)
                return -EINVAL;
        (void) snprintf(time, sizeof time, "%u", (unsigned) seconds);
        if (!HMAC(EVP_sha256(), secret, (int) strlen(secret), (const uint8_t *) time, strlen(time), code, &n_code) ||
            n_code != 32)
                return -EIO;

        n = (size_t) snprintf(ret, BANKID_FRAME_MAX + 1, "bankid.%s.%s.", token, time);
        for (unsigned i = 0; i < n_code; i++) {
                ret[n++] = digits[code[i] >> 4];
                ret[n++] = digits[code[i] & 15];
        }
        ret[n] = '\0';
        return 0;
}
