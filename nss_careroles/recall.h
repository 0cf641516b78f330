/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * recall.h - what this process has been answered before, as callers of NSS get it
 *
 * For answers that everybody gets, that have no time in them, and that have
 * been checked when they were given first.  They stand in memory of this
 * process, where no owner of a file can change them, and count for as long as
 * the change counter is what it was when the view was opened that gave them.
 *
 * At most RECALL_PLACES are kept, in any thread, without a lock: who meets a
 * place that is being written knows nothing, or lets it be.
 */

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        RECALL_PLACES = 256,                    /* a power of two; 32 KiB in all, of which only what is used is taken */
        RECALL_TEXT = 96,                       /* bytes of an entry's strings, or of a user's name and groups        */
        RECALL_GROUPS_MAX = RECALL_TEXT / sizeof(gid_t),
};

/*
 * The entry with @name or, if that is NULL, with the id, laid out in @buf.
 * False: ask the snapshots; *ret is as it was, @buf may be not.
 */
bool recall_passwd(const char *name, uid_t uid, struct passwd *ret, char *buf, size_t n_buf);
bool recall_group(const char *name, gid_t gid, struct group *ret, char *buf, size_t n_buf);

/*
 * Call @each for the groups of @user until it returns non-zero, which is then
 * returned; otherwise 0, or a positive code: what @each has been given does
 * not count, ask the snapshots.
 */
int recall_groups(const char *user, int (*each)(gid_t gid, void *context), void *context);

/*
 * Remember what a view of @counter gave to who asked by name or by id; @pw and
 * @gr are as pack.c laid them out, @gr without members.  What is too long is
 * not remembered.
 */
void remember_passwd(uint32_t counter, bool by_name, const struct passwd *pw);
void remember_group(uint32_t counter, bool by_name, const struct group *gr);
void remember_groups(uint32_t counter, const char *user, const gid_t *groups, size_t n);
