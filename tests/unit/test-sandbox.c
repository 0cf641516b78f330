/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-sandbox.c - what the helper can't do any more once its sandbox is shut; each in a process of its own */

#include "sandbox.h"

#include "cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { PORT = 4711 };

/* Each returns 0 for what is possible, or the errno of what is not. */

static int try_execute(void) {
        char *const arguments[] = { NULL };

        (void) execve("/bin/true", arguments, arguments);
        return errno;
}

static int try_fork(void) {
        const pid_t pid = fork();

        if (pid == 0)
                _exit(0);
        return pid > 0 ? 0 : errno;
}

static int try_read_file(void) {
        auto_close int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

        return fd >= 0 ? 0 : errno;
}

static int try_write_file(void) {
        auto_close int fd = open("/tmp/careid-test-sandbox", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        return fd >= 0 ? 0 : errno;
}

static int try_executable_memory(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 0 : errno;
}

static int try_kill_parent(void) {
        return kill(getppid(), 0) == 0 ? 0 : errno;
}

static int try_netlink(void) {
        auto_close int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);

        return fd >= 0 ? 0 : errno;
}

static int try_trace(void) {
        return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno;
}

static int connect_to(uint16_t port) {
        const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        return connect(fd, (const struct sockaddr *) &to, sizeof to) == 0 ? 0 : errno;
}

static int try_other_port(void) {
        return connect_to(PORT + 1);
}

static int try_port(void) {
        const int e = connect_to(PORT);

        return e == ECONNREFUSED ? 0 : e;       /* nobody listens: but we were let through        */
}

static int try_memory(void) {
        auto_free char *p = malloc(1 << 20);

        return p ? 0 : ENOMEM;
}

enum needs { NEEDS_NOTHING, NEEDS_FILES, NEEDS_NET };

static const struct {
        const char *name;
        int       (*attempt)(void);
        int         want;
        enum needs  needs;              /* of Landlock                                            */
} cases[] = {
        { "it can't execute anything",             try_execute,           ENOSYS, NEEDS_NOTHING },
        { "it can't fork",                         try_fork,              ENOSYS, NEEDS_NOTHING },
        { "it can't map memory to be executed",    try_executable_memory, ENOSYS, NEEDS_NOTHING },
        { "it can't signal other processes",       try_kill_parent,       ENOSYS, NEEDS_NOTHING },
        { "it can't open other kinds of sockets",  try_netlink,           ENOSYS, NEEDS_NOTHING },
        { "it can't be traced, nor trace",         try_trace,             ENOSYS, NEEDS_NOTHING },
        { "it can't read the host's files",        try_read_file,         EACCES, NEEDS_FILES },
        { "it can't write files of others",        try_write_file,        EACCES, NEEDS_FILES },
        { "it can't connect to another port",      try_other_port,        EACCES, NEEDS_NET },
        { "it can connect to the provider's port", try_port,              0,      NEEDS_NOTHING },
        { "it can allocate memory",                try_memory,            0,      NEEDS_NOTHING },
};

/* The result of @attempt in a child that is shut in. */
static int attempt_shut(int (*attempt)(void)) {
        const pid_t pid = fork();
        int status;

        if (pid == 0)
                _exit(sandbox_begin() < 0 || sandbox_shut(PORT, 0) < 0 ? 255 : attempt());
        if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
                return -1;
        return WEXITSTATUS(status);
}

int main(void) {
        const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        unsigned failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const bool skipped = (cases[i].needs == NEEDS_FILES && abi < 1) || (cases[i].needs == NEEDS_NET && abi < 4);
                const bool ok = skipped || attempt_shut(cases[i].attempt) == cases[i].want;

                printf("%sok %zu - %s%s\n", ok ? "" : "not ", i + 1, cases[i].name, skipped ? " # SKIP the kernel has no such Landlock" : "");
                failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(cases));
        return failed != 0;
}
