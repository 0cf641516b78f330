/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * person.h - plays the person's part of a script: reads what is shown, types what is asked
 *
 *     info = /REGEX/                   a text
 *     error = /REGEX/                  a text that says what went wrong
 *     infos = /REGEX/                  any number of those
 *     ask = /REGEX/ -> ANSWER          a question whose answer is shown as it is typed
 *     secret = /REGEX/ -> ANSWER       one whose answer is not shown
 *     picture = /REGEX/ -> ANSWER      the same below a code, light on a dark screen
 *     inverted picture = ...           the same, light and dark exchanged
 *     shown picture = /REGEX/          a code in a text that asks nothing (live)
 *     screen = /REGEX/                 what was drawn on the terminal since the last such line
 *     key = Enter | TEXT               typed at the terminal, not at a question
 *     resize = COLUMNSxROWS
 *     echo = on | off                  whether the terminal shows what is typed
 *     hang up                          the terminal goes away
 *
 * ANSWER: Enter; "TEXT"; late SECONDS (Enter, but after so long); long COUNT; nothing (no answer at all); no response; fail (the host
 * program gives up); become NAME (somebody changes PAM_USER, then Enter).
 */

#include "script.h"

#include <pthread.h>
#include <security/pam_appl.h>

enum { PERSON_SCREEN_MAX = 1 << 20 };

struct person {
        const struct script *script;
        pam_handle_t        *pamh;              /* for "become"                                          */
        int                  master;            /* the terminal, as its owner sees it; -1: none          */
        const char          *tty;               /* its name                                              */
        pthread_mutex_t      lock;
        pthread_cond_t       moved;
        size_t               at;                /* the line of the script that comes next                */
        bool                 failed, over;
        char                 complaint[1024];
        char                *screen;            /* since the last screen = line that matched             */
        size_t               n_screen;
};

/* The conversation function; appdata_ptr is the person. */
int person_converse(int n, const struct pam_message **messages, struct pam_response **ret, void *person);

/* A thread that watches the terminal until person->over. */
void *person_watch(void *person);

/* True if the whole part was played, without a complaint. */
bool person_is_done(struct person *p);
