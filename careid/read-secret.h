/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * read-secret.h - one line that must not be seen: from the terminal without echo, or from standard input
 */

enum { SECRET_LINE_MAX = 254 };         /* a mail address */

enum {
        SECRET_OK = 0,
        SECRET_E_NONE = 1,      /* an empty line, or none                                         */
        SECRET_E_TOO_LONG,
        SECRET_E_DIFFERS,       /* what was typed again was something else                        */
};

/*
 * On a terminal @prompt and @again are shown on standard error and the line is
 * typed twice; otherwise one line is read and nothing shown.  The line, without
 * its newline, is the caller's to wipe.  Returns SECRET_OK, SECRET_E_* or a
 * negative errno (-EINTR: the person pressed Ctrl-C; the terminal is as it was).
 */
int secret_read(const char *prompt, const char *again, char ret[static SECRET_LINE_MAX + 1]);

/* From now on @line, borrowed, is what secret_read() gives (too long: SECRET_E_TOO_LONG; "": SECRET_E_NONE), and nothing is read. */
void secret_given(const char *line);
