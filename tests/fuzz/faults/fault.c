/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fault.c - the plan, and the calls of libc
 */

#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { WAITS_MAX = 20000 };

uint64_t (*fault_others)(void);

static struct {
        enum fault_kind kind;
        uint64_t    nth, seed, n_fail, n_interrupt, n_done, clock_ms;
        unsigned    chance, paused, n_waits;
        bool        active;
        const char *name;
} plan;

void fault_plan(enum fault_kind kind, uint64_t nth, unsigned chance, uint64_t seed) {
        plan = (__typeof__(plan)) { .kind = kind, .nth = nth, .chance = chance, .seed = seed | 1, .clock_ms = 1000000,
                                       .active = true };
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

static bool is_turn(enum fault_kind kind, uint64_t *n, const char *name) {
        if (!plan.active || plan.paused)
                return false;
        ++*n;
        if (plan.kind != kind || (*n != plan.nth && !chance_now()))
                return false;
        plan.n_done++;
        plan.name = name;
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

WRAP(void *, malloc, size_t n) {
        FAIL("malloc", ENOMEM, NULL);
        return __real_malloc(n);
}

WRAP(void *, calloc, size_t n, size_t size) {
        FAIL("calloc", ENOMEM, NULL);
        return __real_calloc(n, size);
}

WRAP(void *, realloc, void *p, size_t n) {
        FAIL("realloc", ENOMEM, NULL);
        return __real_realloc(p, n);
}

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
        return __real_open64(path, flags, mode);
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

WRAP(ssize_t, read, int fd, void *data, size_t n) {
        FAIL("read", EIO, -1);
        INTERRUPT("read");
        return __real_read(fd, data, n);
}

WRAP(ssize_t, pread64, int fd, void *data, size_t n, off_t at) {
        FAIL("pread", EIO, -1);
        return __real_pread64(fd, data, n, at);
}

WRAP(ssize_t, write, int fd, const void *data, size_t n) {
        FAIL("write", EIO, -1);
        INTERRUPT("write");
        if (n > 1 && interrupt_now("write, in part"))
                n /= 2;
        return __real_write(fd, data, n);
}

WRAP(int, fstat64, int fd, struct stat *st) {
        FAIL("fstat", EIO, -1);
        return __real_fstat64(fd, st);
}

WRAP(int, fstatat64, int fd, const char *path, struct stat *st, int flags) {
        FAIL("fstatat", EIO, -1);
        return __real_fstatat64(fd, path, st, flags);
}

WRAP(int, lstat64, const char *path, struct stat *st) {
        FAIL("lstat", EACCES, -1);
        return __real_lstat64(path, st);
}

WRAP(ssize_t, getrandom, void *data, size_t n, unsigned flags) {
        FAIL("getrandom", ENOSYS, -1);
        return __real_getrandom(data, n, flags);
}

WRAP(int, socket, int family, int type, int protocol) {
        FAIL("socket", EMFILE, -1);
        return __real_socket(family, type, protocol);
}

WRAP(int, socketpair, int family, int type, int protocol, int *pair) {
        FAIL("socketpair", EMFILE, -1);
        return __real_socketpair(family, type, protocol, pair);
}

WRAP(int, connect, int fd, const struct sockaddr *to, socklen_t n) {
        FAIL("connect", ECONNREFUSED, -1);
        return __real_connect(fd, to, n);
}

WRAP(int, getsockname, int fd, struct sockaddr *name, socklen_t *n) {
        FAIL("getsockname", ENOBUFS, -1);
        return __real_getsockname(fd, name, n);
}

WRAP(int, getsockopt, int fd, int level, int option, void *value, socklen_t *n) {
        FAIL("getsockopt", ENOBUFS, -1);
        return __real_getsockopt(fd, level, option, value, n);
}

WRAP(int, setsockopt, int fd, int level, int option, const void *value, socklen_t n) {
        FAIL("setsockopt", ENOBUFS, -1);
        return __real_setsockopt(fd, level, option, value, n);
}

WRAP(ssize_t, send, int fd, const void *data, size_t n, int flags) {
        FAIL("send", ENOBUFS, -1);
        INTERRUPT("send");
        return __real_send(fd, data, n, flags);
}

WRAP(ssize_t, recv, int fd, void *data, size_t n, int flags) {
        FAIL("recv", ECONNRESET, -1);
        INTERRUPT("recv");
        return __real_recv(fd, data, n, flags);
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

/* -- Terminals --------------------------------------------------------------------------------------------------------- */

WRAP(int, tcgetattr, int fd, struct termios *t) {
        FAIL("tcgetattr", EIO, -1);
        return __real_tcgetattr(fd, t);
}

/* Only when it turns the echo off: who can't put it back has no other way, and none is looked for. */
WRAP(int, tcsetattr, int fd, int when, const struct termios *t) {
        if (!(t->c_lflag & ECHO))
                FAIL("tcsetattr", EIO, -1);
        return __real_tcsetattr(fd, when, t);
}

WRAP(pid_t, tcgetpgrp, int fd) {
        FAIL("tcgetpgrp", ENOTTY, -1);
        return __real_tcgetpgrp(fd);
}
