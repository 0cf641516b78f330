/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * progress.c - how far it is, for somebody who waits at a terminal
 */

#include "progress.h"

#include "i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_MS = 100, BAR = 30 };

static int64_t now_ms(void) {
        struct timespec t = { 0 };

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, bool silent) {
        *p = (struct progress) { .silent = silent || !isatty(STDERR_FILENO), .begun = now_ms() };
        p->drawn = p->begun;
}

void progress_at(struct progress *p, uint64_t rows, uint64_t done, uint64_t in_all) {
        const int64_t now = p->silent ? 0 : now_ms();
        char bar[BAR + 1];
        uint64_t part;

        if (p->silent || now - p->drawn < EVERY_MS)
                return;
        part = in_all > 0 && done < in_all ? done * 100 / in_all : 100;
        memset(bar, ' ', BAR);
        memset(bar, '#', (size_t) (part * BAR / 100));
        bar[BAR] = '\0';
        /* At most 80 columns wide, whatever the numbers are; erased to its end, since the one before may have been longer. */
        (void) fprintf(stderr, "\r[%s] %3" PRIu64 " %%  ", bar, part);
        (void) fprintf(stderr, _("%" PRIu64 " rows, %" PRIu64 " a second"), rows,
                       now > p->begun ? rows * 1000 / (uint64_t) (now - p->begun) : 0);
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
