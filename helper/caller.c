/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caller.c - the only place where "who asks" comes from
 *
 * 1. MUST not take it from a message, an argument, the environment or an effective id that a caller can choose.
 * 2. MUST not take another process that has been given the number of one that has gone for the caller.
 */

#include "caller.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

/* Linux 6.5; headers may be older. */
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static int socket_number(int fd, int option) {
        int v = -1;
        socklen_t n = sizeof v;

        return getsockopt(fd, SOL_SOCKET, option, &v, &n) < 0 ? -errno : v;
}

int caller_identify(int fd, const struct privs *p, struct caller *ret) {
        struct ucred peer = { .uid = (uid_t) -1 };
        socklen_t n = sizeof peer;
        int r;

        r = socket_number(fd, SO_TYPE);
        if (r < 0)
                return r;
        if (r != SOCK_SEQPACKET || socket_number(fd, SO_DOMAIN) != AF_UNIX || socket_number(fd, SO_ACCEPTCONN) != 0)
                return -EPROTOTYPE;
        r = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0 ? -errno : 0;
        if (!p->by_service) {
                *ret = (struct caller) { .uid = p->real_uid, .pid = r == 0 ? peer.pid : 0 };
                return 0;
        }
        if (r < 0)
                return r;
        if (n != sizeof peer || peer.uid == (uid_t) -1)
                return -ENOTCONN;
        *ret = (struct caller) { .uid = peer.uid, .pid = peer.pid, .by_socket = true };
        return 0;
}

static uid_t login_read(const char *path) {
        auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        uint32_t login = CALLER_NO_LOGIN;
        char text[16];
        struct scan s;
        ssize_t n;

        if (fd < 0)
                return CALLER_NO_LOGIN;
        do
                n = read(fd, text, sizeof text);
        while (n < 0 && errno == EINTR);
        s = scan_bytes(text, n > 0 ? (size_t) n : 0);
        /* The largest is none. */
        return scan_u32(&s, UINT32_MAX - 1, &login) ? login : CALLER_NO_LOGIN;
}

uid_t caller_login(int fd, const struct caller *c) {
        char path[sizeof "/proc//loginuid" + 12];
        uid_t login;

        if (c->pid <= 0)
                return CALLER_NO_LOGIN;
        (void) snprintf(path, sizeof path, "/proc/%d/loginuid", (int) c->pid);
        login = login_read(path);
        if (login == CALLER_NO_LOGIN || login == login_read("/proc/self/loginuid") || !caller_is_there(fd))
                return CALLER_NO_LOGIN;
        return login;
}

bool caller_is_there(int fd) {
        auto_close int process = socket_number(fd, SO_PEERPIDFD);
        struct pollfd p = { .fd = process, .events = POLLIN };

        if (process < 0)
                return process == -ENOPROTOOPT;
        /* It becomes readable when the process ends. */
        return poll(&p, 1, 0) == 0;
}
