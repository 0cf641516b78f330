/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * inside.c - networks of the organisation, and addresses of our own in them
 */

#include "inside.h"

static const struct config_networks loopback = {
        .n = 2,
        .entry = { { 4, 8, { 127 } }, { 6, 128, { [15] = 1 } } },
};

/* Meant for us: nobody has a whole network only because we have one address of it. */
static bool names_one(const struct config_network *w) {
        return w->prefix == (w->family == 4 ? 32 : 128) || (w->family == 4 && w->address[0] == 127 && w->prefix >= 8);
}

bool inside_has(const struct config_networks *inside, const struct own_addresses *own, const char *source) {
        struct config_networks named = { .n = 0 };

        if (!config_networks_have(inside, source))
                return false;
        if (own->known && !config_networks_have(&own->list, source) && !config_networks_have(&loopback, source))
                return true;
        for (size_t i = 0; i < inside->n; i++)
                if (names_one(&inside->entry[i]))
                        named.entry[named.n++] = inside->entry[i];
        return config_networks_have(&named, source);
}
