/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * groups-config.h - [groups] of the configuration, and the care directory that goes by it
 */

#include "config.h"
#include "group-settings.h"
#include "invocation.h"

static inline struct directory_groups groups_of_config(const struct config *c) {
        return (struct directory_groups) {
                .list_members = c->list_members, .roles = c->groups_roles, .units = c->groups_units, .services = c->groups_services,
        };
}

/*
 * With i->directory open for writing: let it go by @c.  An exit status;
 * *ret_changed: the snapshots don't say it yet.
 */
int groups_follow(struct invocation *i, const struct config *c, bool *ret_changed);

/* The same by the configuration in force; nothing where there is none. */
int groups_follow_in_force(struct invocation *i);
