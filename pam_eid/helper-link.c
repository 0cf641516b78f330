/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * helper-link.c - one conversation with careid-helper
 *
 * The module is a guest: the host program must not notice the child that runs
 * the helper.  So the child is made by clone() without a signal for its end,
 * makes the real one and ends at once; only that first one is waited for, by
 * its id.  No SIGCHLD, nothing left to reap, no handler of the host's touched.
 */

#include "helper-link.h"

#include "cleanup.h"
#include "link-trust.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char root_socket[] = CAREID_RUN_DIR "/root.sock";
static const char user_socket[] = CAREID_RUN_DIR "/user.sock";

/* Connect to the socket at @path.  Returns 0 or a negative errno; -ENOENT means that there is none. */
static int socket_connect(const char *path, int *ret_fd) {
        const struct timeval limit = { .tv_sec = HELPER_LINK_CONNECT_MS / 1000 };
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        struct ucred peer;
        socklen_t n_peer = sizeof peer;
        auto_close int fd = -1;
        int r;

        _Static_assert(sizeof user_socket <= sizeof address.sun_path, "the run directory's name is too long");
        r = link_directory_check(CAREID_RUN_DIR);
        if (r < 0)
                return r;

        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return -errno;
        memcpy(address.sun_path, path, strlen(path) + 1);
        /* A full queue makes connect() wait for as long as this says. */
        if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0)
                return -errno;
        if (connect(fd, (const struct sockaddr *) &address, sizeof address) < 0)
                return -errno;

        /* These are the credentials of who called listen(). */
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n_peer) < 0)
                return -errno;
        if (n_peer != sizeof peer || !link_listener_trusted(peer.uid))
                return -EPERM;
        *ret_fd = steal_fd(&fd);
        return 0;
}

/*
 * fork() without a signal for the child's end and without the host's atfork
 * handlers.  Architectures differ in the order of the arguments; all are zero.
 */
static pid_t clone_silent(void) {
        return (pid_t) syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
}

/*
 * In the child: nothing of the host's but the one end of the pair, then the
 * helper.  Only system calls from here on: the host may have had threads, and
 * whatever locks they held are held for ever in this copy.
 */
_Noreturn static void helper_execute(int fd, bool as_root) {
        static char name[] = "careid-helper";
        char *const argv[] = { name, NULL }, *const envp[] = { NULL };
        const struct sigaction preset = { .sa_handler = SIG_DFL };
        sigset_t none;
        int null;

        for (int s = 1; s < NSIG; s++)
                (void) sigaction(s, &preset, NULL);

        /* @fd is above 2 (see helper_run), and 0 is taken first: none of these overwrites another. */
        if (dup2(fd, 0) < 0)
                _exit(127);
        null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
                _exit(127);
        if (syscall(SYS_close_range, 3U, ~0U, 0U) < 0 && errno != ENOSYS)
                _exit(127);
        if (as_root && link_become_owner(CAREID_HELPER) < 0)
                _exit(127);
        sigemptyset(&none);
        (void) sigprocmask(SIG_SETMASK, &none, NULL);
        (void) execve(CAREID_HELPER, argv, envp);
        _exit(127);
}

/* Execute the setuid helper with one end of a socket pair; the other end is stored in *ret_fd. */
static int helper_run(bool as_root, int *ret_fd) {
        auto_close int ours = -1, theirs = -1;
        sigset_t all, before;
        int pair[2], status;
        pid_t first;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return -errno;
        /* The host may have closed 0, 1 or 2: then the pair got those numbers. */
        ours = fcntl(pair[0], F_DUPFD_CLOEXEC, 3);
        theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);
        (void) close(pair[0]);
        (void) close(pair[1]);
        if (ours < 0 || theirs < 0)
                return -EMFILE;

        /* No handler of the host's may run in the child. */
        sigfillset(&all);
        if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
                return -EINVAL;
        first = clone_silent();
        if (first == 0) {
                pid_t second = clone_silent();

                if (second == 0)
                        helper_execute(theirs, as_root);
                _exit(second < 0);
        }
        (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (first < 0)
                return -EAGAIN;
        while (waitpid(first, &status, __WALL) < 0)
                if (errno != EINTR)
                        return -errno;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                return -EAGAIN;

        *ret_fd = steal_fd(&ours);
        return 0;
}

static int first_exchange(int fd, uint64_t limit_ms, const struct wire_message *question, uint32_t kinds,
                          struct wire_message *ret) {
        const uint64_t deadline_ms = wire_now_ms() + limit_ms;
        int r;

        r = wire_send(fd, question, deadline_ms);
        if (r != WIRE_OK)
                return r;
        return wire_receive(fd, kinds, deadline_ms, ret);
}

static int ask_through(int (*open_link)(bool root, int *ret_fd), bool root, uint64_t limit_ms,
                       const struct wire_message *question, uint32_t kinds, struct wire_message *ret, int *ret_fd) {
        auto_close int fd = -1;
        int r;

        r = open_link(root, &fd);
        if (r < 0)
                return r;
        r = first_exchange(fd, limit_ms, question, kinds, ret);
        if (r == WIRE_OK)
                *ret_fd = steal_fd(&fd);
        return r;
}

static int open_socket(bool root, int *ret_fd) {
        return socket_connect(root ? root_socket : user_socket, ret_fd);
}

static int open_helper(bool root, int *ret_fd) {
        return helper_run(root, ret_fd);
}

int helper_link_ask(const struct wire_message *question, uint32_t kinds, struct wire_message *ret, int *ret_fd) {
        const bool root = geteuid() == 0;
        int r;

        r = ask_through(open_socket, root, root ? HELPER_LINK_SOCKET_MS : HELPER_LINK_ANSWER_MS, question, kinds, ret,
                        ret_fd);
        /*
         * No socket: the helper itself.  A socket that refuses, that is closed
         * without a word, or that is silent: for root the helper itself, since
         * the service manager may be what is broken, or kept busy by a user who
         * connects to the other socket without end.
         */
        if (r == -ENOENT || (root && (r < 0 || r == WIRE_E_CLOSED || r == WIRE_E_TIMED_OUT)))
                r = ask_through(open_helper, root, HELPER_LINK_ANSWER_MS, question, kinds, ret, ret_fd);
        return r;
}

int helper_link_ask_on(int fd, const struct wire_message *question, uint32_t kinds, struct wire_message *ret) {
        return first_exchange(fd, HELPER_LINK_SOCKET_MS, question, kinds, ret);
}
