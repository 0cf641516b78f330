/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * world.c - a tree for one test program, in the directory for temporary files
 */

#include "world.h"

#include "cleanup.h"
#include "test-places.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { WALK_DEPTH = 8, NOBODY = 65534 };

uid_t world_euid = (uid_t) -1;
bool world_euid_is_fixed, world_root;

static char start[256];
static unsigned n_cases, n_failed;

static void bail(const char *what) {
        printf("Bail out! %s: %s\n", what, strerror(errno));
        exit(1);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at) {
        (void) st;
        (void) at;
        if (flag == FTW_DNR)
                (void) chmod(path, 0700);
        return remove(path);
}

uid_t test_euid(void) {
        return world_euid == (uid_t) -1 ? geteuid() : world_euid;
}

int test_euid_is_fixed(void) {
        return world_euid_is_fixed;
}

/* What root may open says nothing about what others may; files of root's are another matter (world_root). */
static void stop_being_root(void) {
        if (world_root || geteuid() != 0)
                return;
        if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
                bail("nobody");
}

void world_enter(void) {
        static const char *const folders[] = {
                "lib", WORLD_SNAPSHOTS, "run", "run/careroles", WORLD_SELF, WORLD_OVERLAY,
        };
        const char *tmp = getenv("TMPDIR");

        stop_being_root();
        (void) umask(022);
        (void) snprintf(start, sizeof start, "%s/careid-world-XXXXXX", tmp && *tmp ? tmp : "/tmp");
        if (!mkdtemp(start) || chdir(start) < 0)
                bail(start);
        for (size_t i = 0; i < N_ELEMENTS(folders); i++)
                if (mkdir(folders[i], 0755) < 0)
                        bail(folders[i]);
}

void world_leave(void) {
        if (chdir("/") == 0)
                (void) nftw(start, remove_one, WALK_DEPTH, FTW_DEPTH | FTW_PHYS);
}

int world_open(const char *path) {
        const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0)
                bail(path);
        return fd;
}

uint8_t *world_read(const char *path, size_t *ret_n) {
        auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat st;
        uint8_t *all;

        if (fd < 0 || fstat(fd, &st) < 0)
                bail(path);
        all = malloc((size_t) st.st_size + 1);
        if (!all || read(fd, all, (size_t) st.st_size) != st.st_size)
                bail(path);
        *ret_n = (size_t) st.st_size;
        return all;
}

void world_write(const char *path, const void *data, size_t n, mode_t mode) {
        auto_close int fd = -1;

        if (unlink(path) < 0 && errno != ENOENT)
                bail(path);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 || write(fd, data, n) != (ssize_t) n || fchmod(fd, mode) < 0)
                bail(path);
}

static void __attribute__((__format__(__printf__, 2, 0))) case_line(const char *status, const char *format, va_list ap) {
        printf("%s %u - ", status, ++n_cases);
        (void) vprintf(format, ap);
}

bool ok(bool holds, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        case_line(holds ? "ok" : "not ok", format, ap);
        va_end(ap);
        printf("\n");
        n_failed += !holds;
        return holds;
}

void skip(const char *why, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        case_line("ok", format, ap);
        va_end(ap);
        printf(" # SKIP %s\n", why);
}

void note(const char *format, ...) {
        va_list ap;

        printf("# ");
        va_start(ap, format);
        (void) vprintf(format, ap);
        va_end(ap);
        printf("\n");
}

int finish(void) {
        printf("1..%u\n", n_cases);
        return n_failed != 0;
}
