/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * privs.c - the change of identity
 *
 * 1. MUST never be root, and never run as anybody but the owner of the program's file.
 * 2. MUST drop groups before ids, while that is still allowed, and prove every step.
 */

#include "privs.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int privs_find(struct privs *ret) {
        struct stat st;

        /* The file that runs, whatever its name is now.  A /proc that lies gives nobody more than they have. */
        if (stat("/proc/self/exe", &st) < 0)
                return -errno;
        if (st.st_uid == 0 || geteuid() != st.st_uid || getegid() != st.st_gid)
                return PRIVS_E_NONE;
        *ret = (struct privs) {
                .uid = st.st_uid,
                .gid = st.st_gid,
                .real_uid = getuid(),
                .by_service = getuid() == st.st_uid,
        };
        return PRIVS_OK;
}

static int capabilities_set(uint32_t effective, uint32_t permitted) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct data[2] = { { .effective = effective, .permitted = permitted } };

        return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static void capabilities_are_gone_or_die(void) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct data[2];

        if (syscall(SYS_capget, &header, data) < 0)
                abort();
        for (int i = 0; i < 2; i++)
                if (data[i].effective || data[i].permitted || data[i].inheritable)
                        abort();
}

void privs_become_or_die(const struct privs *p) {
        const gid_t old_gid = getgid();
        uid_t ru, eu, su;
        gid_t rg, eg, sg;

        if (p->uid == 0)
                abort();

        /* Executed by root, a program of another owner may take root's capabilities up, but doesn't have them yet. */
        if (p->real_uid == 0) {
                if (capabilities_set(1U << CAP_SETGID, 1U << CAP_SETGID) < 0 || setgroups(0, NULL) < 0 ||
                    getgroups(0, NULL) != 0)
                        abort();
        }
        if (setresgid(p->gid, p->gid, p->gid) < 0 || setresuid(p->uid, p->uid, p->uid) < 0)
                abort();
        if (capabilities_set(0, 0) < 0)
                abort();
        (void) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);

        if (getresuid(&ru, &eu, &su) < 0 || ru != p->uid || eu != p->uid || su != p->uid)
                abort();
        if (getresgid(&rg, &eg, &sg) < 0 || rg != p->gid || eg != p->gid || sg != p->gid)
                abort();
        capabilities_are_gone_or_die();
        if (p->real_uid != p->uid && seteuid(p->real_uid) == 0)
                abort();
        if (seteuid(0) == 0)
                abort();
        if (old_gid != p->gid && setegid(old_gid) == 0)
                abort();
}
