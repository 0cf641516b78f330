/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sandbox-calls.c - every number that a system call can have, tried by who is shut in
 *
 * What is not in the list below, which is kept apart from helper/seccomp.c's on
 * purpose, has to fail as if the kernel didn't have it, or to end the process.
 */

#include "sandbox.h"
#include "seccomp-rules.h"
#include "shut-in.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { NUMBERS = 1024 };

/* What may be called at all, by whom: one letter each, as in shut_in_parts: t(alks), w(rites: recording, acting), a(cts), r(esolves). */
static const struct {
        const char *name;
        const char *who;
} listed[] = {
        { "accept4", "" },                      /* a row that says nothing, so that the search is seen to work */
        { "access", "tr" }, { "bind", "r" }, { "brk", "tr" }, { "clock_getres", "tr" }, { "clock_gettime", "tr" },
        { "clock_nanosleep", "tr" }, { "clone", "r" }, { "close", "tr" }, { "connect", "tr" }, { "epoll_create1", "r" },
        { "epoll_ctl", "r" }, { "epoll_pwait", "r" }, { "epoll_wait", "r" }, { "eventfd2", "tr" }, { "exit", "r" },
        { "exit_group", "tr" }, { "faccessat", "tr" }, { "faccessat2", "tr" }, { "fallocate", "a" },
        { "fchmod", "a" }, { "flock", "a" }, { "renameat", "a" }, { "renameat2", "a" },
        { "fcntl", "tr" }, { "fdatasync", "w" }, { "fstat", "tr" }, { "fstatfs", "r" }, { "fsync", "w" },
        { "ftruncate", "w" }, { "futex", "tr" }, { "getcwd", "r" }, { "getdents64", "r" }, { "getegid", "r" },
        { "geteuid", "tr" }, { "getgid", "r" }, { "getgroups", "r" }, { "getpeername", "tr" }, { "getpid", "tr" },
        { "getrandom", "tr" }, { "getresgid", "t" }, { "getresuid", "t" }, { "getsockname", "tr" },
        { "getsockopt", "tr" }, { "gettid", "tr" }, { "gettimeofday", "tr" }, { "getuid", "r" }, { "ioctl", "r" },
        { "kill", "t" }, { "lseek", "ra" }, { "lstat", "tr" }, { "madvise", "tr" }, { "memfd_create", "t" },
        { "mmap", "tr" }, { "mprotect", "r" }, { "mremap", "r" },
        { "munmap", "tr" }, { "nanosleep", "r" }, { "newfstatat", "tr" }, { "open", "tr" }, { "openat", "tr" },
        { "pipe2", "r" }, { "poll", "tr" }, { "ppoll", "tr" }, { "pread64", "tr" }, { "prlimit64", "r" },
        { "pselect6", "r" }, { "pwrite64", "w" }, { "read", "tr" }, { "readlink", "r" }, { "readlinkat", "r" },
        { "recvfrom", "tr" }, { "recvmmsg", "r" }, { "recvmsg", "tr" }, { "restart_syscall", "tr" }, { "rseq", "r" },
        { "rt_sigaction", "tr" }, { "rt_sigprocmask", "tr" }, { "rt_sigreturn", "tr" }, { "sched_getaffinity", "r" },
        { "sched_yield", "r" }, { "select", "r" }, { "sendmmsg", "r" }, { "sendmsg", "tr" }, { "sendto", "tr" },
        { "set_robust_list", "r" }, { "setsockopt", "tr" }, { "sigaltstack", "r" }, { "socket", "tr" },
        { "socketpair", "tr" }, { "stat", "tr" }, { "statfs", "r" }, { "statx", "tr" }, { "sysinfo", "tr" },
        { "tgkill", "tr" }, { "time", "tr" }, { "timerfd_create", "r" }, { "timerfd_settime", "r" }, { "uname", "r" },
        { "unlink", "w" }, { "unlinkat", "w" }, { "wait4", "t" }, { "write", "tr" }, { "writev", "t" },
};

/* Those whose try ends the process. */
static const char *const fatal[] = {
        "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd",
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid", "capset",
        "unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "open_tree", "move_mount", "fsopen", "fsmount",
        "mount_setattr", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "add_key", "request_key", "keyctl",
        "open_by_handle_at", "init_module", "finit_module", "kexec_load", "personality",
};

static bool is_listed(const char *name, enum sandbox_who who) {
        for (size_t i = 0; i < N_ELEMENTS(listed); i++)
                if (strcmp(listed[i].name, name) == 0)
                        return (who != SANDBOX_RESOLVING && strchr(listed[i].who, 't')) ||
                               ((who == SANDBOX_RECORDING || who == SANDBOX_ACTING) && strchr(listed[i].who, 'w')) ||
                               (who == SANDBOX_ACTING && strchr(listed[i].who, 'a')) ||
                               (who == SANDBOX_RESOLVING && strchr(listed[i].who, 'r'));
        return false;
}

static int end_of(const char *name) {
        for (size_t i = 0; i < N_ELEMENTS(fatal); i++)
                if (strcmp(fatal[i], name) == 0)
                        return SHUT_IN_KILLED;
        return ENOSYS;
}

static void numbers_run(void) {
        for (const struct shut_in_part *p = shut_in_parts; p->name; p++) {
                unsigned n_tried = 0, n_wrong = 0;
                char name[128];

                for (int number = 0; number < NUMBERS; number++) {
                        AUTO(auto_freep) char *call = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
                        int have;

                        /* Numbers that nobody has: a few of them say as much as all. */
                        if (!call && number % 64 != 0)
                                continue;
                        if (call && is_listed(call, p->who))
                                continue;
                        have = shut_in(p->who, NULL, number);
                        n_tried++;
                        if (have == (call ? end_of(call) : ENOSYS))
                                continue;
                        n_wrong++;
                        printf("# %s: call %d (%s) gave %d\n", p->name, number, call ? call : "of later kernels", have);
                }
                (void) snprintf(name, sizeof name, "%s: each of the calls that are not in the list is refused as documented", p->name);
                shut_in_check(n_tried > 200 && n_wrong == 0, name, (int) n_tried);
        }
}

/* -- Other architectures ----------------------------------------------------------------------------------------------- */

static void architectures_run(void) {
        static const uint32_t others[] = { SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64, SCMP_ARCH_RISCV64, SCMP_ARCH_PPC64LE };

        for (size_t i = 0; i < N_ELEMENTS(others); i++)
                for (const struct shut_in_part *p = shut_in_parts; p->name; p++) {
                        const struct sandbox s = { .who = p->who, .resolver = 4711 };
                        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
                        int r = 0;

                        if (others[i] != seccomp_arch_native() &&
                            (seccomp_arch_add(filter, others[i]) < 0 || seccomp_arch_remove(filter, SCMP_ARCH_NATIVE) < 0))
                                r = -ENOTSUP;
                        if (r == 0)
                                r = seccomp_rules(filter, &s);
                        shut_in_check(r == 0, "the list can be made for another architecture", r);
                        seccomp_release(filter);
                }
}

int main(void) {
        shut_in_begin();
        numbers_run();
        architectures_run();
        return shut_in_done();
}
