/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * source.c - where somebody is who tries, as a bucket names it
 *
 * The /64 of an IPv6 address, since whoever has one address there has all of
 * them.  An IPv4 address that is written as IPv6 is the IPv4 address.
 */

#include "credential.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define HERE      "here"
#define ELSEWHERE "elsewhere"

static void name_v6(struct in6_addr *address, char ret[static SOURCE_MAX]) {
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
        char text[INET6_ADDRSTRLEN] = "";

        if (memcmp(address->s6_addr, mapped, sizeof mapped) == 0) {
                (void) inet_ntop(AF_INET, address->s6_addr + 12, text, sizeof text);
                (void) snprintf(ret, SOURCE_MAX, "%s", text);
                return;
        }
        memset(address->s6_addr + 8, 0, 8);
        (void) inet_ntop(AF_INET6, address, text, sizeof text);
        (void) snprintf(ret, SOURCE_MAX, "%s/64", text);
}

void source_name(const char *address, char ret[static SOURCE_MAX]) {
        char text[INET_ADDRSTRLEN] = "";
        struct in6_addr v6;
        struct in_addr v4;

        if (!address) {
                (void) snprintf(ret, SOURCE_MAX, HERE);
        } else if (inet_pton(AF_INET, address, &v4) == 1) {
                (void) inet_ntop(AF_INET, &v4, text, sizeof text);
                (void) snprintf(ret, SOURCE_MAX, "%s", text);
        } else if (inet_pton(AF_INET6, address, &v6) == 1) {
                name_v6(&v6, ret);
        } else {
                (void) snprintf(ret, SOURCE_MAX, ELSEWHERE);
        }
}

int source_is_known(struct directory *d, int64_t account, const char *source, int64_t now) {
        int64_t one;

        if (account == 0 || strcmp(source, ELSEWHERE) == 0)
                return DIRECTORY_E_NOT_FOUND;
        if (strcmp(source, HERE) == 0)
                return DIRECTORY_OK;
        return sql_find_integer(d, "SELECT 1 FROM known_source WHERE account = ?1 AND source = ?2 AND abs(?3 - at) < ?4",
                                SQL_BIND(sql_integer(account), sql_text(source), sql_integer(now), sql_integer(SOURCE_KNOWN_S)), &one);
}

int credential_known_source(struct directory *d, int64_t account, const char *address, int64_t now) {
        char source[SOURCE_MAX];
        int r;

        source_name(address, source);
        if (strcmp(source, HERE) == 0 || strcmp(source, ELSEWHERE) == 0)
                return DIRECTORY_OK;
        r = sql_run(d, "INSERT INTO known_source VALUES (?1, ?2, ?3) ON CONFLICT (account, source) DO UPDATE SET at = ?3",
                    SQL_BIND(sql_integer(account), sql_text(source), sql_integer(now)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "DELETE FROM known_source WHERE account = ?1 AND at < ?2",
                            SQL_BIND(sql_integer(account), sql_integer(now - SOURCE_KNOWN_S)));
        return r;
}
