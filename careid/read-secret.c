/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * read-secret.c - lines that must not stand among arguments
 *
 * 1. MUST leave the terminal as it was, whatever happens, a signal included.
 * 2. MUST NOT go through stdio: its buffers would keep the line.
 * 3. MUST have turned the echo off before it shows the prompt.
 */

#include "read-secret.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
        interrupted = number;
}

/*
 * One byte at a time, so that nothing after the newline is taken from a pipe.
 * Signals that are held back come through while we wait (@open; NULL: none
 * are): one that came just before read() would otherwise be waited out.
 */
static int line_read(const sigset_t *open, size_t max, char *ret) {
        struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
        size_t n = 0;
        bool too_long = false;

        for (;;) {
                char c;
                ssize_t k = open && ppoll(&p, 1, NULL, open) < 0 ? -1 : read(STDIN_FILENO, &c, 1);

                if (k < 0 && errno == EINTR && !interrupted)
                        continue;
                if (k < 0)
                        return -errno;
                if (k == 0 || c == '\n')
                        break;
                if (n < max)
                        ret[n++] = c;
                else
                        too_long = true;
        }
        if (n > 0 && ret[n - 1] == '\r')
                n--;
        memset(ret + n, 0, max + 1 - n);
        if (too_long)
                return SECRET_E_TOO_LONG;
        if (n == 0)
                return SECRET_E_NONE;
        return memchr(ret, '\0', n) ? SECRET_E_NONE : SECRET_OK;
}

static int ask(const char *prompt, const sigset_t *open, char ret[static SECRET_LINE_MAX + 1]) {
        int r;

        (void) fputs(prompt, stderr);
        (void) fflush(stderr);
        r = line_read(open, SECRET_LINE_MAX, ret);
        (void) fputc('\n', stderr);
        return r;
}

static int ask_twice(const char *prompt, const char *again, const sigset_t *open,
                     char ret[static SECRET_LINE_MAX + 1]) {
        char second[SECRET_LINE_MAX + 1];
        int r;

        r = ask(prompt, open, ret);
        if (r != SECRET_OK)
                return r;
        r = ask(again, open, second);
        if (r == SECRET_E_NONE || r == SECRET_E_TOO_LONG || (r == SECRET_OK && strcmp(ret, second) != 0))
                r = SECRET_E_DIFFERS;
        explicit_bzero(second, sizeof second);
        return r;
}

/* What somebody else has read: the lines that are left, and how many bytes of them. */
static const char *given;
static size_t n_given;
static bool missed;

void lines_given(const void *lines, size_t n) {
        given = n > 0 ? lines : "";
        n_given = n;
        missed = false;
}

bool lines_missed(void) {
        return missed;
}

static int take_given(size_t max, char *ret) {
        const size_t n = strnlen(given, n_given);

        ret[0] = '\0';
        if (n == n_given) {                                     /* none is left: each has its NUL */
                missed = true;
                return SECRET_E_NONE;
        }
        if (n <= max)
                memcpy(ret, given, n + 1);
        given += n + 1;
        n_given -= n + 1;
        return n > max ? SECRET_E_TOO_LONG : n > 0 ? SECRET_OK : SECRET_E_NONE;
}

int line_ask(const char *prompt, char ret[static ASKED_LINE_MAX + 1]) {
        if (given)
                return take_given(ASKED_LINE_MAX, ret);
        if (isatty(STDIN_FILENO)) {
                (void) fputs(prompt, stderr);
                (void) fflush(stderr);
        }
        return line_read(NULL, ASKED_LINE_MAX, ret);
}

int secret_read(const char *prompt, const char *again, char ret[static SECRET_LINE_MAX + 1]) {
        static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
        struct sigaction catch = { .sa_handler = on_signal }, before[sizeof signals / sizeof *signals];
        struct termios shown, hidden;
        sigset_t held, open;
        int r;

        if (given)
                return take_given(SECRET_LINE_MAX, ret);
        if (tcgetattr(STDIN_FILENO, &shown) < 0) {
                r = line_read(NULL, SECRET_LINE_MAX, ret);
        } else {
                (void) sigemptyset(&held);
                for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
                        (void) sigaddset(&held, signals[i]);
                (void) sigprocmask(SIG_BLOCK, &held, &open);
                for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
                        (void) sigaction(signals[i], &catch, &before[i]);
                hidden = shown;
                hidden.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
                r = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) < 0 ? -errno : ask_twice(prompt, again, &open, ret);
                (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
                (void) sigprocmask(SIG_SETMASK, &open, NULL);
                for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
                        (void) sigaction(signals[i], &before[i], NULL);
                /* What came meanwhile does now what it would have done. */
                if (interrupted) {
                        explicit_bzero(ret, SECRET_LINE_MAX + 1);
                        (void) raise(interrupted);
                        return -EINTR;
                }
        }
        if (r != SECRET_OK)
                explicit_bzero(ret, SECRET_LINE_MAX + 1);
        return r;
}
