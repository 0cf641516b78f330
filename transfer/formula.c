/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * formula.c - values that a spreadsheet would not show, but carry out
 */

#include "formula.h"

#include <string.h>

static bool begins_cell(const char *text, const char *at) {
        return at == text || strchr(",;\t\r\n", at[-1]);
}

/* Is there a formula, with however many apostrophes before it? */
static bool is_formula(const char *at) {
        const char c = at[strspn(at, "'")];

        return c && strchr("=+-@\t\r", c);
}

bool formula_is_in(const char *text) {
        for (const char *s = text; *s; s++)
                if (begins_cell(text, s) && is_formula(s))
                        return true;
        return false;
}

void formula_guard(const char *text, char *ret) {
        for (const char *s = text; *s; s++) {
                if (begins_cell(text, s) && is_formula(s))
                        *ret++ = '\'';
                *ret++ = *s;
        }
        *ret = '\0';
}

size_t formula_unguard(char *text) {
        size_t n = 0;
        char before = ',';

        for (const char *s = text; *s; s++) {
                const bool guards = *s == '\'' && strchr(",;\t\r\n", before) && is_formula(s);

                before = *s;
                if (!guards)
                        text[n++] = *s;
        }
        text[n] = '\0';
        return n;
}
