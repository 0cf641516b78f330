/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-network.c - addresses, networks, and what a network is seen as
 *
 *     networks = [ network *( 1*" " network ) ]
 *     network  = ( IPv4 / IPv6 ) "/" bits     ; the bits after the prefix are zero
 *     exits    = [ entry *( *" " "," 1*" " entry ) ]
 *     entry    = network 1*( 1*" " exit )     ; who is in the first is seen as one of the others
 *     exit     = network / IPv4 / IPv6        ; an address alone is itself
 *
 * An IPv4 address that is mapped into IPv6 is that IPv4 address.
 */

#include "config-network.h"

#include "config-value.h"
#include "i18n.h"
#include "scan.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static void mask(struct config_network *w) {
        for (unsigned bit = w->prefix; bit < (w->family == 4 ? 32u : 128u); bit++)
                w->address[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
}

/* An address literal; an IPv4 address that is mapped into IPv6 becomes itself. */
static bool address_parse(const char *text, struct config_network *ret) {
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
        struct config_network w = { .family = 4, .prefix = 32 };
        uint8_t six[16];

        if (inet_pton(AF_INET, text, w.address) == 1) {
                *ret = w;
                return true;
        }
        if (inet_pton(AF_INET6, text, six) != 1)
                return false;
        if (memcmp(six, mapped, sizeof mapped) == 0) {
                memcpy(w.address, six + 12, 4);
        } else {
                w.family = 6;
                w.prefix = 128;
                memcpy(w.address, six, sizeof six);
        }
        *ret = w;
        return true;
}

static void network_print(const struct config_network *w, char ret[static 64]) {
        char address[INET6_ADDRSTRLEN] = "";

        (void) inet_ntop(w->family == 4 ? AF_INET : AF_INET6, w->address, address, sizeof address);
        (void) snprintf(ret, 64, "%s/%u", address, w->prefix);
}

static int network_parse(const char *text, size_t n, struct config_network *ret,
                         char why[static CONFIG_COMPLAINT_MAX]) {
        char quoted[64], right[64], address[INET6_ADDRSTRLEN] = "";
        const char *slash = memchr(text, '/', n);
        const size_t n_address = slash ? (size_t) (slash - text) : n;
        struct config_network w, masked;
        struct scan s;
        uint32_t prefix;

        if (memchr(text, ',', n))
                return config_complain(why, _("'%s': networks are separated by blanks, without commas"),
                                       config_quote(text, n, quoted));
        if (n_address < sizeof address)
                memcpy(address, text, n_address);
        if (!address_parse(address, &w))
                return config_complain(why, _("'%s' is not a network; write 192.0.2.0/24 or 2001:db8::/32"),
                                       config_quote(text, n, quoted));
        if (!slash)
                return config_complain(why,
                                       _("'%s' lacks its prefix length; one address alone is written with /%u"),
                                       config_quote(text, n, quoted), w.prefix);
        s = scan_bytes(slash + 1, n - n_address - 1);
        if (!scan_u32(&s, w.prefix, &prefix) || !scan_at_end(&s))
                return config_complain(why, _("'%s' has no prefix length from 0 to %u after the slash"),
                                       config_quote(text, n, quoted), w.prefix);
        w.prefix = (uint8_t) prefix;
        masked = w;
        mask(&masked);
        if (memcmp(masked.address, w.address, sizeof w.address) != 0) {
                network_print(&masked, right);
                return config_complain(why, _("'%s' has bits set after its prefix; the network is %s"),
                                       config_quote(text, n, quoted), right);
        }
        *ret = w;
        return CONFIG_OK;
}

enum { EXIT_PREFIX_MIN_4 = 16, EXIT_PREFIX_MIN_6 = 32 };

/* The next word of @text from *@at on: up to a blank. */
static bool word_next(const char *text, size_t n, size_t *at, const char **ret, size_t *ret_n) {
        size_t k = 0;

        while (*at < n && text[*at] == ' ')
                ++*at;
        while (*at + k < n && text[*at + k] != ' ')
                k++;
        *ret = text + *at;
        *ret_n = k;
        *at += k;
        return k > 0;
}

int config_networks_set(struct config_networks *list, const char *text, size_t n, bool add,
                        char why[static CONFIG_COMPLAINT_MAX]) {
        const char *word;
        size_t at = 0, n_word;

        if (!add)
                memset(list, 0, sizeof *list);
        while (word_next(text, n, &at, &word, &n_word)) {
                int r;

                if (list->n == CONFIG_LIST_MAX)
                        return config_complain(why, _("at most %d networks fit in the list"), CONFIG_LIST_MAX);
                r = network_parse(word, n_word, &list->entry[list->n], why);
                if (r != CONFIG_OK)
                        return r;
                list->n++;
        }
        return CONFIG_OK;
}

size_t config_networks_print(const struct config_networks *list, char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        /* CONFIG_VALUE_MAX is CONFIG_LIST_MAX times the longest entry: 43 bytes, a comma, a space, a NUL. */
        for (size_t i = 0; i < list->n; i++) {
                char one[64];

                network_print(&list->entry[i], one);
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%s", i ? " " : "", one);
        }
        return (size_t) k;
}

bool config_network_has(const struct config_network *w, const struct config_network *address) {
        struct config_network masked = *address;

        if (w->family != address->family || w->prefix > address->prefix)
                return false;
        masked.prefix = w->prefix;
        mask(&masked);
        return memcmp(masked.address, w->address, sizeof w->address) == 0;
}

bool config_networks_have(const struct config_networks *networks, const char *address) {
        struct config_network asked;

        if (!address || !address_parse(address, &asked))
                return false;
        for (size_t i = 0; i < networks->n; i++)
                if (config_network_has(&networks->entry[i], &asked))
                        return true;
        return false;
}

/* -- What a network is seen as ----------------------------------------------------------------------- */

/* An exit: a network, or an address alone, which is one of its full length.  Half the Internet is nobody's exit. */
static int exit_parse(const char *text, size_t n, struct config_network *ret, char why[static CONFIG_COMPLAINT_MAX]) {
        char address[INET6_ADDRSTRLEN] = "", quoted[64];
        int r;

        if (!memchr(text, '/', n) && n < sizeof address) {
                memcpy(address, text, n);
                if (address_parse(address, ret))
                        return CONFIG_OK;
        }
        r = network_parse(text, n, ret, why);
        if (r == CONFIG_OK && ret->prefix < (ret->family == 4 ? EXIT_PREFIX_MIN_4 : EXIT_PREFIX_MIN_6))
                return config_complain(why, _("'%s' is too wide for the addresses of one network: /%d at least, or /%d for IPv6"),
                                       config_quote(text, n, quoted), EXIT_PREFIX_MIN_4, EXIT_PREFIX_MIN_6);
        return r;
}

static int entry_set(struct config_exits *list, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const size_t first = list->n;
        const char *word;
        char quoted[64];
        size_t at = 0, n_word;

        while (word_next(text, n, &at, &word, &n_word)) {
                struct config_exit *e = &list->entry[list->n];
                int r;

                if (list->n == CONFIG_LIST_MAX)
                        return config_complain(why, _("at most %d networks and addresses fit in the list"),
                                               CONFIG_LIST_MAX);
                e->begins = list->n == first;
                r = e->begins ? network_parse(word, n_word, &e->network, why)
                              : exit_parse(word, n_word, &e->network, why);
                if (r != CONFIG_OK)
                        return r;
                list->n++;
        }
        if (list->n == first)
                return config_complain(why, _("has an empty entry; write NETWORK ADDRESS..."));
        if (list->n == first + 1)
                return config_complain(why, _("'%s' is a network without the addresses that it is seen as; "
                                              "write 10.20.0.0/16 192.0.2.7"), config_quote(text, n, quoted));
        return CONFIG_OK;
}

int config_exits_set(struct config_exits *list, const char *text, size_t n, bool add,
                     char why[static CONFIG_COMPLAINT_MAX]) {
        if (!add)
                memset(list, 0, sizeof *list);
        if (n == 0)
                return CONFIG_OK;
        for (;;) {
                const char *comma = memchr(text, ',', n);
                const size_t n_entry = comma ? (size_t) (comma - text) : n;
                int r;

                r = entry_set(list, text, n_entry, why);
                if (r != CONFIG_OK || !comma)
                        return r;
                text += n_entry + 1;
                n -= n_entry + 1;
        }
}

size_t config_exits_print(const struct config_exits *list, char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        for (size_t i = 0; i < list->n; i++) {
                const struct config_exit *e = &list->entry[i];
                char one[64];

                network_print(&e->network, one);
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%s",
                              i == 0 ? "" : e->begins ? ", " : " ", one);
        }
        return (size_t) k;
}

bool config_exits_cover(const struct config_exits *list, const char *source) {
        struct config_network from;

        if (!source || !address_parse(source, &from))
                return false;
        for (size_t i = 0; i < list->n; i++)
                if (list->entry[i].begins && config_network_has(&list->entry[i].network, &from))
                        return true;
        return false;
}

bool config_exits_agree(const struct config_exits *list, const char *source, const char *seen) {
        struct config_network from, as;
        bool covered = false;

        if (!source || !seen || !address_parse(source, &from) || !address_parse(seen, &as))
                return false;
        if (from.family == as.family && memcmp(from.address, as.address, sizeof from.address) == 0)
                return true;
        for (size_t i = 0; i < list->n; i++) {
                const struct config_exit *e = &list->entry[i];

                if (e->begins)
                        covered = config_network_has(&e->network, &from);
                else if (covered && config_network_has(&e->network, &as))
                        return true;
        }
        return false;
}
