/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-inside.c - who comes from the organisation's networks, and that our own addresses say nothing of it
 */

#include "inside.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct {
        const char *name, *inside, *source;
        bool        known, want;
} cases[] = {
        { "a network has its addresses",                   "192.0.2.0/24",             "192.0.2.7",        true,  true  },
        { "and no other",                                  "192.0.2.0/24",             "198.51.100.7",     true,  false },
        { "our own address in it is nowhere",              "192.0.2.0/24",             "192.0.2.2",        true,  false },
        { "also as an IPv6 address",                       "192.0.2.0/24",             "::ffff:192.0.2.2", true,  false },
        { "unless it is named by itself",                  "192.0.2.0/24 192.0.2.2/32", "192.0.2.2",       true,  true  },
        { "another one that is named is not meant",        "192.0.2.0/24 192.0.2.7/32", "192.0.2.2",       true,  false },
        { "our own IPv6 address is nowhere",               "2001:db8:1::/48",          "2001:db8:1::2",    true,  false },
        { "another host's is inside",                      "2001:db8:1::/48",          "2001:db8:1::3",    true,  true  },
        { "everything is not loopback",                    "0.0.0.0/0 ::/0",           "127.0.0.1",        true,  false },
        { "nor loopback of IPv6",                          "0.0.0.0/0 ::/0",           "::1",              true,  false },
        { "loopback that is named",                        "127.0.0.0/8 ::1/128",      "127.0.0.9",        true,  true  },
        { "a part of it that is named",                    "127.0.0.0/30",             "127.0.0.9",        true,  false },
        { "loopback of IPv6 that is named",                "127.0.0.0/8 ::1/128",      "::1",              true,  true  },
        { "where ours are not known, nobody else's count", "192.0.2.0/24",             "192.0.2.7",        false, false },
        { "but for those that are named",                  "192.0.2.7/32",             "192.0.2.7",        false, true  },
        { "what is no address",                            "192.0.2.0/24",             "unknown",          true,  false },
        { "nothing",                                       "192.0.2.0/24",             NULL,               true,  false },
};

int main(void) {
        unsigned n = 0, failed = 0;
        struct own_addresses found;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct own_addresses own = {
                        .known = cases[i].known,
                        .list = { .n = 2, .entry = { { 4, 32, { 192, 0, 2, 2 } },
                                                     { 6, 128, { 0x20, 0x01, 0x0d, 0xb8, 0, 1, [15] = 2 } } } },
                };
                char text[256], complaint[CONFIG_COMPLAINT_MAX];
                struct config config = { .language = "" };
                bool ok;

                (void) snprintf(text, sizeof text, "[network]\ninside = %s\n", cases[i].inside);
                ok = config_init(&config) == 0 && config_parse(&config, "test", text, strlen(text), complaint) == CONFIG_OK &&
                     inside_has(&config.inside, &own, cases[i].source) == cases[i].want;
                config_done(&config);
                printf("%sok %u - %s\n", ok ? "" : "not ", ++n, cases[i].name);
                failed += !ok;
        }

        own_addresses_find(&found);
        printf("%sok %u - the kernel knows our addresses\n", found.known ? "" : "not ", ++n);
        failed += !found.known;
        printf("1..%u\n", n);
        return failed != 0;
}
