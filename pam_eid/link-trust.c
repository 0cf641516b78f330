/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * link-trust.c - only root puts a socket there, and only root listens on it
 *
 * 1. MUST never have root execute the helper: its file is _careid's, who could have put anything in it.
 */

#include "link-trust.h"

#include "cleanup.h"
#include "trusted-file.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINK_OWNER_MIN = 1, LINK_OWNER_MAX = 999 };      /* uids of system users: _careid is one */

int link_directory_check(const char *path) {
        auto_close int fd = -1;
        uid_t owner;

        return trusted_directory(path, 0, 0, &fd, &owner);
}

bool link_listener_trusted(uid_t uid) {
        return uid == 0;
}

int link_become_owner(const char *helper) {
        struct stat st;

        if (lstat(helper, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode) || st.st_uid < LINK_OWNER_MIN || st.st_uid > LINK_OWNER_MAX || st.st_gid == 0)
                return -EPERM;
        /*
         * The system calls, not the functions: in a host program with threads
         * those would signal the threads of the process that we were copied from.
         */
        if (syscall(SYS_setgroups, 0, NULL) < 0 || syscall(SYS_setresgid, st.st_gid, st.st_gid, st.st_gid) < 0 ||
            syscall(SYS_setresuid, st.st_uid, st.st_uid, st.st_uid) < 0)
                return -errno;
        return syscall(SYS_setresuid, 0, 0, 0) < 0 ? 0 : -EPERM;
}
