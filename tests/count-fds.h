/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * count-fds.h - how many descriptors a process has, for tests that want none to be left
 */

#include <dirent.h>
#include <stddef.h>

/* The entries of /proc/self/fd: the descriptors, that of the directory itself, "." and ".."; 0 where it can't be read. */
static inline size_t count_fds(void) {
        DIR *const d = opendir("/proc/self/fd");
        size_t n = 0;

        while (d && readdir(d))
                n++;
        if (d)
                (void) closedir(d);
        return n;
}
