/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * progress.h - how far it is, for somebody who waits at a terminal
 *
 * One line on standard error, drawn anew ten times a second at most; nothing
 * where that is no terminal.  It is as wide as there is room: a bar, how much
 * and how fast; without the bar; how much.
 */

#include <stdbool.h>
#include <stdint.h>

struct progress {
        bool     shown;                 /* there is a line to take away                           */
        bool     silent;
        int64_t  begun, drawn;          /* milliseconds of the monotonic clock                    */
};

void progress_begin(struct progress *p, bool silent);
void progress_at(struct progress *p, uint64_t rows, uint64_t done, uint64_t in_all);
void progress_end(struct progress *p);          /* takes the line away                            */
