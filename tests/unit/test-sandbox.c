/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sandbox.c - what the helper and its child can't do any more once they are shut in; each try in a process of its own
 *
 * Every number that a system call can have is tried as well: what is not in
 * the list below, which is kept apart from helper/seccomp.c's on purpose, has
 * to fail as if the kernel didn't have it, or to end the process.
 */

#include "sandbox.h"
#include "seccomp-rules.h"

#include "cleanup.h"
#include "places.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#define BESIDE CAREID_STATE_DIR "-beside"       /* a file in a folder that has one of ours       */

/* A try that this kernel's Landlock can't refuse is skipped, and says so. */
enum { PORT = 4711, KILLED = 254, UNSHUT = 255, NUMBERS = 1024 };

static unsigned n_tests, n_failed;
static pid_t parent;                    /* this program: its children can't ask for it            */
static pid_t resolver, neighbour;       /* of who is shut in: the one process to be ended, and one that is none of theirs */

static void check(bool ok, const char *name, int have) {
        n_tests++;
        n_failed += !ok;
        printf("%sok %u - %s\n", ok ? "" : "not ", n_tests, name);
        if (!ok)
                printf("# got %d%s\n", have, have == KILLED ? " (killed)" : have == UNSHUT ? " (not shut in)" : "");
}

static void make_file(const char *path) {
        auto_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        if (fd < 0)
                perror(path);
}

/* -- What somebody would try.  Each returns 0 for what is possible, or the errno of what is not. ------------------------ */

static int result(long r) {
        return r >= 0 ? 0 : errno;
}

static int try_execute(void) {
        char *const arguments[] = { NULL };

        return result(execve("/bin/true", arguments, arguments));
}

static int try_fork(void) {
        const pid_t pid = fork();

        if (pid == 0)
                _exit(0);
        return result(pid);
}

static int try_vfork(void) {
        return result(syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL, NULL, NULL, NULL));
}

static int try_new_namespace(void) {
        return result(syscall(SYS_clone, CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, NULL, NULL, NULL, NULL));
}

static int open_as(const char *path, int flags) {
        auto_close int fd = open(path, flags | O_CLOEXEC, 0600);

        return result(fd);
}

static int try_read_file(void) {
        return open_as("/etc/passwd", O_RDONLY);
}

static int try_read_zone(void) {
        return open_as("/usr/share/zoneinfo/Europe/Stockholm", O_RDONLY);
}

static int try_read_directory(void) {
        return open_as(CAREID_STATE_DIR "/test-sandbox", O_RDONLY);
}

static int try_read_configuration(void) {
        return open_as(CAREID_CONFIG_DIR "/test-sandbox", O_RDONLY);
}

static int try_read_key(void) {
        return open_as(CAREID_CONFIG_DIR "/keys/test-sandbox", O_RDONLY);
}

static int try_write_file(void) {
        return open_as("/tmp/careid-test-sandbox", O_WRONLY | O_CREAT);
}

static int try_write_directory(void) {
        return open_as(CAREID_STATE_DIR "/test-sandbox", O_RDWR);
}

static int try_nameless_file(void) {
        return open_as(CAREID_STATE_DIR, O_TMPFILE | O_RDWR);
}

static int try_rename(void) {
        return result(rename(CAREID_STATE_DIR "/test-sandbox", CAREID_STATE_DIR "/other"));
}

static int try_link(void) {
        return result(symlink("/etc/passwd", CAREID_STATE_DIR "/link"));
}

static int try_run_memory(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 0 : errno;
}

static int try_run_what_was_written(void) {
        void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return p == MAP_FAILED ? -1 : result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int program = -1;                /* this program's file, opened before                     */

static int try_run_file(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, program, 0) != MAP_FAILED ? 0 : errno;
}

static int try_run_and_write_file(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, program, 0) != MAP_FAILED ? 0 : errno;
}

static int try_kill_parent(void) {
        return result(kill(parent, 0));
}

static int try_kill_all(void) {
        return result(kill(-1, 0));
}

static int try_signal_parent_thread(void) {
        return result(syscall(SYS_tgkill, parent, parent, 0));
}

static int socket_as(int family, int type, int protocol) {
        auto_close int fd = socket(family, type | SOCK_CLOEXEC, protocol);

        return result(fd);
}

static int try_raw(void) {
        return socket_as(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int try_packet(void) {
        return socket_as(AF_PACKET, SOCK_DGRAM, 0);
}

static int try_netlink_route(void) {
        return socket_as(AF_NETLINK, SOCK_RAW, 0);
}

static int try_netlink_audit(void) {
        return socket_as(AF_NETLINK, SOCK_RAW, 9);
}

static int try_socket_filter(void) {
        auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        return result(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, NULL, 0));
}

static int try_listen(void) {
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        return result(listen(fd, 1));
}

static int try_type_for_a_terminal(void) {
        return result(ioctl(0, TIOCSTI, "x"));
}

static int try_owner_of_signals(void) {
        return result(fcntl(0, F_SETOWN, parent));
}

static int try_trace(void) {
        return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_be_root(void) {
        return result(syscall(SYS_setresuid, 0, 0, 0));
}

static int try_be_dumpable(void) {
        return result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int try_more_files(void) {
        const struct rlimit limit = { 4096, 4096 };

        return result(setrlimit(RLIMIT_NOFILE, &limit));
}

#ifdef __x86_64__
/* The same number means another call in the manner of i386, and there are x32's. */
static int try_other_architecture(void) {
        long r;

        __asm__ volatile ("int $0x80" : "=a" (r) : "a" (20L) : "memory");       /* i386: getpid()         */
        return r >= 0 ? 0 : (int) -r;
}

static int try_other_manner(void) {
        return result(syscall(0x40000000L + SYS_getpid));
}
#endif

static int connect_to(uint16_t port) {
        const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int r = result(connect(fd, (const struct sockaddr *) &to, sizeof to));

        return r == ECONNREFUSED ? 0 : r;       /* nobody listens: but we were let through        */
}

static int try_other_port(void) {
        return connect_to(PORT + 1);
}

static int try_port(void) {
        return connect_to(PORT);
}

static int try_abstract(void) {
        struct sockaddr_un to = { .sun_family = AF_UNIX };
        auto_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        /* Bound by main(); a name that begins with NUL. */
        (void) snprintf(to.sun_path + 1, sizeof to.sun_path - 1, "careid-test-%d", (int) parent);
        return result(connect(fd, (const struct sockaddr *) &to, sizeof to));
}

static int try_memory(void) {
        auto_free char *p = malloc(1 << 20);

        return p ? 0 : ENOMEM;
}

static int try_abort(void) {
        abort();
}

enum needs { NEEDS_NOTHING, NEEDS_FILES, NEEDS_NET = 4, NEEDS_SCOPE = 6 };

#define IGNORED (-2)            /* not ours to say                                                */

static const struct {
        const char *name;
        int       (*attempt)(void);
        int         recording, reading, resolving;
        enum needs  needs;              /* of Landlock                                            */
} cases[] = {
        { "execute anything",                      try_execute,              KILLED, KILLED, KILLED, 0 },
        { "fork",                                  try_fork,                 ENOSYS, ENOSYS, ENOSYS, 0 },
        { "make a process that shares memory",     try_vfork,                ENOSYS, ENOSYS, ENOSYS, 0 },
        { "make a namespace with a thread",        try_new_namespace,        ENOSYS, ENOSYS, ENOSYS, 0 },
        { "map memory to be executed",             try_run_memory,           ENOSYS, ENOSYS, ENOSYS, 0 },
        { "execute what was written",              try_run_what_was_written, ENOSYS, ENOSYS, ENOSYS, 0 },
        { "execute the code of a file",            try_run_file,             ENOSYS, ENOSYS, 0,      0 },
        { "execute and write the code of a file",  try_run_and_write_file,   ENOSYS, ENOSYS, ENOSYS, 0 },
        { "signal its parent",                     try_kill_parent,          ENOSYS, ENOSYS, ENOSYS, 0 },
        { "signal everybody",                      try_kill_all,             ENOSYS, ENOSYS, ENOSYS, 0 },
        { "signal a thread of its parent",         try_signal_parent_thread, ENOSYS, ENOSYS, ENOSYS, 0 },
        { "open a raw socket",                     try_raw,                  ENOSYS, ENOSYS, ENOSYS, 0 },
        { "open a packet socket",                  try_packet,               ENOSYS, ENOSYS, ENOSYS, 0 },
        { "ask for the host's addresses",          try_netlink_route,        ENOSYS, ENOSYS, 0,      0 },
        { "speak to the kernel's audit",           try_netlink_audit,        ENOSYS, ENOSYS, ENOSYS, 0 },
        { "put a program into a socket",           try_socket_filter,        ENOSYS, ENOSYS, IGNORED, 0 },
        { "listen",                                try_listen,               ENOSYS, ENOSYS, ENOSYS, 0 },
        { "type for a terminal",                   try_type_for_a_terminal,  ENOSYS, ENOSYS, ENOSYS, 0 },
        { "have signals sent to others",           try_owner_of_signals,     ENOSYS, ENOSYS, ENOSYS, 0 },
        { "trace or be traced",                    try_trace,                KILLED, KILLED, KILLED, 0 },
        { "become root",                           try_be_root,              KILLED, KILLED, KILLED, 0 },
        { "become dumpable",                       try_be_dumpable,          ENOSYS, ENOSYS, ENOSYS, 0 },
        { "raise a limit",                         try_more_files,           ENOSYS, ENOSYS, ENOSYS, 0 },
#ifdef __x86_64__
        { "call in the manner of i386",            try_other_architecture,   KILLED, KILLED, KILLED, 0 },
        { "call in the manner of x32",             try_other_manner,         KILLED, KILLED, KILLED, 0 },
#endif
        { "read the host's files",                 try_read_file,            EACCES, EACCES, 0,      NEEDS_FILES },
        { "read what a time zone is",              try_read_zone,            0,      0,      0,      NEEDS_FILES },
        { "read the care directory",               try_read_directory,       0,      0,      EACCES, NEEDS_FILES },
        { "read the configuration",                try_read_configuration,   EACCES, EACCES, EACCES, NEEDS_FILES },
        { "read the keys of the care directory",   try_read_key,             0,      0,      EACCES, NEEDS_FILES },
        { "write into other folders",              try_write_file,           EACCES, ENOSYS, ENOSYS, NEEDS_FILES },
        { "write into the care directory",         try_write_directory,      0,      ENOSYS, ENOSYS, 0 },
        { "make a nameless file",                  try_nameless_file,        ENOSYS, ENOSYS, ENOSYS, 0 },
        { "rename a file of the care directory",   try_rename,               ENOSYS, ENOSYS, ENOSYS, 0 },
        { "make a link in the care directory",     try_link,                 ENOSYS, ENOSYS, ENOSYS, 0 },
        { "connect to another port",               try_other_port,           EACCES, EACCES, 0,      NEEDS_NET },
        { "connect to an abstract socket",         try_abstract,             EPERM,  EPERM,  0,      NEEDS_SCOPE },
        { "connect to the provider's port",        try_port,                 0,      0,      0,      0 },
        { "allocate memory",                       try_memory,               0,      0,      0,      0 },
        { "end by abort()",                        try_abort,                KILLED, KILLED, KILLED, 0 },
};

static const struct {
        const char      *name;
        enum sandbox_who who;
} parts[] = {
        { "recording", SANDBOX_RECORDING }, { "reading", SANDBOX_READING }, { "resolving", SANDBOX_RESOLVING },
        { "acting", SANDBOX_ACTING }, { "declining", SANDBOX_DECLINING },
};

/* Who acts writes as who records does, and puts snapshots in the place of others; who declines reads.  Neither has a network. */
static int want_of(size_t i, enum sandbox_who who) {
        if (who == SANDBOX_ACTING && cases[i].attempt == try_rename)
                return IGNORED;
        if ((who == SANDBOX_ACTING || who == SANDBOX_DECLINING) && (cases[i].attempt == try_port || cases[i].attempt == try_other_port))
                return EBADF;                   /* there is no socket to connect                          */
        if (who == SANDBOX_RECORDING || who == SANDBOX_ACTING)
                return cases[i].recording;
        return who == SANDBOX_READING || who == SANDBOX_DECLINING ? cases[i].reading : cases[i].resolving;
}

/* The result of @attempt, or of the call @number, in a child that is shut in. */
static int shut_in(enum sandbox_who who, int (*attempt)(void), int number) {
        const struct sandbox s = { .who = who, .port = PORT, .resolver = who == SANDBOX_RESOLVING ? 0 : resolver };
        const pid_t pid = fork();
        int status;

        if (pid == 0) {
                if (sandbox_begin() < 0 || sandbox_shut(&s) < 0)
                        _exit(UNSHUT);
                _exit(attempt ? attempt() : result(syscall(number, -1L, -1L, -1L, -1L, -1L, -1L)));
        }
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
                return UNSHUT;
        return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}

static void tries_run(long abi, const char *how) {
        for (size_t p = 0; p < N_ELEMENTS(parts); p++)
                for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                        const int want = want_of(i, parts[p].who);
                        char name[128];
                        int have;

                        if (want == IGNORED)
                                continue;
                        if (abi < (long) cases[i].needs) {
                                printf("ok %u - %s: %s # SKIP this kernel's Landlock is of version %ld\n", ++n_tests, parts[p].name,
                                       cases[i].name, abi);
                                continue;
                        }
                        (void) snprintf(name, sizeof name, "%s%s: it can%s %s", parts[p].name, how, want == 0 ? "" : "'t", cases[i].name);
                        have = shut_in(parts[p].who, cases[i].attempt, 0);
                        check(have == want, name, have);
                }
}

/* -- The resolver: whoever converses ends it, by one signal ---------------------------------------------------------------- */

static int try_end_resolver(void) {
        return result(kill(resolver, SIGKILL));
}

static int try_stop_resolver(void) {
        return result(kill(resolver, SIGSTOP));
}

static int try_ask_resolver(void) {
        return result(kill(resolver, SIGTERM));
}

static int try_end_its_group(void) {
        return result(kill(-resolver, SIGKILL));
}

static int try_end_neighbour(void) {
        return result(kill(neighbour, SIGKILL));
}

/* A process in a group of its own, which waits to be ended. */
static pid_t victim_make(void) {
        const pid_t pid = fork();

        if (pid == 0) {
                (void) setpgid(0, 0);
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;)
                        (void) pause();
        }
        (void) setpgid(pid, pid);
        return pid;
}

/* Is it as it was, not stopped either?  It is ended then; @ends: it ends by itself, which may take a moment. */
static bool victim_end(pid_t pid, bool ends) {
        siginfo_t info = { .si_pid = 0 };
        const bool lives = waitid(P_PID, (id_t) pid, &info, WEXITED | WSTOPPED | WNOWAIT | (ends ? 0 : WNOHANG)) == 0 && info.si_pid == 0;

        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, NULL, 0);
        return lives;
}

static void resolver_run(const char *how) {
        static const struct {
                const char *name;
                int       (*attempt)(void);
        } tries[] = {
                { "end its resolver",               try_end_resolver  },
                { "stop its resolver",              try_stop_resolver },
                { "ask its resolver to end",        try_ask_resolver  },
                { "end its resolver's group",       try_end_its_group },
                { "end a neighbour of its resolver", try_end_neighbour },
        };

        for (size_t p = 0; p < N_ELEMENTS(parts); p++)
                for (size_t i = 0; i < N_ELEMENTS(tries); i++) {
                        const bool may = parts[p].who != SANDBOX_RESOLVING && tries[i].attempt == try_end_resolver;
                        bool resolver_lives, neighbour_lives;
                        char name[128];
                        int have;

                        resolver = victim_make();
                        neighbour = victim_make();
                        have = shut_in(parts[p].who, tries[i].attempt, 0);
                        resolver_lives = victim_end(resolver, may && have == 0);
                        neighbour_lives = victim_end(neighbour, false);
                        resolver = neighbour = 0;
                        (void) snprintf(name, sizeof name, "%s%s: it can%s %s", parts[p].name, how, may ? "" : "'t", tries[i].name);
                        check(have == (may ? 0 : ENOSYS) && resolver_lives == !may && neighbour_lives, name, have);
                }
}

/* -- Every number ------------------------------------------------------------------------------------------------------ */

/* What may be called at all, by whom: one letter each, as in `parts`: t(alks), w(rites: recording, acting), a(cts), r(esolves). */
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
        { "kill", "t" }, { "lseek", "ra" }, { "lstat", "tr" }, { "madvise", "r" }, { "memfd_create", "t" },
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
                        return KILLED;
        return ENOSYS;
}

static void numbers_run(void) {
        for (size_t p = 0; p < N_ELEMENTS(parts); p++) {
                unsigned n_tried = 0, n_wrong = 0;
                char name[128];

                for (int number = 0; number < NUMBERS; number++) {
                        AUTO(auto_freep) char *call = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
                        int have;

                        /* Numbers that nobody has: a few of them say as much as all. */
                        if (!call && number % 64 != 0)
                                continue;
                        if (call && is_listed(call, parts[p].who))
                                continue;
                        have = shut_in(parts[p].who, NULL, number);
                        n_tried++;
                        if (have == (call ? end_of(call) : ENOSYS))
                                continue;
                        n_wrong++;
                        printf("# %s: call %d (%s) gave %d\n", parts[p].name, number, call ? call : "of later kernels", have);
                }
                (void) snprintf(name, sizeof name, "%s: each of the calls that are not in the list is refused as documented", parts[p].name);
                check(n_tried > 200 && n_wrong == 0, name, (int) n_tried);
        }
}

/* -- What is made beforehand, for all who are forked --------------------------------------------------------------------- */

static int try_read_beside(void) {
        return open_as(BESIDE, O_RDONLY);
}

/* The file is another one now, as whoever writes /etc/passwd leaves it, and its folder's time says that something was done. */
static void beside_replace(void) {
        struct stat before, now;

        if (stat(CAREID_STATE_DIR "/..", &before) < 0)
                perror(BESIDE);
        do
                make_file(BESIDE ".new");
        while (rename(BESIDE ".new", BESIDE) == 0 && stat(CAREID_STATE_DIR "/..", &now) == 0 &&
               now.st_mtim.tv_sec == before.st_mtim.tv_sec && now.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
}

/* Somebody is shut in, then the file is replaced, then they try. */
static int overtaken(int (*attempt)(void)) {
        int ready[2], go[2], status;
        char c = 0;
        pid_t pid;

        if (sandbox_prepare() < 0 || pipe(ready) < 0 || pipe(go) < 0)
                return UNSHUT;
        pid = fork();
        if (pid == 0) {
                if (sandbox_begin() < 0 || sandbox_shut(&(struct sandbox) { .who = SANDBOX_RESOLVING }) < 0 || attempt() != 0 ||
                    write(ready[1], &c, 1) != 1 || read(go[0], &c, 1) != 1)
                        _exit(UNSHUT);
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
                return UNSHUT;
        return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}

static void check_is(int have, int want, const char *name) {
        check(have == want, name, have);
}

static void prepared_run(long abi) {
        int fd;

        check(sandbox_prepare() == 0, "what all need can be made beforehand", errno);
        fd = sandbox_kept_fd();
        check((fd >= 0) == (abi > 0), "the resolver's rules are a descriptor, where there is a Landlock", fd);
        tries_run(abi, ", prepared");
        resolver_run(", prepared");
        check(sandbox_kept_fd() == fd, "whoever is forked leaves them where they are", sandbox_kept_fd());
        if (abi <= 0) {
                printf("ok %u - what has replaced another file # SKIP this kernel has no Landlock\n", ++n_tests);
                return;
        }
        beside_replace();
        check(sandbox_prepare() == 0, "they can be made again", errno);
        check_is(shut_in(SANDBOX_RESOLVING, try_read_beside, 0), 0, "and hold for a file that has replaced another");
        check_is(overtaken(try_read_beside), EACCES, "whoever is shut in can't read what replaces a file");
}

/* -- Other architectures ----------------------------------------------------------------------------------------------- */

static void architectures_run(void) {
        static const uint32_t others[] = { SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64, SCMP_ARCH_RISCV64, SCMP_ARCH_PPC64LE };

        for (size_t i = 0; i < N_ELEMENTS(others); i++)
                for (size_t p = 0; p < N_ELEMENTS(parts); p++) {
                        const struct sandbox s = { .who = parts[p].who, .resolver = 4711 };
                        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
                        int r = 0;

                        if (others[i] != seccomp_arch_native() &&
                            (seccomp_arch_add(filter, others[i]) < 0 || seccomp_arch_remove(filter, SCMP_ARCH_NATIVE) < 0))
                                r = -ENOTSUP;
                        if (r == 0)
                                r = seccomp_rules(filter, &s);
                        check(r == 0, "the list can be made for another architecture", r);
                        seccomp_release(filter);
                }
}

int main(void) {
        const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        struct sockaddr_un name = { .sun_family = AF_UNIX };
        auto_close int abstract = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        parent = getpid();
        (void) snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "careid-test-%d", (int) parent);
        if (bind(abstract, (const struct sockaddr *) &name, sizeof name) < 0)
                perror("abstract socket");
        program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        (void) mkdir(CAREID_STATE_DIR, 0700);
        (void) mkdir(CAREID_CONFIG_DIR, 0700);
        (void) mkdir(CAREID_CONFIG_DIR "/keys", 0700);
        make_file(CAREID_STATE_DIR "/test-sandbox");
        make_file(CAREID_CONFIG_DIR "/test-sandbox");
        make_file(BESIDE);
        make_file(CAREID_CONFIG_DIR "/keys/test-sandbox");

        check(sandbox_has_landlock() == (abi > 0), "it is known whether there is a Landlock", (int) abi);
        tries_run(abi, "");
        resolver_run("");
        numbers_run();
        prepared_run(abi);
        architectures_run();
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}
