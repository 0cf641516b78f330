/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * drawing.h - bytes for a terminal or a message, as they are put together
 */

#include <stdbool.h>
#include <stddef.h>

enum { DRAW_BYTES_MAX = 128 * 1024 };           /* of one drawing                                        */

/* A drawing that grows up to DRAW_BYTES_MAX, and then is none. */
struct drawing {
        char  *data;                            /* NUL-terminated                                        */
        size_t n;
        bool   overflowed;
        size_t rows;                            /* that the drawing takes                                */
};

struct drawing *drawing_new(void);              /* NULL: no memory                                       */
struct drawing *drawing_free(struct drawing *drawing);
static inline void drawing_freep(struct drawing **drawing) {
        (void) drawing_free(*drawing);
}

/* Nothing is drawn yet. */
void drawing_begin(struct drawing *d);

/* Append; what has no room makes it overflowed. */
void drawing_put(struct drawing *d, const char *s, size_t n);
void drawing_put_string(struct drawing *d, const char *s);
void drawing_put_times(struct drawing *d, const char *s, size_t times);
void drawing_put_format(struct drawing *d, const char *format, ...) __attribute__((__format__(printf, 2, 3)));
