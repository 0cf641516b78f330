/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * memberships.h - which groups an account holds, and when
 */

#include "store.h"

#include "snapshot-format.h"

enum {
        MEMBERSHIPS_MAX = 4096,         /* of one account and list, before they are joined        */
};

enum memberships_which {
        MEMBERSHIPS_MAIN,               /* of a client, relative or external: all of them         */
        MEMBERSHIPS_SERVICES,           /* of staff: services, which the public may not see       */
        MEMBERSHIPS_LISTS,
};

struct memberships {
        int64_t       now;
        sqlite3_stmt *stmt;             /* all accounts' rows, by account                         */
        int           has_row;
        struct {
                struct snapshot_timed *entry;
                size_t                 n, n_room;
        } list[MEMBERSHIPS_LISTS];
};

struct memberships_account {
        int64_t id;
        bool    staff;
        gid_t   primary;                /* not repeated as a membership; 0: none                  */
};

/* Begin, within a transaction; @m->now is set, the rest zero. */
int memberships_open(struct directory *d, struct memberships *m);

/*
 * Fill @m->list with what the account holds now or later: sorted by gid and
 * beginning, times of the same group that touch joined into one.  Accounts
 * are asked for in the order of their ids.
 */
int memberships_of(struct directory *d, struct memberships *m, const struct memberships_account *account);

void memberships_done(struct memberships *m);
