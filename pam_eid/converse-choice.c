/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * converse-choice.c - what a person's answer chooses
 */

#include "converse.h"

#include <string.h>

enum converse_choice converse_choice_of(const char *answer) {
        const size_t n = strnlen(answer, CONVERSE_ANSWER_MAX);

        if (n != 1)
                return n == 4 ? CONVERSE_FOUR : n == 5 ? CONVERSE_FIVE : n == 6 ? CONVERSE_SIX : CONVERSE_GO_ON;
        switch (answer[0]) {
        case 'a': case 'A':
                return CONVERSE_WAY;
        case 'c': case 'C': case 'q': case 'Q':
                return CONVERSE_CANCEL;
        case 'i': case 'I':
                return CONVERSE_INVERT;
        case 'l': case 'L':
                return CONVERSE_LARGER;
        case 's': case 'S':
                return CONVERSE_TURN;
        default:
                return CONVERSE_OTHER;
        }
}
