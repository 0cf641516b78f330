/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module.c - scenes of the module: a call of PAM, or a log-in's three, with a host program, a person and a helper (module.h)
 *
 * The snapshots are real, below a directory of the test's own.
 */

#include "module.h"

#include "fault.h"
#include "scene.h"

#include "cleanup.h"
#include "clinic.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct module_scene scenes[] = {
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
        { "ssh, typed",                             AUTH,    "anna",   ROW_SSH,      APPROVES,             TYPES,      PAM_SUCCESS,          USERS         },
        { "ssh live, typed, wrong person",          AUTH,    "anna",   ROW_SSH_LIVE, WRONG_PERSON,         TYPES,      PAM_AUTH_ERR,         USERS         },
        { "terminal, typed",                        AUTH,    "anna",   ROW_TERMINAL, APPROVES,             TYPES,      PAM_SUCCESS,          USERS         },
        { "nowhere to draw, typed",                 AUTH,    "anna",   ROW_NONE,     APPROVES,             TYPES,      PAM_SUCCESS,          USERS         },
        { "no terminal, typed, the helper closes",  AUTH,    "anna",   ROW_PROMPT,   CLOSES,               TYPES,      PAM_AUTHINFO_UNAVAIL, USERS         },
        { "no terminal, no link is offered",        AUTH,    "anna",   ROW_PROMPT,   APPROVES,             WAITS,      PAM_AUTH_ERR,         USERS         },
};

const struct module_scene *now;
enum stage stage;
static int result;                      /* what that call said                                            */

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

/* Undisturbed it goes the way that the scene is there for. */
static void way_check(void) {
        char seen;

        if (now->stage == LOGIN && now->through == ROOTS && result == PAM_SUCCESS &&
            helper.n_links != (now->helper == APPROVES_AND_GOES ? 3 : 1))
                scene_broken("not in as many conversations as there have to be");
        if (helper.turned != (now->person == TURNS))
                scene_broken("the link, or not, against the person's wish");
        if (now->row == ROW_PLAIN && !helper.asked)
                scene_broken("pictures that nobody has asked for, on a terminal that moves no cursor");
        if (now->person == STOPS && read(host.master, &seen, 1) > 0)
                scene_broken("a terminal that is stopped has been written to");
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
        scene_broken("no such stage");
}

static void play_stage(enum stage which) {
        static const char *live[] = { "live=yes", "timeout=20" }, *plain[] = { "timeout=20" }, *kiosk[] = { "kiosk=yes" };
        static char handle[1];                  /* nobody looks into it                                   */
        const char **const argv = now->row == ROW_SSH_LIVE ? live : now->row == ROW_KIOSK ? kiosk : plain;

        stage = which;
        host.n_lines = 0;
        result = call_module((pam_handle_t *) (void *) handle, now->row == ROW_SSH_LIVE ? 2 : 1, argv);

        fault_pause();
        if (!is_documented())
                scene_broken("a result that is not documented for this");
        if (!has_an_answer())
                scene_broken("success that nobody has given");
        if (stage == AUTH && host.n_lines != 1)
                scene_broken("not one line in the log");
        /* Root's: one more for an entry that can't be written. */
        if (host.n_lines > 1 + (unsigned) (stage == OPEN && now->through != USERS))
                scene_broken("more than one line in the log");
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
                        scene_broken("an entry that is not whole");
                (void) unlink(entry);
        } else if (fault_n_done() == 0 && now->stage == LOGIN && stage == OPEN && n_entry) {
                scene_broken("no entry");
        }
        if (glob("run/careroles/self/.[0-9]*", 0, NULL, &left) == 0) {
                for (size_t i = 0; i < left.gl_pathc; i++) {
                        if (!fault_was("unlinkat"))
                                scene_broken("what was begun of an entry is left");
                        (void) unlink(left.gl_pathv[i]);
                }
                globfree(&left);
        }
}

/* -- A scene ----------------------------------------------------------------------------------------------------------- */

static void before(size_t row) {
        now = &scenes[row];
        result = -1;
        helper_begin();
        host_begin();
}

static int play(void) {
        play_stage(now->stage == LOGIN ? AUTH : now->stage);
        for (enum stage next = ACCOUNT; now->stage == LOGIN && next <= OPEN && result == PAM_SUCCESS; next++)
                play_stage(next);
        return result;
}

static struct scene_end check(int last) {
        if (fault_n_done() == 0 && (last != now->want || stage != stage_last()))
                scene_broken("another result, undisturbed");
        if (fault_n_done() == 0)
                way_check();
        entry_check();
        host_check();
        return (struct scene_end) { .word = last + 1, .granted = last == PAM_SUCCESS, .grants = now->want == PAM_SUCCESS };
}

static void clear(void) {
        host_forget();
        helper_end();
        host_end();
        /* A kept link of which fstat() does not say that it is one may be the host's by now, and is not closed: kept-link.c, 1. */
        if (now->through != USERS && fault_was("fstat"))
                scene_close_new_fds();
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

static void snapshots_place(void) {
        const int dir = open("lib/careroles", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        clinic_publish(dir, 1, 0);
        (void) close(dir);
        (void) snprintf(entry, sizeof entry, "run/careroles/self/%u", (unsigned) UID_ELSA);
}

static void begin(void) {
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
        helper_place();
        snapshots_place();
}

static const struct scenes calls = {
        SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check, .clear = clear,
};

const struct scenes *const scenes_played[] = { &calls, NULL };
