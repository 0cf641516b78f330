/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * drawing.c - bytes for a terminal or a message, as they are put together
 */

#include "drawing.h"

#include "cleanup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct drawing *drawing_new(void) {
        auto_free struct drawing *d = calloc(1, sizeof *d);

        if (!d)
                return NULL;
        d->data = calloc(1, DRAW_BYTES_MAX);
        return d->data ? STEAL_PTR(d) : NULL;
}

struct drawing *drawing_free(struct drawing *d) {
        if (d) {
                free(d->data);
                free(d);
        }
        return NULL;
}

void drawing_begin(struct drawing *d) {
        d->n = 0;
        d->rows = 0;
        d->overflowed = false;
        d->data[0] = '\0';
}

void drawing_put(struct drawing *d, const char *s, size_t n) {
        if (d->overflowed || n >= DRAW_BYTES_MAX - d->n) {
                d->overflowed = true;
                return;
        }
        memcpy(d->data + d->n, s, n);
        d->n += n;
        d->data[d->n] = '\0';
}

void drawing_put_string(struct drawing *d, const char *s) {
        drawing_put(d, s, strlen(s));
}

void drawing_put_times(struct drawing *d, const char *s, size_t times) {
        while (times-- > 0)
                drawing_put_string(d, s);
}

void drawing_put_format(struct drawing *d, const char *format, ...) {
        char s[64];
        va_list ap;
        int n;

        va_start(ap, format);
        n = vsnprintf(s, sizeof s, format, ap);
        va_end(ap);
        if (n > 0 && (size_t) n < sizeof s)
                drawing_put(d, s, (size_t) n);
}
