/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fill.c - what the configuration leaves open for a message, filled in
 *
 * The grammar of a template stands in common/config-sending.h.
 *
 * 1. MUST not fill in anything inside of what was filled in.
 */

#include "fill.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct filled {
        char  *at;
        size_t left;            /* without room for NUL                                           */
        int    r;
};

static void put(struct filled *f, const char *s, size_t n) {
        if (f->r == 0 && n > f->left)
                f->r = -EOVERFLOW;
        if (f->r < 0)
                return;
        memcpy(f->at, s, n);
        f->at += n;
        f->left -= n;
}

static bool is_unreserved(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_byte(struct filled *f, enum fill_place place, char c) {
        const unsigned char u = (unsigned char) c;
        char escaped[8];

        switch (place) {
        case FILL_URL:
                if (is_unreserved(c))
                        break;
                (void) snprintf(escaped, sizeof escaped, "%%%02X", u);
                put(f, escaped, 3);
                return;
        case FILL_JSON:
                if (u >= 0x20 && c != '"' && c != '\\' && u != 0x7f)
                        break;
                (void) snprintf(escaped, sizeof escaped, "\\u%04X", u);
                put(f, escaped, 6);
                return;
        case FILL_HEADER:
                if (c < ' ' || c > '~')
                        f->r = -EINVAL;
                break;
        }
        put(f, &c, 1);
}

static const char *field_find(const struct fill_fields *fields, const char *name, size_t n) {
        const struct {
                const char *name, *value;
        } all[] = {
                { "to", fields->to }, { "number", fields->to ? fields->to + (fields->to[0] == '+') : NULL },
                { "text", fields->text }, { "from", fields->from }, { "user", fields->user }, { "secret", fields->secret },
        };

        for (size_t i = 0; i < N_ELEMENTS(all); i++)
                if (strlen(all[i].name) == n && memcmp(all[i].name, name, n) == 0)
                        return all[i].value;
        return NULL;
}

static bool is_field_byte(char c) {
        return ascii_is_lower(c) || c == '-';
}

int fill(const char *template, enum fill_place place, const struct fill_fields *fields, char *ret, size_t n_ret) {
        struct filled f = { .at = ret, .left = n_ret ? n_ret - 1 : 0, .r = n_ret ? 0 : -EOVERFLOW };
        struct scan s = scan_text(template);

        while (f.r == 0 && !scan_at_end(&s)) {
                struct scan field = s;
                const char *name, *value = NULL;
                size_t n;

                if (scan_char(&field, '{') && scan_word(&field, is_field_byte, 32, &name, &n) && scan_char(&field, '}'))
                        value = field_find(fields, name, n);
                if (!value) {
                        put(&f, s.at++, 1);
                        continue;
                }
                for (; *value; value++)
                        put_byte(&f, place, *value);
                s = field;
        }
        if (f.r < 0 && n_ret)
                explicit_bzero(ret, n_ret);
        else if (f.r == 0)
                *f.at = '\0';
        return f.r;
}
