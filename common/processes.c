/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * processes.c - does anybody run here
 *
 *     status = line*
 *     line   = "Uid:" TAB real TAB effective TAB saved TAB file-system LF / any LF
 *
 * The owner of /proc/PID would say less: it is root where a process is not
 * dumpable, such as an agent with keys.  Source: proc_pid_status(5).
 */

#include "processes.h"

#include "cleanup.h"
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
        STATUS_MAX = 1024,                      /* the line is the ninth, and a name has 64 bytes at most */
        NAME_SIZE  = 16,
        N_UIDS     = 4,
};

static int line_has(struct scan s, uid_t uid) {
        for (unsigned i = 0; i < N_UIDS; i++) {
                uint32_t one;

                (void) scan_blanks(&s);
                if (!scan_u32(&s, UINT32_MAX, &one))
                        return -EBADMSG;
                if (one == (uint32_t) uid)
                        return 1;
        }
        return 0;
}

/* -ENOENT, -ESRCH: it is gone. */
static int process_is_of(int proc, const char *pid, uid_t uid) {
        char path[NAME_SIZE + sizeof "/status"], text[STATUS_MAX];
        auto_close int fd = -1;
        const char *line;
        struct scan s;
        ssize_t got;
        size_t n;

        (void) snprintf(path, sizeof path, "%.*s/status", NAME_SIZE - 1, pid);
        fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        got = read(fd, text, sizeof text);
        if (got < 0)
                return -errno;
        s = scan_bytes(text, (size_t) got);
        while (scan_line(&s, &line, &n)) {
                struct scan in = scan_bytes(line, n);

                if (scan_literal(&in, "Uid:"))
                        return line_has(in, uid);
        }
        return -EBADMSG;
}

static int any_of(DIR *proc, uid_t uid) {
        const struct dirent *e;

        for (errno = 0; (e = readdir(proc)); errno = 0) {
                int r = 0;

                if (ascii_is_digit(e->d_name[0]))
                        r = process_is_of(dirfd(proc), e->d_name, uid);
                if (r != 0 && r != -ENOENT && r != -ESRCH)
                        return r;
        }
        return -errno;                                  /* 0: the end, not an error               */
}

int processes_of(uid_t uid) {
        DIR *const proc = opendir("/proc");
        int r;

        if (!proc)
                return -errno;
        r = any_of(proc, uid);
        /* The first process never ends: who doesn't see it doesn't see others either. */
        if (r == 0 && process_is_of(dirfd(proc), "1", 0) < 0)
                r = -EPERM;
        (void) closedir(proc);
        return r;
}
