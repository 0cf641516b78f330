/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fault.c - the plan, and those calls of libc that calls.py can't make a wrapper for
 */

#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { WAITS_MAX = 20000, NAMES_MAX = 256 };

uint64_t (*fault_others)(void);
const char *(*fault_path)(const char *path);
void (*fault_pair)(const int pair[2]);
pid_t fault_child;

static struct {
        enum fault_kind kind;
        uint64_t    nth, seed, n_fail, n_interrupt, n_done, clock_ms;
        unsigned    chance, paused, n_waits;
        bool        active;
        const char *name;
} plan;

/* The calls that were made, each once; and those that failed since the plan was made. */
static const char *met[NAMES_MAX], *failed[NAMES_MAX];

static bool is_in(const char *const *names, const char *name) {
        size_t i = 0;

        while (i < NAMES_MAX && names[i] && strcmp(names[i], name) != 0)
                i++;
        return i < NAMES_MAX && names[i];
}

static void put_in(const char **names, const char *name) {
        size_t i = 0;

        if (is_in(names, name))
                return;
        while (i < NAMES_MAX && names[i])
                i++;
        if (i == NAMES_MAX)
                abort();
        names[i] = name;
}

void fault_plan(enum fault_kind kind, uint64_t nth, unsigned chance, uint64_t seed) {
        plan = (__typeof__(plan)) { .kind = kind, .nth = nth, .chance = chance, .seed = seed | 1, .clock_ms = 1000000,
                                       .active = true };
        memset(failed, 0, sizeof failed);
}

bool fault_was(const char *name) {
        return is_in(failed, name);
}

void fault_stop(void) {
        plan.active = false;
}

void fault_pause(void) {
        plan.paused++;
}

void fault_resume(void) {
        plan.paused--;
}

uint64_t fault_n_calls(enum fault_kind kind) {
        return kind == FAULT_INTERRUPTS ? plan.n_interrupt : plan.n_fail;
}

uint64_t fault_n_done(void) {
        return plan.n_done;
}

const char *fault_name(void) {
        return plan.name ? plan.name : "none";
}

uint64_t fault_clock_ms(void) {
        return plan.clock_ms;
}

void fault_wait(int ms) {
        uint64_t others = UINT64_MAX, most = ms < 0 ? UINT64_MAX : (uint64_t) ms;

        fault_pause();
        if (fault_others)
                others = fault_others();
        fault_resume();
        if (others < most)
                most = others ? others : 1;     /* what they did is to be seen at once                    */
        if (most == UINT64_MAX) {
                fprintf(stderr, "it waits for what nobody will do, after %s failed\n", fault_name());
                abort();
        }
        plan.clock_ms += most;
        if (++plan.n_waits > WAITS_MAX) {
                fprintf(stderr, "it waits for ever, after %s failed\n", fault_name());
                abort();
        }
}

static bool chance_now(void) {
        /* xorshift: the same seed, the same faults */
        plan.seed ^= plan.seed << 13;
        plan.seed ^= plan.seed >> 7;
        plan.seed ^= plan.seed << 17;
        return plan.chance && (plan.seed >> 11 & 255) < plan.chance;
}

void fault_print_met(void) {
        for (size_t i = 0; i < NAMES_MAX && met[i]; i++)
                printf("%s\n", met[i]);
}

static bool is_turn(enum fault_kind kind, uint64_t *n, const char *name) {
        if (!plan.active || plan.paused)
                return false;
        ++*n;
        if (plan.kind == FAULT_NONE)
                put_in(met, name);
        if (plan.kind != kind || (*n != plan.nth && !chance_now()))
                return false;
        plan.n_done++;
        plan.name = name;
        put_in(failed, name);
        return true;
}

bool fault_now(const char *name) {
        return is_turn(FAULT_FAILS, &plan.n_fail, name);
}

static bool interrupt_now(const char *name) {
        return is_turn(FAULT_INTERRUPTS, &plan.n_interrupt, name);
}

/* -- The calls --------------------------------------------------------------------------------------------------------- */

/* Declares the real one, and begins the one that stands before it. */
#define WRAP(type, name, ...)             \
        type __real_##name(__VA_ARGS__);  \
        type __wrap_##name(__VA_ARGS__);  \
        type __wrap_##name(__VA_ARGS__)

#define FAIL(name, error, value)          \
        do {                              \
                if (fault_now(name)) {    \
                        errno = (error);  \
                        return value;     \
                }                         \
        } while (0)

#define INTERRUPT(name)                   \
        do {                              \
                if (interrupt_now(name)) {\
                        errno = EINTR;    \
                        return -1;        \
                }                         \
        } while (0)

static mode_t mode_of(int flags, va_list ap) {
        return flags & O_CREAT ? va_arg(ap, mode_t) : 0;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...) {
        mode_t mode;
        va_list ap;

        va_start(ap, flags);
        mode = mode_of(flags, ap);
        va_end(ap);
        FAIL("open", EMFILE, -1);
        return __real_open64(fault_path ? fault_path(path) : path, flags, mode);
}

int __real_openat64(int fd, const char *path, int flags, ...);
int __wrap_openat64(int fd, const char *path, int flags, ...);
int __wrap_openat64(int fd, const char *path, int flags, ...) {
        mode_t mode;
        va_list ap;

        va_start(ap, flags);
        mode = mode_of(flags, ap);
        va_end(ap);
        FAIL("openat", EACCES, -1);
        return __real_openat64(fd, path, flags, mode);
}

int __real_fcntl64(int fd, int what, ...);
int __wrap_fcntl64(int fd, int what, ...);
int __wrap_fcntl64(int fd, int what, ...) {
        long value;
        va_list ap;

        va_start(ap, what);
        value = va_arg(ap, long);
        va_end(ap);
        FAIL("fcntl", EMFILE, -1);
        return __real_fcntl64(fd, what, value);
}

int __real_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...) {
        void *value;
        va_list ap;

        va_start(ap, what);
        value = va_arg(ap, void *);
        va_end(ap);
        FAIL("ioctl", ENOTTY, -1);
        return __real_ioctl(fd, what, value);
}

WRAP(int, socketpair, int domain, int type, int protocol, int *ret) {
        int r;

        FAIL("socketpair", EMFILE, -1);
        r = __real_socketpair(domain, type, protocol, ret);
        if (r == 0 && fault_pair && plan.active && !plan.paused)
                fault_pair(ret);
        return r;
}

WRAP(pid_t, fork, void) {
        pid_t pid;

        FAIL("fork", EAGAIN, -1);
        pid = __real_fork();
        if (pid > 0)
                fault_child = pid;
        return pid;
}

WRAP(int, flock, int fd, int what) {
        FAIL("flock", ENOLCK, -1);
        INTERRUPT("flock");
        return __real_flock(fd, what);
}

/* The child is gone all the same: one that is left is the module's fault, not ours. */
WRAP(pid_t, waitpid, pid_t pid, int *status, int flags) {
        INTERRUPT("waitpid");
        if (fault_now("waitpid")) {
                /* A fuzzer has an alarm of its own, which interrupts this, too. */
                while (__real_waitpid(pid, status, flags) < 0 && errno == EINTR)
                        ;
                errno = ECHILD;
                return -1;
        }
        return __real_waitpid(pid, status, flags);
}

WRAP(ssize_t, read, int fd, void *data, size_t n) {
        FAIL("read", EIO, -1);
        INTERRUPT("read");
        if (n > 1 && interrupt_now("read, in part"))
                n /= 2;
        return __real_read(fd, data, n);
}

WRAP(ssize_t, write, int fd, const void *data, size_t n) {
        FAIL("write", EIO, -1);
        INTERRUPT("write");
        if (n > 1 && interrupt_now("write, in part"))
                n /= 2;
        return __real_write(fd, data, n);
}

WRAP(ssize_t, send, int fd, const void *data, size_t n, int flags) {
        FAIL("send", ENOBUFS, -1);
        INTERRUPT("send");
        return __real_send(fd, data, n, flags);
}

WRAP(ssize_t, recvmsg, int fd, struct msghdr *m, int flags) {
        FAIL("recvmsg", ENOBUFS, -1);
        INTERRUPT("recvmsg");
        return __real_recvmsg(fd, m, flags);
}

/* -- Waiting and time -------------------------------------------------------------------------------------------------- */

WRAP(int, poll, struct pollfd *fds, nfds_t n, int timeout) {
        int r;

        if (!plan.active || plan.paused)
                return __real_poll(fds, n, timeout);
        FAIL("poll", ENOMEM, -1);
        INTERRUPT("poll");
        r = __real_poll(fds, n, 0);
        if (r != 0 || timeout == 0)
                return r;
        fault_wait(timeout);
        return __real_poll(fds, n, 0);
}

WRAP(int, epoll_wait, int fd, struct epoll_event *events, int n, int timeout) {
        int r;

        if (!plan.active || plan.paused)
                return __real_epoll_wait(fd, events, n, timeout);
        FAIL("epoll_wait", EBADF, -1);
        INTERRUPT("epoll_wait");
        r = __real_epoll_wait(fd, events, n, 0);
        if (r != 0 || timeout == 0)
                return r;
        fault_wait(timeout);
        return __real_epoll_wait(fd, events, n, 0);
}

WRAP(int, clock_gettime, clockid_t id, struct timespec *t) {
        if (!plan.active)
                return __real_clock_gettime(id, t);
        *t = (struct timespec) { .tv_sec = (time_t) (plan.clock_ms / 1000), .tv_nsec = (long) (plan.clock_ms % 1000) * 1000000 };
        return 0;
}

WRAP(time_t, time, time_t *ret) {
        if (!plan.active)
                return __real_time(ret);
        if (ret)
                *ret = FAULT_TIME;
        return FAULT_TIME;
}

/* -- What is put back: who can't has no other way, and none is looked for ------------------------------------------------- */

WRAP(int, tcsetattr, int fd, int when, const struct termios *t) {
        if (!(t->c_lflag & ECHO))
                FAIL("tcsetattr", EIO, -1);
        return __real_tcsetattr(fd, when, t);
}

WRAP(int, pthread_sigmask, int how, const sigset_t *set, sigset_t *before) {
        if (before && fault_now("pthread_sigmask"))
                return EINVAL;
        return __real_pthread_sigmask(how, set, before);
}
