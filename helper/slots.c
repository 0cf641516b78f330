/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * slots.c - lock files UID.N; the kernel forgets a lock with the process that held it
 */

#include "slots.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

int slots_take(uid_t uid, uid_t owner, int *ret_fd) {
        auto_close int dir = -1;
        struct stat st;

        dir = open(CAREID_RUN_DIR "/callers", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (dir < 0)
                return -errno;
        if (fstat(dir, &st) < 0)
                return -errno;
        if (st.st_uid != owner || (st.st_mode & (S_IRWXG | S_IRWXO)))
                return -EPERM;

        for (unsigned i = 0; i < SLOTS_MAX; i++) {
                auto_close int fd = -1;
                char name[32];

                (void) snprintf(name, sizeof name, "%u.%u", (unsigned) uid, i);
                fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
                if (fd < 0)
                        return -errno;
                if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
                        *ret_fd = steal_fd(&fd);
                        return SLOTS_OK;
                }
                if (errno != EWOULDBLOCK)
                        return -errno;
        }
        return SLOTS_E_NONE;
}
