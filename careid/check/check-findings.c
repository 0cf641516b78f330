/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-findings.c - the list of findings
 */

#include "check.h"

#include "i18n.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void check_say(struct check *c, enum check_level level, const char *word, const char *format, ...) {
        struct finding *f;
        va_list arguments;

        if (c->n == CHECK_FINDINGS_MAX) {
                if (level > c->left_out)
                        c->left_out = level;
                return;
        }
        f = &c->finding[c->n++];
        f->level = level;
        (void) snprintf(f->word, sizeof f->word, "%s", word);
        va_start(arguments, format);
        (void) vsnprintf(f->text, sizeof f->text, format, arguments);
        va_end(arguments);
        utf8_trim(f->word);
        utf8_trim(f->text);

        /* What files say goes no further than this unless a terminal can show it. */
        if (!utf8_is_clean(f->text, strlen(f->text), UTF8_ONE_LINE))
                for (char *p = f->text; *p; p++)
                        if (*p < 0x20 || *p > 0x7e)
                                *p = '?';
        if (!utf8_is_clean(f->word, strlen(f->word), UTF8_ONE_LINE))
                for (char *p = f->word; *p; p++)
                        if (*p < 0x20 || *p > 0x7e)
                                *p = '?';
}

void check_unreadable(struct check *c, const struct check_file *f, const char *why) {
        if (f->error)
                check_say(c, CHECK_WRONG, "host-files",
                          _("%s can't be read (%s): what it says is not in these findings"), f->name, why);
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
