/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * endpoint.c - where something is sent: scheme, host, port
 */

#include "endpoint.h"

#include "cleanup.h"
#include "scan.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static const struct {
        const char          *text;
        enum endpoint_scheme scheme;
        uint16_t             port;
} schemes[] = {
        { "https://", ENDPOINT_HTTPS, 443 },
        { "http://",  ENDPOINT_HTTP,  80 },
        { "smtps://", ENDPOINT_SMTPS, 465 },
        { "smtp://",  ENDPOINT_SMTP,  587 },
};

static bool is_host_byte(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '.';
}

/* No empty label, and none that looks like an option. */
static bool labels_are_right(const char *host, size_t n) {
        for (size_t i = 0; i < n; i++)
                if ((host[i] == '.' || host[i] == '-') && (i == 0 || i == n - 1 || host[i - 1] == '.'))
                        return false;
        return true;
}

static bool scan_host(struct scan *s, struct endpoint *e) {
        static const uint8_t loopback_6[16] = { [15] = 1 };
        const bool bracket = scan_char(s, '[');
        const char *host = s->at;
        uint8_t address[16];
        size_t n = 0;

        if (bracket) {
                const char *end = memchr(s->at, ']', scan_left(s));

                if (!end || end == host || end - host > ENDPOINT_HOST_MAX)
                        return false;
                n = (size_t) (end - host);
                s->at = end + 1;
        } else if (!scan_word(s, is_host_byte, ENDPOINT_HOST_MAX, &host, &n) || !labels_are_right(host, n)) {
                return false;
        }
        if (memchr(host, '\0', n))
                return false;
        memcpy(e->host, host, n);
        e->host[n] = '\0';
        if (bracket && inet_pton(AF_INET6, e->host, address) != 1)
                return false;
        e->literal = bracket || inet_pton(AF_INET, e->host, address) == 1;
        if (bracket)
                e->loopback = memcmp(address, loopback_6, sizeof loopback_6) == 0;
        else
                e->loopback = e->literal ? address[0] == 127 : strcasecmp(e->host, "localhost") == 0;
        return true;
}

bool endpoint_parse(const char *text, size_t n, struct endpoint *ret) {
        struct endpoint e = { .port = 0 };
        struct scan s = scan_bytes(text, n);
        uint32_t port;

        for (size_t i = 0; i < N_ELEMENTS(schemes) && !e.scheme; i++)
                if (scan_literal(&s, schemes[i].text)) {
                        e.scheme = schemes[i].scheme;
                        e.port = schemes[i].port;
                }
        if (!e.scheme || !scan_host(&s, &e))
                return false;
        if (scan_char(&s, ':')) {
                if (!scan_u32(&s, UINT16_MAX, &port) || port == 0)
                        return false;
                e.port = (uint16_t) port;
        }
        if (!scan_at_end(&s) && *s.at != '/' && *s.at != '?')
                return false;
        e.n_before = (size_t) (s.at - text);
        *ret = e;
        return true;
}
