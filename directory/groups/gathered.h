/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * gathered.h - all that gives one account its groups, gathered once and asked group by group
 *
 * What reasons.h tells one after another, for whoever asks of many groups of
 * the same account: neither question below looks at all the reasons again.
 */

#include "reasons.h"

struct gathered {
        struct reason *reason;                  /* in the order of reasons.h, also those that are refused */
        size_t         n, n_room;
        struct given {
                gid_t  gid;
                size_t reason;
        }             *given;                   /* by gid, then by reason                          */
        size_t         n_given, n_given_room;
};

/* Within a transaction; @ret is zero.  gathered_done() whatever it returns. */
int gathered_read(struct directory *d, int64_t account, enum reasons_of of, int64_t now, struct gathered *ret);
void gathered_done(struct gathered *g);

/* Those of the reasons that give @gid: *@ret_n in a row from the returned one on. */
const struct given *gathered_giving(const struct gathered *g, gid_t gid, size_t *ret_n);

/* Does that reason give @gid? */
bool gathered_gives(const struct gathered *g, size_t reason, gid_t gid);
