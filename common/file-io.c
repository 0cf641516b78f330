/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * file-io.c - what writers of files share: all of it or an error, and one writer at a time
 */

#include "file-io.h"

#include <errno.h>
#include <stdint.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_STEP_MS = 10 };             /* flock(2) can't be waited for with a limit                     */

int file_write(int fd, const void *data, size_t n) {
        const uint8_t *at = data;

        while (n > 0) {
                const ssize_t k = write(fd, at, n);

                if (k < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                at += k;
                n -= (size_t) k;
        }
        return 0;
}

int file_lock(int fd, unsigned wait_ms) {
        const struct timespec step = { .tv_nsec = LOCK_STEP_MS * 1000000L };

        for (unsigned waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += LOCK_STEP_MS) {
                if (errno != EWOULDBLOCK && errno != EINTR)
                        return -errno;
                if (waited >= wait_ms)
                        return -EBUSY;
                (void) nanosleep(&step, NULL);
        }
        return 0;
}
