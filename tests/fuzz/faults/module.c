/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module.c - scenes of the module: one call of PAM each, with a host program, a person and a helper
 *
 * libpam's functions, the host's user database and the trust in a socket's
 * owner are doubles; the connection and the terminal are real.
 */

#include "../../count-fds.h"
#include "fault.h"
#include "scene.h"

#include "cleanup.h"
#include "link-trust.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
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

#define UID_ANNA 2001000001U

enum stage { AUTH, ACCOUNT, OPEN, CLOSE };
enum row { ROW_SSH, ROW_SSH_LIVE, ROW_TERMINAL, ROW_SUDO, ROW_NONE };

/* What the helper does in the end.  Or: there is no socket, and the program that is executed then is not there either. */
enum helper {
        APPROVES, APPROVES_OTHER, APPROVES_OTHER_UID, WRONG_PERSON, CLOSES, BABBLES, IS_SILENT, DENIES, KNOWS_NOBODY, IS_NOT_THERE,
};

/* What the person does: Enter only; the menu, then on; gives up in the menu; the terminal goes. */
enum person { WAITS, OPENS_MENU, CANCELS, HANGS_UP };

static const struct scene {
        const char *name;
        enum stage  stage;
        const char *user;
        enum row    row;
        enum helper helper;
        enum person person;
        int         want;
} scenes[] = {
        { "ssh, approved",                 AUTH,    "anna",   ROW_SSH,      APPROVES,           WAITS,      PAM_SUCCESS          },
        { "ssh live, approved",            AUTH,    "anna",   ROW_SSH_LIVE, APPROVES,           WAITS,      PAM_SUCCESS          },
        { "terminal, approved",            AUTH,    "anna",   ROW_TERMINAL, APPROVES,           WAITS,      PAM_SUCCESS          },
        { "terminal, menu, approved",      AUTH,    "anna",   ROW_TERMINAL, APPROVES,           OPENS_MENU, PAM_SUCCESS          },
        { "terminal, cancelled",           AUTH,    "anna",   ROW_TERMINAL, APPROVES,           CANCELS,    PAM_AUTH_ERR         },
        { "terminal, hung up",             AUTH,    "anna",   ROW_TERMINAL, IS_SILENT,          HANGS_UP,   PAM_AUTH_ERR         },
        { "ssh, wrong person",             AUTH,    "anna",   ROW_SSH,      WRONG_PERSON,       WAITS,      PAM_AUTH_ERR         },
        { "ssh, another account approved", AUTH,    "anna",   ROW_SSH,      APPROVES_OTHER,     WAITS,      PAM_AUTH_ERR         },
        { "ssh, another uid approved",     AUTH,    "anna",   ROW_SSH_LIVE, APPROVES_OTHER_UID, WAITS,      PAM_AUTH_ERR         },
        { "ssh, the helper closes",        AUTH,    "anna",   ROW_SSH,      CLOSES,             WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "terminal, the helper babbles",  AUTH,    "anna",   ROW_TERMINAL, BABBLES,            WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "terminal, the helper is silent", AUTH,   "anna",   ROW_TERMINAL, IS_SILENT,          WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "sudo, approved",                AUTH,    "anna",   ROW_SUDO,     APPROVES,           WAITS,      PAM_SUCCESS          },
        { "ssh, no socket and no helper",  AUTH,    "anna",   ROW_SSH,      IS_NOT_THERE,       WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "account, no socket, no helper", ACCOUNT, "anna",   ROW_SSH,      IS_NOT_THERE,       WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "a name that nobody has",        AUTH,    "nobody", ROW_SSH,      APPROVES,           WAITS,      PAM_AUTH_ERR         },
        { "root",                          AUTH,    "root",   ROW_SSH,      APPROVES,           WAITS,      PAM_AUTH_ERR         },
        { "nowhere to draw",               AUTH,    "anna",   ROW_NONE,     APPROVES,           WAITS,      PAM_AUTH_ERR         },
        { "account, allowed",              ACCOUNT, "anna",   ROW_SSH,      APPROVES,           WAITS,      PAM_SUCCESS          },
        { "account, denied",               ACCOUNT, "anna",   ROW_SSH,      DENIES,             WAITS,      PAM_ACCT_EXPIRED     },
        { "account, not ours",             ACCOUNT, "mikael", ROW_SSH,      KNOWS_NOBODY,       WAITS,      PAM_IGNORE           },
        { "account, another uid",          ACCOUNT, "anna",   ROW_SSH,      APPROVES_OTHER_UID, WAITS,      PAM_PERM_DENIED      },
        { "account, the helper closes",    ACCOUNT, "anna",   ROW_SSH,      CLOSES,             WAITS,      PAM_AUTHINFO_UNAVAIL },
        { "session opens",                 OPEN,    "anna",   ROW_TERMINAL, APPROVES,           WAITS,      PAM_SUCCESS          },
        { "session opens, not recorded",   OPEN,    "anna",   ROW_TERMINAL, DENIES,             WAITS,      PAM_SESSION_ERR      },
        { "session closes",                CLOSE,   "anna",   ROW_TERMINAL, APPROVES,           WAITS,      PAM_SUCCESS          },
};

const char *const scenes_title = "module";
static const struct scene *now;
static int result;

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
        void *note;
        void (*release)(pam_handle_t *, void *, int);
        unsigned n_lines, n_asked;
} host = { .master = -1 };

uid_t geteuid(void) {
        return UID_ANNA;
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
        } users[] = { { "root", 0 }, { "mikael", 1000 }, { "anna", UID_ANNA } };

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
                response->resp = strdup(now->person == CANCELS ? "c" : style == PAM_PROMPT_ECHO_ON ? "l" : "");
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
               : item == PAM_TTY && *host.tty ? host.tty : NULL;
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

int pam_set_data(pam_handle_t *pamh, const char *name, void *data, void (*release)(pam_handle_t *, void *, int)) {
        (void) pamh;
        (void) name;
        if (fault_now("pam_set_data"))
                return PAM_BUF_ERR;
        if (host.note)
                broken("two notes");
        host.note = data;
        host.release = release;
        return PAM_SUCCESS;
}

int pam_get_data(const pam_handle_t *pamh, const char *name, const void **ret) {
        (void) pamh;
        (void) name;
        if (fault_now("pam_get_data"))
                return PAM_NO_MODULE_DATA;
        *ret = host.note;
        return host.note ? PAM_SUCCESS : PAM_NO_MODULE_DATA;
}

void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...) {
        (void) pamh;
        (void) priority;
        (void) format;
        host.n_lines++;
}

/* -- The helper -------------------------------------------------------------------------------------------------------- */

static int listener = -1;

static struct {
        int      fd;
        bool     asked;                 /* pace: it waits to be asked                                     */
        unsigned n_shown, n_seen;       /* by the helper; by the person                                   */
} helper = { .fd = -1 };

static struct wire_message said;

static void say(void) {
        (void) wire_send(helper.fd, &said, wire_now_ms() + 1);
}

static void hang_up(void) {
        auto_closep(&helper.fd);
        helper.fd = -1;
}

static void say_intro(void) {
        wire_message_init(&said, WIRE_INTRO);
        wire_set_string(&said, WIRE_TAG_LANGUAGE, "en");
        wire_set_string(&said, WIRE_TAG_CHECK_CODE, "4711");
        wire_set_string(&said, WIRE_TAG_ABOUT, "Log-in at the clinic");
        wire_set_string(&said, WIRE_TAG_TEXT, "Scan the code.");
        wire_set_string(&said, WIRE_TAG_HELP, "Press Enter for other choices.");
        wire_set_string(&said, WIRE_TAG_MENU, "Enter: go on, c: cancel: ");
        say();
}

static void say_show(void) {
        static const uint8_t bits[(41 * 41 + 7) / 8];

        wire_message_init(&said, WIRE_SHOW);
        wire_set_number(&said, WIRE_TAG_STATE, WIRE_STATE_SCAN);
        wire_set_string(&said, WIRE_TAG_TEXT, "Scan the code.");
        wire_set_string(&said, WIRE_TAG_HELP, "Enter: new code.");
        wire_set_number(&said, WIRE_TAG_SECONDS, 30);
        wire_set_number(&said, WIRE_TAG_QR_SIDE, 41);
        wire_set_bytes(&said, WIRE_TAG_QR_BITS, bits, sizeof bits);
        say();
}

static void say_verdict(void) {
        const bool approves = now->helper == APPROVES || now->helper == APPROVES_OTHER || now->helper == APPROVES_OTHER_UID;

        wire_message_init(&said, WIRE_VERDICT);
        wire_set_number(&said, WIRE_TAG_VERDICT, approves ? WIRE_VERDICT_APPROVED : WIRE_VERDICT_WRONG_PERSON);
        wire_set_string(&said, WIRE_TAG_TEXT, "That was it.");
        wire_set_string(&said, WIRE_TAG_LANGUAGE, "en");
        if (approves) {
                wire_set_string(&said, WIRE_TAG_ACCOUNT, now->helper == APPROVES_OTHER ? "bo" : now->user);
                wire_set_number(&said, WIRE_TAG_UID, UID_ANNA + (now->helper == APPROVES_OTHER_UID));
                wire_set_number(&said, WIRE_TAG_LOGIN, 7);
        }
        say();
        hang_up();
}

static void say_decision(enum wire_kind kind) {
        static const char noise[] = "no message";

        if (now->helper == CLOSES) {
                hang_up();
                return;
        }
        if (now->helper == BABBLES) {
                (void) send(helper.fd, noise, sizeof noise, MSG_NOSIGNAL);
                return;
        }
        wire_message_init(&said, kind);
        wire_set_number(&said, WIRE_TAG_DECISION, now->helper == DENIES ? WIRE_DECISION_EXPIRED
                                                  : now->helper == KNOWS_NOBODY ? WIRE_DECISION_NOT_OURS : WIRE_DECISION_ALLOWED);
        if (kind == WIRE_DECISION) {
                wire_set_string(&said, WIRE_TAG_TEXT, "That was it.");
                if (now->helper == APPROVES || now->helper == APPROVES_OTHER_UID)
                        wire_set_number(&said, WIRE_TAG_UID, UID_ANNA + (now->helper == APPROVES_OTHER_UID));
        }
        say();
        hang_up();
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
        } else if (now->helper != IS_SILENT && (now->person != OPENS_MENU || host.n_asked > 0)) {
                say_verdict();
        }
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
        case WIRE_ACCOUNT:
                say_decision(WIRE_DECISION);
                return;
        case WIRE_OPEN:
        case WIRE_CLOSE:
                say_decision(WIRE_RECORDED);
                return;
        default:
                broken("the module says what is not for it to say");
        }
}

/* What the person does at the terminal, once there is a code. */
static bool person_acts(void) {
        char seen[4096];

        if (host.master < 0)
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
        if ((now->person == OPENS_MENU || now->person == CANCELS) && host.n_asked == 0)
                return write(host.master, "\r", 1) == 1;
        return false;
}

static uint64_t others(void) {
        struct pollfd p = { .fd = helper.fd < 0 ? listener : helper.fd, .events = POLLIN };

        if (person_acts())
                return 0;
        if (poll(&p, 1, 0) > 0) {
                if (helper.fd < 0)
                        helper.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                else
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

/* pam_eid(8): what each stage may say. */
static bool is_documented(void) {
        static const int codes[][8] = {
                [AUTH]    = { PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHINFO_UNAVAIL, PAM_CONV_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [ACCOUNT] = { PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_AUTHINFO_UNAVAIL, PAM_CONV_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [OPEN]    = { PAM_SESSION_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
                [CLOSE]   = { PAM_SESSION_ERR, PAM_BUF_ERR, PAM_SYSTEM_ERR },
        };

        for (size_t i = 0; i < N_ELEMENTS(codes[0]) && codes[now->stage][i]; i++)
                if (codes[now->stage][i] == result)
                        return true;
        return result == now->want;             /* success and "not ours" only where they are right       */
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

static void play(void) {
        static const char *live[] = { "live=yes", "timeout=20" }, *plain[] = { "timeout=20" };
        static char handle[1];                  /* nobody looks into it                                   */
        pam_handle_t *const pamh = (pam_handle_t *) (void *) handle;
        const char **argv = now->row == ROW_SSH_LIVE ? live : plain;
        const int argc = now->row == ROW_SSH_LIVE ? 2 : 1;

        switch (now->stage) {
        case AUTH:
                result = pam_sm_authenticate(pamh, 0, argc, argv);
                return;
        case ACCOUNT:
                result = pam_sm_acct_mgmt(pamh, 0, argc, argv);
                return;
        case OPEN:
                result = pam_sm_open_session(pamh, 0, argc, argv);
                return;
        case CLOSE:
                result = pam_sm_close_session(pamh, 0, argc, argv);
                return;
        }
}

int scene_play(size_t scene) {
        struct termios before, after;
        sigset_t mask, mask_after;
        int slave = -1, accepted;
        bool had_children;
        size_t n_fds;

        fault_pause();
        now = &scenes[scene];
        result = -1;
        had_children = has_children();          /* a fuzzer's, which makes addresses readable             */
        n_fds = count_fds();
        host.tty[0] = '\0';
        host.n_lines = host.n_asked = 0;
        helper = (__typeof__(helper)) { .fd = -1 };
        if (now->helper == IS_NOT_THERE && rename("run/user.sock", "run/away") < 0)
                broken("the socket does not go");
        if (now->row == ROW_TERMINAL || now->row == ROW_SUDO)
                terminal_open(&slave);
        else if (now->row != ROW_NONE)
                memcpy(host.tty, "ssh", sizeof "ssh");
        if (slave >= 0)
                (void) tcgetattr(slave, &before);
        (void) sigprocmask(SIG_SETMASK, NULL, &mask);
        fault_resume();

        play();

        fault_pause();
        if (!is_documented())
                broken("a result that is not documented for this");
        if (fault_n_done() == 0 && result != now->want)
                broken("another result, undisturbed");
        if (now->stage == AUTH && host.n_lines != 1)
                broken("not one line in the log");
        if (host.n_lines > 1)
                broken("more than one line in the log");
        if (slave >= 0 && host.master >= 0 && (tcgetattr(slave, &after) < 0 || !same_attributes(&before, &after)))
                broken("the terminal's attributes are others");
        (void) sigprocmask(SIG_SETMASK, NULL, &mask_after);
        for (int s = 1; s < NSIG; s++)
                if (sigismember(&mask, s) != sigismember(&mask_after, s))
                        broken("other signals are blocked");
        if (has_children() && !had_children)
                broken("a child is left");
        if (host.note)
                host.release(NULL, host.note, 0);
        host.note = NULL;
        hang_up();
        if (now->helper == IS_NOT_THERE && rename("run/away", "run/user.sock") < 0)
                broken("the socket does not come back");
        while ((accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
                (void) close(accepted);
        auto_closep(&host.master);
        host.master = -1;
        auto_closep(&slave);
        if (count_fds() != n_fds)
                broken("a descriptor is left open");
        fault_resume();
        return result + 1;
}

static char directory[] = "/tmp/careid-faults-XXXXXX";

static void clean_up(void) {
        (void) unlink("run/user.sock");
        (void) rmdir("run");
        (void) chdir("/");
        (void) rmdir(directory);
}

void scenes_begin(void) {
        struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "run/user.sock" };

        fault_plan(FAULT_NONE, 0, 0, 0);
        fault_pause();
        (void) signal(SIGHUP, SIG_IGN);
        if (!mkdtemp(directory) || chdir(directory) < 0 || mkdir("run", 0700) < 0) {
                perror(directory);
                exit(1);
        }
        (void) atexit(clean_up);
        listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (bind(listener, (const struct sockaddr *) &address, sizeof address) < 0 || listen(listener, 16) < 0) {
                perror("listen");
                exit(1);
        }
        fault_others = others;
        fault_resume();
}
