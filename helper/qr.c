/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * qr.c - libqrencode's module array packed into bits
 */

#include "qr.h"

#include "cleanup.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

static void qr_code_freep(QRcode **p) {
        QRcode_free(*p);
}

int qr_encode(const char *text, struct qr *ret) {
        AUTO(qr_code_freep) QRcode *code = NULL;
        size_t n_modules;

        code = QRcode_encodeData((int) strnlen(text, WIRE_TEXT_MAX), (const unsigned char *) text, 0, QR_ECLEVEL_L);
        if (!code)
                return errno == ENOMEM ? -ENOMEM : -ERANGE;
        if (code->width < 21 || code->width > WIRE_QR_SIDE_MAX)
                return -ERANGE;

        ret->side = (size_t) code->width;
        n_modules = ret->side * ret->side;
        ret->n_bits = (n_modules + 7) / 8;
        memset(ret->bits, 0, ret->n_bits);
        for (size_t i = 0; i < n_modules; i++)
                if (code->data[i] & 1)
                        ret->bits[i / 8] |= (uint8_t) (0x80 >> (i % 8));
        return 0;
}
