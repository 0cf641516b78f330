/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * link-trust.c - only root puts a socket there, and only root listens on it
 */

#include "link-trust.h"

#include "cleanup.h"
#include "trusted-file.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int link_directory_check(const char *path) {
        auto_close int fd = -1;
        uid_t owner;

        return trusted_directory(path, 0, 0, &fd, &owner);
}

bool link_listener_trusted(uid_t uid) {
        return uid == 0;
}

int link_become_root(void) {
        /*
         * The system call, not setresuid(3): in a host program with threads that
         * one would signal the threads of the process that we were copied from.
         */
        return syscall(SYS_setresuid, 0, 0, 0) < 0 ? -errno : 0;
}
