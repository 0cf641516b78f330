/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sandbox.h - what a helper that has been taken over could still do: as little as possible
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
        SANDBOX_CPU_S     = 60,                 /* seconds of processor time                      */
        SANDBOX_FILES     = 64,                 /* descriptors                                    */
        SANDBOX_MEMORY    = 512 << 20,          /* bytes of address space                         */
};

/* From the first: no dump, no core, and no more privilege by executing anything. */
int sandbox_begin(void);

/* Keep a secret out of swap and dumps, as far as the limits allow. */
void sandbox_guard(const void *secret, size_t n);

/*
 * Shut it: limits, Landlock where the kernel has it (only our own files; TCP
 * only to @port, any if 0), and the list of system calls.  @resolver is the
 * only process that may still be killed.  Returns 0 or a negative errno, and
 * then nothing may be trusted to be shut.
 */
int sandbox_shut(uint16_t port, pid_t resolver);

/* The two halves of it: landlock.c, and seccomp.c or seccomp-none.c. */
int landlock_shut(uint16_t port);
int seccomp_shut(pid_t resolver);
