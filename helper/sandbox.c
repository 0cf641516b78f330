/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sandbox.c - process attributes and limits, and the order of the rest
 *
 * 1. MUST fail rather than run unshut; only Landlock may be absent, on a kernel without it.
 */

#include "sandbox.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int sandbox_limit(int resource, rlim_t most) {
        struct rlimit limit;

        if (getrlimit((__rlimit_resource_t) resource, &limit) < 0)
                return -errno;
        if (limit.rlim_max > most)
                limit.rlim_max = most;
        if (limit.rlim_cur > limit.rlim_max)
                limit.rlim_cur = limit.rlim_max;
        return setrlimit((__rlimit_resource_t) resource, &limit) < 0 ? -errno : 0;
}

int sandbox_begin(void) {
        int r;

        r = sandbox_limit(RLIMIT_CORE, 0);
        if (r < 0)
                return r;
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        return 0;
}

int sandbox_prepare(void) {
        const int r = seccomp_prepare();

        return r < 0 ? r : landlock_prepare();
}

int sandbox_shut(const struct sandbox *s) {
        const struct {
                int      resource;
                rlim_t   most;
                unsigned who;
        } limits[] = {
                { RLIMIT_CPU,    SANDBOX_CPU_S, SANDBOX_RECORDING | SANDBOX_READING | SANDBOX_RESOLVING | SANDBOX_ACTING | SANDBOX_DECLINING },
                { RLIMIT_NOFILE, SANDBOX_FILES, SANDBOX_RECORDING | SANDBOX_READING | SANDBOX_RESOLVING | SANDBOX_ACTING | SANDBOX_DECLINING },
                { RLIMIT_FSIZE,  0,             SANDBOX_RESOLVING },
        };
        int r;

        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
                if (limits[i].who & (unsigned) s->who) {
                        r = sandbox_limit(limits[i].resource, limits[i].most);
                        if (r < 0)
                                return r;
                }
        r = landlock_shut(s);
        if (r < 0)
                return r;
        return seccomp_shut(s);
}
