/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * ids.h - uids and gids, and the groups that have them
 *
 * In two steps, since the host is asked and no transaction may wait for it:
 * a plan is made before the act, and carried out within it.
 */

#include "store.h"

enum {
        IDS_NAME_MAX        = 32,
        IDS_CLIENT_NAME_MAX = 64,       /* client-ORG-N-SERVICE: nothing but look-up ever takes it */
};

struct ids_plan {
        char     name[IDS_CLIENT_NAME_MAX + 1];
        uint32_t id;                    /* free when the plan was made, or, with @there, the group's */
        bool     there;                 /* a group of ours that has its gid already               */
};

/*
 * A number for the user @name.  EXISTS where the host has a user or group of
 * that name already.
 */
int ids_plan_user(struct directory *d, const char *name, struct ids_plan *ret);

/* The number of the host's own user @name: 1; 0: there is none; or a negative errno. */
int ids_find_user(struct directory *d, const char *name, uint32_t *ret_id);

/* The same for the group @name (INVALID: longer than 32); one that is ours already keeps its gid. */
int ids_plan_group(struct directory *d, const char *name, struct ids_plan *ret);

/* The same for a group of a client, with a number above @after: for many in one act, in the order that they are taken in. */
int ids_plan_client_group(struct directory *d, const char *name, uint32_t after, struct ids_plan *ret);

/* Within the act: -EBUSY if somebody took the number meanwhile. */
int ids_take_user(struct directory *d, const struct ids_plan *plan);

/* What a group is about; 0 for what it is not. */
struct ids_group {
        const char *kind;
        int64_t     organisation, unit, role, service, client;
};
int ids_take_group(struct directory *d, const struct ids_plan *plan, const struct ids_group *group);
