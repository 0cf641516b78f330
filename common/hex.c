/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * hex.c - bytes as hexadecimal in lower case
 */

#include "hex.h"

static const char digits[] = "0123456789abcdef";

const char *hex_text(const uint8_t *bytes, size_t n, char *ret) {
        for (size_t i = 0; i < n; i++) {
                ret[2 * i] = digits[bytes[i] >> 4];
                ret[2 * i + 1] = digits[bytes[i] & 0xf];
        }
        ret[2 * n] = '\0';
        return ret;
}

static int value_of(char c) {
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_bytes(const char *hex, size_t n, uint8_t *ret) {
        for (size_t i = 0; i < n; i++) {
                const int high = value_of(hex[2 * i]), low = high < 0 ? -1 : value_of(hex[2 * i + 1]);

                if (high < 0 || low < 0)
                        return false;
                ret[i] = (uint8_t) (high << 4 | low);
        }
        return true;
}
