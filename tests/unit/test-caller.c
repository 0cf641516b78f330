/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-caller.c - who is at the other end of a connection, and whether they are still there */

#include "caller.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static unsigned n_cases, n_failed;

static void ok(bool is, const char *what) {
        printf("%sok %u - %s\n", is ? "" : "not ", ++n_cases, what);
        n_failed += !is;
}

/* A socket that listens, with a name that the kernel chooses. */
static int listener_make(struct sockaddr_un *ret, socklen_t *ret_n) {
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        *ret = (struct sockaddr_un) { .sun_family = AF_UNIX };
        *ret_n = sizeof *ret;
        if (fd < 0 || bind(fd, (const struct sockaddr *) ret, sizeof (sa_family_t)) < 0 ||
            getsockname(fd, (struct sockaddr *) ret, ret_n) < 0 || listen(fd, 4) < 0)
                perror("listen");
        return fd;
}

/* From 6.5 on. */
static bool kernel_can_say(int fd) {
        auto_close int process = -1;
        socklen_t n = sizeof process;

        return getsockopt(fd, SOL_SOCKET, 77, &process, &n) == 0;
}

int main(void) {
        const struct privs service = { .uid = 1, .by_service = true }, executed = { .uid = 1, .real_uid = 4711 };
        auto_close int listener = -1, ours = -1, there = -1, gone = -1;
        struct sockaddr_un address;
        struct caller caller;
        socklen_t n;
        pid_t pid;
        int is;

        listener = listener_make(&address, &n);
        ours = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (connect(ours, (const struct sockaddr *) &address, n) < 0)
                perror("connect");
        there = accept(listener, NULL, NULL);
        ok(caller_identify(there, &service, &caller) == 0 && caller.uid == geteuid() && caller.pid == getpid() && caller.by_socket,
           "behind a socket of the service manager it is the peer");
        ok(caller_identify(there, &executed, &caller) == 0 && caller.uid == 4711 && !caller.by_socket, "executed, it is who did that");
        ok(caller_identify(listener, &service, &caller) == -EPROTOTYPE, "a socket that listens is nobody's connection");
        ok(caller_identify(STDIN_FILENO, &service, &caller) < 0, "nor is what is no such socket");
        ok(caller_is_there(there), "the process that connected is there");

        /* The connection is ours as well, so it stays; the process that made it goes. */
        (void) close(ours);
        ours = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        pid = fork();
        if (pid == 0)
                _exit(connect(ours, (const struct sockaddr *) &address, n) < 0);
        gone = accept(listener, NULL, NULL);
        is = pid > 0 && waitpid(pid, NULL, 0) == pid;
        ok(is && caller_identify(gone, &service, &caller) == 0 && caller.pid == pid, "one that has gone left its number");
        ok(caller_is_there(gone) == !kernel_can_say(there), "and is known to have gone, whoever has the number now, if the kernel is one that can say");
        printf("1..%u\n", n_cases);
        return n_failed != 0;
}
