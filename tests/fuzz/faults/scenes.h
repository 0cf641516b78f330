/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scenes.h - the runner of scenes, for who decides which calls of theirs fail: sweep.c, fuzz-faults.c
 *
 * Scenes are numbered from 0, through all sets of the program (scene.h).
 */

#include <stdbool.h>
#include <stddef.h>

/* Makes what the scenes share, once. */
void scenes_begin(void);

size_t scenes_count(void);
const char *scenes_name(size_t scene);

/* Plays one, by the plan that fault_plan() has made.  How it ended: the same number, the same end; never 0. */
int scenes_play(size_t scene);

/* Was somebody let in?  In the last one played. */
bool scenes_granted(void);

/* Called when a rule of scene.h is broken: tells of it, and ends the process. */
__attribute__((__noreturn__)) void scenes_stop(const char *scene, const char *what);
