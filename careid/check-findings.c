/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-findings.c - the list of findings
 */

#include "check.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void check_say(struct check *c, enum check_level level, const char *word, const char *format, ...) {
        struct finding *f;
        va_list arguments;
        int k;

        if (c->n == CHECK_FINDINGS_MAX) {
                if (level > c->left_out)
                        c->left_out = level;
                return;
        }
        f = &c->finding[c->n++];
        f->level = level;
        (void) snprintf(f->word, sizeof f->word, "%s", word);
        va_start(arguments, format);
        k = vsnprintf(f->text, sizeof f->text, format, arguments);
        va_end(arguments);

        /* What files say goes no further than this unless a terminal can show it. */
        if (k >= CHECK_TEXT_MAX)
                for (size_t n = CHECK_TEXT_MAX - 1;
                     n > CHECK_TEXT_MAX - 5 && !utf8_is_clean(f->text, n, UTF8_ONE_LINE); n--)
                        f->text[n - 1] = '\0';
        if (!utf8_is_clean(f->text, strlen(f->text), UTF8_ONE_LINE))
                for (char *p = f->text; *p; p++)
                        if (*p < 0x20 || *p > 0x7e)
                                *p = '?';
        if (!utf8_is_clean(f->word, strlen(f->word), UTF8_ONE_LINE))
                for (char *p = f->word; *p; p++)
                        if (*p < 0x20 || *p > 0x7e)
                                *p = '?';
}

enum check_level check_worst(const struct check *c) {
        /* That something was left out is to be known by itself. */
        enum check_level worst = c->left_out == CHECK_OK ? CHECK_WARN : c->left_out ? c->left_out : CHECK_OK;

        for (size_t i = 0; i < c->n; i++)
                if (c->finding[i].level > worst)
                        worst = c->finding[i].level;
        return worst;
}

const char *check_level_text(enum check_level level) {
        switch (level) {
        case CHECK_OK:
                return "OK";
        case CHECK_WARN:
                return "WARN";
        case CHECK_WRONG:
                return "WRONG";
        }
        return "WRONG";
}
