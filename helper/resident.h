/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * resident.h - what a process that waits holds of memory
 *
 * A process goes on having in its tables what it has run and read of program
 * and libraries, though it will not want it again: what starts up, what
 * parses, the handshake.
 */

/*
 * Find what the loader has mapped of program and libraries; before others are
 * forked, so that none of them has to look for it.  None of it may be closed
 * (dlclose()) from then on: its place could be somebody else's.
 */
void resident_find(void);

/*
 * Give back what resident_find() has found and can be read again from its
 * files: code and constants, never what was written.  What is wanted again
 * comes from the page cache as it is touched.
 */
void resident_leave(void);
