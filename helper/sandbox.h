/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sandbox.h - what a helper that has been taken over could still do: as little as possible
 *
 * A conversation and the child that resolves names for it are shut in
 * separately, each in what its own work needs and no more.
 *
 *     who          files                                      TCP            programs, processes
 *     recording    the care directory: read, write            three ports    none
 *     reading      the care directory: read; also the half    one port       none
 *                  of an acting one that has acts approved
 *     acting       the care directory, the snapshots: read    none           none
 *                  and write; time zones, texts: read; for
 *                  who holds what an act could rest on
 *     declining    the care directory: read; for anybody      none           none
 *                  else who asks for an act
 *     resolving    all that _careid may read but the care     any            none; threads
 *                  directory and our configuration
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum {
        SANDBOX_CPU_S     = 60,                 /* seconds of processor time                      */
        SANDBOX_FILES     = 64,                 /* descriptors                                    */
        SANDBOX_MEMORY    = 512 << 20,          /* bytes of address space                         */
        SANDBOX_LANDLOCK_FOLDER_MAX = 4096,     /* entries of one folder that are looked at       */
};

/* Who is shut in.  Bits, so that the list of system calls can name several. */
enum sandbox_who {
        SANDBOX_RECORDING = 1 << 0,             /* a conversation with root                       */
        SANDBOX_READING   = 1 << 1,             /* a conversation with anybody else: writes nothing */
        SANDBOX_RESOLVING = 1 << 2,             /* the child of resolver.c                        */
        SANDBOX_ACTING    = 1 << 3,             /* a conversation that does what somebody has a mandate for */
        SANDBOX_DECLINING = 1 << 4,             /* one that is asked to, by who holds nothing for it */
};

struct sandbox {
        enum sandbox_who who;
        uint16_t port;                          /* TCP may be connected there only; 0: nowhere    */
        uint16_t sending[2];                    /* and there, where SMS and mail are handed over; 0: no such */
        pid_t    resolver;                      /* the only process that may be killed; 0: none   */
        pid_t    self;                          /* the only one that may be aborted; 0: this one  */
};

/* From the first: no dump, no core, and no more privilege by executing anything. */
int sandbox_begin(void);

/*
 * Make now what sandbox_shut() needs and is the same for all whom a process
 * forks: the lists of system calls, once, and the resolver's rules for files,
 * anew when those files may have changed.  Whoever was not prepared for makes
 * it all itself.  Returns 0 or a negative errno.
 */
int sandbox_prepare(void);

/* The descriptor of those rules, for a child that closes others; -1: none. */
int sandbox_kept_fd(void);

/*
 * Shut it: limits, Landlock where the kernel has it, and the list of system
 * calls.  Returns 0 or a negative errno, and then nothing may be trusted to be
 * shut.
 */
int sandbox_shut(const struct sandbox *s);

/* Does this kernel have Landlock?  Without, what files and ports are left is up to owner, mode and the service manager. */
bool sandbox_has_landlock(void);

/*
 * Have the resolver's rules for files been overtaken?  They hold for the files
 * that there were beside ours: one that was put in the place of another since,
 * as /etc/passwd is by useradd(8), can't be read, and what it would have said
 * is not known.  Looks at what libc itself looks names up in.
 */
bool sandbox_is_stale(void);

/* @resource is @most at most; a user who started us may have set less, which stays.  Returns 0 or a negative errno. */
int sandbox_limit(int resource, rlim_t most);

/* The two halves of it: landlock.c, and seccomp.c or seccomp-none.c. */
int landlock_shut(const struct sandbox *s);
int landlock_prepare(void);
int seccomp_prepare(void);
int seccomp_shut(const struct sandbox *s);
