/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * way.h - the ways to prove who one is: one factor, or two one after the other
 *
 * A way is written as its factors, "password+sms".  There are as many as the
 * table in way.c has, and no others: two factors are of two kinds, one that is
 * known and one that is held, and a code from the helpdesk or a letter stands
 * in for the one that is missing.  An SSH key is no factor of ours.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum factor {
        FACTOR_BANKID = 1,
        FACTOR_PASSWORD,
        FACTOR_TOTP,
        FACTOR_SMS,                     /* a code to the registered phone                         */
        FACTOR_MAIL,                    /* a code to the registered e-mail address                */
        FACTOR_CODE,                    /* of the helpdesk, or of an activation letter            */
        FACTOR_LAST = FACTOR_CODE,
};

/* In no order of strength.  Numbers are this program's: what is stored or sent is the name. */
enum way {
        WAY_BANKID = 1,
        WAY_PASSWORD,
        WAY_MAIL,
        WAY_CODE,
        WAY_PASSWORD_TOTP,
        WAY_PASSWORD_SMS,
        WAY_PASSWORD_MAIL,
        WAY_PASSWORD_CODE,
        WAY_CODE_TOTP,
        WAY_CODE_SMS,
        WAY_CODE_MAIL,
        WAY_LAST = WAY_CODE_MAIL,
};

enum {
        WAY_N        = WAY_LAST,
        WAY_NAME_MAX = 15,              /* bytes of a name                                        */
        WAY_WHY_MAX  = 256,             /* bytes of a sentence about one that is none             */
};

/* Sets of factors, and of ways, as bits. */
static inline uint32_t factor_bit(enum factor factor) {
        return UINT32_C(1) << factor;
}

static inline uint32_t way_bit(enum way way) {
        return UINT32_C(1) << way;
}

/* Its name, as it is written.  Never NULL; "" for what is none. */
const char *factor_name(enum factor factor);
const char *way_name(enum way way);

/* The factors in the order in which they are asked for; 0: there is no second. */
enum factor way_first(enum way way);
enum factor way_second(enum way way);
bool way_has(enum way way, enum factor factor);

/* The factors of it, as bits. */
uint32_t way_factors(enum way way);

/* Two factors, or an e-ID, which is two by itself (S1). */
bool way_is_two_factors(enum way way);

/* Is anything of it typed in answer to a prompt of careid's? */
bool way_is_typed(enum way way);

/*
 * The way of this name, which need not end in NUL.  False: there is none, and
 * @why has a part of a sentence that says what would be right.
 */
bool way_find(const char *name, size_t n, enum way *ret, char why[static WAY_WHY_MAX]);
