/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * module.h - a scene of the module: what the host program, the person and the helper do in it
 *
 * One process plays them all: module-host.c the host program with libpam and its
 * terminal, module-helper.c who answers at the other end of the socket, and the
 * person.  module.c has the scenes, calls the module and checks what comes of it.
 */

#include <stdbool.h>

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

/* What the person does: Enter only; the menu, then on; gives up in the menu; the terminal goes; asks for the link; Ctrl-S;
   types what is asked for. */
enum person { WAITS, OPENS_MENU, CANCELS, HANGS_UP, TURNS, STOPS, TYPES };

struct module_scene {
        const char *name;
        enum stage  stage;
        const char *user;
        enum row    row;
        enum helper helper;
        enum person person;
        int         want;
        enum through through;
};

extern const struct module_scene *now;
extern enum stage stage;                /* that was called last                                           */

/* -- module-host.c ----------------------------------------------------------------------------------------------------- */

extern struct module_host {
        char     tty[64];               /* PAM_TTY; empty: none                                           */
        int      master;                /* the person's side of its terminal; -1: none                    */
        unsigned n_lines, n_asked;      /* in the log; by the conversation                                */
} host;

void host_begin(void);                  /* opens its terminal, if it has one                              */
void host_check(void);                  /* that its terminal and its signals are as they were             */
void host_hang_up(void);                /* the terminal goes                                              */
void host_forget(void);                 /* what the module keeps from one call to the next, as pam_end()  */
void host_end(void);

/* -- module-helper.c --------------------------------------------------------------------------------------------------- */

extern struct module_helper {
        int      fd, unheard;           /* what is said to the silent socket is heard by nobody           */
        bool     asked;                 /* pace: it waits to be asked                                     */
        bool     turned;                /* to the link                                                    */
        bool     typed;                 /* was answered                                                   */
        bool     approved, allowed, recorded;   /* what it has said                                       */
        unsigned n_shown, n_seen;       /* by the helper; by the person                                   */
        unsigned n_links;               /* conversations with it                                          */
} helper;

void helper_place(void);                /* its sockets, once, below run/                                  */
void helper_begin(void);
void helper_end(void);
