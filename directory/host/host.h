/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host.h - what the host knows besides us: its users and groups
 *
 * Asked before a name or number is given out, never within a transaction:
 * an answer may come from far away.
 */

#include <stdint.h>

/*
 * 0: there is none; 1: there is one, whose id is in *@ret_id; or a negative
 * errno.  A name service that is out of order counts as one that knows
 * nothing: the local files, which are asked first, always answer.
 */
int host_user(const char *name, uint32_t *ret_id);
int host_group(const char *name, uint32_t *ret_id);

/* What the user with this number is called, in the same terms; 1 and "": by a name that has no room in @ret. */
enum { HOST_USER_MAX = 255 };
int host_user_of(uint32_t id, char ret[static HOST_USER_MAX + 1]);

/*
 * All of them at once.  Returns 1; 0, and *ret is NULL: the host has sources
 * that need not list all they know, like a directory service, and has to be
 * asked for each; or a negative errno.
 */
struct host_memory;
int host_remember(struct host_memory **ret);

/* Does a user or a group have this number?  0, 1 or a negative errno. */
int host_number(uint32_t id);

/* For a process that can't ask by itself: who answers in its place, from now on, in the same terms, but for host_user_of(),
 * which is -EOPNOTSUPP then.  Borrowed. */
struct host_answers {
        int  (*user)(void *about, const char *name, uint32_t *ret_id);
        int  (*group)(void *about, const char *name, uint32_t *ret_id);
        int  (*number)(void *about, uint32_t id);
        void  *about;
};

void host_answered_by(const struct host_answers *answers);
