/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fuzz-bankid-json.c - any bytes with any status: a verdict, or a value that is in range and clean text */

#include "bankid-evidence.h"
#include "bankid-json.h"
#include "directory.h"

#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void token_check(const char *s) {
        const size_t n = strlen(s);

        assert(n > 0 && n <= BANKID_TOKEN_MAX && utf8_is_clean(s, n, UTF8_ONE_LINE) && !strpbrk(s, ". /\"\\"));
}

/* The first two bytes are the status, the rest is the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static const char reference[] = "131daac9-16c6-4618-beb0-365768f37288";
        struct bankid_collected collected = { .hint = 0 };
        struct bankid_order order = { .reference = "" };
        char code[BANKID_CODE_MAX + 1], frame[BANKID_FRAME_MAX + 1];
        const char *body;
        size_t n_kept = 0;
        char *kept = NULL;
        long status;
        int r;

        if (n < 2)
                return 0;
        status = (long) (data[0] | data[1] << 8);
        body = (const char *) data + 2;
        n -= 2;

        r = bankid_json_order(status, body, n, &order);
        assert(r >= BANKID_OK && r <= BANKID_E_NOT_UNDERSTOOD);
        if (r == BANKID_OK) {
                assert(status == 200);
                token_check(order.reference);
                token_check(order.qr_token);
                token_check(order.qr_secret);
                token_check(order.start_token);
                assert(bankid_frame(order.qr_token, order.qr_secret, UINT32_MAX, frame) == 0);
        } else {
                assert(!*order.reference && !*order.qr_token && !*order.qr_secret);
        }

        r = bankid_json_collected(status, body, n, reference, &collected);
        assert(r >= BANKID_OK && r <= BANKID_E_NOT_UNDERSTOOD);
        if (r == BANKID_OK)
                assert(status == 200 && collected.hint >= BANKID_OUTSTANDING && collected.hint <= BANKID_COMPLETE);
        else
                assert(collected.hint == 0);
        /* Complete requires a person, and only complete has one. */
        if (collected.hint == BANKID_COMPLETE)
                assert(strlen(collected.number) == BANKID_NUMBER_LEN && strspn(collected.number, "0123456789") == BANKID_NUMBER_LEN);
        else
                assert(!*collected.number && !*collected.device && !*collected.risk);
        assert(strlen(collected.device) <= BANKID_ADDRESS_MAX &&
               strspn(collected.device, "0123456789abcdefABCDEF:.") == strlen(collected.device));
        /* What is complete can be kept as evidence, which is one line and holds no more than was said. */
        if (bankid_evidence_make(body, n, &kept, &n_kept) == 0) {
                assert(n_kept == strlen(kept) && n_kept <= DIRECTORY_EVIDENCE_MAX && !strchr(kept, '\n'));
                explicit_bzero(kept, n_kept);
                free(kept);
        } else {
                assert(collected.hint != BANKID_COMPLETE && !kept);
        }

        r = bankid_json_probe(status, body, n);
        assert((r == BANKID_OK) == (status == 405));
        bankid_json_error_code(body, n, code);
        assert(strlen(code) <= BANKID_CODE_MAX && utf8_is_clean(code, strlen(code), UTF8_ONE_LINE));
        return 0;
}
