/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-caller.c - who is at the other end of a connection, and whether they are still there */

#include "caller.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

static uid_t own_login(void) {
        auto_close int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
        char text[16] = "";

        return fd >= 0 && read(fd, text, sizeof text - 1) > 0 ? (uid_t) strtoul(text, NULL, 10) : CALLER_NO_LOGIN;
}

/* Connects @sock as a process of another log-in where the kernel lets it be one, says whose it is, and goes when @until closes. */
static void other_login(int sock, const struct sockaddr_un *address, socklen_t n, int say, int until) {
        auto_close int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
        uid_t login;
        char c;

        if (fd >= 0 && write(fd, "4711", 4) < 0)
                fprintf(stderr, "# the log-in stays the one that it is\n");
        login = own_login();
        if (connect(sock, (const struct sockaddr *) address, n) < 0 || write(say, &login, sizeof login) != sizeof login)
                _exit(1);
        _exit(read(until, &c, 1) != 0);
}

static void test_login(int listener, const struct sockaddr_un *address, socklen_t n, const struct privs *service) {
        auto_close int ours = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), there = -1;
        uid_t login = CALLER_NO_LOGIN;
        int say[2], until[2];
        struct caller caller = { .pid = 0 };
        bool is;
        pid_t pid;

        if (pipe(say) < 0 || pipe(until) < 0) {
                ok(false, "pipes");
                return;
        }
        pid = fork();
        if (pid == 0) {
                (void) close(until[1]);
                other_login(ours, address, n, say[1], until[0]);
        }
        (void) close(say[1]);
        is = read(say[0], &login, sizeof login) == sizeof login;
        there = accept(listener, NULL, NULL);
        is = is && caller_identify(there, service, &caller) == 0 &&
             caller_login(there, &caller) == (login == own_login() ? CALLER_NO_LOGIN : login);
        ok(is, "a process of another log-in than ours is of that");
        (void) close(until[1]);
        ok(waitpid(pid, NULL, 0) == pid && caller_login(there, &caller) == CALLER_NO_LOGIN, "and of none once it has gone");
        (void) close(say[0]);
        (void) close(until[0]);
}

int main(void) {
        const struct privs service = { .uid = 1, .by_service = true }, executed = { .uid = 1, .real_uid = 4711 };
        auto_close int listener = -1, ours = -1, there = -1, gone = -1;
        struct sockaddr_un address;
        struct caller caller;
        socklen_t n;
        pid_t pid;
        int is;

        (void) setvbuf(stdout, NULL, _IOLBF, 0);        /* children end with nothing left to print */
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
        ok(caller_login(there, &caller) == CALLER_NO_LOGIN, "a process of our own log-in is nobody's doing");
        caller.pid = 0;
        ok(caller_login(there, &caller) == CALLER_NO_LOGIN, "nor is one that the kernel does not name");
        test_login(listener, &address, n, &service);

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
