/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * slots.c - locks of single bytes of one empty file; the kernel forgets a lock with the process that held it
 *
 *     byte UID * SLOTS_MAX + N     conversation N of UID
 *
 * So there is one file, however many uids ask, and nothing in it to be put
 * right.  The locks belong to the open file (OFD): what another part of the
 * process closes takes none of them away.
 */

#include "slots.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

int slots_take(uid_t uid, uid_t owner, int *ret_fd) {
        auto_close int dir = -1, fd = -1;
        struct stat st;

        dir = open(CAREID_RUN_DIR "/callers", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (dir < 0)
                return -errno;
        if (fstat(dir, &st) < 0)
                return -errno;
        if (st.st_uid != owner || (st.st_mode & (S_IRWXG | S_IRWXO)))
                return -EPERM;
        fd = openat(dir, "locks", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd < 0)
                return -errno;

        for (unsigned i = 0; i < SLOTS_MAX; i++) {
                struct flock byte = {
                        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t) uid * SLOTS_MAX + i, .l_len = 1,
                };

                if (fcntl(fd, F_OFD_SETLK, &byte) == 0) {
                        *ret_fd = steal_fd(&fd);
                        return SLOTS_OK;
                }
                if (errno != EAGAIN && errno != EACCES)
                        return -errno;
        }
        return SLOTS_E_NONE;
}
