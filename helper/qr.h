/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * qr.h - a text as a QR code in the form that the wire carries
 */

#include "wire.h"

struct qr {
        size_t  side;                           /* modules; 0: there is no code                   */
        size_t  n_bits;                         /* bytes of @bits                                 */
        uint8_t bits[WIRE_QR_BYTES_MAX];        /* rows top down, MSB first, 1 = dark             */
};

/*
 * Encode the bytes of @text at error correction level L, the lowest: the
 * smallest code, which is what a terminal has room for.  Returns 0, -ERANGE
 * for a text that no code can hold, or -ENOMEM.
 */
int qr_encode(const char *text, struct qr *ret);
