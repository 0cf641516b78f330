/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host.h - what the host program can show, and how long it waits
 */

#include "eid-options.h"
#include "asker.h"

#include <stdbool.h>
#include <stdint.h>

enum host_row {
        HOST_TERMINAL = 1,              /* a terminal that we can draw on: login, su, sudo               */
        HOST_PLAIN,                     /* a terminal that moves no cursor (TERM=dumb): each picture is asked for */
        HOST_SSH_ASKED,                 /* sshd that shows messages at the next prompt only (before 10.3) */
        HOST_SSH_LIVE,                  /* sshd that shows each message at once (live=yes)               */
        HOST_PROMPT,                    /* nothing known, but the address it comes from: a link, no picture */
        HOST_OTHER,                     /* nothing known: nothing to show, but a prompt for what is typed */
};

struct host {
        enum host_row row;
        int      tty;                   /* our own descriptor of its terminal; -1: it has none           */
        bool     utf8;                  /* the terminal takes UTF-8                                      */
        bool     mono;                  /* somebody wants no colours (NO_COLOR)                          */
        bool     kiosk;                 /* large, long, and nothing said twice: kiosk=yes                */
        bool     larger, light;         /* over SSH: how codes are drawn to begin with (common/eid-options.h) */
        bool     console;               /* a Linux virtual console: nobody makes it larger               */
        bool     half_blocks;           /* they can be drawn: UTF-8, and on a console a font that has them */
        uint32_t timeout;               /* seconds for the whole attempt                                 */
};

void host_find(const struct asker *asker, const struct eid_options *options, struct host *ret);
void host_done(struct host *host);
