/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module-helper.c - the helper of the module's scenes, and what the person does once there is something to see
 *
 * The connection is real.  A helper that is executed is played here as well: at
 * the other end of the socket pair that was made for it.
 */

#include "module.h"

#include "fault.h"
#include "scene.h"

#include "cleanup.h"
#include "clinic.h"
#include "wire.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int users_listener = -1, roots_listener = -1;

struct module_helper helper = { .fd = -1, .unheard = -1 };

enum { LOGIN_NUMBER = 7, SESSION_NUMBER = 8 };          /* as the helper counts them                      */

static struct wire_message said;

static void say(void) {
        (void) wire_send(helper.fd, &said, wire_now_ms() + 1);
}

static void hang_up(void) {
        auto_closep(&helper.fd);
        helper.fd = -1;
}

/* After an answer: root's goes on, if there is anything to go on with. */
static void answered(bool goes_on) {
        if (now->through == USERS || now->helper == APPROVES_AND_GOES || !goes_on)
                hang_up();
}

static uid_t uid_said(void) {
        const uid_t uid = strcmp(now->user, "elsa") == 0 ? UID_ELSA : UID_ANNA;

        return now->helper == APPROVES_OTHER_UID ? uid + 1 : uid;
}

static bool approves(void) {
        return now->helper == APPROVES || now->helper == APPROVES_OTHER || now->helper == APPROVES_OTHER_UID ||
               now->helper == APPROVES_AND_GOES || now->helper == APPROVES_THEN_DENIES;
}

static void say_intro(void) {
        wire_message_init(&said, WIRE_INTRO);
        wire_set_string(&said, WIRE_TAG_LANGUAGE, "en");
        wire_set_string(&said, WIRE_TAG_CHECK_CODE, "4711");
        wire_set_string(&said, WIRE_TAG_ABOUT, "Log-in at the clinic");
        wire_set_string(&said, WIRE_TAG_TEXT, "Scan the code.");
        wire_set_string(&said, WIRE_TAG_HELP, "Press Enter for other choices.");
        wire_set_string(&said, WIRE_TAG_MENU, "Enter: go on, c: cancel: ");
        if (now->person == TURNS)
                wire_set_number(&said, WIRE_TAG_MAY_TURN, 1);
        if (now->person == TYPES)
                wire_set_number(&said, WIRE_TAG_TYPES, 1);
        say();
}

static void say_show(void) {
        static const uint8_t bits[(41 * 41 + 7) / 8];

        wire_message_init(&said, WIRE_SHOW);
        wire_set_number(&said, WIRE_TAG_STATE, WIRE_STATE_SCAN);
        wire_set_string(&said, WIRE_TAG_TEXT, "Scan the code.");
        wire_set_string(&said, WIRE_TAG_HELP, "Enter: new code.");
        wire_set_number(&said, WIRE_TAG_SECONDS, 30);
        if (helper.turned) {
                wire_set_string(&said, WIRE_TAG_LINK, "https://app.bankid.com/?autostarttoken=a&redirect=null");
        } else {
                wire_set_number(&said, WIRE_TAG_QR_SIDE, 41);
                wire_set_bytes(&said, WIRE_TAG_QR_BITS, bits, sizeof bits);
        }
        say();
}

static void say_prompt(void) {
        wire_message_init(&said, WIRE_PROMPT);
        wire_set_string(&said, WIRE_TAG_TEXT, "Password");
        wire_set_string(&said, WIRE_TAG_HELP, "");
        wire_set_number(&said, WIRE_TAG_SECONDS, 30);
        wire_set_number(&said, WIRE_TAG_FACTOR, WIRE_FACTOR_PASSWORD);
        wire_set_number(&said, WIRE_TAG_ECHO, 0);
        wire_set_number(&said, WIRE_TAG_ROOM, WIRE_ANSWER_MAX);
        say();
}

static void say_verdict(void) {
        wire_message_init(&said, WIRE_VERDICT);
        wire_set_number(&said, WIRE_TAG_VERDICT, approves() ? WIRE_VERDICT_APPROVED : WIRE_VERDICT_WRONG_PERSON);
        wire_set_string(&said, WIRE_TAG_TEXT, "That was it.");
        wire_set_string(&said, WIRE_TAG_LANGUAGE, "en");
        if (approves()) {
                wire_set_string(&said, WIRE_TAG_ACCOUNT, now->helper == APPROVES_OTHER ? "bo" : now->user);
                wire_set_number(&said, WIRE_TAG_UID, uid_said());
                wire_set_number(&said, WIRE_TAG_LOGIN, LOGIN_NUMBER);
        }
        say();
        helper.approved = approves();
        answered(helper.approved);
}

static enum wire_decision decision(void) {
        if (now->helper == DENIES || now->helper == APPROVES_THEN_DENIES)
                return WIRE_DECISION_EXPIRED;
        return now->helper == KNOWS_NOBODY ? WIRE_DECISION_NOT_OURS : WIRE_DECISION_ALLOWED;
}

static void say_decision(enum wire_kind kind) {
        static const char noise[] = "no message";
        const bool allows = decision() == WIRE_DECISION_ALLOWED;

        if (now->helper == CLOSES) {
                hang_up();
                return;
        }
        if (now->helper == BABBLES) {
                (void) send(helper.fd, noise, sizeof noise, MSG_NOSIGNAL);
                return;
        }
        wire_message_init(&said, kind);
        wire_set_number(&said, WIRE_TAG_DECISION, decision());
        if (kind == WIRE_DECISION) {
                wire_set_string(&said, WIRE_TAG_TEXT, "That was it.");
                if (allows)
                        wire_set_number(&said, WIRE_TAG_UID, uid_said());
        } else if (allows && stage == OPEN) {
                wire_set_number(&said, WIRE_TAG_LOGIN, SESSION_NUMBER);
        }
        say();
        *(kind == WIRE_DECISION ? &helper.allowed : &helper.recorded) = allows;
        answered(kind == WIRE_DECISION && allows);
}

/* The next thing that is shown, or the end. */
static void show(void) {
        static const char noise[] = "no message";

        if (now->person == TYPES && !helper.typed) {
                if (helper.n_shown++ == 0)
                        say_prompt();
        } else if (now->person != TYPES && helper.n_shown++ < 2) {
                say_show();
        } else if (now->helper == CLOSES) {
                hang_up();
        } else if (now->helper == BABBLES) {
                (void) send(helper.fd, noise, sizeof noise, MSG_NOSIGNAL);
        } else if (now->helper != IS_SILENT && ((now->person != OPENS_MENU && now->person != TURNS) || host.n_asked > 0)) {
                say_verdict();
        }
}

/* About whom, and after which log-in: a number may be missing where what was kept can't be had, but it is no other. */
static void question_check(const struct wire_message *m) {
        if (strcmp(m->string[WIRE_TAG_ACCOUNT], now->user) != 0)
                scene_broken("it asks about another account");
        if (wire_has(m, WIRE_TAG_LOGIN) && m->number[WIRE_TAG_LOGIN] != LOGIN_NUMBER)
                scene_broken("it speaks of another log-in");
}

static void hear(void) {
        static struct wire_message m;

        if (wire_receive(helper.fd, UINT32_MAX, wire_now_ms() + 1, &m) != WIRE_OK) {
                hang_up();
                return;
        }
        switch ((int) m.kind) {
        case WIRE_VERIFY:
                helper.asked = m.number[WIRE_TAG_PACE] == WIRE_PACE_ASKED;
                say_intro();
                return;
        case WIRE_START:
                helper.n_shown = 0;
                if (!helper.asked)
                        show();
                return;
        case WIRE_ASK:
                show();
                return;
        case WIRE_ANSWER:
                if (m.n_bytes[WIRE_TAG_ANSWER] != 6 || memcmp(m.bytes[WIRE_TAG_ANSWER], "secret", 6) != 0)
                        scene_broken("an answer that nobody has typed");
                helper.typed = true;
                show();
                return;
        case WIRE_TURN:
                helper.turned = !helper.turned;
                return;
        case WIRE_ACCOUNT:
                question_check(&m);
                say_decision(WIRE_DECISION);
                return;
        case WIRE_OPEN:
        case WIRE_CLOSE:
                question_check(&m);
                say_decision(WIRE_RECORDED);
                return;
        default:
                scene_broken("the module says what is not for it to say");
        }
}

/* What the person does at the terminal, once there is a code. */
static bool person_acts(void) {
        char seen[4096];

        if (host.master < 0 || now->person == STOPS)
                return false;
        while (read(host.master, seen, sizeof seen) > 0)
                ;
        if (helper.n_shown < 2 || helper.n_seen == helper.n_shown)
                return false;
        helper.n_seen = helper.n_shown;
        if (now->person == HANGS_UP) {
                host_hang_up();
                return true;
        }
        if ((now->person == OPENS_MENU || now->person == CANCELS || now->person == TURNS) && host.n_asked == 0)
                return write(host.master, "\r", 1) == 1;
        return false;
}

static bool has_something(int fd) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        return fd >= 0 && poll(&p, 1, 0) > 0;
}

/* A new conversation is one with a new helper. */
static void accept_next(int listener) {
        const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (now->through == ROOTS_SILENT) {
                auto_closep(&helper.unheard);
                helper.unheard = fd;
                return;
        }
        hang_up();
        helper.fd = fd;
        helper.n_links++;
}

/* The socket pair of a helper that is executed. */
static void pair_made(const int pair[2]) {
        if (now->helper == IS_NOT_THERE)
                return;
        fault_pause();
        hang_up();
        helper.fd = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);
        helper.n_links++;
        if (helper.fd < 0)
                scene_broken("no helper");
        fault_resume();
}

static uint64_t others(void) {
        const int listener = now->through == USERS ? users_listener : roots_listener;

        if (person_acts())
                return 0;
        if (has_something(listener)) {
                accept_next(listener);
                return 0;
        }
        if (has_something(helper.fd)) {
                hear();
                return 0;
        }
        /* Once a second there is something new to show. */
        if (helper.fd >= 0 && !helper.asked && helper.n_shown > 0 && helper.n_shown < 40) {
                show();
                return now->helper == IS_SILENT || helper.n_shown > 2 ? 1000 : 0;
        }
        return UINT64_MAX;
}

/* -- Its sockets ------------------------------------------------------------------------------------------------------- */

/* The sockets, as the scene has them; and back again. */
static void sockets_move(bool back) {
        const char *const there = now->through == USERS ? "run/user.sock" : "run/root.sock";

        if (now->through != ROOTS_REFUSES && now->helper != IS_NOT_THERE)
                return;
        if (back && now->through == ROOTS_REFUSES && rename(there, "run/refusing") < 0)
                scene_broken("the socket does not go");
        if (rename(back ? "run/away" : there, back ? there : "run/away") < 0)
                scene_broken("the socket does not move");
        if (!back && now->through == ROOTS_REFUSES && rename("run/refusing", there) < 0)
                scene_broken("the socket does not come");
}

/* A socket at @path; @queue 0: where nobody listens. */
static int socket_place(const char *path, int queue) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        (void) snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        if (bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 || (queue && listen(fd, queue) < 0)) {
                perror(path);
                exit(1);
        }
        if (!queue)
                (void) close(fd);
        return fd;
}

void helper_place(void) {
        users_listener = socket_place("run/user.sock", 16);
        roots_listener = socket_place("run/root.sock", 16);
        (void) socket_place("run/refusing", 0);
        fault_others = others;
        fault_pair = pair_made;
}

void helper_begin(void) {
        helper = (struct module_helper) { .fd = -1, .unheard = -1 };
        sockets_move(false);
}

void helper_end(void) {
        int accepted;

        hang_up();
        auto_closep(&helper.unheard);
        sockets_move(true);
        while ((accepted = accept4(users_listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0 ||
               (accepted = accept4(roots_listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
                (void) close(accepted);
}
