/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * world.h - a directory tree of its own that a test of the reader takes for "/" (test-places.h), and TAP
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WORLD_SNAPSHOTS "lib/careroles"
#define WORLD_SELF      "run/careroles/self"
#define WORLD_OVERLAY   "run/careroles/overlay"

/* Set before world_enter(): remain root, if that is what the test runs as; otherwise it becomes nobody. */
extern bool world_root;

/* Make a fresh tree with empty directories and go there; leave it and remove it. */
void world_enter(void);
void world_leave(void);

/* Who the reader is told that it is (test_euid() of test-places.h); (uid_t) -1: who it is. */
extern uid_t world_euid;

/* Whether the reader is told that this remains so. */
extern bool world_euid_is_fixed;

/* A descriptor of a directory in the world, for the writer. */
int world_open(const char *path);

/* The whole of a file, malloc'd; write one, in place of what was there (a new inode). */
uint8_t *world_read(const char *path, size_t *ret_n);
void world_write(const char *path, const void *data, size_t n, mode_t mode);

/* -- TAP ------------------------------------------------------------------------------------------ */

/* One line for each case; true if it holds. */
bool ok(bool holds, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));
void skip(const char *why, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));
void note(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* The plan and the exit status. */
int finish(void);
