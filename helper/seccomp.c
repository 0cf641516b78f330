/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * seccomp.c - the system calls that are left, each with who needs it
 *
 * What is not in the list fails with ENOSYS, as on a kernel that doesn't have
 * it: libraries try new calls first and know how to go on without.  What no
 * library tries, but somebody who has taken the process over does first, ends
 * the process (`fatal`), and so do calls in the manner of another architecture.
 *
 * 1. MUST not leave execve, fork, ptrace, mount, keyctl, bpf or anything that makes written memory executable.
 * 2. MUST leave a conversation with anybody but root nothing that changes a file.
 * 3. MUST leave to a conversation that acts, or is asked to, no connection to anywhere but this host.
 * 4. MUST leave to the child that resolves names no file to write, no signal to send, no process to make.
 */

#include "seccomp-rules.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 3 };

enum {
        ACTS     = SANDBOX_ACTING,
        RECORDS  = SANDBOX_RECORDING | ACTS,
        READS    = SANDBOX_READING | SANDBOX_DECLINING,
        TALKS    = RECORDS | READS,
        RESOLVES = SANDBOX_RESOLVING,
        NETS     = SANDBOX_RECORDING | SANDBOX_READING | RESOLVES,
        ALL      = TALKS | RESOLVES,
};

/* @who may make @call if every argument that is named is so. */
struct rule {
        unsigned            who;
        int                 call;
        unsigned            n;
        struct scmp_arg_cmp arguments[ARGUMENTS_MAX];
};

#define CALL(who, name)            { who, SCMP_SYS(name), 0, { { 0 } } }
#define CALL1(who, name, a)        { who, SCMP_SYS(name), 1, { a } }
#define CALL2(who, name, a, b)     { who, SCMP_SYS(name), 2, { a, b } }
#define CALL3(who, name, a, b, c)  { who, SCMP_SYS(name), 3, { a, b, c } }

/* The kernel looks at the lower half of an int, so do we. */
#define BITS(i, mask, value)       { .arg = (i), .op = SCMP_CMP_MASKED_EQ, .datum_a = (uint32_t) (mask), .datum_b = (uint32_t) (value) }
#define IS(i, value)               BITS(i, UINT32_MAX, value)

#define SOCKET_TYPE(type)          BITS(1, ~(SOCK_CLOEXEC | SOCK_NONBLOCK), type)

/* open() that changes nothing. */
#define ONLY_READS(i)              BITS(i, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY), O_RDONLY)
/* SQLite and the trusted files: no nameless file, none truncated. */
#define READS_OR_WRITES(i)         BITS(i, O_TRUNC | O_DIRECT | (O_TMPFILE & ~O_DIRECTORY), 0)

static const struct rule rules[] = {
        /* -- Memory: malloc, SQLite's index of its log (mapped); what is to be locked has been (locked.h) */
        CALL(ALL, brk),
        CALL(ALL, munmap),
        CALL(RESOLVES, mremap),                 /* realloc() of what is large; a conversation has all on its heap */
        CALL1(ALL, madvise, BITS(2, UINT32_MAX, MADV_DONTNEED)),        /* resident.h; in the resolver malloc, and ends of threads */
        CALL1(ALL, mmap, BITS(2, PROT_EXEC, 0)),
        CALL1(RESOLVES, mprotect, BITS(2, PROT_EXEC, 0)),       /* threads' stacks and arenas; the loader's tables, read-only */
        /* The resolver loads NSS plugins: code of a file, never of memory, and never both written and run. */
        CALL2(RESOLVES, mmap, BITS(2, PROT_WRITE | PROT_EXEC, PROT_EXEC), BITS(3, MAP_ANONYMOUS | MAP_SHARED, 0)),

        /* -- What is open already: the connection, TLS, the care directory, the resolver's socket */
        CALL(ALL, read),                        /* files; signalfd; libcurl's eventfd                        */
        CALL(ALL, write),                       /* OpenSSL's and libcurl's own ends of a socket; eventfd     */
        CALL(TALKS, writev),                    /* libc's last words before abort(), into /dev/null          */
        CALL(ALL, close),
        CALL(ALL, poll),                        /* the one wait that we have; libc's resolver                */
        CALL(ALL, ppoll),                       /* the same where the architecture has no poll               */
        CALL(ALL, recvfrom),                    /* recv(): TLS, the resolver's socket, DNS                   */
        CALL(ALL, recvmsg),                     /* the connection (what is sent along is seen to be cut off); netlink */
        CALL(ALL, sendto),                      /* send(): the same                                          */
        CALL(ALL, sendmsg),                     /* the journal                                               */
        CALL(RESOLVES, sendmmsg),               /* libc's resolver asks for both families at once            */
        CALL(RESOLVES, recvmmsg),
        CALL(ALL, getsockname),                 /* libcurl; our own address; which source an answer came by  */
        CALL(ALL, getpeername),                 /* libcurl                                                   */
        CALL(ALL, getsockopt),                  /* SO_ERROR of a connection; the journal's buffer            */
        CALL2(TALKS, setsockopt, IS(1, SOL_SOCKET), IS(2, SO_SNDBUF)),          /* the journal's buffer      */
        CALL2(TALKS, setsockopt, IS(1, SOL_SOCKET), IS(2, SO_SNDBUFFORCE)),     /* the same                  */
        CALL2(TALKS, setsockopt, IS(1, IPPROTO_TCP), IS(2, TCP_NODELAY)),       /* libcurl                   */
        CALL(RESOLVES, setsockopt),             /* libc's resolver and plugins: timeouts, IP_RECVERR         */
        CALL1(RESOLVES, ioctl, IS(1, FIONREAD)),/* libc's resolver: how long is the answer                   */
        CALL1(RESOLVES, fcntl, IS(1, F_GETFD)), /* plugins: close on exec                                    */
        CALL1(RESOLVES, fcntl, IS(1, F_SETFD)),
        CALL1(ALL, fcntl, IS(1, F_GETFL)),      /* as below                                                  */
        CALL1(ALL, fcntl, IS(1, F_SETFL)),      /* libcurl, plugins: non-blocking                            */
        CALL1(ALL, fcntl, IS(1, F_GETLK)),      /* SQLite: who has the log                                   */
        CALL1(ALL, fcntl, IS(1, F_SETLK)),      /* SQLite; plugins on their own caches                       */
        CALL1(TALKS, fcntl, IS(1, F_ADD_SEALS)),/* the journal, with an entry that is too long for a packet  */
        CALL1(RESOLVES, fcntl, IS(1, F_DUPFD_CLOEXEC)), /* plugins; 0 to 2 of a conversation are open, so SQLite needs none */

        /* -- New connections */
        CALL2(ALL, socket, IS(0, AF_UNIX), SOCKET_TYPE(SOCK_DGRAM)),            /* journal, syslog           */
        CALL2(ALL, socket, IS(0, AF_UNIX), SOCKET_TYPE(SOCK_STREAM)),           /* syslog; nscd, sssd        */
        CALL2(RESOLVES, socket, IS(0, AF_UNIX), SOCKET_TYPE(SOCK_SEQPACKET)),   /* a plugin's daemon         */
        CALL2(NETS, socket, IS(0, AF_INET), SOCKET_TYPE(SOCK_STREAM)),           /* the provider; DNS         */
        CALL2(NETS, socket, IS(0, AF_INET), SOCKET_TYPE(SOCK_DGRAM)),            /* our own address; DNS      */
        CALL2(NETS, socket, IS(0, AF_INET6), SOCKET_TYPE(SOCK_STREAM)),
        CALL2(NETS, socket, IS(0, AF_INET6), SOCKET_TYPE(SOCK_DGRAM)),
        CALL3(RESOLVES, socket, IS(0, AF_NETLINK), SOCKET_TYPE(SOCK_RAW), IS(2, NETLINK_ROUTE)),    /* AI_ADDRCONFIG */
        CALL(RESOLVES, bind),                   /* libc binds that one; DNS asks from a port of its own      */
        CALL(ALL, connect),                     /* Landlock says to which TCP port                           */
        CALL1(ALL, socketpair, IS(0, AF_UNIX)), /* libcurl wakes itself up                                   */
        CALL(ALL, eventfd2),                    /* the same, from 8.11 on                                    */
        CALL(RESOLVES, pipe2),                  /* plugins                                                   */
        CALL(TALKS, memfd_create),              /* the journal, with an entry that is too long for a packet  */

        /* -- Files: the care directory and its keys (Landlock says which files); plugins and their databases */
        CALL1(RECORDS, openat, READS_OR_WRITES(2)),
        CALL1(RECORDS, open, READS_OR_WRITES(1)),
        CALL1(READS | RESOLVES, openat, ONLY_READS(2)),
        CALL1(READS | RESOLVES, open, ONLY_READS(1)),
        CALL(RESOLVES, lseek),                  /* libc reads its files by lines                             */
        CALL(ALL, pread64),                     /* SQLite                                                    */
        CALL(RECORDS, pwrite64),                /* SQLite                                                    */
        CALL(RECORDS, ftruncate),               /* SQLite: the log and its index                             */
        CALL(RECORDS, fdatasync),               /* SQLite: a commit                                          */
        CALL(RECORDS, fsync),                   /* SQLite: the folder, where the log has been made anew      */
        CALL(RECORDS, unlink),                  /* SQLite: the journal of a copy that was put there in another mode */
        CALL(RECORDS, unlinkat),                /* the same where the architecture has no unlink             */
        CALL(ACTS, renameat),                   /* a snapshot in the place of the last                       */
        CALL(ACTS, renameat2),                  /* the same where the architecture has no renameat           */
        CALL(ACTS, fallocate),                  /* its size, before it is written                            */
        CALL(ACTS, fchmod),                     /* who may read it                                           */
        CALL(ACTS, lseek),                      /* time zones                                                */
        CALL(ACTS, flock),                      /* one writer of snapshots at a time                         */
        CALL(RESOLVES, getcwd),                 /* plugins that look through links                           */
        CALL(RESOLVES, readlink),
        CALL(RESOLVES, readlinkat),
        CALL(RESOLVES, getdents64),             /* plugins that read folders (systemd's)                     */

        /* -- Who owns a file, and is it there: trusted files, SQLite, sd-journal's socket */
        CALL(ALL, fstat),
        CALL(ALL, newfstatat),
        CALL(ALL, stat),
        CALL(ALL, lstat),
        CALL(ALL, statx),
        CALL(RESOLVES, statfs),                 /* libselinux, where a plugin brings it along                */
        CALL(RESOLVES, fstatfs),                /* the same                                                  */
        CALL(ALL, access),
        CALL(ALL, faccessat),
        CALL(ALL, faccessat2),

        /* -- Time, chance, who am I */
        CALL(ALL, clock_gettime),               /* these four where the vDSO has to ask the kernel           */
        CALL(ALL, clock_getres),
        CALL(ALL, gettimeofday),
        CALL(ALL, time),
        CALL(ALL, clock_nanosleep),             /* SQLite waits for a lock                                   */
        CALL(RESOLVES, nanosleep),              /* plugins that do without libc's                            */
        CALL(ALL, getrandom),                   /* OpenSSL, decoys, check codes                              */
        CALL(ALL, getpid),                      /* SQLite, OpenSSL: has this process been forked             */
        CALL(ALL, gettid),                      /* abort()                                                   */
        CALL(ALL, geteuid),                     /* SQLite; trusted files; the plugin's: whom does it answer  */
        CALL(TALKS, getresuid),                 /* the care directory is opened by _careid only              */
        CALL(TALKS, getresgid),
        CALL(RESOLVES, getuid),                 /* plugins                                                   */
        CALL(RESOLVES, getgid),
        CALL(RESOLVES, getegid),
        CALL(RESOLVES, uname),                  /* libc's resolver                                           */
        CALL(ALL, sysinfo),                     /* how much memory: qsort() with a large array               */
        CALL(RESOLVES, sched_yield),            /* threads                                                   */
        CALL(RESOLVES, sched_getaffinity),      /* malloc: how many arenas                                   */

        /* -- libc's own housekeeping, and abort() */
        CALL(ALL, futex),                       /* what is done once; OpenSSL's locks                        */
        CALL(ALL, rt_sigaction),                /* OpenSSL, libcurl: SIGPIPE; abort()                        */
        CALL(ALL, rt_sigprocmask),              /* abort()                                                   */
        CALL(ALL, rt_sigreturn),                /* a plugin's handlers; nothing can be done without          */
        CALL(ALL, restart_syscall),             /* the kernel's, where a wait was stopped and goes on        */
        CALL(RESOLVES, exit),                   /* the end of a thread                                       */
        CALL(ALL, exit_group),
        CALL(TALKS, wait4),                     /* the resolver's end, and that of the half that verifies    */

        /* -- What other plugins of the host may be made of: events (systemd's), threads */
        CALL(RESOLVES, epoll_create1),
        CALL(RESOLVES, epoll_ctl),
        CALL(RESOLVES, epoll_wait),
        CALL(RESOLVES, epoll_pwait),
        CALL(RESOLVES, timerfd_create),
        CALL(RESOLVES, timerfd_settime),
        CALL(RESOLVES, select),
        CALL(RESOLVES, pselect6),
        CALL(RESOLVES, sigaltstack),
        CALL(RESOLVES, set_robust_list),
        CALL(RESOLVES, rseq),
        CALL(RESOLVES, getgroups),
        CALL1(RESOLVES, prlimit64, IS(2, 0)),   /* how large is a stack: pthread_create()                    */
        /* A thread, and no process.  clone3() has its flags where no filter can see them: ENOSYS, and libc takes clone(). */
        CALL1(RESOLVES, clone, BITS(0, CLONE_THREAD | CLONE_NEWUSER, CLONE_THREAD)),
};

/* The first things that code which should not be here would do. */
static const int fatal[] = {
        SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
        SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp), SCMP_SYS(pidfd_getfd),
        SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid),
        SCMP_SYS(setresgid), SCMP_SYS(setgroups), SCMP_SYS(setfsuid), SCMP_SYS(setfsgid), SCMP_SYS(capset),
        SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(chroot), SCMP_SYS(pivot_root), SCMP_SYS(mount), SCMP_SYS(umount2),
        SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(mount_setattr),
        SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
        SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl), SCMP_SYS(open_by_handle_at),
        SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(kexec_load), SCMP_SYS(personality),
};

static void filter_freep(scmp_filter_ctx *p) {
        if (*p)
                seccomp_release(*p);
}

/* An architecture that doesn't have a call is none the worse for it. */
static int unless_absent(int r) {
        return r == -EDOM ? 0 : r;
}

int seccomp_rules(scmp_filter_ctx filter, const struct sandbox *s) {
        int r = 0;

        for (size_t i = 0; i < N_ELEMENTS(rules) && r == 0; i++)
                if (rules[i].who & (unsigned) s->who)
                        r = unless_absent(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[i].call, rules[i].n,
                                                                 rules[i].arguments));
        for (size_t i = 0; i < N_ELEMENTS(fatal) && r == 0; i++)
                r = unless_absent(seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0, NULL));

        /* abort() signals its own process; nobody else's. */
        if (r == 0) {
                const struct scmp_arg_cmp self = IS(0, s->self > 0 ? s->self : getpid());

                r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
        }
        /* A resolver that is late is ended. */
        if (r == 0 && s->resolver > 0) {
                const struct scmp_arg_cmp end[] = { IS(0, s->resolver), IS(1, SIGKILL) };

                r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), N_ELEMENTS(end), end);
        }
        return r;
}

/* -- The filter as the kernel takes it ------------------------------------------------------------- */

/*
 * Making it takes milliseconds, so whoever forks conversations makes it once,
 * with these numbers in the place of the two that each process has of its own.
 * They are no numbers of processes: those end at 2^22.
 */
enum { BLANK_SELF = 0x5eafb1a1, BLANK_RESOLVER = 0x5eafb1a2 };
enum { PROGRAM_MAX = 2048 };                    /* steps; cut short anywhere it would not be taken, as each jumps to its end */

static struct sock_fprog programs[5];           /* of the five enum sandbox_who                       */

static struct sock_fprog *program_of(enum sandbox_who who) {
        return &programs[who == SANDBOX_RECORDING ? 0 : who == SANDBOX_READING ? 1 : who == SANDBOX_ACTING ? 2 : who == SANDBOX_DECLINING ? 3 : 4];
}

/* What libseccomp has written into a pipe; a file would be under a limit that a user can set. */
static int program_read(int fd, struct sock_fprog *ret) {
        struct sock_filter steps[PROGRAM_MAX];
        const ssize_t n = read(fd, steps, sizeof steps);
        struct sock_filter *kept;

        if (n < 0)
                return -errno;
        if (n == 0 || n == (ssize_t) sizeof steps || (size_t) n % sizeof *steps)
                return -E2BIG;
        kept = malloc((size_t) n);
        if (!kept)
                return -ENOMEM;
        memcpy(kept, steps, (size_t) n);
        *ret = (struct sock_fprog) { .len = (unsigned short) ((size_t) n / sizeof *steps), .filter = kept };
        return 0;
}

static int program_make(enum sandbox_who who) {
        const struct sandbox blank = { .who = who, .self = BLANK_SELF, .resolver = who == SANDBOX_RESOLVING ? 0 : BLANK_RESOLVER };
        AUTO(filter_freep) scmp_filter_ctx filter = NULL;
        int r, ends[2];

        if (program_of(who)->filter)
                return 0;
        filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
        if (!filter)
                return -ENOMEM;
        r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        /* Found by halves: the kernel tries every call when it takes a filter. */
        if (r == 0)
                r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
        if (r == 0)
                r = seccomp_rules(filter, &blank);
        if (r < 0)
                return r;
        if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
                return -errno;
        r = seccomp_export_bpf(filter, ends[1]);
        if (r == 0)
                r = program_read(ends[0], program_of(who));
        (void) close(ends[0]);
        (void) close(ends[1]);
        return r;
}

/* Returns how often @blank stood there. */
static unsigned program_fill(struct sock_fprog *p, uint32_t blank, uint32_t value) {
        unsigned n = 0;

        for (unsigned i = 0; i < p->len; i++)
                if (p->filter[i].code == (BPF_JMP | BPF_JEQ | BPF_K) && p->filter[i].k == blank) {
                        p->filter[i].k = value;
                        n++;
                }
        return n;
}

int seccomp_prepare(void) {
        int r;

        r = program_make(SANDBOX_RECORDING);
        if (r == 0)
                r = program_make(SANDBOX_READING);
        if (r == 0)
                r = program_make(SANDBOX_ACTING);
        if (r == 0)
                r = program_make(SANDBOX_DECLINING);
        return r == 0 ? program_make(SANDBOX_RESOLVING) : r;
}

int seccomp_shut(const struct sandbox *s) {
        struct sock_fprog *p = program_of(s->who);
        int r;

        /* These two here, since a sanitizer needs more. */
        r = sandbox_limit(RLIMIT_AS, SANDBOX_MEMORY);
        if (r == 0 && s->who != SANDBOX_RESOLVING)
                r = sandbox_limit(RLIMIT_NPROC, 0);
        if (r == 0)
                r = program_make(s->who);
        if (r < 0)
                return r;
        /* This process's own copy of it: nobody who is forked later comes from here. */
        if (program_fill(p, BLANK_SELF, (uint32_t) getpid()) != 1)
                return -ENOTSUP;
        if (s->resolver > 0 && program_fill(p, BLANK_RESOLVER, (uint32_t) s->resolver) != 1)
                return -ENOTSUP;
        return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, p) < 0 ? -errno : 0;
}
