/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ask-helper.c - the only file of this command that connects to anything: the helper's socket on this host
 *
 * 1. MUST connect to nothing but a socket in a directory of root's, and ask only where root listens.
 */

#include "ask-helper.h"

#include "cleanup.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

int ask_helper_connect(const char *name, int *ret_fd) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        const struct timeval limit = { .tv_sec = ASK_HELPER_MS / 1000 };
        auto_close int directory = -1, fd = -1;
        struct ucred peer;
        socklen_t n_peer = sizeof peer;
        uid_t owner;
        int r;

        r = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", CAREID_RUN_DIR, name);
        if (r < 0 || (size_t) r >= sizeof address.sun_path)
                return -ENAMETOOLONG;
        r = trusted_directory(CAREID_RUN_DIR, 0, 0, &directory, &owner);
        if (r < 0)
                return r;
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0 ||
            connect(fd, (const struct sockaddr *) &address, sizeof address) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n_peer) < 0)
                return -errno;
        if (n_peer != sizeof peer || peer.uid != 0)
                return -EPERM;
        *ret_fd = steal_fd(&fd);
        return 0;
}

int ask_helper_listens(const char *name) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        auto_close int directory = -1, fd = -1;
        uid_t owner;
        int r;

        r = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", CAREID_RUN_DIR, name);
        if (r < 0 || (size_t) r >= sizeof address.sun_path)
                return -ENAMETOOLONG;
        r = trusted_directory(CAREID_RUN_DIR, 0, 0, &directory, &owner);
        if (r < 0)
                return r;
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return -errno;
        /* EAGAIN: so many have connected that there is no place, but somebody listens. */
        if (connect(fd, (const struct sockaddr *) &address, sizeof address) == 0 || errno == EAGAIN)
                return 1;
        return errno == ECONNREFUSED ? 0 : -errno;
}

int ask_helper(const struct wire_message *question, uint32_t kinds, struct wire_message *ret) {
        const uint64_t deadline_ms = wire_now_ms() + ASK_HELPER_MS;
        auto_close int fd = -1;
        int r;

        r = ask_helper_connect("root.sock", &fd);
        if (r == 0)
                r = wire_send(fd, question, deadline_ms);
        return r == WIRE_OK ? wire_receive(fd, kinds, deadline_ms, ret) : r;
}
