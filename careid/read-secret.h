/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * read-secret.h - lines that must not stand among arguments, which every user of the host can read
 *
 * They come from the terminal, or from standard input; in the helper, from
 * whoever asks, who has read them there.
 */

#include <stdbool.h>
#include <stddef.h>

enum {
        SECRET_LINE_MAX = 254,          /* bytes: a mail address                                  */
        ASKED_LINE_MAX  = 320,          /* bytes: 80 characters of a name                         */
};

enum {
        SECRET_OK = 0,
        SECRET_E_NONE = 1,      /* an empty line, or none                                         */
        SECRET_E_TOO_LONG,
        SECRET_E_DIFFERS,       /* what was typed again was something else                        */
};

/*
 * On a terminal @prompt and @again are shown on standard error and the line is
 * typed twice, without echo; otherwise one line is read and nothing shown.  The line, without
 * its newline, is the caller's to wipe.  Returns SECRET_OK, SECRET_E_* or a
 * negative errno (-EINTR: the person pressed Ctrl-C; the terminal is as it was).
 */
int secret_read(const char *prompt, const char *again, char ret[static SECRET_LINE_MAX + 1]);

/* The same of a line that may be seen by whoever types it: with echo, and once. */
int line_ask(const char *prompt, char ret[static ASKED_LINE_MAX + 1]);

/*
 * From now on these lines, borrowed, each ended by NUL, are what is read, one
 * after the other, and then none (SECRET_E_NONE).
 */
void lines_given(const void *lines, size_t n);

/* Has one been asked for since that was not there? */
bool lines_missed(void);
