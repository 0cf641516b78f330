/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sandbox.c - process attributes and limits, and the order of the rest
 *
 * 1. MUST fail rather than run unshut; only Landlock may be absent, on a kernel without it.
 */

#include "sandbox.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static int limit_set(__rlimit_resource_t resource, rlim_t most) {
        struct rlimit limit;

        if (getrlimit(resource, &limit) < 0)
                return -errno;
        if (limit.rlim_max > most)
                limit.rlim_max = most;
        if (limit.rlim_cur > limit.rlim_max)
                limit.rlim_cur = limit.rlim_max;
        return setrlimit(resource, &limit) < 0 ? -errno : 0;
}

int sandbox_begin(void) {
        int r;

        r = limit_set(RLIMIT_CORE, 0);
        if (r < 0)
                return r;
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        return 0;
}

void sandbox_guard(const void *secret, size_t n) {
        (void) mlock(secret, n);
}

int sandbox_shut(uint16_t port, pid_t resolver) {
        int r;

        r = limit_set(RLIMIT_CPU, SANDBOX_CPU_S);
        if (r < 0)
                return r;
        r = limit_set(RLIMIT_NOFILE, SANDBOX_FILES);
        if (r < 0)
                return r;
        r = landlock_shut(port);
        if (r < 0)
                return r;
        return seccomp_shut(resolver);
}
