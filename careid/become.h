/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * become.h - root, only for what needs root; then the system user of careid, for good
 */

#include <sys/types.h>

enum {
        BECOME_OK = 0,
        BECOME_E_NOT_ROOT = 1,          /* only root may administer (delegation comes through the helper) */
        BECOME_E_NO_USER,               /* there is no user of that name                          */
        BECOME_E_WRONG_USER,            /* it is root, or no system user (uid 1-999)              */
};

struct become {
        uid_t uid;
        gid_t gid;
};

/* Are we root, and whom would we become?  Returns BECOME_OK, BECOME_E_*, or a negative errno. */
int become_look(struct become *ret);

/* Do it.  On return there is no way back; anything else aborts. */
void become_or_die(const struct become *who);

/* Says what BECOME_E_* or a negative errno means; returns the exit status. */
int become_say(int r);
