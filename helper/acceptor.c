/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acceptor.c - accept, count, fork
 *
 * 1. MUST not read a byte of what callers send: it looks only whether there is one.
 * 2. MUST not wait for a caller, nor for a child.
 * 3. MUST go on without descriptors, memory or processes: what can't be served now waits for what ends, or for
 *    a second, and is closed in its time.
 * 4. MUST not end a child that is in its time, nor leave one that is not: the kernel ends it (ACCEPTOR_LIFE_S).
 */

#include "acceptor.h"

#include "caller.h"
#include "cleanup.h"
#include "journal.h"
#include "places.h"
#include "sandbox.h"
#include "startup.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { EVENTS_MAX = 64 };

static const char *const places[] = { CAREID_STATE_DIR, CAREID_RUN_DIR "/callers", CAREID_HELPER };
enum { N_PLACES = N_ELEMENTS(places) };

/* What an event is about: an entry of the table, or one of these. */
enum { ABOUT_LISTENER = HELD_MAX, ABOUT_SIGNALS };

struct acceptor {
        int   listener, epoll, signals;
        const struct privs *privs;
        bool  listens;                  /* the listener is looked at                              */
        pid_t refuser;                  /* the child that refuses; 0: none                        */
        uint64_t take_ms, fork_ms;      /* not before: after a failure for want of resources      */
        uint64_t leave_ms;              /* told to end: take nothing more, end by then; 0: no     */
        bool  said_unwatched;           /* that something can't be waited for is in the journal   */
        struct stat at[N_PLACES];       /* what our places were at the beginning                  */
        struct held held;
};

/*
 * Somebody has put another folder in the place of one of ours (a copy that was
 * brought back), or another program in the place of this one: the service
 * manager's sandbox and we still have the old ones.
 */
static bool places_have_changed(const struct acceptor *a) {
        for (size_t i = 0; i < N_PLACES; i++) {
                struct stat st;

                if (stat(places[i], &st) == 0 && (st.st_dev != a->at[i].st_dev || st.st_ino != a->at[i].st_ino))
                        return true;
        }
        return false;
}

bool acceptor_is_wanted(int fd, const struct privs *p) {
        int listens = 0;
        socklen_t n = sizeof listens;

        return p->by_service && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) == 0 && listens;
}

/* What can't be waited for is done without, or later; the journal is told once, not for each of many callers. */
static int watch(struct acceptor *a, int fd, uint32_t events, uint32_t about) {
        struct epoll_event e = { .events = events, .data.u32 = about };
        int r = 0;

        if (epoll_ctl(a->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
                r = -errno;
        if (r < 0 && !a->said_unwatched) {
                a->said_unwatched = true;
                journal_write(&(struct journal_entry) {
                        .about = JOURNAL_FAILED, .outcome = "broken", .detail = "no more connections can be waited for: they are closed, or taken later",
                });
        }
        return r;
}

static void listener_watch(struct acceptor *a, bool on) {
        if (on == a->listens)
                return;
        if (!on)
                (void) epoll_ctl(a->epoll, EPOLL_CTL_DEL, a->listener, NULL);
        a->listens = on && watch(a, a->listener, EPOLLIN, ABOUT_LISTENER) == 0;
}

/* Out of the list as well: a child that has just been made still holds a copy, and the next one here would have its events. */
static void one_close(struct acceptor *a, struct held_one *one) {
        if (one->fd >= 0 && one->state == HELD_SILENT)
                (void) epoll_ctl(a->epoll, EPOLL_CTL_DEL, one->fd, NULL);
        if (one->fd >= 0)
                (void) close(one->fd);
        held_remove(&a->held, one);
}

static void leave(struct acceptor *a) {
        if (a->leave_ms == 0)
                a->leave_ms = wire_now_ms() + ACCEPTOR_LEAVE_MS;
        listener_watch(a, false);
}

/* -- Connections ------------------------------------------------------------------------------------ */

/* Who knocks waits, until something has ended or a second has passed. */
static void taking_waits(struct acceptor *a, uint64_t now) {
        a->take_ms = now + ACCEPTOR_AGAIN_MS;
        listener_watch(a, false);
}

/* Somebody is waiting and we have no descriptor for them: a silent one goes, else they wait for one. */
static bool resources_found(struct acceptor *a, uint64_t now) {
        struct held_one *goes = held_victim(&a->held);

        if (goes) {
                one_close(a, goes);
                return true;
        }
        taking_waits(a, now);
        return false;
}

static void connection_enter(struct acceptor *a, int fd, uint64_t now) {
        struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDHUP };
        struct held_one *one = NULL, *goes = NULL;
        struct caller caller;

        /* Most have spoken by now, and whoever comes and goes has gone. */
        if ((poll(&p, 1, 0) >= 0 || errno == EINTR) && !(p.revents & (POLLHUP | POLLRDHUP | POLLERR)) &&
            caller_identify(fd, a->privs, &caller) == 0) {
                const struct held_who who = {
                        .uid = caller.uid, .login = caller.uid == 0 ? caller_login(fd, &caller) : CALLER_NO_LOGIN,
                };
                const enum held_place place = held_place(&a->held, who, p.revents & POLLIN, &goes);

                if (place == HELD_PLACE_OF)
                        one_close(a, goes);
                if (place != HELD_PLACE_NONE)
                        one = held_add(&a->held, fd, who, now);
        }
        if (!one) {
                (void) close(fd);
                return;
        }
        if (p.revents & POLLIN)
                held_speaks(&a->held, one, now);
        else if (watch(a, fd, EPOLLIN | EPOLLRDHUP, (uint32_t) (one - a->held.one)) < 0)
                one_close(a, one);
}

static void connections_take(struct acceptor *a, uint64_t now) {
        for (int i = 0; i < ACCEPTOR_TAKE_MAX; i++) {
                int fd;

                if (held_is_full(&a->held)) {
                        taking_waits(a, now);
                        return;
                }
                fd = accept4(a->listener, NULL, NULL, SOCK_CLOEXEC);
                if (fd >= 0)
                        connection_enter(a, fd, now);
                else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                        if (!resources_found(a, now))
                                return;
                } else if (errno != EINTR && errno != ECONNABORTED)
                        return;
        }
}

/* It has spoken, or has gone: whoever has gone needs no answer. */
static void connection_heard(struct acceptor *a, struct held_one *one, uint32_t events, uint64_t now) {
        if (one->state != HELD_SILENT)
                return;                 /* an event of one that was closed in the same breath */
        if (events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR)) {
                one_close(a, one);
                return;
        }
        (void) epoll_ctl(a->epoll, EPOLL_CTL_DEL, one->fd, NULL);
        held_speaks(&a->held, one, now);
}

static void late_ones_close(struct acceptor *a, uint64_t now) {
        if (held_next_ms(&a->held, now) > now)
                return;
        for (size_t i = 0; i < HELD_MAX; i++) {
                struct held_one *one = &a->held.one[i];

                if ((one->state == HELD_SILENT || one->state == HELD_SPOKEN) && one->until_ms <= now)
                        one_close(a, one);
        }
}

/* -- Children --------------------------------------------------------------------------------------- */

/*
 * In the child: the connections of its task, from descriptor 0 on, and nothing
 * else of the acceptor's.  From here on it is what an executed helper is after
 * privs_become_or_die() and sandbox_begin().
 */
static int child_begin(struct acceptor *a, struct acceptor_task *task) {
        (void) prctl(PR_SET_NAME, "careid-helper");
        (void) alarm(ACCEPTOR_LIFE_S);
        for (size_t i = 0; i < HELD_MAX; i++) {
                bool mine = false;

                for (size_t k = 0; k < task->n_fds; k++)
                        mine = mine || task->fds[k] == a->held.one[i].fd;
                if (!mine && (a->held.one[i].state == HELD_SILENT || a->held.one[i].state == HELD_SPOKEN))
                        (void) close(a->held.one[i].fd);
        }
        (void) close(a->epoll);
        (void) close(a->signals);
        /* The listener goes: it was 0. */
        if (dup2(task->fds[0], STDIN_FILENO) < 0)
                return -errno;
        (void) close(task->fds[0]);
        task->fds[0] = STDIN_FILENO;
        return startup_signals(&task->signals);
}

/* Returns the child's pid to the acceptor, 0 in the child, or a negative errno. */
static pid_t child_make(struct acceptor *a, struct acceptor_task *task, uint64_t now) {
        pid_t pid;

        /* What fails here each child does for itself. */
        (void) sandbox_prepare();
        pid = fork();
        if (pid < 0) {
                a->fork_ms = now + ACCEPTOR_AGAIN_MS;
                return -errno;
        }
        if (pid == 0 && child_begin(a, task) < 0)
                _exit(EXIT_FAILURE);
        return pid;
}

/* Give @one a child of its own.  Returns 0 in that child. */
static pid_t converse(struct acceptor *a, struct held_one *one, struct acceptor_task *task, uint64_t now) {
        pid_t pid;

        *task = (struct acceptor_task) { .role = ACCEPTOR_CONVERSES, .fds = { one->fd }, .n_fds = 1 };
        pid = child_make(a, task, now);
        if (pid > 0) {
                (void) close(one->fd);
                held_runs(&a->held, one, pid);
        }
        return pid;
}

/* One child for those of @waiting whose turn won't come, up to a number.  Returns 0 in that child. */
static pid_t refuse(struct acceptor *a, struct held_one *const *waiting, size_t n, struct acceptor_task *task, uint64_t now) {
        struct held_one *refused[ACCEPTOR_REFUSE_MAX];
        pid_t pid;

        *task = (struct acceptor_task) { .role = ACCEPTOR_REFUSES };
        for (size_t i = 0; i < n && task->n_fds < ACCEPTOR_REFUSE_MAX; i++)
                if (waiting[i]->state == HELD_SPOKEN && held_turn(&a->held, waiting[i], now) == HELD_TURN_NEVER) {
                        refused[task->n_fds] = waiting[i];
                        task->fds[task->n_fds++] = waiting[i]->fd;
                }
        if (task->n_fds == 0)
                return 1;
        pid = child_make(a, task, now);
        if (pid > 0) {
                a->refuser = pid;
                for (size_t i = 0; i < task->n_fds; i++)
                        one_close(a, refused[i]);
        }
        return pid;
}

/* Returns 0 in a child. */
static pid_t spoken_serve(struct acceptor *a, struct acceptor_task *task, uint64_t now) {
        struct held_one *waiting[HELD_MAX];
        size_t n;

        if (a->held.n[HELD_SPOKEN] == 0 || now < a->fork_ms)
                return 1;
        n = held_spoken(&a->held, waiting);
        for (size_t i = 0; i < n; i++) {
                pid_t pid;

                if (held_turn(&a->held, waiting[i], now) != HELD_TURN_NOW)
                        continue;
                pid = converse(a, waiting[i], task, now);
                if (pid <= 0)
                        return pid;
        }
        return a->refuser == 0 ? refuse(a, waiting, n, task, now) : 1;
}

static bool is_crash(int status) {
        static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGSYS };

        for (size_t i = 0; i < N_ELEMENTS(crashes); i++)
                if (WIFSIGNALED(status) && WTERMSIG(status) == crashes[i])
                        return true;
        return false;
}

/* All that have ended; those of a conversation's own, which are left to us, as well. */
static void children_reap(struct acceptor *a) {
        for (;;) {
                struct held_one *one;
                int status;
                const pid_t pid = waitpid(-1, &status, WNOHANG);

                if (pid < 0 && errno == EINTR)
                        continue;
                if (pid <= 0)
                        break;
                one = held_by_pid(&a->held, pid);
                if (is_crash(status) && (one || pid == a->refuser)) {
                        journal_write(&(struct journal_entry) {
                                .about = JOURNAL_FAILED, .outcome = "crashed", .caller = one ? held_uid(&a->held, one) : 0,
                                .detail = "a conversation ended by a fault of its own; a fresh process takes the next ones",
                        });
                        leave(a);
                }
                if (pid == a->refuser)
                        a->refuser = 0;
                if (one)
                        held_remove(&a->held, one);
                /* What it held is free: try again what failed for want of it. */
                a->take_ms = a->fork_ms = 0;
        }
}

/* -- The loop --------------------------------------------------------------------------------------- */

static void signals_take(struct acceptor *a) {
        struct signalfd_siginfo info;

        while (read(a->signals, &info, sizeof info) == (ssize_t) sizeof info)
                if (info.ssi_signo == SIGTERM)
                        leave(a);
        children_reap(a);
}

static int wait_ms(const struct acceptor *a, uint64_t now) {
        uint64_t until = held_next_ms(&a->held, now);

        if (a->leave_ms > 0 && a->leave_ms < until)
                until = a->leave_ms;
        if (a->take_ms > 0 && a->take_ms < until)
                until = a->take_ms;
        if (a->fork_ms > now && a->held.n[HELD_SPOKEN] > 0 && a->fork_ms < until)
                until = a->fork_ms;
        if (until == UINT64_MAX)
                return -1;
        return until > now ? (int) (until - now) : 0;
}

static bool has_left(const struct acceptor *a, uint64_t now) {
        return a->leave_ms > 0 && (now >= a->leave_ms || a->held.n[HELD_SILENT] + a->held.n[HELD_SPOKEN] == 0);
}

static int begin(struct acceptor *a) {
        sigset_t wanted;

        (void) sigemptyset(&wanted);
        (void) sigaddset(&wanted, SIGTERM);
        (void) sigaddset(&wanted, SIGCHLD);
        if (sigprocmask(SIG_BLOCK, &wanted, NULL) < 0 || signalfd(a->signals, &wanted, 0) < 0)
                return -errno;
        if (fcntl(a->listener, F_SETFL, O_NONBLOCK) < 0)
                return -errno;
        /* What conversations leave behind comes to us, not to the service manager. */
        if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
                return -errno;
        (void) prctl(PR_SET_NAME, "careid-acceptor");
        for (size_t i = 0; i < N_PLACES; i++)
                (void) stat(places[i], &a->at[i]);
        a->epoll = epoll_create1(EPOLL_CLOEXEC);
        if (a->epoll < 0)
                return -errno;
        return watch(a, a->signals, EPOLLIN, ABOUT_SIGNALS);
}

int acceptor_run(int listener, int signals, const struct privs *p, struct acceptor_task *ret) {
        /* Not in the program's own data: whoever is executed for one conversation has no use for it. */
        auto_free struct acceptor *a = calloc(1, sizeof *a);
        int r;

        if (!a)
                return -ENOMEM;
        *a = (struct acceptor) { .listener = listener, .epoll = -1, .signals = signals, .privs = p };
        r = begin(a);
        if (r < 0)
                return r;

        for (;;) {
                struct epoll_event events[EVENTS_MAX];
                bool knocks = false;
                uint64_t now = wire_now_ms();
                int n;

                if (has_left(a, now))
                        break;
                if (a->leave_ms == 0 && now >= a->take_ms) {
                        a->take_ms = 0;
                        listener_watch(a, true);
                        if (!a->listens)
                                a->take_ms = now + ACCEPTOR_AGAIN_MS;
                }
                n = epoll_wait(a->epoll, events, EVENTS_MAX, wait_ms(a, now));
                if (n < 0 && errno != EINTR)
                        return -errno;
                now = wire_now_ms();
                for (int i = 0; i < n; i++) {
                        if (events[i].data.u32 == ABOUT_LISTENER)
                                knocks = true;
                        else if (events[i].data.u32 == ABOUT_SIGNALS)
                                signals_take(a);
                        else
                                connection_heard(a, &a->held.one[events[i].data.u32], events[i].events, now);
                }
                late_ones_close(a, now);
                /* Not before: an entry that was freed above may be another's now. */
                if (knocks && a->listens && places_have_changed(a))
                        leave(a);              /* who knocks is the next one's */
                if (knocks && a->listens)
                        connections_take(a, now);
                if (spoken_serve(a, ret, now) == 0)
                        return 0;
        }
        *ret = (struct acceptor_task) { .role = ACCEPTOR_ENDS };
        return 0;
}
