/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * startup.h - inherit nothing from whoever started us
 */

/*
 * Clear arguments and environment; make descriptors 0, 1 and 2 open (1 and 2
 * lead nowhere) and close all others; umask 077, working directory /, no
 * timers, signals as they are by default except those of a terminal and of
 * broken pipes, which are ignored; a session of our own.
 *
 * SIGTERM is blocked and comes through *ret_signals instead, readable when it
 * has come.  Returns 0 or a negative errno.
 */
int startup_clean(int argc, char **argv, int *ret_signals);

/* The last of it once more, for a child: SIGTERM alone is blocked, and comes through *ret. */
int startup_signals(int *ret);
