/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-code.c - draws the characters, each as likely as any other
 */

#include "check-code.h"

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

int check_code_make(char ret[static CHECK_CODE_LEN + 1]) {
        const unsigned n_alphabet = sizeof CHECK_CODE_ALPHABET - 1;
        const unsigned fair = 256 - 256 % n_alphabet;           /* above it, the first ones would come more often */

        for (unsigned i = 0; i < CHECK_CODE_LEN;) {
                uint8_t b;

                if (getrandom(&b, 1, 0) != 1)
                        return -EIO;
                if (b < fair)
                        ret[i++] = CHECK_CODE_ALPHABET[b % n_alphabet];
        }
        ret[CHECK_CODE_LEN] = '\0';
        return 0;
}
