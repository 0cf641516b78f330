/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trusted-file.c - believe a file only if nobody but its owner can have written it
 *
 * 1. MUST check the descriptor that is handed out or walked through, never a
 *    path that could be another thing a moment later.
 * 2. MUST follow no link, in no component.
 * 3. MUST refuse a directory on the way that is not root's or that anybody
 *    else may write to; otherwise somebody else could exchange what is below.
 * 4. MUST refuse a file that is not regular, has another owner, more rights
 *    than said, or a second name.
 * 5. MUST not wait: a FIFO or terminal under the name is opened non-blocking
 *    and refused.
 */

#include "trusted-file.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tests of an ordinary user have their own root: compiled once more, with another start and owner. */
#ifndef TRUSTED_START
#define TRUSTED_START "/"
#endif
#ifndef TRUSTED_OWNER
#define TRUSTED_OWNER 0
#endif

enum { TRUSTED_NAME_MAX = 255, TRUSTED_PATH_MAX = 4095 };

static int directory_check(int fd, uid_t owner_min, uid_t owner_max, uid_t *ret_owner) {
        struct stat st;

        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISDIR(st.st_mode))
                return -ENOTDIR;
        if (st.st_uid < owner_min || st.st_uid > owner_max || (st.st_mode & (S_IWGRP | S_IWOTH)))
                return -EPERM;
        *ret_owner = st.st_uid;
        return 0;
}

/*
 * Copy the next component of *path to @name and step over it and its slash.
 * Returns 1, 0 at the end, or -EINVAL for what is not plain.
 */
static int component_next(const char **path, char name[static TRUSTED_NAME_MAX + 1]) {
        const char *const start = *path;
        const size_t n = strcspn(start, "/");

        if (n == 0)
                return *start ? -EINVAL : 0;
        if (n > TRUSTED_NAME_MAX || (start[0] == '.' && (n == 1 || (n == 2 && start[1] == '.'))))
                return -EINVAL;
        memcpy(name, start, n);
        name[n] = '\0';
        *path = start + n;
        if (**path == '/') {
                (*path)++;
                if (**path == '\0')
                        return -EINVAL;
        }
        return 1;
}

int trusted_directory(const char *path, uid_t owner_min, uid_t owner_max, int *ret_fd, uid_t *ret_owner) {
        const uid_t root = TRUSTED_OWNER;
        char name[TRUSTED_NAME_MAX + 1];
        auto_close int fd = -1;
        uid_t owner;
        int r;

        if (path[0] != '/' || path[1] == '\0' || strlen(path) > TRUSTED_PATH_MAX)
                return -EINVAL;
        path++;

        fd = open(TRUSTED_START, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = directory_check(fd, root, root, &owner);
        while (r == 0) {
                int next;

                r = component_next(&path, name);
                if (r <= 0)
                        break;
                next = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                if (next < 0)
                        return -errno;
                (void) close(fd);
                fd = next;
                r = *path ? directory_check(fd, root, root, &owner) :
                            directory_check(fd, owner_min, owner_max, &owner);
        }
        if (r < 0)
                return r;

        *ret_owner = owner;
        *ret_fd = steal_fd(&fd);
        return 0;
}

int trusted_open(int dir, const char *name, uid_t owner, mode_t mode, int exact, size_t max,
                 int *ret_fd, size_t *ret_size) {
        auto_close int fd = -1;
        struct stat st;
        mode_t bits;

        if (!*name || strchr(name, '/'))
                return -EINVAL;

        fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;

        bits = st.st_mode & 07777;
        if (!S_ISREG(st.st_mode) || st.st_uid != owner || (bits & ~mode) || (exact && bits != mode))
                return -EPERM;
        if (st.st_nlink != 1)
                return st.st_nlink == 0 ? -ESTALE : -EPERM;
        if (st.st_size < 0 || (uintmax_t) st.st_size > max)
                return -EFBIG;

        *ret_size = (size_t) st.st_size;
        *ret_fd = steal_fd(&fd);
        return 0;
}

/* All @n bytes, and then the end of the file. */
static int read_whole(int fd, char *at, size_t n) {
        size_t have = 0;

        for (;;) {
                char beyond;
                const ssize_t k = have < n ? read(fd, at + have, n - have) : read(fd, &beyond, 1);

                if (k < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                if (k == 0)
                        return have == n ? 0 : -EIO;
                if (have == n)
                        return -EIO;
                have += (size_t) k;
        }
}

int trusted_read(const char *path, uid_t owner, mode_t mode, size_t max, char **ret, size_t *ret_n) {
        const char *const slash = strrchr(path, '/');
        char folder[TRUSTED_PATH_MAX + 1];
        auto_close int dir = -1, fd = -1;
        auto_free char *text = NULL;
        size_t n;
        uid_t of;
        int r;

        if (path[0] != '/' || slash == path || !slash || (size_t) (slash - path) > TRUSTED_PATH_MAX)
                return -EINVAL;
        memcpy(folder, path, (size_t) (slash - path));
        folder[slash - path] = '\0';

        r = trusted_directory(folder, 0, (uid_t) -2, &dir, &of);
        if (r < 0)
                return r;
        if (of != TRUSTED_OWNER && of != owner)
                return -EPERM;
        if (strcmp(slash + 1, ".") == 0 || strcmp(slash + 1, "..") == 0)
                return -EINVAL;
        /* Whoever replaces it by rename() takes its only name away: another is there at once. */
        for (unsigned tries = 0; tries < TRUSTED_TRIES; tries++) {
                r = trusted_open(dir, slash + 1, owner, mode, 0, max, &fd, &n);
                if (r != -ESTALE)
                        break;
        }
        if (r < 0)
                return r;

        if (n == SIZE_MAX)
                return -EFBIG;
        text = malloc(n + 1);
        if (!text)
                return -ENOMEM;
        r = read_whole(fd, text, n);
        if (r < 0)
                return r;

        text[n] = '\0';
        *ret = STEAL_PTR(text);
        *ret_n = n;
        return 0;
}
