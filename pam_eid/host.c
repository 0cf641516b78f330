/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host.c - what the host program can show, and how long it waits
 *
 * No locale (it is the host program's): the terminal itself is asked.  The
 * environment is the user's, and is asked what they want to see, nothing else:
 * the worst that TERM and NO_COLOR can do is a plainer picture for who set them.
 */

#include "host.h"

#include "cleanup.h"
#include "console-font.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

enum { VIRTUAL_CONSOLE_MAJOR = 4, VIRTUAL_CONSOLE_MAX = 63 };

/* A descriptor of our own, so that its O_NONBLOCK is nobody else's. */
static int terminal_open(const char *name) {
        auto_close int fd = -1;
        char path[sizeof "/dev/" + WIRE_NAME_MAX];
        struct stat st;

        if (name[0] == '\0' || strstr(name, ".."))
                return -1;
        (void) snprintf(path, sizeof path, "/dev/%s", name);
        fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) || !isatty(fd))
                return -1;
        return steal_fd(&fd);
}

static void terminal_describe(struct host *host) {
        const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
        struct termios attributes;
        struct stat st;

        host->utf8 = tcgetattr(host->tty, &attributes) == 0 && (attributes.c_iflag & IUTF8);
        host->console = fstat(host->tty, &st) == 0 && major(st.st_rdev) == VIRTUAL_CONSOLE_MAJOR &&
                        minor(st.st_rdev) <= VIRTUAL_CONSOLE_MAX;
        host->half_blocks = host->utf8 && (!host->console || console_font_has_half_blocks(host->tty));
        host->mono = no_colour && no_colour[0] != '\0';
        if (!term || strcmp(term, "dumb") != 0)
                host->row = HOST_TERMINAL;
        else if (host->utf8)
                host->row = HOST_PLAIN;
}

void host_find(const struct asker *asker, const struct eid_options *options, struct host *ret) {
        *ret = (struct host) { .row = HOST_OTHER, .tty = -1, .kiosk = options->kiosk, .larger = options->larger, .light = options->light };
        ret->timeout = eid_options_seconds(options, asker->over_ssh ? SERVICE_SSH : service_find(asker->service));

        if (asker->over_ssh) {
                ret->row = options->live ? HOST_SSH_LIVE : HOST_SSH_ASKED;
                return;
        }
        ret->tty = terminal_open(asker->tty);
        if (ret->tty >= 0)
                terminal_describe(ret);
        /* Whether a link is offered to that address is the helper's to say. */
        if (ret->row == HOST_OTHER && asker->source[0] != '\0' && strcmp(asker->source, ASKER_SOURCE_UNKNOWN) != 0)
                ret->row = HOST_PROMPT;
}

void host_done(struct host *host) {
        auto_closep(&host->tty);
        host->tty = -1;
}
