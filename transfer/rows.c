/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * rows.c - what readers of rows say
 */

#include "rows.h"

#include "i18n.h"
#include "nearest.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((__format__(__printf__, 4, 0)))
static void say(const struct row_listener *l, const struct row_place *at, bool note, const char *format, va_list ap) {
        char text[ROW_TEXT_MAX];

        (void) vsnprintf(text, sizeof text, format, ap);
        utf8_trim(text);
        l->said(l->about, at, note, text);
}

void row_say(const struct row_listener *l, const struct row_place *at, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        say(l, at, false, format, ap);
        va_end(ap);
}

void row_note(const struct row_listener *l, const struct row_place *at, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        say(l, at, true, format, ap);
        va_end(ap);
}

void row_say_byte(const struct row_listener *l, const struct row_place *at, unsigned char byte) {
        row_say(l, at, _("the byte 0x%02X is no UTF-8; save the file as UTF-8 (it may be Latin-1)"), (unsigned) byte);
}

/* A name of a column is shown; anything longer or stranger might be a value. */
static bool may_be_shown(const char *name) {
        const size_t n = strlen(name);

        return n > 0 && n <= 32 && utf8_is_clean(name, n, UTF8_ONE_LINE) && !strpbrk(name, "0123456789@");
}

int row_column(const struct transfer_kind *kind, const char *name, const struct row_place *at, const struct row_listener *l) {
        struct nearest near;
        char all[256] = "";
        size_t k = 0;

        nearest_init(&near, name, strlen(name));
        for (size_t i = 0; kind->columns[i].name; i++) {
                if (strcmp(kind->columns[i].name, name) == 0)
                        return (int) i;
                nearest_offer(&near, kind->columns[i].name);
                if (k < sizeof all)
                        k += (size_t) snprintf(all + k, sizeof all - k, "%s%s", i ? "," : "", kind->columns[i].name);
        }
        if (!may_be_shown(name))
                row_say(l, at, _("%s have no such column; they have: %s"), kind->name, all);
        else if (near.best)
                row_say(l, at, _("%s: %s have no such column; is %s meant?"), name, kind->name, near.best);
        else
                row_say(l, at, _("%s: %s have no such column; they have: %s"), name, kind->name, all);
        return -1;
}

bool row_is_complete(const struct transfer_kind *kind, const struct row *row, const struct row_listener *l) {
        bool complete = true;

        for (size_t i = 0; kind->columns[i].name; i++)
                if (kind->columns[i].flags & TRANSFER_REQUIRED && !row->value[i]) {
                        row_say(l, &row->at[i], _("%s: is missing"), kind->columns[i].name);
                        complete = false;
                }
        return complete;
}
