/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * locked.h - what a conversation writes stays out of swap and dumps
 *
 * A key does not stay where it was read: OpenSSL parses it, computes with it
 * and keeps parts of it in memory of its own, libcurl has what was sent and
 * received, functions have numbers on their stacks.  So all of the heap and
 * the stack are locked: pages as they come to be written, some hundreds of
 * kilobytes, and not what is only mapped or shared, as with mlockall().
 *
 * A lock is not inherited: who is forked locks for themselves, before anything
 * secret is read.  The child that resolves names has none, and locks nothing.
 */

enum {
        LOCKED_HEAP  = 4 << 20,         /* bytes that the heap has at least, all of them locked; what lies beyond is not */
        LOCKED_STACK = 112 << 10,       /* of the stack: less than what the kernel makes of it at once */
        LOCKED_MOST  = 12 << 20,        /* bytes to be locked; with more we don't begin: something is odd   */
};

/*
 * Find heap and stack, and make the heap large enough; before others are forked.
 * Returns 0; -ENOMEM: the limit (RLIMIT_MEMLOCK) does not allow it; or another
 * negative errno.
 */
int locked_prepare(void);

/*
 * Lock what locked_prepare() has found, in this process; nothing, if it found
 * nothing.  Returns 0 or a negative errno: then not all of it is locked, which is no reason not to go
 * on: what is wiped in time is hardly ever swapped out, and whoever reads the
 * disk has the files of the keys anyway.
 */
int locked_begin(void);
