/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * privs.h - be the owner of this program, for good
 */

#include <stdbool.h>
#include <sys/types.h>

struct privs {
        uid_t uid;              /* the owner of the program: _careid                              */
        gid_t gid;
        uid_t real_uid;         /* who executed it                                                */
        bool  by_service;       /* that was _careid itself: a service manager                     */
};

/* Verdicts of privs_find(). */
enum {
        PRIVS_OK = 0,
        PRIVS_E_NONE = 1,       /* we don't run as the program's owner: NoNewPrivileges, nosuid, wrong mode */
};

/* Whom do we run as, and whom should we?  Looks only. */
int privs_find(struct privs *ret);

/*
 * Become @p->uid:@p->gid in every id, without supplementary groups where the
 * kernel lets us (a root caller; a user's own can't be dropped) and without
 * capabilities.  On return we have tried to take the old identity back, and
 * failed.  Anything else aborts: nobody has a sane way to go on half-privileged.
 */
void privs_become_or_die(const struct privs *p);
