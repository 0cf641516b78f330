/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * endpoint.h - where something is sent: scheme, host, port
 *
 *     endpoint = scheme "://" host [ ":" port ] [ rest ]
 *     scheme   = "https" / "http" / "smtp" / "smtps"          ; ports 443, 80, 587, 465
 *     host     = name / IPv4 / "[" IPv6 "]"
 *     port     = 1..65535
 *     rest     = ( "/" / "?" ) *any                           ; not looked at here
 *
 * Pure.  No user, no password: those stand in files.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENDPOINT_HOST_MAX = 253 };       /* bytes, without NUL and brackets                        */

enum endpoint_scheme {
        ENDPOINT_HTTPS = 1,
        ENDPOINT_HTTP,
        ENDPOINT_SMTP,
        ENDPOINT_SMTPS,
};

struct endpoint {
        enum endpoint_scheme scheme;
        char     host[ENDPOINT_HOST_MAX + 1];
        uint16_t port;
        bool     literal;               /* the host is an address                                 */
        bool     loopback;              /* by what is written: 127.0.0.0/8, ::1 or localhost      */
        size_t   n_before;              /* bytes before the rest                                  */
};

/* False, and *ret is not written, if the @n bytes of @text are none. */
bool endpoint_parse(const char *text, size_t n, struct endpoint *ret);
