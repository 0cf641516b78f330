/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * this-device.c - which addresses others can see
 *
 * 1. MUST offer nothing to a log-in at the machine itself, or of whom nobody knows where they are.
 * 2. MUST look at the source and the configuration only: names that nobody has are offered the same.
 */

#include "this-device.h"

#include "cleanup.h"

/* IANA's special-purpose registries: what is never the address of somebody elsewhere. */
static const struct config_networks nowhere = {
        .n = 10,
        .entry = {
                { 4, 8,   { 0 } },                      /* this network                           */
                { 4, 8,   { 127 } },                    /* loopback                               */
                { 4, 16,  { 169, 254 } },               /* link-local                             */
                { 4, 4,   { 224 } },                    /* multicast                              */
                { 4, 4,   { 240 } },                    /* reserved, broadcast                    */
                { 6, 128, { 0 } },                      /* unspecified                            */
                { 6, 128, { [15] = 1 } },               /* loopback                               */
                { 6, 10,  { 0xfe, 0x80 } },             /* link-local                             */
                { 6, 10,  { 0xfe, 0xc0 } },             /* site-local, as it once was             */
                { 6, 8,   { 0xff } },                   /* multicast                              */
        },
};

/* What is translated on the way out. */
static const struct config_networks private = {
        .n = 5,
        .entry = {
                { 4, 8,   { 10 } },
                { 4, 12,  { 172, 16 } },
                { 4, 16,  { 192, 168 } },
                { 4, 10,  { 100, 64 } },                /* carrier-grade NAT                      */
                { 6, 7,   { 0xfc } },                   /* unique local                           */
        },
};

/* An address literal, as this library reads them. */
static bool is_address(const char *s) {
        static const struct config_networks all = { .n = 2, .entry = { { 4, 0, { 0 } }, { 6, 0, { 0 } } } };

        return config_networks_have(&all, s);
}

enum this_device this_device_find(const struct config *c, const char *source) {
        if (!source || !is_address(source))
                return THIS_DEVICE_NO_ADDRESS;
        if (config_networks_have(&nowhere, source))
                return THIS_DEVICE_NOWHERE;
        if (!config_networks_have(&private, source))
                return THIS_DEVICE_SEEN;
        return config_exits_cover(&c->seen_as, source) ? THIS_DEVICE_SEEN_AS : THIS_DEVICE_PRIVATE;
}
