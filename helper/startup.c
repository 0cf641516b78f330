/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * startup.c - the first acts of a program that anybody may start
 *
 * 1. MUST run before anything that looks at environment, arguments or locale.
 * 2. MUST leave no descriptor but 0, 1, 2 and our own.
 */

#include "startup.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/time.h>

static int std_fds_ensure(void) {
        int fd;

        do {
                fd = open("/dev/null", O_RDWR | O_NOCTTY);
                if (fd < 0)
                        return -errno;
        } while (fd < 2);

        /* Nothing of ours is said there, and what a library says is not for the caller's file. */
        if (dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
                return -errno;
        return close_range(3, ~0U, 0) < 0 ? -errno : 0;
}

static int signals_reset(void) {
        static const int ignored[] = {
                SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGXFSZ, SIGUSR1, SIGUSR2,
        };
        const struct itimerval never = { { 0, 0 }, { 0, 0 } };
        sigset_t none;

        (void) setitimer(ITIMER_REAL, &never, NULL);
        (void) setitimer(ITIMER_VIRTUAL, &never, NULL);
        (void) setitimer(ITIMER_PROF, &never, NULL);

        /* Ignored first: so what waits already is forgotten.  Some numbers are not for us to set; the kernel refuses those. */
        for (int s = 1; s < NSIG; s++) {
                (void) signal(s, SIG_IGN);
                (void) signal(s, SIG_DFL);
        }
        for (size_t i = 0; i < N_ELEMENTS(ignored); i++)
                (void) signal(ignored[i], SIG_IGN);
        (void) sigemptyset(&none);
        return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

int startup_signals(int *ret) {
        sigset_t term;

        (void) sigemptyset(&term);
        (void) sigaddset(&term, SIGTERM);
        if (sigprocmask(SIG_SETMASK, &term, NULL) < 0)
                return -errno;
        *ret = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
        return *ret < 0 ? -errno : 0;
}

int startup_clean(int argc, char **argv, int *ret_signals) {
        int r;

        for (int i = 1; i < argc; i++)
                explicit_bzero(argv[i], strlen(argv[i]));
        if (clearenv() != 0)
                return -ENOMEM;
        r = std_fds_ensure();
        if (r < 0)
                return r;
        r = signals_reset();
        if (r < 0)
                return r;
        (void) umask(077);
        if (chdir("/") < 0)
                return -errno;

        /* Fails for the leader of a process group, which a terminal's keys can't reach either: they are ignored. */
        (void) setsid();
        return startup_signals(ret_signals);
}
