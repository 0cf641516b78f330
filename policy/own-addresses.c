/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * own-addresses.c - what the kernel says of this host's addresses
 */

#include "inside.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

static bool list_add(struct config_networks *list, const struct sockaddr *address) {
        struct config_network one;

        if (!address)
                return true;
        if (address->sa_family == AF_INET) {
                struct sockaddr_in four;

                memcpy(&four, address, sizeof four);
                one = (struct config_network) { .family = 4, .prefix = 32 };
                memcpy(one.address, &four.sin_addr, sizeof four.sin_addr);
        } else if (address->sa_family == AF_INET6) {
                struct sockaddr_in6 six;

                memcpy(&six, address, sizeof six);
                one = (struct config_network) { .family = 6, .prefix = 128 };
                memcpy(one.address, &six.sin6_addr, sizeof six.sin6_addr);
        } else {
                return true;
        }
        if (list->n == CONFIG_LIST_MAX)
                return false;
        list->entry[list->n++] = one;
        return true;
}

void own_addresses_find(struct own_addresses *ret) {
        struct ifaddrs *all = NULL;

        *ret = (struct own_addresses) { .known = false };
        if (getifaddrs(&all) < 0)
                return;
        ret->known = true;
        for (const struct ifaddrs *i = all; i; i = i->ifa_next)
                ret->known = list_add(&ret->list, i->ifa_addr) && ret->known;
        freeifaddrs(all);
}
