/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * console-font.c - what the font of a Linux virtual console can draw
 */

#include "console-font.h"

#include "cleanup.h"

#include <linux/kd.h>
#include <sys/ioctl.h>

enum { LETTERS_MAX = 8192 };            /* that a font, of 512 glyphs at most, is said to serve for      */

bool console_font_has_half_blocks(int fd) {
        static const unsigned short blocks[] = { 0x2580, 0x2584, 0x2588 };
        auto_free struct unipair *letters = calloc(LETTERS_MAX, sizeof *letters);
        struct unimapdesc map = { .entry_ct = LETTERS_MAX, .entries = letters };
        unsigned found = 0;

        if (!letters || ioctl(fd, GIO_UNIMAP, &map) < 0)
                return false;
        for (size_t i = 0; i < map.entry_ct && i < LETTERS_MAX; i++)
                for (size_t k = 0; k < N_ELEMENTS(blocks); k++)
                        if (letters[i].unicode == blocks[k])
                                found |= 1u << k;
        return found == (1u << N_ELEMENTS(blocks)) - 1;
}
