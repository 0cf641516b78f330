/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-processes.c - who has a process here, by any of a process's uids */

#include "processes.h"
#include "world.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODYS = 2099000001 };          /* no account of any host has it                          */

/* A child that says it is ready, and then waits to be ended. */
static pid_t child_as(uid_t real, uid_t effective, uid_t saved) {
        int ready[2];
        pid_t child;
        char byte;

        if (pipe(ready) < 0)
                return -1;
        child = fork();
        if (child == 0) {
                if (setresuid(real, effective, saved) < 0 || write(ready[1], "", 1) != 1)
                        _exit(1);
                for (;;)
                        (void) pause();
        }
        (void) close(ready[1]);
        if (read(ready[0], &byte, 1) != 1)
                child = -1;
        (void) close(ready[0]);
        return child;
}

static void end(pid_t child) {
        (void) kill(child, SIGKILL);
        (void) waitpid(child, NULL, 0);
}

/* Only root can be several. */
static void several(void) {
        static const struct {
                const char *what;
                uid_t       real, effective, saved;
        } cases[] = {
                { "all",       NOBODYS, NOBODYS, NOBODYS },
                { "real",      NOBODYS, 0,       0       },
                { "effective", 0,       NOBODYS, 0       },
                { "saved",     0,       0,       NOBODYS },
        };

        for (size_t i = 0; geteuid() == 0 && i < sizeof cases / sizeof *cases; i++) {
                const pid_t child = child_as(cases[i].real, cases[i].effective, cases[i].saved);

                ok(child > 0 && processes_of(NOBODYS) == 1, "processes: by its %s uid", cases[i].what);
                end(child);
                ok(processes_of(NOBODYS) == 0, "processes: none once it has ended");
        }
}

int main(void) {
        ok(processes_of(getuid()) == 1, "processes: one's own");
        ok(processes_of(NOBODYS) == 0, "processes: nobody's");
        several();
        return finish();
}
