/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-text.c - text from elsewhere: what is called clean decodes, without a control, and stays clean wherever it is cut;
 * and the name that was meant is one of those that there are
 */

#include "nearest.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_characters(const uint8_t *s, size_t n, enum utf8_lines lines) {
        for (size_t at = 0; at < n; ) {
                uint32_t c = 0;
                const size_t k = utf8_decode(s + at, n - at, &c);

                assert(k >= 1 && k <= 4 && k <= n - at && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
                assert(c >= 0x20 || (c == '\n' && lines == UTF8_LINES));
                assert((c < 0x7f || c > 0x9f) && (c < 0x202a || c > 0x202e) && (c < 0x2066 || c > 0x2069));
                at += k;
        }
}

static void check_cuts(const uint8_t *data, size_t n, bool clean) {
        char *const text = malloc(n + 1), part[41];
        size_t fit;

        if (!text)
                abort();
        for (size_t cut = 0; cut <= n && cut < 64; cut++) {
                memcpy(text, data, cut);
                text[cut] = '\0';
                fit = utf8_fit(text, cut);
                assert(fit <= cut && fit + 3 >= cut);
                if (clean)
                        assert(utf8_is_clean(text, fit, UTF8_LINES));
                utf8_trim(text);
                if (clean)
                        assert(utf8_is_clean(text, strlen(text), UTF8_LINES));
        }
        memcpy(text, data, n);
        text[n] = '\0';
        assert(utf8_short(text, part) == part && strlen(part) <= 40);
        if (clean)
                assert(utf8_is_clean(part, strlen(part), UTF8_LINES));
        free(text);
}

static void check_meant(const char *wrong, size_t n) {
        static const char *const names[] = { "enabled", "endpoint", "certificate", "key", "remote-qr" };
        struct nearest found;
        bool is_one = false;

        nearest_init(&found, wrong, n);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                nearest_offer(&found, names[i]);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                is_one |= found.best == names[i];
                if (n == strlen(names[i]) && memcmp(wrong, names[i], n) == 0)
                        assert(found.best == names[i]);
        }
        assert(!found.best || (is_one && n <= NEAREST_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        const bool line = utf8_is_clean(data, n, UTF8_ONE_LINE), lines = utf8_is_clean(data, n, UTF8_LINES);

        assert(lines || !line);
        if (line)
                check_characters(data, n, UTF8_ONE_LINE);
        if (lines)
                check_characters(data, n, UTF8_LINES);
        check_cuts(data, n, lines);
        check_meant((const char *) data, n);
        return 0;
}
