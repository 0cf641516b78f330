/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* shut-in.c - a try by each of those whom the helper's sandbox shuts in */

#include "shut-in.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const struct shut_in_part shut_in_parts[] = {
        { "recording", SANDBOX_RECORDING }, { "reading", SANDBOX_READING }, { "resolving", SANDBOX_RESOLVING },
        { "acting", SANDBOX_ACTING }, { "declining", SANDBOX_DECLINING }, { .name = NULL },
};

pid_t shut_in_resolver;

static unsigned n_tests, n_failed;

void shut_in_check(bool ok, const char *name, int have) {
        n_tests++;
        n_failed += !ok;
        printf("%sok %u - %s\n", ok ? "" : "not ", n_tests, name);
        if (!ok)
                printf("# got %d%s\n", have, have == SHUT_IN_KILLED ? " (killed)" : have == SHUT_IN_UNSHUT ? " (not shut in)" : "");
}

void shut_in_skip(const char *part, const char *name, const char *why) {
        printf("ok %u - %s: %s # SKIP %s\n", ++n_tests, part, name, why);
}

int shut_in_done(void) {
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}

void shut_in_begin(void) {
        (void) mkdir(CAREID_STATE_DIR, 0700);
        (void) mkdir(CAREID_CONFIG_DIR, 0700);
        (void) mkdir(CAREID_CONFIG_DIR "/keys", 0700);
}

long shut_in_landlock(void) {
        return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

void shut_in_make_file(const char *path) {
        auto_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        if (fd < 0)
                perror(path);
}

int shut_in_result(long r) {
        return r >= 0 ? 0 : errno;
}

int shut_in_open(const char *path, int flags) {
        auto_close int fd = open(path, flags | O_CLOEXEC, 0600);

        return shut_in_result(fd);
}

int shut_in(enum sandbox_who who, int (*attempt)(void), int number) {
        const struct sandbox s = { .who = who, .port = SHUT_IN_PORT, .sending = { SHUT_IN_PORT + 2, 0 }, .resolver = who == SANDBOX_RESOLVING ? 0 : shut_in_resolver };
        const pid_t pid = fork();
        int status;

        if (pid == 0) {
                if (sandbox_begin() < 0 || sandbox_shut(&s) < 0)
                        _exit(SHUT_IN_UNSHUT);
                _exit(attempt ? attempt() : shut_in_result(syscall(number, -1L, -1L, -1L, -1L, -1L, -1L)));
        }
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
                return SHUT_IN_UNSHUT;
        return WIFEXITED(status) ? WEXITSTATUS(status) : SHUT_IN_KILLED;
}
