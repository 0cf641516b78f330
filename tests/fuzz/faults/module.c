/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module.c - scenes of the module: a call of PAM, or a log-in's three, with a host program, a person and a helper
 *
 * libpam's functions, the host's user database, the effective uid and the
 * trust in a socket's owner are doubles; the connection, the terminal and the
 * snapshots are real.  A helper that is executed is played here as well: at the
 * other end of the socket pair that was made for it.
 */

#include "../../count-fds.h"
#include "fault.h"
#include "scene.h"

#include "cleanup.h"
#include "clinic.h"
#include "link-trust.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <poll.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>

/* LOGIN: the first three, one after the other as long as they succeed. */
enum stage { AUTH, ACCOUNT, OPEN, CLOSE, LOGIN };
enum row { ROW_SSH, ROW_SSH_LIVE, ROW_TERMINAL, ROW_SUDO, ROW_PLAIN, ROW_KIOSK, ROW_NONE, ROW_PROMPT };

/* Who the host program is, and the socket that is there for it.  Root's is one where the helper is, which goes on after its
   answer; where somebody listens and says nothing; or where nobody listens: then the helper is executed. */
enum through { USERS, ROOTS, ROOTS_SILENT, ROOTS_REFUSES };

/* What the helper does in the end.  Or: there is no socket, and the program that is executed then is not there either. */
enum helper {
        APPROVES, APPROVES_OTHER, APPROVES_OTHER_UID, WRONG_PERSON, CLOSES, BABBLES, IS_SILENT, DENIES, KNOWS_NOBODY, IS_NOT_THERE,
        APPROVES_AND_GOES, APPROVES_THEN_DENIES,        /* root's: after its answer; the account, in the same conversation */
};

/* What the person does: Enter only; the menu, then on; gives up in the menu; the terminal goes; asks for the link; Ctrl-S. */
enum person { WAITS, OPENS_MENU, CANCELS, HANGS_UP, TURNS, STOPS };

static const struct scene {
        const char *name;
        enum stage  stage;
        const char *user;
        enum row    row;
        enum helper helper;
        enum person person;
        int         want;
        enum through through;
} scenes[] = {
        { "ssh, approved",                          AUTH,    "anna",   ROW_SSH,      APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "ssh live, approved",                     AUTH,    "anna",   ROW_SSH_LIVE, APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "terminal, approved",                     AUTH,    "anna",   ROW_TERMINAL, APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "terminal, menu, approved",               AUTH,    "anna",   ROW_TERMINAL, APPROVES,             OPENS_MENU, PAM_SUCCESS,          USERS         },
        { "terminal, cancelled",                    AUTH,    "anna",   ROW_TERMINAL, APPROVES,             CANCELS,    PAM_AUTH_ERR,         USERS         },
        { "terminal, hung up",                      AUTH,    "anna",   ROW_TERMINAL, IS_SILENT,            HANGS_UP,   PAM_AUTH_ERR,         USERS         },
        { "ssh, wrong person",                      AUTH,    "anna",   ROW_SSH,      WRONG_PERSON,         WAITS,      PAM_AUTH_ERR,         USERS         },
        { "ssh, another account approved",          AUTH,    "anna",   ROW_SSH,      APPROVES_OTHER,       WAITS,      PAM_AUTH_ERR,         USERS         },
        { "ssh, another uid approved",              AUTH,    "anna",   ROW_SSH_LIVE, APPROVES_OTHER_UID,   WAITS,      PAM_AUTH_ERR,         USERS         },
        { "ssh, the helper closes",                 AUTH,    "anna",   ROW_SSH,      CLOSES,               WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "terminal, the helper babbles",           AUTH,    "anna",   ROW_TERMINAL, BABBLES,              WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "terminal, the helper is silent",         AUTH,    "anna",   ROW_TERMINAL, IS_SILENT,            WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "sudo, approved",                         AUTH,    "anna",   ROW_SUDO,     APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "ssh, no socket and no helper",           AUTH,    "anna",   ROW_SSH,      IS_NOT_THERE,         WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "account, no socket, no helper",          ACCOUNT, "anna",   ROW_SSH,      IS_NOT_THERE,         WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "a name that nobody has",                 AUTH,    "nobody", ROW_SSH,      APPROVES,             WAITS,      PAM_AUTH_ERR,         USERS         },
        { "root",                                   AUTH,    "root",   ROW_SSH,      APPROVES,             WAITS,      PAM_AUTH_ERR,         USERS         },
        { "nowhere to draw",                        AUTH,    "anna",   ROW_NONE,     APPROVES,             WAITS,      PAM_AUTH_ERR,         USERS         },
        { "account, allowed",                       ACCOUNT, "anna",   ROW_SSH,      APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "account, denied",                        ACCOUNT, "anna",   ROW_SSH,      DENIES,               WAITS,      PAM_ACCT_EXPIRED,     USERS         },
        { "account, not ours",                      ACCOUNT, "mikael", ROW_SSH,      KNOWS_NOBODY,         WAITS,      PAM_IGNORE,           USERS         },
        { "account, another uid",                   ACCOUNT, "anna",   ROW_SSH,      APPROVES_OTHER_UID,   WAITS,      PAM_PERM_DENIED,      USERS         },
        { "account, the helper closes",             ACCOUNT, "anna",   ROW_SSH,      CLOSES,               WAITS,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "session opens",                          OPEN,    "anna",   ROW_TERMINAL, APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "session opens, not recorded",            OPEN,    "anna",   ROW_TERMINAL, DENIES,               WAITS,      PAM_SESSION_ERR,      USERS         },
        { "session closes",                         CLOSE,   "anna",   ROW_TERMINAL, APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "sudo in a dumb terminal, approved",      AUTH,    "anna",   ROW_PLAIN,    APPROVES,             WAITS,      PAM_SUCCESS,          USERS         },
        { "kiosk, approved",                        AUTH,    "anna",   ROW_KIOSK,    APPROVES,             OPENS_MENU, PAM_SUCCESS,          USERS         },
        { "ssh, by the link",                       AUTH,    "anna",   ROW_SSH,      APPROVES,             TURNS,      PAM_SUCCESS,          USERS         },
        { "terminal, by the link",                  AUTH,    "anna",   ROW_TERMINAL, APPROVES,             TURNS,      PAM_SUCCESS,          USERS         },
        { "terminal, stopped",                      AUTH,    "anna",   ROW_TERMINAL, APPROVES,             STOPS,      PAM_SUCCESS,          USERS         },
        { "root: a log-in",                         LOGIN,   "elsa",   ROW_TERMINAL, APPROVES,             WAITS,      PAM_SUCCESS,          ROOTS         },
        { "root: the helper does not go on",        LOGIN,   "elsa",   ROW_SSH,      APPROVES_AND_GOES,    WAITS,      PAM_SUCCESS,          ROOTS         },
        { "root: approved, then denied",            LOGIN,   "elsa",   ROW_SSH,      APPROVES_THEN_DENIES, WAITS,      PAM_ACCT_EXPIRED,     ROOTS         },
        { "root: another uid approved",             LOGIN,   "elsa",   ROW_SSH,      APPROVES_OTHER_UID,   WAITS,      PAM_AUTH_ERR,         ROOTS         },
        { "root: the socket is silent",             LOGIN,   "elsa",   ROW_SSH,      APPROVES,             WAITS,      PAM_SUCCESS,          ROOTS_SILENT  },
        { "root: the socket refuses",               LOGIN,   "elsa",   ROW_SSH_LIVE, APPROVES,             WAITS,      PAM_SUCCESS,          ROOTS_REFUSES },
        { "root: the socket refuses, wrong person", LOGIN,   "elsa",   ROW_SSH,      WRONG_PERSON,         WAITS,      PAM_AUTH_ERR,         ROOTS_REFUSES },
        { "root: nobody anywhere",                  LOGIN,   "elsa",   ROW_SSH,      IS_NOT_THERE,         WAITS,      PAM_AUTHINFO_UNAVAIL, ROOTS_REFUSES },
        { "root: session closes",                   CLOSE,   "elsa",   ROW_TERMINAL, APPROVES,             WAITS,      PAM_SUCCESS,          ROOTS_REFUSES },
        { "no terminal, by the link",               AUTH,    "anna",   ROW_PROMPT,   APPROVES,             TURNS,      PAM_SUCCESS,          USERS         },
        { "no terminal, no link is offered",        AUTH,    "anna",   ROW_PROMPT,   APPROVES,             WAITS,      PAM_AUTH_ERR,         USERS         },
};

const char *const scenes_title = "module";
static const struct scene *now;
static enum stage stage;                /* that was called last                                           */
static int result;                      /* and what it said                                               */

size_t scenes_count(void) {
        return N_ELEMENTS(scenes);
}

const char *scene_name(size_t scene) {
        return scenes[scene].name;
}

int scene_granted(void) {
        return result == PAM_SUCCESS;
}

__attribute__((__noreturn__)) static void broken(const char *what) {
        scene_broken(now->name, what);
}

/* -- The host ---------------------------------------------------------------------------------------------------------- */

static struct {
        char  tty[64];
        int   master;
        unsigned n_lines, n_asked;
} host = { .master = -1 };

/* What the module keeps from one call to the next. */
static struct note {
        const char *name;
        void       *data;
        void      (*release)(pam_handle_t *, void *, int);
} notes[] = { { .name = "careid-login" }, { .name = "careid-link" } };

uid_t geteuid(void) {
        return now && now->through != USERS ? 0 : UID_ANNA;
}

ssize_t readlink(const char *path, char *ret, size_t n) {
        (void) path;
        if (fault_now("readlink")) {
                errno = EACCES;
                return -1;
        }
        return snprintf(ret, n, "/usr/bin/sudo");
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t n, struct passwd **ret) {
        static const struct {
                const char *name;
                uid_t       uid;
        } users[] = { { "root", 0 }, { "mikael", 1000 }, { "anna", UID_ANNA }, { "elsa", UID_ELSA } };

        *ret = NULL;
        if (fault_now("getpwnam_r"))
                return EIO;
        for (size_t i = 0; i < N_ELEMENTS(users); i++)
                if (strcmp(users[i].name, name) == 0) {
                        *entry = (struct passwd) { .pw_name = buffer, .pw_uid = users[i].uid };
                        (void) snprintf(buffer, n, "%s", name);
                        *ret = entry;
                }
        return 0;
}

int link_directory_check(const char *path) {
        (void) path;
        return fault_now("link_directory_check") ? -EPERM : 0;
}

bool link_listener_trusted(uid_t uid) {
        (void) uid;
        return !fault_now("link_listener_trusted");
}

int link_become_owner(const char *helper) {
        (void) helper;
        return 0;
}

/* In the menu, or at a prompt in place of a picture. */
static const char *answer_of(bool menu) {
        if (now->person == CANCELS)
                return "c";
        if (now->person == TURNS)
                return menu ? "s" : host.n_asked == 0 ? "link" : "";
        return menu ? "l" : "";
}

static int converse(int n, const struct pam_message **messages, struct pam_response **ret, void *unused) {
        const int style = messages[0]->msg_style;
        struct pam_response *response;

        (void) unused;
        if (n != 1)
                broken("more than one message at once");
        if (fault_now("the conversation"))
                return PAM_CONV_ERR;
        fault_pause();
        response = calloc(1, sizeof *response);
        if (!response)
                abort();
        if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON)
                response->resp = strdup(answer_of(style == PAM_PROMPT_ECHO_ON));
        host.n_asked++;
        fault_resume();
        *ret = response;
        return PAM_SUCCESS;
}

int pam_get_item(const pam_handle_t *pamh, int item, const void **ret) {
        static const struct pam_conv conv = { .conv = converse };

        (void) pamh;
        if (fault_now("pam_get_item"))
                return PAM_SYSTEM_ERR;
        *ret = item == PAM_SERVICE ? (now->row == ROW_SUDO ? "sudo" : "login") : item == PAM_USER ? now->user : item == PAM_CONV ? (const void *) &conv
               : item == PAM_TTY && *host.tty ? host.tty : item == PAM_RHOST && now->row == ROW_PROMPT ? "192.0.2.7" : NULL;
        return PAM_SUCCESS;
}

int pam_get_user(pam_handle_t *pamh, const char **ret, const char *prompt) {
        (void) pamh;
        (void) prompt;
        if (fault_now("pam_get_user"))
                return PAM_CONV_ERR;
        *ret = now->user;
        return PAM_SUCCESS;
}

const char *pam_getenv(pam_handle_t *pamh, const char *name) {
        (void) pamh;
        if (fault_now("pam_getenv"))
                return NULL;
        return strcmp(name, "SSH_CONNECTION") == 0 ? "192.0.2.7 50000 192.0.2.1 22" : NULL;
}

static struct note *note_find(const char *name) {
        for (size_t i = 0; i < N_ELEMENTS(notes); i++)
                if (strcmp(notes[i].name, name) == 0)
                        return &notes[i];
        broken("a note of another name");
}

static void note_set(struct note *n, void *data, void (*release)(pam_handle_t *, void *, int), int why) {
        void *const before = n->data;

        if (n->release)
                n->release(NULL, before, why);
        n->data = data;
        n->release = release;
}

/* As libpam does: what was there is released. */
int pam_set_data(pam_handle_t *pamh, const char *name, void *data, void (*release)(pam_handle_t *, void *, int)) {
        (void) pamh;
        if (fault_now("pam_set_data"))
                return PAM_BUF_ERR;
        note_set(note_find(name), data, release, PAM_DATA_REPLACE);
        return PAM_SUCCESS;
}

int pam_get_data(const pam_handle_t *pamh, const char *name, const void **ret) {
        (void) pamh;
        if (fault_now("pam_get_data"))
                return PAM_NO_MODULE_DATA;
        *ret = note_find(name)->data;
        return *ret ? PAM_SUCCESS : PAM_NO_MODULE_DATA;
}

void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...) {
        (void) pamh;
        (void) priority;
        (void) format;
        host.n_lines++;
}

/* -- The helper -------------------------------------------------------------------------------------------------------- */

static int users_listener = -1, roots_listener = -1;

enum { LOGIN_NUMBER = 7, SESSION_NUMBER = 8 };          /* as the helper counts them                      */

static struct {
        int      fd, unheard;           /* what is said to the silent socket is heard by nobody           */
        bool     asked;                 /* pace: it waits to be asked                                     */
        bool     turned;                /* to the link                                                    */
        bool     approved, allowed, recorded;   /* what it has said                                       */
        unsigned n_shown, n_seen;       /* by the helper; by the person                                   */
        unsigned n_links;               /* conversations with it                                          */
} helper = { .fd = -1, .unheard = -1 };

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

        if (helper.n_shown++ < 2) {
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
                broken("it asks about another account");
        if (wire_has(m, WIRE_TAG_LOGIN) && m->number[WIRE_TAG_LOGIN] != LOGIN_NUMBER)
                broken("it speaks of another log-in");
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
                broken("the module says what is not for it to say");
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
                auto_closep(&host.master);
                host.master = -1;
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
                broken("no helper");
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

/* -- The rules --------------------------------------------------------------------------------------------------------- */

/* Where an undisturbed scene ends. */
static enum stage stage_last(void) {
        if (now->stage != LOGIN)
                return now->stage;
        return now->want == PAM_SUCCESS ? OPEN : now->helper == APPROVES_THEN_DENIES ? ACCOUNT : AUTH;
}

/* pam_eid(8): what each stage may say. */
static bool is_documented(void) {
        static const int codes[][8] = {
                [AUTH]    = { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHINFO_UNAVAIL, PAM_CONV_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [ACCOUNT] = { PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_AUTHINFO_UNAVAIL, PAM_CONV_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [OPEN]    = { PAM_SESSION_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [CLOSE]   = { PAM_SESSION_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
        };

        for (size_t i = 0; i < N_ELEMENTS(codes[0]) && codes[stage][i]; i++)
                if (codes[stage][i] == result)
                        return true;
        /* Success and "not ours" only where they are right. */
        return stage == stage_last() ? result == now->want : stage < stage_last() && result == PAM_SUCCESS;
}

/* Who may go on has an answer that says so: nothing that fails takes its place. */
static bool has_an_answer(void) {
        if (result != PAM_SUCCESS)
                return true;
        return stage == AUTH ? helper.approved : stage == ACCOUNT ? helper.allowed : helper.recorded;
}

static bool has_children(void) {
        siginfo_t info;

        return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

static void terminal_open(int *ret_slave) {
        host.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        if (host.master < 0 || grantpt(host.master) < 0 || unlockpt(host.master) < 0 ||
            ptsname_r(host.master, host.tty, sizeof host.tty) != 0)
                broken("no terminal");
        *ret_slave = open(host.tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
        (void) ioctl(host.master, TIOCSWINSZ, &(struct winsize) { .ws_row = 24, .ws_col = 80 });
}

static bool same_attributes(const struct termios *a, const struct termios *b) {
        return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
               memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

static int call_module(pam_handle_t *pamh, int argc, const char **argv) {
        switch (stage) {
        case AUTH:
                return pam_sm_authenticate(pamh, 0, argc, argv);
        case ACCOUNT:
                return pam_sm_acct_mgmt(pamh, 0, argc, argv);
        case OPEN:
                return pam_sm_open_session(pamh, 0, argc, argv);
        case CLOSE:
                return pam_sm_close_session(pamh, 0, argc, argv);
        case LOGIN:
                break;
        }
        broken("no such stage");
}

static void play(enum stage which) {
        static const char *live[] = { "live=yes", "timeout=20" }, *plain[] = { "timeout=20" }, *kiosk[] = { "kiosk=yes" };
        static char handle[1];                  /* nobody looks into it                                   */
        const char **const argv = now->row == ROW_SSH_LIVE ? live : now->row == ROW_KIOSK ? kiosk : plain;

        stage = which;
        host.n_lines = 0;
        result = call_module((pam_handle_t *) (void *) handle, now->row == ROW_SSH_LIVE ? 2 : 1, argv);

        fault_pause();
        if (!is_documented())
                broken("a result that is not documented for this");
        if (!has_an_answer())
                broken("success that nobody has given");
        if (stage == AUTH && host.n_lines != 1)
                broken("not one line in the log");
        /* Root's: one more for an entry that can't be written. */
        if (host.n_lines > 1 + (unsigned) (stage == OPEN && now->through != USERS))
                broken("more than one line in the log");
        fault_resume();
}

/* -- The entry that root writes for those whom only they and root see ---------------------------------------------------- */

static char entry[64];
static off_t n_entry;                           /* its size, when it is whole                             */

/* There is none yet, and what is begun is not called so. */
static void entry_check(void) {
        struct stat st;
        glob_t left;

        if (stat(entry, &st) == 0) {
                n_entry = n_entry ? n_entry : st.st_size;
                if (stage != OPEN || st.st_size != n_entry)
                        broken("an entry that is not whole");
                (void) unlink(entry);
        } else if (fault_n_done() == 0 && now->stage == LOGIN && stage == OPEN && n_entry) {
                broken("no entry");
        }
        if (glob("run/careroles/self/.[0-9]*", 0, NULL, &left) == 0) {
                for (size_t i = 0; i < left.gl_pathc; i++) {
                        if (!fault_was("unlinkat"))
                                broken("what was begun of an entry is left");
                        (void) unlink(left.gl_pathv[i]);
                }
                globfree(&left);
        }
}

/* -- A scene ----------------------------------------------------------------------------------------------------------- */

/* The sockets, as the scene has them; and back again. */
static void sockets_move(bool back) {
        const char *const there = now->through == USERS ? "run/user.sock" : "run/root.sock";

        if (now->through != ROOTS_REFUSES && now->helper != IS_NOT_THERE)
                return;
        if (back && now->through == ROOTS_REFUSES && rename(there, "run/refusing") < 0)
                broken("the socket does not go");
        if (rename(back ? "run/away" : there, back ? there : "run/away") < 0)
                broken("the socket does not move");
        if (!back && now->through == ROOTS_REFUSES && rename("run/refusing", there) < 0)
                broken("the socket does not come");
}

enum { FDS_MAX = 64 };

static uint64_t fds_open(void) {
        uint64_t open = 0;

        for (int fd = 0; fd < FDS_MAX; fd++)
                open |= (uint64_t) (fcntl(fd, F_GETFD) >= 0) << fd;
        return open;
}

/* A kept link of which fstat() does not say that it is one may be the host's by now, and is not closed: kept-link.c, 1. */
static void links_unknown_close(uint64_t before) {
        const uint64_t more = fds_open() & ~before;

        for (int fd = 0; fd < FDS_MAX; fd++)
                if (now->through != USERS && fault_was("fstat") && more >> fd & 1)
                        (void) close(fd);
}

static bool has_terminal(void) {
        return now->row == ROW_TERMINAL || now->row == ROW_SUDO || now->row == ROW_PLAIN || now->row == ROW_KIOSK;
}

static void terminal_begin(int *ret_slave, struct termios *ret) {
        terminal_open(ret_slave);
        if (tcgetattr(*ret_slave, ret) < 0)
                broken("no terminal");
        if (now->row == ROW_PLAIN || now->row == ROW_KIOSK) {
                ret->c_iflag |= IUTF8;
                (void) tcsetattr(*ret_slave, TCSANOW, ret);
        }
        if (now->person == STOPS)
                (void) tcflow(*ret_slave, TCOOFF);
        (void) setenv("TERM", now->row == ROW_PLAIN ? "dumb" : "linux", 1);
}

/* Undisturbed it goes the way that the scene is there for. */
static void way_check(void) {
        char seen;

        if (now->stage == LOGIN && now->through == ROOTS && result == PAM_SUCCESS &&
            helper.n_links != (now->helper == APPROVES_AND_GOES ? 3 : 1))
                broken("not in as many conversations as there have to be");
        if (helper.turned != (now->person == TURNS))
                broken("the link, or not, against the person's wish");
        if (now->row == ROW_PLAIN && !helper.asked)
                broken("pictures that nobody has asked for, on a terminal that moves no cursor");
        if (now->person == STOPS && read(host.master, &seen, 1) > 0)
                broken("a terminal that is stopped has been written to");
}

int scene_play(size_t scene) {
        struct termios before, after;
        sigset_t mask, mask_after;
        int slave = -1, accepted;
        bool had_children;
        uint64_t fds;
        size_t n_fds;

        fault_pause();
        now = &scenes[scene];
        result = -1;
        had_children = has_children();          /* a fuzzer's, which makes addresses readable             */
        n_fds = count_fds();
        fds = fds_open();
        host.tty[0] = '\0';
        host.n_asked = 0;
        helper = (__typeof__(helper)) { .fd = -1, .unheard = -1 };
        sockets_move(false);
        if (has_terminal())
                terminal_begin(&slave, &before);
        else if (now->row != ROW_NONE && now->row != ROW_PROMPT)
                memcpy(host.tty, "ssh", sizeof "ssh");
        (void) sigprocmask(SIG_SETMASK, NULL, &mask);
        fault_resume();

        play(now->stage == LOGIN ? AUTH : now->stage);
        for (enum stage next = ACCOUNT; now->stage == LOGIN && next <= OPEN && result == PAM_SUCCESS; next++)
                play(next);

        fault_pause();
        if (fault_n_done() == 0 && (result != now->want || stage != stage_last()))
                broken("another result, undisturbed");
        if (fault_n_done() == 0)
                way_check();
        entry_check();
        if (slave >= 0 && host.master >= 0 && (tcgetattr(slave, &after) < 0 || !same_attributes(&before, &after)))
                broken("the terminal's attributes are others");
        (void) sigprocmask(SIG_SETMASK, NULL, &mask_after);
        for (int s = 1; s < NSIG; s++)
                if (sigismember(&mask, s) != sigismember(&mask_after, s))
                        broken("other signals are blocked");
        if (has_children() && !had_children)
                broken("a child is left");
        for (size_t i = 0; i < N_ELEMENTS(notes); i++)
                note_set(&notes[i], NULL, NULL, 0);
        hang_up();
        auto_closep(&helper.unheard);
        sockets_move(true);
        while ((accepted = accept4(users_listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0 ||
               (accepted = accept4(roots_listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
                (void) close(accepted);
        auto_closep(&host.master);
        host.master = -1;
        auto_closep(&slave);
        links_unknown_close(fds);
        if (count_fds() != n_fds)
                broken("a descriptor is left open");
        fault_resume();
        return result + 1;
}

static char directory[] = "/tmp/careid-faults-XXXXXX";
static const char *const folders[] = { "lib", "lib/careroles", "run", "run/careroles", "run/careroles/self" };

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
        (void) st;
        (void) kind;
        (void) at;
        return remove(path);
}

static void clean_up(void) {
        (void) chdir("/");
        (void) nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
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

static void snapshots_place(void) {
        const int dir = open("lib/careroles", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        clinic_publish(dir, 1, 0);
        (void) close(dir);
        (void) snprintf(entry, sizeof entry, "run/careroles/self/%u", (unsigned) UID_ELSA);
}

void scenes_begin(void) {
        fault_plan(FAULT_NONE, 0, 0, 0);
        fault_pause();
        (void) signal(SIGHUP, SIG_IGN);
        (void) unsetenv("NO_COLOR");
        (void) umask(022);
        if (!mkdtemp(directory) || chmod(directory, 0755) < 0 || chdir(directory) < 0) {
                perror(directory);
                exit(1);
        }
        (void) atexit(clean_up);
        for (size_t i = 0; i < N_ELEMENTS(folders); i++)
                if (mkdir(folders[i], 0755) < 0) {
                        perror(folders[i]);
                        exit(1);
                }
        users_listener = socket_place("run/user.sock", 16);
        roots_listener = socket_place("run/root.sock", 16);
        (void) socket_place("run/refusing", 0);
        snapshots_place();
        fault_others = others;
        fault_pair = pair_made;
        fault_resume();
}
