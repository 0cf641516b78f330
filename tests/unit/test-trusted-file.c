/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-trusted-file.c - who may have written what we are about to believe (numbers: trusted-file.c)
 */

#include "trusted-file.h"

#include "cleanup.h"
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ME geteuid()

static int directory(const char *path, uid_t min, uid_t max) {
        auto_close int fd = -1;
        uid_t owner = (uid_t) -1;
        const int r = trusted_directory(path, min, max, &fd, &owner);

        return r == 0 && owner != ME ? -EDOM : r;
}

static void directories(void) {
        static const struct {
                const char *name, *path;
                int         want;
        } cases[] = {
                { "a plain path",                      "/lib/careroles",         0        },
                { "one component",                     "/lib",                   0        },
                { "1: relative",                       "lib/careroles",          -EINVAL  },
                { "1: nothing",                        "",                       -EINVAL  },
                { "1: the root itself",                "/",                      -EINVAL  },
                { "1: a double slash",                 "/lib//careroles",        -EINVAL  },
                { "1: a slash at the end",             "/lib/careroles/",        -EINVAL  },
                { "1: dot",                            "/lib/./careroles",       -EINVAL  },
                { "1: dot dot",                        "/lib/../lib/careroles",  -EINVAL  },
                { "1: dot dot at the end",             "/lib/..",                -EINVAL  },
                { "names that begin with dots",        "/..lib/.careroles",      0        },
                { "missing leaf",                      "/lib/none",              -ENOENT  },
                { "missing parent",                    "/none/careroles",        -ENOENT  },
                { "2: leaf is a link",                 "/link-leaf",             -ENOTDIR },
                { "2: parent is a link",               "/link-lib/careroles",    -ENOTDIR },
                { "leaf is a file",                    "/lib/file",              -ENOTDIR },
                { "3: group may write the leaf",       "/lib/group-writes",      -EPERM   },
                { "3: others may write the leaf",      "/lib/others-write",      -EPERM   },
                { "3: sticky does not help",           "/lib/sticky",            -EPERM   },
                { "3: others may write a parent",      "/lib/others-write/leaf", -EPERM   },
        };

        (void) mkdir("..lib", 0755);
        (void) mkdir("..lib/.careroles", 0755);
        (void) symlink("lib/careroles", "link-leaf");
        (void) symlink("lib", "link-lib");
        world_write("lib/file", "x", 1, 0644);
        (void) mkdir("lib/group-writes", 0755);
        (void) mkdir("lib/others-write", 0755);
        (void) mkdir("lib/others-write/leaf", 0755);
        (void) mkdir("lib/sticky", 0755);
        (void) chmod("lib/group-writes", 0775);
        (void) chmod("lib/others-write", 0757);
        (void) chmod("lib/sticky", 01777);

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const int r = directory(cases[i].path, 0, (uid_t) -2);

                ok(r == cases[i].want, "directory: %s (%s)", cases[i].name, r ? strerror(-r) : "0");
        }
        ok(directory("/lib", ME, ME) == 0, "directory: the owner is the one that is asked for");
        ok(directory("/lib", ME + 1, (uid_t) -2) == -EPERM, "directory: 3: an owner below the range");
        ok(ME == 0 || directory("/lib", 0, ME - 1) == -EPERM, "directory: 3: an owner above the range");

        (void) chmod(".", 0777);
        ok(directory("/lib", 0, (uid_t) -2) == -EPERM, "directory: 3: the start is everybody's");
        (void) chmod(".", 0755);
}

static int file(const char *name, uid_t owner, mode_t mode, int exact, size_t max) {
        auto_close int dir = world_open("lib"), fd = -1;
        size_t n = 0;
        int r = trusted_open(dir, name, owner, mode, exact, max, &fd, &n);
        int flags;

        if (r == 0) {
                flags = fcntl(fd, F_GETFD);
                if (n != 5 || flags < 0 || !(flags & FD_CLOEXEC) || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
                        r = -EDOM;
        }
        return r;
}

static void files(void) {
        static const struct {
                const char *name, *file;
                mode_t      mode;
                int         exact;
                size_t      max;
                int         want;
        } cases[] = {
                { "exact mode",                    "plain",      0644, 1, 5,    0       },
                { "at most this mode",             "plain",      0664, 0, 5,    0       },
                { "size at the maximum",           "plain",      0644, 1, 5,    0       },
                { "size above the maximum",        "plain",      0644, 1, 4,    -EFBIG  },
                { "4: more rights than said",      "plain",      0640, 0, 99,   -EPERM  },
                { "4: fewer rights, exact",        "private",    0644, 1, 99,   -EPERM  },
                { "4: fewer rights, not exact",    "private",    0644, 0, 99,   0       },
                { "4: setuid bit",                 "setuid",     0644, 0, 99,   -EPERM  },
                { "4: group may write",            "group",      0644, 0, 99,   -EPERM  },
                { "4: a second name",              "second",     0644, 1, 99,   -EPERM  },
                { "2: a link",                     "link",       0644, 1, 99,   -ELOOP  },
                { "4: a directory",                "careroles",  0755, 1, 9999, -EPERM  },
                { "5: a FIFO does not wait",       "fifo",       0644, 0, 99,   -EPERM  },
                { "missing",                       "none",       0644, 1, 99,   -ENOENT },
                { "1: a path",                     "careroles/x", 0644, 1, 99,  -EINVAL },
                { "1: nothing",                    "",           0644, 1, 99,   -EINVAL },
        };

        world_write("lib/plain", "hello", 5, 0644);
        world_write("lib/private", "hello", 5, 0600);
        world_write("lib/setuid", "hello", 5, 04644);
        world_write("lib/group", "hello", 5, 0664);
        world_write("lib/first", "hello", 5, 0644);
        (void) link("lib/first", "lib/second");
        (void) symlink("plain", "lib/link");
        (void) mkfifo("lib/fifo", 0644);

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const int r = file(cases[i].file, ME, cases[i].mode, cases[i].exact, cases[i].max);

                ok(r == cases[i].want, "file: %s (%s)", cases[i].name, r ? strerror(-r) : "0");
        }
        ok(file("plain", ME + 1, 0644, 1, 99) == -EPERM, "file: 4: another owner");
}

static int whole(const char *path, uid_t owner, mode_t mode, size_t max, const char *want) {
        auto_free char *text = NULL;
        size_t n;
        const int r = trusted_read(path, owner, mode, max, &text, &n);

        return r == 0 && (n != strlen(want) || strcmp(text, want) != 0) ? -EDOM : r;
}

static void texts(void) {
        world_write("lib/empty", "", 0, 0644);
        ok(whole("/lib/plain", ME, 0644, 5, "hello") == 0, "text: all of it");
        ok(whole("/lib/empty", ME, 0644, 5, "") == 0, "text: an empty file");
        ok(whole("/lib/plain", ME, 0644, 4, "") == -EFBIG, "text: too long");
        ok(whole("/lib/plain", ME, 0600, 5, "") == -EPERM, "text: more rights than said");
        ok(whole("/lib/plain", ME + 1, 0644, 5, "") == -EPERM, "text: another owner");
        ok(whole("/lib/none", ME, 0644, 5, "") == -ENOENT, "text: missing");
        ok(whole("/lib/..", ME, 0644, 5, "") == -EINVAL, "text: dot dot");
        ok(whole("/lib/", ME, 0644, 5, "") == -EINVAL, "text: no name");
        ok(whole("/plain", ME, 0644, 5, "") == -EINVAL, "text: no directory");
        ok(whole("lib/plain", ME, 0644, 5, "") == -EINVAL, "text: relative");
        ok(whole("/link-lib/plain", ME, 0644, 5, "") == -ENOTDIR, "text: a link on the way");
}

int main(void) {
        world_enter();
        directories();
        files();
        texts();
        world_leave();
        return finish();
}
