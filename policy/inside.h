/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * inside.h - does a log-in come from the organisation's networks?
 *
 * This host's own addresses say nothing of where somebody is: an ssh from here
 * to here, or through a forwarded port, comes from one of them, whoever sits at
 * the other end.
 */

#include "config.h"

struct own_addresses {
        bool known;
        struct config_networks list;            /* each with its full prefix                      */
};

/* Ask the kernel, before the sandbox shuts.  Not known where it can't be asked, or has more than CONFIG_LIST_MAX. */
void own_addresses_find(struct own_addresses *ret);

/*
 * Is the address literal @source in one of the networks of @inside?  One of our
 * own, or any where those are not known, is in it only if @inside names just
 * that address, or (loopback) a part of its network.  Anything else, NULL too: false.
 */
bool inside_has(const struct config_networks *inside, const struct own_addresses *own, const char *source);
