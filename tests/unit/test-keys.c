/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-keys.c - what the two keys make of a number, and whom they make it for
 */

#include "keys.h"

#include "cleanup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned n, failed;

static void result(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n, name);
        failed += !ok;
}

int main(void) {
        const struct keys keys = { .hmac = "Jefe", .cipher = "a key of exactly 32 bytes long.." };
        const struct keys other = { .hmac = "Jefe", .cipher = "a key of exactly 32 bytes long.!" };
        uint8_t mac[KEY_MAC_SIZE], mac2[KEY_MAC_SIZE], sealed[KEY_SEALED_MAX], again[KEY_SEALED_MAX];
        char number[KEY_SUBJECT_MAX + 1], longest[KEY_SUBJECT_MAX + 2] = "";
        size_t n_sealed = 0, n_again = 0;
        bool ok = true;

        result(keys_mac(&keys, "se", "199908072391", mac) == 0 && keys_mac(&keys, "se", "199908072391", mac2) == 0 &&
               memcmp(mac, mac2, sizeof mac) == 0, "the same number, the same value");
        result(keys_mac(&keys, "dk", "199908072391", mac2) == 0 && memcmp(mac, mac2, sizeof mac) != 0, "another country, another value");
        result(keys_mac(&keys, "s", "e199908072391", mac2) == 0 && memcmp(mac, mac2, sizeof mac) != 0, "no way to move the border");

        result(keys_seal(&keys, "se", 17, "199908072391", sealed, &n_sealed) == 0 && n_sealed == 12 + 12 + 16, "sealed");
        result(!memmem(sealed, n_sealed, "1999", 4), "nothing of it is to be seen");
        result(keys_open(&keys, "se", 17, sealed, n_sealed, number) == 0 && strcmp(number, "199908072391") == 0, "and opened");
        result(keys_seal(&keys, "se", 17, "199908072391", again, &n_again) == 0 && memcmp(sealed, again, n_sealed) != 0,
               "sealed again it looks different");

        (void) snprintf(number, sizeof number, "untouched");
        result(keys_open(&keys, "se", 18, sealed, n_sealed, number) == -EBADMSG, "not for another person");
        result(keys_open(&keys, "dk", 17, sealed, n_sealed, number) == -EBADMSG, "not for another country");
        result(keys_open(&other, "se", 17, sealed, n_sealed, number) == -EBADMSG, "not with another key");
        for (size_t i = 0; i < n_sealed; i++) {
                sealed[i] ^= 1;
                ok = ok && keys_open(&keys, "se", 17, sealed, n_sealed, number) == -EBADMSG;
                sealed[i] ^= 1;
        }
        result(ok, "not with any bit changed");
        ok = true;
        for (size_t i = 0; i < n_sealed; i++)
                ok = ok && keys_open(&keys, "se", 17, sealed, i, number) == -EBADMSG;
        result(ok, "not with anything cut off");
        result(strcmp(number, "untouched") == 0, "and nothing is written then");

        (void) memset(longest, '7', sizeof longest);
        longest[KEY_SUBJECT_MAX] = '\0';
        result(keys_seal(&keys, "se", 1, longest, sealed, &n_sealed) == 0 && n_sealed == KEY_SEALED_MAX &&
               keys_open(&keys, "se", 1, sealed, n_sealed, number) == 0 && strcmp(number, longest) == 0, "the longest");
        longest[KEY_SUBJECT_MAX] = '7';
        longest[KEY_SUBJECT_MAX + 1] = '\0';
        result(keys_seal(&keys, "se", 1, longest, sealed, &n_sealed) == -EOVERFLOW && keys_mac(&keys, "se", longest, mac) == -EOVERFLOW,
               "one byte longer");
        printf("1..%u\n", n);
        return failed != 0;
}
