/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module-host.c - the host program of the module's scenes
 *
 * libpam's functions, the host's user database, the effective uid and the trust
 * in a socket's owner are doubles; the terminal is real.
 */

#include "module.h"

#include "fault.h"
#include "scene.h"

#include "cleanup.h"
#include "clinic.h"
#include "link-trust.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct module_host host = { .master = -1 };

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

int link_become_owner(const char *path) {
        (void) path;
        return 0;
}

/* In the menu, or at a prompt in place of a picture. */
static const char *answer_of(bool menu) {
        if (now->person == CANCELS)
                return "c";
        if (now->person == TYPES)
                return "secret";
        if (now->person == TURNS)
                return menu ? "s" : host.n_asked == 0 ? "link" : "";
        return menu ? "l" : "";
}

static int converse(int n, const struct pam_message **messages, struct pam_response **ret, void *unused) {
        const int style = messages[0]->msg_style;
        struct pam_response *response;

        (void) unused;
        if (n != 1)
                scene_broken("more than one message at once");
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
        scene_broken("a note of another name");
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

void host_forget(void) {
        for (size_t i = 0; i < N_ELEMENTS(notes); i++)
                note_set(&notes[i], NULL, NULL, 0);
}

/* -- Its terminal ------------------------------------------------------------------------------------------------------ */

static int slave = -1;
static struct termios attributes;
static sigset_t mask;

static void terminal_open(int *ret_slave) {
        host.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        if (host.master < 0 || grantpt(host.master) < 0 || unlockpt(host.master) < 0 ||
            ptsname_r(host.master, host.tty, sizeof host.tty) != 0)
                scene_broken("no terminal");
        *ret_slave = open(host.tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
        (void) ioctl(host.master, TIOCSWINSZ, &(struct winsize) { .ws_row = 24, .ws_col = 80 });
}

static bool same_attributes(const struct termios *a, const struct termios *b) {
        return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
               memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

static bool has_terminal(void) {
        return now->row == ROW_TERMINAL || now->row == ROW_SUDO || now->row == ROW_PLAIN || now->row == ROW_KIOSK;
}

static void terminal_begin(int *ret_slave, struct termios *ret) {
        terminal_open(ret_slave);
        if (tcgetattr(*ret_slave, ret) < 0)
                scene_broken("no terminal");
        if (now->row == ROW_PLAIN || now->row == ROW_KIOSK) {
                ret->c_iflag |= IUTF8;
                (void) tcsetattr(*ret_slave, TCSANOW, ret);
        }
        if (now->person == STOPS)
                (void) tcflow(*ret_slave, TCOOFF);
        (void) setenv("TERM", now->row == ROW_PLAIN ? "dumb" : "linux", 1);
}

void host_begin(void) {
        host.tty[0] = '\0';
        host.n_asked = 0;
        if (has_terminal())
                terminal_begin(&slave, &attributes);
        else if (now->row != ROW_NONE && now->row != ROW_PROMPT)
                memcpy(host.tty, "ssh", sizeof "ssh");
        (void) sigprocmask(SIG_SETMASK, NULL, &mask);
}

void host_check(void) {
        struct termios after;
        sigset_t mask_after;

        if (slave >= 0 && host.master >= 0 && (tcgetattr(slave, &after) < 0 || !same_attributes(&attributes, &after)))
                scene_broken("the terminal's attributes are others");
        (void) sigprocmask(SIG_SETMASK, NULL, &mask_after);
        for (int s = 1; s < NSIG; s++)
                if (sigismember(&mask, s) != sigismember(&mask_after, s))
                        scene_broken("other signals are blocked");
}

void host_hang_up(void) {
        auto_closep(&host.master);
        host.master = -1;
}

void host_end(void) {
        host_hang_up();
        auto_closep(&slave);
        slave = -1;
}
