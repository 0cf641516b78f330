/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scene.h - what the sweep and the fuzz target play, with one thing or many going wrong
 *
 * A scene is one whole conversation in this process.  It is played once as it
 * should go, and then as often as it makes calls; each time it checks itself:
 *
 *  1. nobody is let in unless the undisturbed scene lets them in, and then the record is there;
 *  2. what is said is of the documented set;
 *  3. no descriptor is left open, no attribute of a terminal changed;
 *  4. it ends.
 *
 * Leaks are the sanitizer's to find.
 */

#include <stddef.h>

/* Makes what the scenes share, once. */
void scenes_begin(void);

extern const char *const scenes_title;

size_t scenes_count(void);
const char *scene_name(size_t scene);

/* How it ended: the same number, the same end.  Ends the process if one of the rules above is broken. */
int scene_play(size_t scene);

/* A rule is broken: whoever plays the scenes says so, and ends the process. */
__attribute__((__noreturn__)) void scene_broken(const char *scene, const char *what);

/* Was it let in?  Of the last one played. */
int scene_granted(void);
