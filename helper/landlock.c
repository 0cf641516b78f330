/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * landlock.c - which files and ports are left
 *
 * 1. MUST leave to be written: the care directory.  To be read: that, and our configuration's folder.
 * 2. MUST leave one TCP port to connect to, and none to listen on, where the kernel can say so (ABI 4).
 */

#include "sandbox.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>

/* The interface grows with its ABI; older kernel headers lack the later names. */
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5 };

#define RIGHT_TRUNCATE    (UINT64_C(1) << 14)
#define RIGHT_IOCTL       (UINT64_C(1) << 15)
#define RIGHT_BIND_TCP    (UINT64_C(1) << 0)
#define RIGHT_CONNECT_TCP (UINT64_C(1) << 1)
#define RULE_NET_PORT     2

struct ruleset {
        uint64_t files, net;
};

struct net_rule {
        uint64_t rights, port;
};

static int folder_add(int fd, const char *path, uint64_t rights) {
        auto_close int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = folder };

        if (folder < 0)
                return errno == ENOENT || errno == EACCES ? 0 : -errno;
        return syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 ? -errno : 0;
}

int landlock_shut(uint16_t port) {
        const uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
        uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
        struct ruleset rules = { .files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
        auto_close int fd = -1;
        long abi;
        int r;

        abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        if (abi < 0)
                return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
        if (abi >= ABI_REFER)
                rules.files |= LANDLOCK_ACCESS_FS_REFER;
        if (abi >= ABI_TRUNCATE) {
                rules.files |= RIGHT_TRUNCATE;
                write |= RIGHT_TRUNCATE;
        }
        if (abi >= ABI_IOCTL)
                rules.files |= RIGHT_IOCTL;
        if (abi >= ABI_NET)
                rules.net = RIGHT_BIND_TCP | RIGHT_CONNECT_TCP;

        /* The first edition of the structure ends before @net. */
        fd = (int) syscall(SYS_landlock_create_ruleset, &rules, abi >= ABI_NET ? sizeof rules : sizeof rules.files, 0);
        if (fd < 0)
                return -errno;
        r = folder_add(fd, CAREID_STATE_DIR, read | write);
        if (r < 0)
                return r;
        r = folder_add(fd, CAREID_CONFIG_DIR, read);
        if (r < 0)
                return r;
        if (abi >= ABI_NET) {
                const struct net_rule rule = { .rights = RIGHT_CONNECT_TCP, .port = port };

                if (syscall(SYS_landlock_add_rule, fd, RULE_NET_PORT, &rule, 0) < 0)
                        return -errno;
        }
        return syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? -errno : 0;
}
