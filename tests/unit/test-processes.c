/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-processes.c - who has a process here, by any of a process's uids */

#include "processes.h"
#include "world.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

/* A /proc that can't be read to its end says nothing. */
static void unread(void) {
        struct sock_filter filter[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getdents64, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        const struct sock_fprog program = { .len = sizeof filter / sizeof *filter, .filter = filter };
        const pid_t child = fork();
        int status;

        if (child == 0)
                _exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ||
                      processes_of(NOBODYS) != -EIO);
        ok(child > 0 && waitpid(child, &status, 0) == child && status == 0, "processes: an error is not the end of them");
}

int main(void) {
        ok(processes_of(getuid()) == 1, "processes: one's own");
        ok(processes_of(NOBODYS) == 0, "processes: nobody's");
        several();
        unread();
        return finish();
}
