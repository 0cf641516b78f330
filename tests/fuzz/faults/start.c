/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * start.c - scenes of the helper before it converses: its memory, its child that looks names up, its acceptor
 *
 * The sandbox, the journal and OpenSSL's and libcurl's beginning are doubles.
 * Children are real, and do nothing: the one that looks names up is played at
 * the other end of its socket pair, and one that has a conversation ends.
 */

#include "fake-curl.h"
#include "fault.h"
#include "scene.h"

#include "acceptor.h"
#include "cleanup.h"
#include "journal.h"
#include "locked.h"
#include "resolver.h"
#include "sandbox.h"
#include "startup.h"
#include "wipe.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum part { LIBRARIES, MEMORY, UID, ADDRESSES, ACCEPTOR };

static const struct scene {
        const char *name;
        enum part   part;
        const char *answer;             /* of the child that looks up, after its kind; NULL: none         */
        size_t      n_answer;
        bool        grants;             /* it does what it is there for                                   */
} scenes[] = {
        { "the libraries wipe what they give back", LIBRARIES, NULL,              0,  true  },
        { "heap and stack are found",               MEMORY,    NULL,              0,  false },
        { "the uid of a name",                      UID,       "+\x07\x00\x00\x00", 5, true  },
        { "the uid of a name that nobody has",      UID,       "-",               1,  false },
        { "half a uid",                             UID,       "+\x07\x00",       3,  false },
        { "nobody says the uid",                    UID,       NULL,              0,  false },
        { "the addresses of a host",                ADDRESSES, "+127.0.0.1",      10, true  },
        { "addresses that are none",                ADDRESSES, "+a host",         7,  false },
        { "nobody says the addresses",              ADDRESSES, NULL,              0,  false },
        { "an acceptor, and who speaks, is silent, goes", ACCEPTOR, NULL,         0,  true  },
};

enum { THE_UID = 7, SETTLED_MS = 12000 };       /* by then nobody waits for the acceptor any more         */

static const struct scene *now;
static bool granted;

/* -- Doubles ----------------------------------------------------------------------------------------------------------- */

/* No more than once in a program, and not where anything of OpenSSL's has been used. */
int CRYPTO_set_mem_functions(CRYPTO_malloc_fn take, CRYPTO_realloc_fn retake, CRYPTO_free_fn give) {
        return take && retake && give && !fault_now("CRYPTO_set_mem_functions");
}

void journal_write(const struct journal_entry *e) {
        (void) e;
}

/* In the child that looks up: its part is played elsewhere.  It goes when the other end of its socket, 0, does. */
int sandbox_shut(const struct sandbox *s) {
        struct pollfd gone = { .fd = 0 };

        (void) s;
        fault_pause();
        (void) poll(&gone, 1, -1);
        _exit(EXIT_SUCCESS);
}

int sandbox_prepare(void) {
        return fault_now("sandbox_prepare") ? -ENOMEM : 0;
}

int sandbox_kept_fd(void) {
        return -1;
}

bool sandbox_is_stale(void) {
        return false;
}

int startup_signals(int *ret) {
        *ret = -1;
        return fault_now("startup_signals") ? -EMFILE : 0;
}

/* -- The child that looks up ------------------------------------------------------------------------------------------- */

static int looks_up = -1;

static void pair_made(const int pair[2]) {
        fault_pause();
        looks_up = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);
        if (looks_up < 0)
                scene_broken("no child");
        fault_resume();
}

static bool look_up(void) {
        char question[512], answer[64];
        const ssize_t n = looks_up < 0 ? -1 : recv(looks_up, question, sizeof question, MSG_DONTWAIT);

        if (n <= 0 || !now->answer)
                return false;
        answer[0] = question[0];
        memcpy(answer + 1, now->answer, now->n_answer);
        (void) send(looks_up, answer, 1 + now->n_answer, MSG_NOSIGNAL | MSG_DONTWAIT);
        return true;
}

static void play_uid(void) {
        struct resolver *r = NULL;
        uid_t uid = (uid_t) -1;
        int result = resolver_new(-1, &r);

        if (result == 0) {
                result = resolver_uid(r, "anna", &uid);
                granted = result == RESOLVER_OK;
        }
        if (granted && uid != THE_UID)
                scene_broken("another uid");
        (void) resolver_free(r);
}

static void play_addresses(void) {
        char addresses[RESOLVER_TEXT_MAX] = "";
        struct resolver *r = NULL;
        int result = resolver_new(-1, &r);

        if (result == 0)
                result = resolver_ask_addresses(r, "bankid.example");
        if (result == 0) {
                while ((result = resolver_addresses(r, wire_now_ms(), addresses)) == RESOLVER_E_PENDING)
                        fault_wait(1000);
                granted = result == RESOLVER_OK;
        }
        if (granted && strcmp(addresses, "127.0.0.1") != 0)
                scene_broken("another address");
        (void) resolver_free(r);
}

/* -- Who comes to the acceptor ----------------------------------------------------------------------------------------- */

static struct {
        int      listener, speaks, is_silent;
        uint64_t begin_ms;
        bool     came, served, told_to_end;
} callers;

static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int caller_connect(void) {
        const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd < 0 || connect(fd, (const struct sockaddr *) &address, sizeof address) < 0)
                scene_broken("a caller can't connect");
        return fd;
}

static void callers_come(void) {
        callers.came = true;
        callers.speaks = caller_connect();
        callers.is_silent = caller_connect();
        (void) close(caller_connect());
        if (send(callers.speaks, "", 1, MSG_NOSIGNAL) != 1)
                scene_broken("a caller can't speak");
}

/* The child of the conversation has ended, and is left for the acceptor to find.  SIGCHLD may have gone to a fuzzer's thread. */
static bool child_has_ended(void) {
        siginfo_t info;

        if (callers.served || fault_child == 0)
                return false;
        callers.served = true;
        if (waitid(P_PID, (id_t) fault_child, &info, WEXITED | WNOWAIT) < 0)
                return false;                           /* it has found it                                */
        return raise(SIGCHLD) == 0;
}

static bool is_closed(int fd) {
        char byte;
        const ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);

        return n == 0 || (n < 0 && errno != EAGAIN);
}

static uint64_t others_of_acceptor(void) {
        const uint64_t passed = fault_clock_ms() - callers.begin_ms;

        if (!callers.came) {
                callers_come();
                return 0;
        }
        if (child_has_ended())
                return 0;
        if (passed < SETTLED_MS)
                return SETTLED_MS - passed;
        if (callers.told_to_end)
                return UINT64_MAX;
        if (!is_closed(callers.speaks) || !is_closed(callers.is_silent))
                scene_broken("it leaves somebody hanging");
        callers.told_to_end = true;
        return raise(SIGTERM) == 0 ? 0 : UINT64_MAX;
}

static void signals_drain(const sigset_t *mask) {
        sigset_t both;

        sigemptyset(&both);
        (void) sigaddset(&both, SIGTERM);
        (void) sigaddset(&both, SIGCHLD);
        (void) sigprocmask(SIG_BLOCK, &both, NULL);
        while (sigtimedwait(&both, NULL, &(struct timespec) { .tv_sec = 0 }) > 0)
                ;
        (void) sigprocmask(SIG_SETMASK, mask, NULL);
}

static int signals_open(sigset_t *ret_mask) {
        sigset_t none;
        int fd;

        (void) sigprocmask(SIG_SETMASK, NULL, ret_mask);
        sigemptyset(&none);
        fd = signalfd(-1, &none, SFD_NONBLOCK | SFD_CLOEXEC);
        if (fd < 0)
                scene_broken("no signals");
        return fd;
}

static void play_acceptor(void) {
        const struct privs privs = { .uid = getuid(), .gid = getgid(), .real_uid = getuid(), .by_service = true };
        struct acceptor_task task = { .role = 0 };
        sigset_t mask;
        int signals, r;

        fault_pause();
        callers = (__typeof__(callers)) { .listener = callers.listener, .speaks = -1, .is_silent = -1, .begin_ms = fault_clock_ms() };
        fault_child = 0;
        signals = signals_open(&mask);
        fault_resume();

        r = acceptor_run(callers.listener, signals, &privs, &task);
        if (r == 0 && task.role != ACCEPTOR_ENDS)
                _exit(EXIT_SUCCESS);                    /* a child                                        */

        fault_pause();
        granted = r == 0 && callers.served;
        if (r == 0 && !callers.told_to_end)
                scene_broken("the acceptor ends by itself");
        signals_drain(&mask);
        if (fault_child > 0)
                (void) waitpid(fault_child, NULL, 0);
        scene_close_new_fds();                          /* its process ends next                          */
        fault_resume();
}

/* -- A scene ----------------------------------------------------------------------------------------------------------- */

static uint64_t others(void) {
        if (now->part == ACCEPTOR)
                return others_of_acceptor();
        return look_up() ? 0 : UINT64_MAX;
}

static void before(size_t row) {
        now = &scenes[row];
        granted = false;
}

static int play(void) {
        switch (now->part) {
        case LIBRARIES:
                granted = wipe_setup() == 0;
                return 0;
        case MEMORY:
                /* What it may lock is the host's to say; what it has not found it does not lock. */
                if (locked_prepare() < 0 && locked_begin() != 0)
                        scene_broken("it locks what it has not found");
                return 0;
        case UID:
                play_uid();
                return 0;
        case ADDRESSES:
                play_addresses();
                return 0;
        case ACCEPTOR:
                play_acceptor();
                return 0;
        }
        return 0;
}

static struct scene_end check(int result) {
        (void) result;
        if (now->part == LIBRARIES && granted && fault_n_done() != 0)
                scene_broken("the helper begins with libraries that wipe nothing");
        return (struct scene_end) { .word = 1 + granted, .granted = granted, .grants = now->grants };
}

static void clear(void) {
        auto_closep(&looks_up);
        looks_up = -1;
}

static void begin(void) {
        callers.listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        /* In no file system: nothing is left behind. */
        (void) snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "careid-faults-%d", (int) getpid());
        if (bind(callers.listener, (const struct sockaddr *) &address, sizeof address) < 0 || listen(callers.listener, 16) < 0) {
                perror("listen");
                exit(1);
        }
        fault_others = others;
        fault_pair = pair_made;
}

static const struct scenes start = {
        SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check, .clear = clear,
};

const struct scenes *const scenes_played[] = { &start, NULL };
