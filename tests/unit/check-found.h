/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * check-found.h - a line of TAP for what careid check has found, for the tests of its readers
 */

#include "check.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;
static struct check c;

static inline void check(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        for (size_t i = 0; !ok && i < c.n; i++)
                printf("# %s %s: %s\n", check_level_text(c.finding[i].level), c.finding[i].word, c.finding[i].text);
        failed += !ok;
}

/* That says @text; NULL: there is none. */
static inline struct check_file file(const char *name, const char *text) {
        return (struct check_file) { .name = (char *) name, .text = (char *) text, .n = text ? strlen(text) : 0 };
}

/* The level of the finding @word; 0 if there is none or more than one. */
static inline unsigned found(const char *word) {
        unsigned level = 0, n = 0;

        for (size_t i = 0; i < c.n; i++)
                if (strcmp(c.finding[i].word, word) == 0) {
                        level = c.finding[i].level;
                        n++;
                }
        return n == 1 ? level : 0;
}

static inline void begin(void) {
        memset(&c, 0, sizeof c);
}

/* The plan; for main() to return. */
static inline int check_done(void) {
        printf("1..%u\n", n_tests);
        return failed != 0;
}
