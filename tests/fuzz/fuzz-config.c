/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-config.c - any bytes: a complaint in one clean line, or a configuration
 * whose compiled form is a fixed point; and any bytes as a compiled form
 */

#include "config.h"

#include "cleanup.h"
#include "scan.h"
#include "utf8.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* "FILE:LINE: " and something after it. */
static void check_complaint(const char *said) {
        struct scan s = scan_text(said);
        uint32_t line;

        assert(strlen(said) < CONFIG_COMPLAINT_MAX && utf8_is_clean(said, strlen(said), UTF8_ONE_LINE));
        assert(scan_literal(&s, "a.conf:") && scan_u32(&s, UINT32_MAX, &line) && line > 0 && scan_literal(&s, ": "));
        assert(!scan_at_end(&s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        AUTO(config_done) struct config c = { 0 }, loaded = { 0 }, other = { 0 };
        auto_free char *compiled = NULL, *again = NULL, *third = NULL;
        char said[CONFIG_COMPLAINT_MAX];
        size_t n_compiled, n_again, n_third;
        int r;

        assert(config_init(&c) == 0 && config_init(&loaded) == 0 && config_init(&other) == 0);

        /* Only what compile would write is loaded; an older form lacks lines, and has no others. */
        r = config_load(&other, (const char *) data, n, said);
        if (r == CONFIG_OK) {
                assert(config_compile(&other, &third, &n_third) == 0);
                assert(n_third >= n && (n_third > n || memcmp(third, data, n) == 0));
                assert(config_load(&loaded, third, n_third, said) == CONFIG_OK);
        } else {
                assert(r == CONFIG_E_WRONG && *said && utf8_is_clean(said, strlen(said), UTF8_ONE_LINE));
        }

        r = config_parse(&c, "a.conf", (const char *) data, n, said);
        if (r != CONFIG_OK) {
                assert(r == CONFIG_E_WRONG);
                check_complaint(said);
                return 0;
        }
        r = config_finish(&c, said);
        assert(r == CONFIG_OK || (r == CONFIG_E_WRONG && utf8_is_clean(said, strlen(said), UTF8_ONE_LINE)));

        assert(config_compile(&c, &compiled, &n_compiled) == 0);
        assert(config_load(&loaded, compiled, n_compiled, said) == r);
        if (r != CONFIG_OK)
                return 0;
        assert(config_compile(&loaded, &again, &n_again) == 0);
        assert(n_again == n_compiled && memcmp(again, compiled, n_again) == 0);
        return 0;
}
