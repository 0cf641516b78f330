/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sandbox-prepared.c - what is made beforehand, for all who are forked: it holds for what is there, and is made again
 */

#include "sandbox.h"
#include "shut-in.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_BESIDE CAREID_STATE_DIR "-beside"  /* in a folder that has one of ours                               */

static int try_read_beside(void) {
        return shut_in_open(FILE_BESIDE, O_RDONLY);
}

/* The file is another one now, as whoever writes /etc/passwd leaves it, and its folder's time says that something was done. */
static void beside_replace(void) {
        struct stat before, now;

        if (stat(CAREID_STATE_DIR "/..", &before) < 0)
                perror(FILE_BESIDE);
        do
                shut_in_make_file(FILE_BESIDE ".new");
        while (rename(FILE_BESIDE ".new", FILE_BESIDE) == 0 && stat(CAREID_STATE_DIR "/..", &now) == 0 &&
               now.st_mtim.tv_sec == before.st_mtim.tv_sec && now.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
}

/* Somebody is shut in, then the file is replaced, then they try. */
static int overtaken(int (*attempt)(void)) {
        int ready[2], go[2], status;
        char c = 0;
        pid_t pid;

        if (sandbox_prepare() < 0 || pipe(ready) < 0 || pipe(go) < 0)
                return SHUT_IN_UNSHUT;
        pid = fork();
        if (pid == 0) {
                if (sandbox_begin() < 0 || sandbox_shut(&(struct sandbox) { .who = SANDBOX_RESOLVING }) < 0 || attempt() != 0 ||
                    write(ready[1], &c, 1) != 1 || read(go[0], &c, 1) != 1)
                        _exit(SHUT_IN_UNSHUT);
                _exit(attempt());
        }
        (void) close(ready[1]);
        if (pid > 0 && read(ready[0], &c, 1) == 1) {
                beside_replace();
                (void) !write(go[1], &c, 1);
        }
        (void) close(ready[0]);
        (void) close(go[0]);
        (void) close(go[1]);
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
                return SHUT_IN_UNSHUT;
        return WIFEXITED(status) ? WEXITSTATUS(status) : SHUT_IN_KILLED;
}

static void check_is(int have, int want, const char *name) {
        shut_in_check(have == want, name, have);
}

int main(void) {
        const long abi = shut_in_landlock();
        int fd;

        shut_in_begin();
        shut_in_make_file(FILE_BESIDE);
        shut_in_check(sandbox_prepare() == 0, "what all need can be made beforehand", errno);
        fd = sandbox_kept_fd();
        shut_in_check((fd >= 0) == (abi > 0), "the resolver's rules are a descriptor, where there is a Landlock", fd);
        for (const struct shut_in_part *p = shut_in_parts; p->name; p++)
                (void) shut_in(p->who, try_read_beside, 0);
        shut_in_check(sandbox_kept_fd() == fd, "whoever is forked leaves them where they are", sandbox_kept_fd());
        if (abi <= 0) {
                shut_in_skip("prepared", "what has replaced another file", "this kernel has no Landlock");
                return shut_in_done();
        }
        beside_replace();
        shut_in_check(sandbox_prepare() == 0, "they can be made again", errno);
        check_is(shut_in(SANDBOX_RESOLVING, try_read_beside, 0), 0, "and hold for a file that has replaced another");
        check_is(overtaken(try_read_beside), EACCES, "whoever is shut in can't read what replaces a file");
        return shut_in_done();
}
