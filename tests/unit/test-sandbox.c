/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sandbox.c - what the helper and its child can't do any more once they are shut in
 */

#include "sandbox.h"
#include "shut-in.h"

#include "cleanup.h"
#include "places.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static pid_t parent;                    /* this program: its children can't ask for it            */

/* -- What somebody would try.  Each returns 0 for what is possible, or the errno of what is not. ------------------------ */

static int try_execute(void) {
        char *const arguments[] = { NULL };

        return shut_in_result(execve("/bin/true", arguments, arguments));
}

static int try_fork(void) {
        const pid_t pid = fork();

        if (pid == 0)
                _exit(0);
        return shut_in_result(pid);
}

static int try_vfork(void) {
        return shut_in_result(syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL, NULL, NULL, NULL));
}

static int try_new_namespace(void) {
        return shut_in_result(syscall(SYS_clone, CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, NULL, NULL, NULL, NULL));
}

static int try_read_file(void) {
        return shut_in_open("/etc/passwd", O_RDONLY);
}

static int try_read_zone(void) {
        return shut_in_open("/usr/share/zoneinfo/Europe/Stockholm", O_RDONLY);
}

static int try_read_directory(void) {
        return shut_in_open(CAREID_STATE_DIR "/test-sandbox", O_RDONLY);
}

static int try_read_configuration(void) {
        return shut_in_open(CAREID_CONFIG_DIR "/test-sandbox", O_RDONLY);
}

static int try_read_key(void) {
        return shut_in_open(CAREID_CONFIG_DIR "/keys/test-sandbox", O_RDONLY);
}

static int try_write_file(void) {
        return shut_in_open("/tmp/careid-test-sandbox", O_WRONLY | O_CREAT);
}

static int try_write_directory(void) {
        return shut_in_open(CAREID_STATE_DIR "/test-sandbox", O_RDWR);
}

static int try_nameless_file(void) {
        return shut_in_open(CAREID_STATE_DIR, O_TMPFILE | O_RDWR);
}

static int try_rename(void) {
        return shut_in_result(rename(CAREID_STATE_DIR "/test-sandbox", CAREID_STATE_DIR "/other"));
}

static int try_link(void) {
        return shut_in_result(symlink("/etc/passwd", CAREID_STATE_DIR "/link"));
}

static int try_run_memory(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 0 : errno;
}

static int try_run_what_was_written(void) {
        void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return p == MAP_FAILED ? -1 : shut_in_result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int program = -1;                /* this program's file, opened before                     */

static int try_run_file(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, program, 0) != MAP_FAILED ? 0 : errno;
}

static int try_run_and_write_file(void) {
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, program, 0) != MAP_FAILED ? 0 : errno;
}

static int try_kill_parent(void) {
        return shut_in_result(kill(parent, 0));
}

static int try_kill_all(void) {
        return shut_in_result(kill(-1, 0));
}

static int try_signal_parent_thread(void) {
        return shut_in_result(syscall(SYS_tgkill, parent, parent, 0));
}

static int socket_as(int family, int type, int protocol) {
        auto_close int fd = socket(family, type | SOCK_CLOEXEC, protocol);

        return shut_in_result(fd);
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

        return shut_in_result(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, NULL, 0));
}

static int try_listen(void) {
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        return shut_in_result(listen(fd, 1));
}

static int try_type_for_a_terminal(void) {
        return shut_in_result(ioctl(0, TIOCSTI, "x"));
}

static int try_owner_of_signals(void) {
        return shut_in_result(fcntl(0, F_SETOWN, parent));
}

static int try_trace(void) {
        return shut_in_result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_be_root(void) {
        return shut_in_result(syscall(SYS_setresuid, 0, 0, 0));
}

static int try_be_dumpable(void) {
        return shut_in_result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int try_more_files(void) {
        const struct rlimit limit = { 4096, 4096 };

        return shut_in_result(setrlimit(RLIMIT_NOFILE, &limit));
}

#ifdef __x86_64__
/* The same number means another call in the manner of i386, and there are x32's. */
static int try_other_architecture(void) {
        long r;

        __asm__ volatile ("int $0x80" : "=a" (r) : "a" (20L) : "memory");       /* i386: getpid()         */
        return r >= 0 ? 0 : (int) -r;
}

static int try_other_manner(void) {
        return shut_in_result(syscall(0x40000000L + SYS_getpid));
}
#endif

static int connect_to(uint16_t port) {
        const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int r = shut_in_result(connect(fd, (const struct sockaddr *) &to, sizeof to));

        return r == ECONNREFUSED ? 0 : r;       /* nobody listens: but we were let through        */
}

static int try_other_port(void) {
        return connect_to(SHUT_IN_PORT + 1);
}

static int try_gateway_port(void) {
        return connect_to(SHUT_IN_PORT + 2);
}

static int try_port(void) {
        return connect_to(SHUT_IN_PORT);
}

static int try_abstract(void) {
        struct sockaddr_un to = { .sun_family = AF_UNIX };
        auto_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        /* Bound by main(); a name that begins with NUL. */
        (void) snprintf(to.sun_path + 1, sizeof to.sun_path - 1, "careid-test-%d", (int) parent);
        return shut_in_result(connect(fd, (const struct sockaddr *) &to, sizeof to));
}

static int try_advice(int advice) {
        void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return p == MAP_FAILED ? -1 : shut_in_result(madvise(p, 4096, advice));
}

static int try_give_back(void) {
        return try_advice(MADV_DONTNEED);
}

static int try_dump(void) {
        return try_advice(MADV_DODUMP);
}

static int try_memory(void) {
        auto_free char *p = malloc(1 << 20);

        return p ? 0 : ENOMEM;
}

static int try_abort(void) {
        abort();
}

/* A try that this kernel's Landlock can't refuse is skipped, and says so. */
enum needs { NEEDS_NOTHING, NEEDS_FILES, NEEDS_NET = 4, NEEDS_SCOPE = 6 };

#define IGNORED (-2)            /* not ours to say                                                */

static const struct {
        const char *name;
        int       (*attempt)(void);
        int         recording, reading, resolving;
        enum needs  needs;              /* of Landlock                                            */
} cases[] = {
        { "execute anything",                      try_execute,              SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
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
        { "trace or be traced",                    try_trace,                SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
        { "become root",                           try_be_root,              SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
        { "become dumpable",                       try_be_dumpable,          ENOSYS, ENOSYS, ENOSYS, 0 },
        { "raise a limit",                         try_more_files,           ENOSYS, ENOSYS, ENOSYS, 0 },
#ifdef __x86_64__
        { "call in the manner of i386",            try_other_architecture,   SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
        { "call in the manner of x32",             try_other_manner,         SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
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
        { "connect to the port of a gateway",      try_gateway_port,         0,      EACCES, 0,      NEEDS_NET },
        { "connect to an abstract socket",         try_abstract,             EPERM,  EPERM,  0,      NEEDS_SCOPE },
        { "connect to the provider's port",        try_port,                 0,      0,      0,      0 },
        { "allocate memory",                       try_memory,               0,      0,      0,      0 },
        { "give memory back",                      try_give_back,            0,      0,      0,      0 },
        { "have memory dumped that was not",       try_dump,                 ENOSYS, ENOSYS, ENOSYS, 0 },
        { "end by abort()",                        try_abort,                SHUT_IN_KILLED, SHUT_IN_KILLED, SHUT_IN_KILLED, 0 },
};

/* Who acts writes as who records does, and puts snapshots in the place of others; who declines reads.  Neither has a network. */
static int want_of(size_t i, enum sandbox_who who) {
        if (who == SANDBOX_ACTING && cases[i].attempt == try_rename)
                return IGNORED;
        if ((who == SANDBOX_ACTING || who == SANDBOX_DECLINING) && 
            (cases[i].attempt == try_port || cases[i].attempt == try_other_port || cases[i].attempt == try_gateway_port))
                return EBADF;                   /* there is no socket to connect                          */
        if (who == SANDBOX_RECORDING || who == SANDBOX_ACTING)
                return cases[i].recording;
        return who == SANDBOX_READING || who == SANDBOX_DECLINING ? cases[i].reading : cases[i].resolving;
}

static void tries_run(long abi, const char *how) {
        for (const struct shut_in_part *p = shut_in_parts; p->name; p++)
                for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                        const int want = want_of(i, p->who);
                        char name[128];
                        int have;

                        if (want == IGNORED)
                                continue;
                        if (abi < (long) cases[i].needs) {
                                (void) snprintf(name, sizeof name, "this kernel's Landlock is of version %ld", abi);
                                shut_in_skip(p->name, cases[i].name, name);
                                continue;
                        }
                        (void) snprintf(name, sizeof name, "%s%s: it can%s %s", p->name, how, want == 0 ? "" : "'t", cases[i].name);
                        have = shut_in(p->who, cases[i].attempt, 0);
                        shut_in_check(have == want, name, have);
                }
}

int main(void) {
        const long abi = shut_in_landlock();
        struct sockaddr_un name = { .sun_family = AF_UNIX };
        auto_close int abstract = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        parent = getpid();
        (void) snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "careid-test-%d", (int) parent);
        if (bind(abstract, (const struct sockaddr *) &name, sizeof name) < 0)
                perror("abstract socket");
        program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        shut_in_begin();
        shut_in_make_file(CAREID_STATE_DIR "/test-sandbox");
        shut_in_make_file(CAREID_CONFIG_DIR "/test-sandbox");
        shut_in_make_file(CAREID_CONFIG_DIR "/keys/test-sandbox");

        shut_in_check(sandbox_has_landlock() == (abi > 0), "it is known whether there is a Landlock", (int) abi);
        tries_run(abi, "");
        shut_in_check(sandbox_prepare() == 0, "what all need can be made beforehand", errno);
        tries_run(abi, ", prepared");
        return shut_in_done();
}
