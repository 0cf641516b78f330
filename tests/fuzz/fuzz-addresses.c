/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-addresses.c - who is in which network, and where somebody is: lists of
 * networks say of an address what comparing bits says, an endpoint is taken
 * apart into what it was made of, and a session is here only if nothing objects
 *
 *     input = address NL address NL value
 */

#include "bankid-material.h"
#include "config.h"
#include "place.h"

#include "cleanup.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { PARTS = 3, VALUE_MAX = 1500 };

/* An IPv4-mapped address is the IPv4 one. */
static int address_bytes(const char *text, uint8_t ret[static 16]) {
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

        if (inet_pton(AF_INET, text, ret) == 1)
                return 4;
        if (inet_pton(AF_INET6, text, ret) != 1)
                return 0;
        if (memcmp(ret, mapped, sizeof mapped) != 0)
                return 6;
        memmove(ret, ret + sizeof mapped, 4);
        return 4;
}

static bool bits_agree(const uint8_t *a, const uint8_t *b, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8)) & 1)
                        return false;
        return true;
}

static bool naive_has(const struct config_networks *networks, const char *text) {
        uint8_t address[16];
        const int family = address_bytes(text, address);

        for (size_t i = 0; family && i < networks->n; i++)
                if (networks->entry[i].family == family &&
                    bits_agree(networks->entry[i].address, address, networks->entry[i].prefix))
                        return true;
        return false;
}

static void check_networks(const char *option, const char *address, const char *other, const char *value) {
        AUTO(config_done) struct config c = { 0 };
        char text[VALUE_MAX + 64], said[CONFIG_COMPLAINT_MAX];
        const int k = snprintf(text, sizeof text, "[network]\n%s = %s\n", option, value);

        if (strchr(value, '\n') || config_init(&c) != 0)
                return;
        if (config_parse(&c, "a.conf", text, (size_t) k, said) != CONFIG_OK)
                return;
        assert(config_networks_have(&c.inside, address) == naive_has(&c.inside, address));
        for (size_t i = 0; i < c.inside.n; i++)
                assert(c.inside.entry[i].prefix <= (c.inside.entry[i].family == 4 ? 32 : 128));

        /* Who has no entry is seen as nobody else. */
        if (config_exits_agree(&c.seen_as, address, other)) {
                uint8_t bytes[16] = { 0 }, as[16] = { 0 };
                const int family = address_bytes(address, bytes), as_family = address_bytes(other, as);

                assert(family && as_family);
                assert((family == as_family && memcmp(bytes, as, family == 4 ? 4 : 16) == 0) ||
                       config_exits_cover(&c.seen_as, address));
        }
        if (c.seen_as.n > 0)
                assert(c.seen_as.entry[0].begins);
}

static void check_endpoint(const char *url) {
        struct bankid_material m = { .port = 0 };
        char again[sizeof m.url + sizeof m.host];

        if (bankid_material_place(url, &m) < 0) {
                assert(m.port == 0);
                return;
        }
        assert(m.port > 0 && *m.host && strcmp(m.url, url) == 0 && !strchr(m.host, '/'));
        (void) snprintf(again, sizeof again, url[8] == '[' ? "https://[%s]" : "https://%s", m.host);
        assert(strncmp(url, again, strlen(again)) == 0 && strchr(":/", url[strlen(again)]));
}

static void check_place(const char *source, const char *state, const char *tty) {
        for (unsigned i = 0; i < 4; i++) {
                const struct place_session s = {
                        .remote = i & 1, .state = *state ? state : NULL, .seat = i & 2 ? "seat0" : NULL, .tty = tty,
                        .remote_host = source,
                };
                struct place place, unknown = { .kind = PLACE_UNKNOWN }, remote = { .kind = PLACE_REMOTE };
                uint8_t bytes[16];

                place_of_session(&s, &place);
                assert((place.kind == PLACE_REMOTE) == s.remote);
                assert(!*place.source || (s.remote && address_bytes(place.source, bytes)));
                if (place.kind == PLACE_HERE)
                        assert(s.state && strcmp(s.state, "closing") != 0 && (s.seat || place_is_line(tty)));
                place_join(&unknown, &place, true);
                assert(unknown.kind == place.kind);
                place_join(&remote, &place, true);
                assert(remote.kind == PLACE_REMOTE);
        }
        if (place_is_line(tty))
                assert(strncmp(tty, "pts", 3) != 0 && !strchr(tty, '/'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        char text[VALUE_MAX + 1], *part[PARTS];

        if (n > VALUE_MAX || memchr(data, 0, n))
                return 0;
        memcpy(text, data, n);
        text[n] = '\0';
        part[0] = text;
        for (size_t i = 1; i < PARTS; i++) {
                char *const end = strchr(part[i - 1], '\n');

                if (!end)
                        return 0;
                *end = '\0';
                part[i] = end + 1;
        }
        check_networks("inside", part[0], part[1], part[2]);
        check_networks("seen-as", part[0], part[1], part[2]);
        check_endpoint(part[2]);
        check_place(part[0], part[1], part[2]);
        return 0;
}
