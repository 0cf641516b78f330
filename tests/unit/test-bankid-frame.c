/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-bankid-frame.c - the published examples of BankID's guideline, and the limits */

#include "bankid-frame.h"

#include "cleanup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TOKEN  "67df3917-fa0d-44e5-b327-edcc928297f8"
#define SECRET "d28db9a7-4cde-429e-a983-359be676944c"
#define T8     "12345678"
#define T64    T8 T8 T8 T8 T8 T8 T8 T8

static const struct {
        const char *name, *token, *secret;
        uint32_t    seconds;
        int         want;
        const char *frame;              /* NULL: not looked at                                    */
} cases[] = {
        /* Published. */
        { "second 0", TOKEN, SECRET, 0, 0, "bankid." TOKEN ".0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8" },
        { "second 1", TOKEN, SECRET, 1, 0, "bankid." TOKEN ".1.949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2" },
        { "second 2", TOKEN, SECRET, 2, 0, "bankid." TOKEN ".2.a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3" },
        /* Computed with OpenSSL's command. */
        { "second 10", TOKEN, SECRET, 10, 0, "bankid." TOKEN ".10.2822ca616ce1e64a1c171df69154ebc5adef4011244c867d6ad88a02db178962" },
        { "second 119", TOKEN, SECRET, 119, 0, "bankid." TOKEN ".119.5a75e61f4384b1d39b980e1e9b40b31e78a6a3798f4b91e6ec59917cdafef390" },
        { "the last second", T64, T64, UINT32_MAX, 0, NULL },
        { "a token that is too long", T64 "x", SECRET, 0, -EINVAL, NULL },
        { "a secret that is too long", TOKEN, T64 "x", 0, -EINVAL, NULL },
        { "no token", "", SECRET, 0, -EINVAL, NULL },
        { "no secret", TOKEN, "", 0, -EINVAL, NULL },
};

int main(void) {
        unsigned failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                char frame[BANKID_FRAME_MAX + 1] = "untouched";
                const int r = bankid_frame(cases[i].token, cases[i].secret, cases[i].seconds, frame);
                const bool ok = r == cases[i].want && (!cases[i].frame || strcmp(frame, cases[i].frame) == 0) &&
                                (r == 0) == (strcmp(frame, "untouched") != 0);

                printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, cases[i].name);
                failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(cases));
        return failed != 0;
}
