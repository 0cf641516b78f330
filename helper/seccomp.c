/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * seccomp.c - the system calls that are left, each with its reason
 *
 * What is not in the list fails with ENOSYS, as on a kernel that doesn't have
 * it: libraries try new calls first and know how to go on without.
 *
 * 1. MUST not leave execve, fork, ptrace, mount, keyctl, bpf or anything that makes memory executable.
 */

#include "sandbox.h"

#include "cleanup.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const int allowed[] = {
        /* memory; mmap and mprotect stand below */
        SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mlock),
        SCMP_SYS(munlock),
        /* the connection, the journal, the signal descriptor, TLS */
        SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(poll),
        SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
        SCMP_SYS(sendmmsg), SCMP_SYS(connect), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
        SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(fcntl), SCMP_SYS(dup),
        /* libcurl wakes itself up with one of these; sd_journal_sendv sends long entries in a memory file */
        SCMP_SYS(socketpair), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(memfd_create),
        /* SQLite: open, lock, read, write, shrink and sync the care directory (Landlock says which files) */
        SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(lseek), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
        SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(unlink),
        SCMP_SYS(unlinkat), SCMP_SYS(fchmod), SCMP_SYS(flock), SCMP_SYS(getcwd), SCMP_SYS(readlink),
        SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
        /* who owns a file */
        SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
        SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
        /* time, chance, who am I */
        SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(getrandom), SCMP_SYS(getpid),
        SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
        SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(sched_yield),
        SCMP_SYS(sched_getaffinity),
        /* libc's own housekeeping, and abort() */
        SCMP_SYS(futex), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(restart_syscall), SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group),
        /* the resolver's end */
        SCMP_SYS(wait4),
};

static void filter_freep(scmp_filter_ctx *p) {
        if (*p)
                seccomp_release(*p);
}

/* Allow @call where its argument @i is @value. */
static int argument_is(scmp_filter_ctx filter, int call, unsigned i, scmp_datum_t value) {
        const struct scmp_arg_cmp is = { .arg = i, .op = SCMP_CMP_EQ, .datum_a = value };

        return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &is);
}

static int filter_fill(scmp_filter_ctx filter, pid_t resolver) {
        static const int families[] = { AF_UNIX, AF_INET, AF_INET6 };
        int r = 0;

        for (size_t i = 0; i < N_ELEMENTS(allowed) && r == 0; i++)
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
        for (size_t i = 0; i < N_ELEMENTS(families) && r == 0; i++)
                r = argument_is(filter, SCMP_SYS(socket), 0, (scmp_datum_t) families[i]);

        /* Memory that is written is never run. */
        if (r == 0)
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        if (r == 0)
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

        /* libcurl makes its sockets non-blocking with it. */
        if (r == 0)
                r = argument_is(filter, SCMP_SYS(ioctl), 1, FIONBIO);
        if (r == 0 && resolver > 0)
                r = argument_is(filter, SCMP_SYS(kill), 0, (scmp_datum_t) resolver);
        return r;
}

int seccomp_shut(pid_t resolver) {
        const struct rlimit memory = { SANDBOX_MEMORY, SANDBOX_MEMORY }, processes = { 0, 0 };
        AUTO(filter_freep) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
        int r;

        /* A user who started us may have set a smaller limit; that one stays. */
        if (setrlimit(RLIMIT_AS, &memory) < 0 && errno != EPERM)
                return -errno;
        if (setrlimit(RLIMIT_NPROC, &processes) < 0)
                return -errno;
        if (!filter)
                return -ENOMEM;
        r = filter_fill(filter, resolver);
        if (r < 0)
                return r;
        return seccomp_load(filter);
}
