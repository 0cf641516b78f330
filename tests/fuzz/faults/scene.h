/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scene.h - what a file of scenes gives the one runner (scenes.c), which sweep and fuzz target share
 *
 * A scene is one whole conversation or act in this process.  It is played once
 * as it should go, and then as often as it makes calls; each time:
 *
 *  1. nobody is let in unless the undisturbed scene lets them in, and then the record is there;
 *  2. what is said is of the documented set;
 *  3. no descriptor is left open, no child, no attribute of a terminal changed;
 *  4. it ends.
 *
 * The runner sees to 1 (but for the record), descriptors and children; the rest
 * is checked by the set that the scene is of.  Leaks are the sanitizer's to find.
 */

#include <stdbool.h>
#include <stddef.h>

struct scene_end {
        int  word;                      /* the same number, the same end; never 0                         */
        bool granted;                   /* somebody was let in, or the thing was done                     */
        bool grants;                    /* is so when nothing is disturbed                                */
};

/* Scenes that are played alike.  Calls fail in play() alone. */
struct scenes {
        const void *rows;               /* a table; each row begins with its name, a const char *         */
        size_t      n, n_row;           /* its rows, and the size of one                                  */

        void (*begin)(void);            /* once: makes what they share                                    */
        void (*before)(size_t row);     /* before each: the same world every time, and which scene it is  */
        int  (*play)(void);
        struct scene_end (*check)(int result);          /* the rules; @result is what play() said         */
        void (*clear)(void);            /* closes what the others' part has open; NULL: nothing            */
};

#define SCENE_ROWS(table) .rows = (table), .n = sizeof (table) / sizeof (table)[0], .n_row = sizeof (table)[0]

/* Of this program, ended by NULL: begun and numbered in this order, which the seeds of the fuzz target go by. */
extern const struct scenes *const scenes_played[];

/* A rule is broken: ends the process. */
__attribute__((__noreturn__)) void scene_broken(const char *what);

/* Closes what has been opened since the scene began, as the kernel would where a process ends. */
void scene_close_new_fds(void);
