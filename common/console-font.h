/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * console-font.h - what the font of a Linux virtual console can draw
 */

#include <stdbool.h>

/*
 * Has the font of the console at @fd the half blocks that codes are drawn
 * with?  Most have not, and for each the console draws another glyph.  false,
 * too, where it does not say: it answers root, and whoever sits before it
 * (GIO_UNIMAP, ioctl_console(2)).
 */
bool console_font_has_half_blocks(int fd);
