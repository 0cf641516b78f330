/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sandbox-resolver.c - whoever converses ends the resolver, by one signal, and nothing else of it or of others
 */

#include "sandbox.h"
#include "shut-in.h"

#include "cleanup.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t neighbour;                 /* one that is none of theirs                                     */

static int try_end_resolver(void) {
        return shut_in_result(kill(shut_in_resolver, SIGKILL));
}

static int try_stop_resolver(void) {
        return shut_in_result(kill(shut_in_resolver, SIGSTOP));
}

static int try_ask_resolver(void) {
        return shut_in_result(kill(shut_in_resolver, SIGTERM));
}

static int try_end_its_group(void) {
        return shut_in_result(kill(-shut_in_resolver, SIGKILL));
}

static int try_end_neighbour(void) {
        return shut_in_result(kill(neighbour, SIGKILL));
}

/* A process in a group of its own, which waits to be ended. */
static pid_t victim_make(void) {
        const pid_t pid = fork();

        if (pid == 0) {
                (void) setpgid(0, 0);
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;)
                        (void) pause();
        }
        (void) setpgid(pid, pid);
        return pid;
}

/* Is it as it was, not stopped either?  It is ended then; @ends: it ends by itself, which may take a moment. */
static bool victim_end(pid_t pid, bool ends) {
        siginfo_t info = { .si_pid = 0 };
        const bool lives = waitid(P_PID, (id_t) pid, &info, WEXITED | WSTOPPED | WNOWAIT | (ends ? 0 : WNOHANG)) == 0 && info.si_pid == 0;

        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, NULL, 0);
        return lives;
}

static void resolver_run(const char *how) {
        static const struct {
                const char *name;
                int       (*attempt)(void);
        } tries[] = {
                { "end its resolver",               try_end_resolver  },
                { "stop its resolver",              try_stop_resolver },
                { "ask its resolver to end",        try_ask_resolver  },
                { "end its resolver's group",       try_end_its_group },
                { "end a neighbour of its resolver", try_end_neighbour },
        };

        for (const struct shut_in_part *p = shut_in_parts; p->name; p++)
                for (size_t i = 0; i < N_ELEMENTS(tries); i++) {
                        const bool may = p->who != SANDBOX_RESOLVING && tries[i].attempt == try_end_resolver;
                        bool resolver_lives, neighbour_lives;
                        char name[128];
                        int have;

                        shut_in_resolver = victim_make();
                        neighbour = victim_make();
                        have = shut_in(p->who, tries[i].attempt, 0);
                        resolver_lives = victim_end(shut_in_resolver, may && have == 0);
                        neighbour_lives = victim_end(neighbour, false);
                        shut_in_resolver = neighbour = 0;
                        (void) snprintf(name, sizeof name, "%s%s: it can%s %s", p->name, how, may ? "" : "'t", tries[i].name);
                        shut_in_check(have == (may ? 0 : ENOSYS) && resolver_lives == !may && neighbour_lives, name, have);
                }
}

int main(void) {
        shut_in_begin();
        resolver_run("");
        shut_in_check(sandbox_prepare() == 0, "what all need can be made beforehand", errno);
        resolver_run(", prepared");
        return shut_in_done();
}
