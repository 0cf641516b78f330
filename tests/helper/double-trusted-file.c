/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-trusted-file.c - reads files below a build folder, whose parents are whoever's
 *
 * The owner and mode of the file itself count as in common/trusted-file.c;
 * that one has tests of its own.
 */

#include "trusted-file.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

int trusted_read(const char *path, uid_t owner, mode_t mode, size_t max, char **ret, size_t *ret_n) {
        auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        auto_free char *text = NULL;
        struct stat st;
        ssize_t k;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (st.st_uid != owner || (st.st_mode & 07777 & ~mode))
                return -EPERM;
        if ((size_t) st.st_size > max)
                return -EFBIG;
        text = malloc((size_t) st.st_size + 1);
        if (!text)
                return -ENOMEM;
        k = read(fd, text, (size_t) st.st_size);
        if (k != st.st_size)
                return -EIO;
        text[k] = '\0';
        *ret_n = (size_t) k;
        *ret = STEAL_PTR(text);
        return 0;
}
