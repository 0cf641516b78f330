/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * hex.h - bytes as hexadecimal in lower case, which is how hashes and signatures are shown
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEX_HASH_SIZE = 64 };           /* digits of a hash of the audit trail                          */

/* Two digits a byte, and NUL: @ret has room for 2 * n + 1.  Returns @ret. */
const char *hex_text(const uint8_t *bytes, size_t n, char *ret);

/* 2 * @n digits, lower case alone, and nothing after them that is looked at; *@ret is undefined where it is false. */
bool hex_bytes(const char *hex, size_t n, uint8_t *ret);

static inline bool hex_is_digit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}
