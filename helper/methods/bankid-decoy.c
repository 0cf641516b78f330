/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-decoy.c - UUIDs of version 4, as BankID's own tokens are
 */

#include "bankid-decoy.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

static int decoy_token(char ret[static BANKID_TOKEN_MAX + 1]) {
        uint8_t b[16];

        if (getrandom(b, sizeof b, 0) != sizeof b)
                return -EIO;
        b[6] = (uint8_t) ((b[6] & 0x0F) | 0x40);
        b[8] = (uint8_t) ((b[8] & 0x3F) | 0x80);
        (void) snprintf(ret, BANKID_TOKEN_MAX + 1,
                        "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                        b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
        return 0;
}

int bankid_decoy_order(struct bankid_order *ret) {
        int r;

        r = decoy_token(ret->reference);
        if (r == 0)
                r = decoy_token(ret->qr_token);
        if (r == 0)
                r = decoy_token(ret->qr_secret);
        if (r == 0)
                r = decoy_token(ret->start_token);
        return r;
}
