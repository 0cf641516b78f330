/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * resolver.c - the child, and the asking
 *
 *     question = kind name            kind: 'u' uid, 'g' gid, 'n' number in decimal, 'l' log-in name of that one, 'h' addresses;
 *                                     name: bytes without NUL
 *     answer   = kind status rest     status: '+' found, '-' none, '!' trouble, '~' our rules for files are overtaken
 *                                     rest: uid, gid, number as u32 in host order / text
 *
 * One packet each, on a SOCK_SEQPACKET pair.
 *
 * 1. MUST bound each question in time: a child that hangs is killed, and its question is not answered.
 * 2. MUST not take an answer of the wrong kind or length for one.
 * 3. MUST be shut in, in its own sandbox, before it reads a name that a caller chose.
 */

#include "resolver.h"

#include "cleanup.h"
#include "resident.h"
#include "sandbox.h"
#include "scan.h"
#include "utf8.h"
#include "wire.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { PACKET_MAX = 2 + RESOLVER_TEXT_MAX, ENTRY_MAX = 4 << 20 };

struct resolver {
        int      fd;
        pid_t    pid;
        bool     asked;                 /* addresses are under way                                */
        unsigned n_old;                 /* answers that are still to come to what was asked before, and are nobody's */
        uint64_t deadline_ms;           /* for them                                               */
        size_t   n_early;               /* their answer came while a uid was waited for           */
        char     early[PACKET_MAX];
};

/* -- The child -------------------------------------------------------------------------------------- */

/* What libc means by "not there": POSIX lets it say so in several ways. */
static char none_or_trouble(int e) {
        return e == 0 || e == ENOENT || e == ESRCH ? '-' : '!';
}

/* Of the user or group of that name, or (NULL) of that number, whose entry needs no more than @buffer. */
static char find_user(const char *name, uint32_t number, char *buffer, uint32_t *ret) {
        struct passwd pw, *found = NULL;
        int r;

        r = name ? getpwnam_r(name, &pw, buffer, ENTRY_MAX, &found) : getpwuid_r(number, &pw, buffer, ENTRY_MAX, &found);
        if (!found)
                return none_or_trouble(r);
        *ret = found->pw_uid;
        return '+';
}

static char find_group(const char *name, uint32_t number, char *buffer, uint32_t *ret) {
        struct group gr, *found = NULL;
        int r;

        r = name ? getgrnam_r(name, &gr, buffer, ENTRY_MAX, &found) : getgrgid_r(number, &gr, buffer, ENTRY_MAX, &found);
        if (!found)
                return none_or_trouble(r);
        *ret = found->gr_gid;
        return '+';
}

static size_t answer_id(char kind, const char *name, char *out) {
        auto_free char *buffer = malloc(ENTRY_MAX);
        uint32_t id = 0, number = 0;

        out[1] = '!';
        if (!buffer || (kind == 'n' && !scan_whole_u32(name, UINT32_MAX, &number)))
                return 2;
        if (kind != 'g')
                out[1] = find_user(kind == 'n' ? NULL : name, number, buffer, &id);
        if (kind == 'g' || (kind == 'n' && out[1] == '-'))
                out[1] = find_group(kind == 'n' ? NULL : name, number, buffer, &id);
        if (out[1] != '+')
                return 2;
        memcpy(out + 2, &id, sizeof id);
        return 2 + sizeof id;
}

static size_t answer_user(const char *text, char *out) {
        auto_free char *buffer = malloc(ENTRY_MAX);
        struct passwd pw, *found = NULL;
        uint32_t number = 0;
        size_t n;
        int r;

        out[1] = '!';
        if (!buffer || !scan_whole_u32(text, UINT32_MAX, &number))
                return 2;
        r = getpwuid_r(number, &pw, buffer, ENTRY_MAX, &found);
        n = found ? strnlen(pw.pw_name, RESOLVER_USER_MAX + 1) : 0;
        out[1] = found && n > 0 && n <= RESOLVER_USER_MAX ? '+' : found ? '!' : none_or_trouble(r);
        if (out[1] != '+')
                return 2;
        memcpy(out + 2, pw.pw_name, n);
        return 2 + n;
}

static size_t answer_addresses(const char *host, char *out) {
        const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
        struct addrinfo *list = NULL;
        size_t n = 2, n_addresses = 0;
        int r;

        r = getaddrinfo(host, NULL, &hints, &list);
        if (r != 0) {
                out[1] = r == EAI_NONAME || r == EAI_NODATA ? '-' : '!';
                return 2;
        }
        for (const struct addrinfo *a = list; a && n_addresses < RESOLVER_ADDRESSES_MAX; a = a->ai_next) {
                char text[46];
                int k;

                if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0 ||
                    strchr(text, '%'))
                        continue;
                k = snprintf(out + n, PACKET_MAX - n, a->ai_family == AF_INET6 ? "%s[%s]" : "%s%s",
                             n_addresses ? "," : "", text);
                if (k < 0 || (size_t) k >= PACKET_MAX - n)
                        break;
                n += (size_t) k;
                n_addresses++;
        }
        freeaddrinfo(list);
        out[1] = n_addresses ? '+' : '-';
        return n_addresses ? n : 2;
}

static void child_run(int fd) __attribute__((__noreturn__));

static void child_run(int fd) {
        sigset_t none;

        /* Gone with the parent, and after a time in any case. */
        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void) sigemptyset(&none);
        (void) signal(SIGALRM, SIG_DFL);
        (void) sigprocmask(SIG_SETMASK, &none, NULL);
        (void) alarm(RESOLVER_LIFE_S);
        if (sandbox_shut(&(struct sandbox) { .who = SANDBOX_RESOLVING }) < 0)
                _exit(1);

        for (;;) {
                char in[1 + RESOLVER_HOST_MAX + 1], out[PACKET_MAX];
                size_t n;
                ssize_t k;

                k = recv(fd, in, sizeof in - 1, 0);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 2)
                        _exit(0);
                in[k] = '\0';
                out[0] = in[0];
                n = in[0] == 'h' ? answer_addresses(in + 1, out) : in[0] == 'l' ? answer_user(in + 1, out) : answer_id(in[0], in + 1, out);
                /* Where files could not be read there may be more than was found in the others. */
                if (out[1] != '+' && sandbox_is_stale())
                        out[1] = '~';
                if (send(fd, out, n, MSG_NOSIGNAL) != (ssize_t) n)
                        _exit(1);
                /* Asked when the wait begins.  Loading a plugin has looked into every library. */
                if (out[0] == 'h')
                        resident_leave();
        }
}

/* -- The parent ------------------------------------------------------------------------------------- */

/* All but 0 to 2, @slot, and what the sandbox is made of. */
static void others_close(int slot) {
        const int rules = sandbox_kept_fd();
        const int kept[] = { slot < rules ? slot : rules, slot < rules ? rules : slot };
        unsigned from = 3;

        for (size_t i = 0; i < N_ELEMENTS(kept); i++)
                if (kept[i] >= (int) from) {
                        if (kept[i] > (int) from)
                                (void) close_range(from, (unsigned) kept[i] - 1, 0);
                        from = (unsigned) kept[i] + 1;
                }
        (void) close_range(from, ~0U, 0);
}

int resolver_new(int slot, struct resolver **ret) {
        struct resolver *r = calloc(1, sizeof *r);
        int pair[2];

        if (!r)
                return -ENOMEM;
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
                free(r);
                return -errno;
        }
        r->fd = pair[0];
        r->pid = fork();
        if (r->pid == 0) {
                /* Not the connection: it must close when the helper goes. */
                (void) dup2(pair[1], 0);
                others_close(slot);
                child_run(0);
        }
        (void) close(pair[1]);
        if (r->pid < 0) {
                const int e = errno;

                (void) close(r->fd);
                free(r);
                return -e;
        }
        *ret = r;
        return 0;
}

static void child_end(struct resolver *r) {
        if (r->pid > 0) {
                (void) kill(r->pid, SIGKILL);
                while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
                        ;
        }
        r->pid = 0;
}

struct resolver *resolver_free(struct resolver *r) {
        if (r) {
                child_end(r);
                (void) close(r->fd);
                free(r);
        }
        return NULL;
}

pid_t resolver_pid(const struct resolver *r) {
        return r->pid;
}

int resolver_fd(const struct resolver *r) {
        return r->fd;
}

static int question_send(struct resolver *r, char kind, const char *name) {
        char packet[1 + RESOLVER_HOST_MAX];
        const size_t n = strlen(name);
        ssize_t k;

        if (n == 0 || n > RESOLVER_HOST_MAX)
                return -EINVAL;
        if (r->pid <= 0)
                return -ETIMEDOUT;
        packet[0] = kind;
        memcpy(packet + 1, name, n);
        do
                k = send(r->fd, packet, n + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        while (k < 0 && errno == EINTR);
        return k == (ssize_t) (n + 1) ? 0 : -EIO;
}

/* One packet before @deadline_ms.  A child that is late is killed: what it says later is nobody's answer. */
static ssize_t packet_receive(struct resolver *r, uint64_t deadline_ms, char packet[static PACKET_MAX]) {
        for (;;) {
                struct pollfd p = { .fd = r->fd, .events = POLLIN };
                const uint64_t now = wire_now_ms();
                const ssize_t k = recv(r->fd, packet, PACKET_MAX, MSG_DONTWAIT);

                if (k >= 2)
                        return k;
                if (k >= 0 || (errno != EAGAIN && errno != EINTR)) {
                        child_end(r);
                        return -EIO;
                }
                if (now >= deadline_ms) {
                        child_end(r);
                        return -ETIMEDOUT;
                }
                (void) poll(&p, 1, (int) (deadline_ms - now));
        }
}

/* The question and its answer, of a whole packet; *@ret_n bytes follow what kind it is. */
static int ask(struct resolver *r, char kind, const char *name, char packet[static PACKET_MAX], size_t *ret_n) {
        const uint64_t deadline = wire_now_ms() + RESOLVER_NAME_MS;
        ssize_t k;
        int s;

        s = question_send(r, kind, name);
        if (s < 0)
                return s;
        for (;;) {
                k = packet_receive(r, deadline, packet);
                if (k < 0)
                        return (int) k;
                if (packet[0] == kind)
                        break;
                if (r->n_old > 0) {
                        r->n_old--;
                        continue;
                }
                if (!r->asked)
                        return -EPROTO;
                memcpy(r->early, packet, (size_t) k);
                r->n_early = (size_t) k;
        }
        if (packet[1] == '-' && k == 2)
                return RESOLVER_E_NONE;
        if (packet[1] == '~')
                return -ESTALE;
        if (packet[1] != '+')
                return -EIO;
        *ret_n = (size_t) k - 2;
        return RESOLVER_OK;
}

static int id_find(struct resolver *r, char kind, const char *name, uint32_t *ret) {
        char packet[PACKET_MAX];
        size_t n = 0;
        int s;

        s = ask(r, kind, name, packet, &n);
        if (s != RESOLVER_OK)
                return s;
        if (n != sizeof *ret)
                return -EIO;
        memcpy(ret, packet + 2, n);
        return RESOLVER_OK;
}

int resolver_uid(struct resolver *r, const char *name, uid_t *ret) {
        return id_find(r, 'u', name, ret);
}

int resolver_gid(struct resolver *r, const char *name, gid_t *ret) {
        return id_find(r, 'g', name, ret);
}

int resolver_number(struct resolver *r, uint32_t number, uint32_t *ret) {
        char text[16];

        (void) snprintf(text, sizeof text, "%u", number);
        return id_find(r, 'n', text, ret);
}

int resolver_user(struct resolver *r, uid_t uid, char ret[static RESOLVER_USER_MAX + 1]) {
        char text[16], packet[PACKET_MAX];
        size_t n = 0;
        int s;

        (void) snprintf(text, sizeof text, "%u", (unsigned) uid);
        s = ask(r, 'l', text, packet, &n);
        if (s != RESOLVER_OK)
                return s;
        if (n == 0 || n > RESOLVER_USER_MAX || !utf8_is_clean(packet + 2, n, UTF8_ONE_LINE))
                return -EIO;
        memcpy(ret, packet + 2, n);
        ret[n] = '\0';
        return RESOLVER_OK;
}

int resolver_ask_addresses(struct resolver *r, const char *host) {
        int s;

        s = question_send(r, 'h', host);
        if (s < 0)
                return s;
        if (r->asked && r->n_early == 0)
                r->n_old++;
        r->asked = true;
        r->n_early = 0;
        r->deadline_ms = wire_now_ms() + RESOLVER_HOST_MS;
        return 0;
}

int resolver_addresses(struct resolver *r, uint64_t now_ms, char ret[static RESOLVER_TEXT_MAX]) {
        char packet[PACKET_MAX];
        ssize_t k = (ssize_t) r->n_early;

        if (!r->asked)
                return -EINVAL;
        if (k > 0) {
                memcpy(packet, r->early, (size_t) k);
        } else {
                do
                        k = recv(r->fd, packet, sizeof packet, MSG_DONTWAIT);
                while (k >= 2 && r->n_old > 0 && r->n_old--);
                if (k < 0 && (errno == EAGAIN || errno == EINTR)) {
                        if (now_ms < r->deadline_ms)
                                return RESOLVER_E_PENDING;
                        child_end(r);
                        r->asked = false;
                        return -ETIMEDOUT;
                }
        }
        r->asked = false;
        if (k < 2 || packet[0] != 'h')
                return -EIO;
        if (packet[1] == '-')
                return RESOLVER_E_NONE;
        if (packet[1] == '~')
                return -ESTALE;
        if (packet[1] != '+' || k - 2 >= RESOLVER_TEXT_MAX)
                return -EIO;
        memcpy(ret, packet + 2, (size_t) k - 2);
        ret[k - 2] = '\0';

        /* They go into an entry of libcurl's own format: nothing but addresses. */
        return strspn(ret, "0123456789abcdefABCDEF.:[],") == strlen(ret) && *ret ? RESOLVER_OK : -EIO;
}
