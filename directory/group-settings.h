/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * group-settings.h - what [groups] of the configuration says about the snapshots
 *
 * It stands in the directory as well, since whoever writes a snapshot, or says
 * whether one is right, has to go by what the others went by.
 */

#include "acts.h"

struct directory_groups {
        bool list_members;                      /* who is in a group is listed with it            */
        bool roles, units, services;            /* groups of these kinds are given at all         */
};

int directory_groups_read(struct directory *d, struct directory_groups *ret);

static inline bool directory_groups_same(const struct directory_groups *a, const struct directory_groups *b) {
        return a->list_members == b->list_members && a->roles == b->roles && a->units == b->units && a->services == b->services;
}

/* Does anybody have a group for a time: an assignment or grant with an end, or one in turns? */
int directory_groups_timed(struct directory *d, int64_t now, bool *ret);

/*
 * One act, with its entry, if @want says anything else than what is there;
 * *ret_changed: it did.  The next directory_publish() writes a new base then.
 */
int directory_groups_set(struct directory *d, const struct directory_act *act, const struct directory_groups *want, bool *ret_changed);
