/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * progress.c - how far it is, for somebody who waits at a terminal
 */

#include "progress.h"

#include "i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
        EVERY_MS = 100,
        BAR      = 30,
        WIDE     = 80,                          /* columns that bar and numbers fit in, whatever the language */
        NARROW   = 48,                          /* and the numbers alone                          */
};

static int64_t now_ms(void) {
        struct timespec t = { 0 };

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* A line that is wider than the terminal would stay when the next one is drawn. */
static unsigned columns(void) {
        struct winsize size;

        return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDE;
}

void progress_begin(struct progress *p, bool silent) {
        *p = (struct progress) { .silent = silent || !isatty(STDERR_FILENO), .begun = now_ms() };
        p->drawn = p->begun;
}

void progress_at(struct progress *p, uint64_t rows, uint64_t done, uint64_t in_all) {
        const int64_t now = p->silent ? 0 : now_ms();
        char bar[BAR + 1];
        uint64_t part;
        unsigned width;

        if (p->silent || now - p->drawn < EVERY_MS)
                return;
        width = columns();
        part = in_all > 0 && done < in_all ? done * 100 / in_all : 100;
        memset(bar, ' ', BAR);
        memset(bar, '#', (size_t) (part * BAR / 100));
        bar[BAR] = '\0';
        (void) fputc('\r', stderr);
        if (width >= WIDE)
                (void) fprintf(stderr, "[%s] ", bar);
        (void) fprintf(stderr, "%3" PRIu64 " %%", part);
        if (width >= NARROW) {
                (void) fputs("  ", stderr);
                (void) fprintf(stderr, _("%" PRIu64 " rows, %" PRIu64 " a second"), rows,
                               now > p->begun ? rows * 1000 / (uint64_t) (now - p->begun) : 0);
        }
        /* To its end, since the one before may have been longer. */
        (void) fputs("\033[K", stderr);
        (void) fflush(stderr);
        p->drawn = now;
        p->shown = true;
}

void progress_end(struct progress *p) {
        if (p->shown)
                (void) fputs("\r\033[K", stderr);
        p->shown = false;
}
