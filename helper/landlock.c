/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * landlock.c - which files and ports are left
 *
 * 1. MUST leave to be written: the care directory, by a conversation with root; that and the snapshots, by one that
 *    acts; nothing, by anybody else.
 * 2. MUST leave to be read: to a conversation, the care directory, the keys of its numbers and tzdata (assignments that
 *    repeat); to the resolver, the host's files, and none of the first two.
 * 3. MUST leave to a conversation one TCP port to connect to, with root those of gateway and relay, too, and to nobody one to listen on (ABI 4).
 * 4. MUST leave to a conversation no abstract socket of the host's: the journal's has a name in the file system (ABI 6).
 */

#include "sandbox.h"

#include "cleanup.h"
#include "places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

/* The interface grows with its ABI; older kernel headers lack the later names. */
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5, ABI_SCOPE = 6 };

#define RIGHT_TRUNCATE    (UINT64_C(1) << 14)
#define RIGHT_IOCTL       (UINT64_C(1) << 15)
#define RIGHT_BIND_TCP    (UINT64_C(1) << 0)
#define RIGHT_CONNECT_TCP (UINT64_C(1) << 1)
#define RULE_NET_PORT     2
#define SCOPE_ABSTRACT_UNIX (UINT64_C(1) << 0)

struct ruleset {
        uint64_t files, net, scoped;
};

struct net_rule {
        uint64_t rights, port;
};

/* Rights of files, and those that only a folder can have. */
#define RIGHTS_READ   (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_RUN    LANDLOCK_ACCESS_FS_EXECUTE
#define RIGHTS_WRITE  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)

static long landlock_abi(void) {
        return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool sandbox_has_landlock(void) {
        return landlock_abi() > 0;
}

/* What is not there, or not ours to open, is no reason to stop: nothing of it is left then. */
static int path_add(int fd, int at, const char *name, uint64_t rights) {
        auto_close int path = openat(at, name, O_PATH | O_CLOEXEC);
        struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = path };
        struct stat st;

        if (path < 0)
                return errno == ENOENT || errno == EACCES || errno == ELOOP ? 0 : -errno;
        if (fstat(path, &st) < 0)
                return -errno;
        if (!S_ISDIR(st.st_mode))
                rule.allowed_access &= ~(uint64_t) LANDLOCK_ACCESS_FS_READ_DIR;
        if (syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
                return 0;
        /* A folder of the kernel's own file systems that can't be named in a rule. */
        return errno == EBADFD ? 0 : -errno;
}

static const char *const ours[] = { CAREID_STATE_DIR, CAREID_CONFIG_DIR };

/* Is one of ours @path?  Below it? */
static bool path_is_ours(const char *path) {
        for (size_t i = 0; i < N_ELEMENTS(ours); i++)
                if (strcmp(ours[i], path) == 0)
                        return true;
        return false;
}

static bool path_has_ours(const char *path) {
        const size_t n = strlen(path);

        for (size_t i = 0; i < N_ELEMENTS(ours); i++)
                if (strncmp(ours[i], path, n) == 0 && (ours[i][n] == '/' || path[n - 1] == '/'))
                        return true;
        return false;
}

static void auto_closedirp(DIR **d) {
        if (*d)
                (void) closedir(*d);
}

/* All of the folder @path may be read but what is ours: rules only add, so what stands beside ours is named. */
static int all_but_ours_add(int fd, const char *path) {
        AUTO(auto_closedirp) DIR *d = opendir(path);
        const struct dirent *e;
        unsigned n = 0;
        int r = 0;

        if (!d)
                return errno == ENOENT || errno == EACCES ? 0 : -errno;
        while (r == 0 && (e = readdir(d))) {
                char below[PATH_MAX];

                if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
                        continue;
                if (++n > SANDBOX_LANDLOCK_FOLDER_MAX)
                        break;
                if (snprintf(below, sizeof below, "%s%s%s", path, path[1] ? "/" : "", e->d_name) >= (int) sizeof below)
                        continue;
                if (path_is_ours(below))
                        continue;
                r = path_has_ours(below) ? all_but_ours_add(fd, below)
                                         : path_add(fd, dirfd(d), e->d_name, RIGHTS_READ | RIGHTS_RUN);
        }
        return r;
}

/* The snapshots, and the texts of whoever acts. */
static int acting_add(int fd, uint64_t write) {
        const int r = path_add(fd, AT_FDCWD, CAREID_SNAPSHOT_DIR, RIGHTS_READ | write);

        return r < 0 ? r : path_add(fd, AT_FDCWD, CAREID_LOCALE_DIR, RIGHTS_READ);
}

static int files_add(int fd, const struct sandbox *s, uint64_t handled) {
        const uint64_t write = (RIGHTS_WRITE | RIGHT_TRUNCATE) & handled;
        int r;

        if (s->who == SANDBOX_RESOLVING)
                return all_but_ours_add(fd, "/");
        r = path_add(fd, AT_FDCWD, CAREID_STATE_DIR, RIGHTS_READ | (s->who & (SANDBOX_RECORDING | SANDBOX_ACTING) ? write : 0));
        if (r == 0 && s->who == SANDBOX_ACTING)
                r = acting_add(fd, write);
        if (r == 0)
                r = path_add(fd, AT_FDCWD, CAREID_CONFIG_DIR "/keys", RIGHTS_READ);
        return r < 0 ? r : path_add(fd, AT_FDCWD, "/usr/share/zoneinfo", LANDLOCK_ACCESS_FS_READ_FILE);
}

static int port_add(int fd, uint16_t port) {
        const struct net_rule rule = { .rights = RIGHT_CONNECT_TCP, .port = port };

        return syscall(SYS_landlock_add_rule, fd, RULE_NET_PORT, &rule, 0) < 0 ? -errno : 0;
}

static int ports_add(int fd, const struct sandbox *s) {
        int r = s->port > 0 ? port_add(fd, s->port) : 0;

        for (size_t i = 0; i < N_ELEMENTS(s->sending) && s->who == SANDBOX_RECORDING; i++)
                if (r == 0 && s->sending[i] > 0)
                        r = port_add(fd, s->sending[i]);
        return r;
}

/* The rules of @s, as a descriptor, -1 where the kernel has no Landlock. */
static int ruleset_make(const struct sandbox *s, int *ret) {
        struct ruleset rules = { .files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
        const bool talks = s->who != SANDBOX_RESOLVING;
        size_t n_rules = sizeof rules.files;            /* the first edition of the structure ends there */
        auto_close int fd = -1;
        long abi;
        int r;

        *ret = -1;
        abi = landlock_abi();
        if (abi < 0)
                return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
        if (abi >= ABI_REFER)
                rules.files |= LANDLOCK_ACCESS_FS_REFER;
        if (abi >= ABI_TRUNCATE)
                rules.files |= RIGHT_TRUNCATE;
        if (abi >= ABI_NET) {
                rules.net = RIGHT_BIND_TCP | (talks ? RIGHT_CONNECT_TCP : 0);
                n_rules = offsetof(struct ruleset, scoped);
        }
        if (abi >= ABI_IOCTL)
                rules.files |= RIGHT_IOCTL;
        if (abi >= ABI_SCOPE && talks) {
                rules.scoped = SCOPE_ABSTRACT_UNIX;
                n_rules = sizeof rules;
        }

        fd = (int) syscall(SYS_landlock_create_ruleset, &rules, n_rules, 0);
        if (fd < 0)
                return -errno;
        r = files_add(fd, s, rules.files);
        if (r == 0 && abi >= ABI_NET && talks)
                r = ports_add(fd, s);
        if (r == 0)
                *ret = steal_fd(&fd);
        return r;
}

/* -- The resolver's rules, made before there is one ------------------------------------------------- */

/*
 * They name each entry of the folders that have one of ours below, hundreds
 * where /etc is one of those, and hold for the files that these were: so they
 * are made again when one of those folders has changed, or may have in the
 * same moment.
 */
enum { FOLDERS_MAX = 16, HOST_FILES = 4, SAME_MOMENT_S = 2 };

static struct {
        int    fd;
        time_t made;
        size_t n;
        struct stat folders[FOLDERS_MAX];
        struct stat files[HOST_FILES];
} kept = { .fd = -1 };

/* The folders above ours, "/" first; what is above two of them twice. */
static size_t folders_look(struct stat folders[static FOLDERS_MAX]) {
        size_t n = 0;

        for (size_t i = 0; i < N_ELEMENTS(ours); i++)
                for (const char *slash = strchr(ours[i], '/'); slash && n < FOLDERS_MAX; slash = strchr(slash + 1, '/')) {
                        char path[PATH_MAX] = "/";

                        if (slash > ours[i] && (size_t) (slash - ours[i]) < sizeof path)
                                memcpy(path, ours[i], (size_t) (slash - ours[i]));
                        if (stat(path, &folders[n]) < 0)
                                memset(&folders[n], 0, sizeof folders[n]);
                        n++;
                }
        return n;
}

/* Two changes in the same moment look like one, so those of a moment ago may not be all. */
static bool kept_holds(size_t n, const struct stat *folders) {
        if (kept.fd < 0 || kept.n != n)
                return false;
        for (size_t i = 0; i < n; i++) {
                const struct stat *now = &folders[i], *then = &kept.folders[i];

                if (now->st_dev != then->st_dev || now->st_ino != then->st_ino ||
                    now->st_mtim.tv_sec != then->st_mtim.tv_sec || now->st_mtim.tv_nsec != then->st_mtim.tv_nsec ||
                    kept.made - then->st_mtim.tv_sec < SAME_MOMENT_S)
                        return false;
        }
        return true;
}

/* What libc itself looks names up in. */
static const char *const host_files[HOST_FILES] = { "/etc/passwd", "/etc/nsswitch.conf", "/etc/hosts", "/etc/resolv.conf" };

static void host_files_look(struct stat files[static HOST_FILES]) {
        for (size_t i = 0; i < HOST_FILES; i++)
                if (lstat(host_files[i], &files[i]) < 0)
                        memset(&files[i], 0, sizeof files[i]);
}

bool sandbox_is_stale(void) {
        struct stat now[HOST_FILES];

        if (kept.n == 0)
                return false;
        host_files_look(now);
        for (size_t i = 0; i < HOST_FILES; i++)
                if (now[i].st_dev != kept.files[i].st_dev || now[i].st_ino != kept.files[i].st_ino)
                        return true;
        return false;
}

int landlock_prepare(void) {
        struct stat folders[FOLDERS_MAX];
        const size_t n = folders_look(folders);
        int r;

        if (kept_holds(n, folders))
                return 0;
        if (kept.fd >= 0)
                (void) close(kept.fd);
        kept.n = n;
        memcpy(kept.folders, folders, n * sizeof *folders);
        kept.made = time(NULL);
        host_files_look(kept.files);
        r = ruleset_make(&(struct sandbox) { .who = SANDBOX_RESOLVING }, &kept.fd);
        if (kept.fd < 0)
                kept.n = 0;             /* no rules, none that could be overtaken */
        return r;
}

int sandbox_kept_fd(void) {
        return kept.fd;
}

int landlock_shut(const struct sandbox *s) {
        auto_close int fd = -1;
        int r = 0;

        if (s->who == SANDBOX_RESOLVING) {
                r = kept.fd < 0 ? landlock_prepare() : 0;
                fd = steal_fd(&kept.fd);
        } else {
                r = ruleset_make(s, &fd);
        }
        if (kept.fd >= 0)
                (void) close(kept.fd);
        kept.fd = -1;
        if (r < 0 || fd < 0)
                return r;
        return syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? -errno : 0;
}
