/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* shown-arguments.c - see shown-arguments.h */

#include "shown-arguments.h"

#include <string.h>

/* What a word is made of; a slash is in front of its last component, anything else, a quote of a shell's, beside it. */
#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

static bool text_has_careid(const char *s) {
        static const char careid[] = "careid";

        while (s && *s) {
                const size_t n = strspn(s, WORD);

                if (n == sizeof careid - 1 && memcmp(s, careid, n) == 0 && s[n] != '/')
                        return true;
                s += n ? n : 1;
        }
        return false;
}

bool arguments_are_careids(const char *program, const char *arguments) {
        return text_has_careid(program) || text_has_careid(arguments);
}
