/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * typed.h - ways that are typed: a password, a code, or one after the other
 *
 * A run asks for the factors of its way in their order, and compares each with
 * what the account has (credentials.h) when it is typed.  A try is each factor
 * once; what was wrong with the first shows only when the second was asked for,
 * too.  TYPED_TRIES tries, then it is over.
 *
 *  1. MUST ask the same of every name, known or not, whatever it has, in the
 *     same words (X15): a code that is to be sent is asked for where none is sent.
 *  2. MUST NOT send a code before the first factor of its try was right, nor
 *     before the prompt for it has been shown: the pace tells nothing of whom it is for.
 *  3. MUST end with PROVEN only if each factor of one and the same try was right.
 *  4. MUST take what could not be charged or compared for out of order, not for wrong.
 */

#include "method.h"

enum {
        TYPED_TRIES     = 3,
        TYPED_CODE_ROOM = 64,           /* bytes: digits, and what people put between them        */
};

extern const struct method method_typed;
