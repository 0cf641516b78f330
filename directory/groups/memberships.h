/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * memberships.h - which groups an account holds, and when
 */

#include "reasons.h"
#include "store.h"

#include "snapshot-format.h"

enum {
        MEMBERSHIPS_MAX = 16384,        /* of one account and list, before they are joined        */
};

enum memberships_which {
        MEMBERSHIPS_MAIN,               /* of a client, relative or external: all of them         */
        MEMBERSHIPS_SERVICES,           /* of staff: services, which the public may not see       */
        MEMBERSHIPS_LISTS,
};

struct memberships {
        int64_t         now;
        struct reasons *reasons;
        struct {
                struct snapshot_timed *entry;
                size_t                 n, n_room;
        } list[MEMBERSHIPS_LISTS];
};

enum memberships_kind {
        MEMBERSHIPS_OF_STAFF = 1, MEMBERSHIPS_OF_EXTERNAL, MEMBERSHIPS_OF_RELATIVE, MEMBERSHIPS_OF_CLIENT,
};

struct memberships_account {
        int64_t id;
        enum memberships_kind kind;
        gid_t   primary;                /* not repeated as a membership; 0: none                  */
};

/* 0 and the kind, or -EUCLEAN: not a word of the schema. */
int memberships_kind_of(const char *word, enum memberships_kind *ret);

/* Begin, within a transaction; @m->now is set, the rest zero. */
int memberships_open(struct directory *d, struct memberships *m);

/*
 * Fill @m->list with what the account holds now or later, turns as far as
 * REASONS_AHEAD: sorted by gid and beginning, times of the same group that
 * touch joined into one.  Whether the account itself counts (SQL_ACCOUNT_COUNTS)
 * is the caller's to ask.  It costs by what the account has, whatever else
 * the directory holds; accounts are asked for in any order.
 */
int memberships_of(struct directory *d, struct memberships *m, const struct memberships_account *account);

void memberships_done(struct memberships *m);
