/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-module-options.c - any words on a PAM line: a verdict that names the wrong one, or options within their limits
 *
 *     input = *(word NUL)
 */

#include "eid-options.h"
#include "wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { WORDS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        const char *words[WORDS_MAX + 1] = { NULL }, *wrong = NULL;
        char *text = malloc(n + 1);
        struct eid_options args;
        int argc = 0, r;

        if (!text)
                abort();
        memcpy(text, data, n);
        text[n] = '\0';
        for (size_t at = 0; at < n && argc < WORDS_MAX; at += strlen(text + at) + 1)
                words[argc++] = text + at;

        r = eid_options_parse(argc, words, &args, &wrong);
        if (r == EID_OPTIONS_OK) {
                assert(args.timeout == 0 || (args.timeout >= WIRE_TIMEOUT_MIN && args.timeout <= WIRE_TIMEOUT_MAX));
                assert(!args.kiosk || args.timeout == 0 || args.timeout >= EID_TIMEOUT_KIOSK);
        } else {
                bool is_one = false;

                for (int i = 0; i < argc; i++)
                        is_one |= words[i] == wrong;
                assert(is_one && (r == EID_OPTIONS_E_UNKNOWN || r == EID_OPTIONS_E_VALUE || r == EID_OPTIONS_E_KIOSK));
        }
        free(text);
        return 0;
}
