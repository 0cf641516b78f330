/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * client-groups.h - the groups of clients: client-ORG-N, and client-ORG-N-SERVICE where there is something to reach
 *
 * A client has a group from the day that they are one.  Each service that
 * somebody's grant can give there has another, made when the first such grant
 * is, when the service becomes a part of the role, or when the organisation
 * gets the module.  A plan is made before the act and carried out within it,
 * as in ids.h.
 */

#include "ids.h"

struct client_group {
        struct ids_plan plan;
        int64_t         client, organisation;
        int64_t         service;                /* 0: the client's own                            */
};

struct client_groups {
        struct client_group *group;
        size_t               n, n_room;
};

enum client_groups_scope {
        CLIENT_GROUPS_CLIENT = 1,               /* @one a client, @other a role that is granted for them */
        CLIENT_GROUPS_MODULE,                   /* @one an organisation, @module what it gets     */
        CLIENT_GROUPS_ROLE,                     /* @one a role, @other a service that becomes part of it */
};

/* What the services' groups are needed for. */
struct client_groups_want {
        enum client_groups_scope scope;
        int64_t                  one, other, now;
        const char              *module;
};

/* The group of the @number-th client of @organisation, who is to be one.  EXISTS: another group has that name. */
int client_groups_plan_own(struct directory *d, int64_t organisation, const char *name, uint32_t number, struct client_groups *ret);

/* All that are wanted and not there. */
int client_groups_plan(struct directory *d, const struct client_groups_want *want, struct client_groups *ret);

/*
 * Within the act, after what makes them wanted; -EBUSY if somebody took a
 * number, or made another one wanted, meanwhile.  @want NULL: the client's own
 * alone, of @client.
 */
int client_groups_take(struct directory *d, const struct client_groups *groups, const struct client_groups_want *want, int64_t client);

void client_groups_done(struct client_groups *groups);
