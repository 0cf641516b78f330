/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * show-qr.c - a text as a QR code on the terminal of whoever runs the command
 */

#include "show-qr.h"

#include "../helper/qr.h"

#include "cleanup.h"
#include "console-font.h"
#include "draw-code.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool has_half_blocks(int fd) {
        char name[64];

        if (ttyname_r(fd, name, sizeof name) != 0)
                return false;
        return strncmp(name, "/dev/tty", 8) != 0 || strspn(name + 8, "0123456789") == 0 || console_font_has_half_blocks(fd);
}

void show_qr(const char *text) {
        AUTO(drawing_freep) struct drawing *d = drawing_new();
        struct draw_code code;
        struct draw_size size;
        struct winsize window;
        struct qr qr;

        if (!d || !isatty(STDERR_FILENO) || !has_half_blocks(STDERR_FILENO) || qr_encode(text, &qr) < 0)
                return;
        code = (struct draw_code) { .side = qr.side, .bits = qr.bits };
        size = draw_code_size(code.side, 1);
        if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_col < size.columns)
                return;
        drawing_begin(d);
        for (size_t row = 0; row < size.rows; row++) {
                draw_code_row(d, &code, 1, DRAW_COLOURS, row);
                drawing_put_string(d, "\n");
        }
        if (!d->overflowed)
                (void) fwrite(d->data, 1, d->n, stderr);
        explicit_bzero(d->data, d->n);
        explicit_bzero(&qr, sizeof qr);
}
