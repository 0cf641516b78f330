/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-material.h - what BankID is spoken to with: place, roots, certificate, key
 *
 * Read before the sandbox; nothing is opened later.
 */

#include "config.h"

#include <stdbool.h>
#include <sys/types.h>

enum {
        BANKID_PEM_MAX     = 64 * 1024,         /* bytes of one PEM file                          */
        BANKID_HOST_MAX    = 253,
};

struct bankid_material {
        char    url[512];                       /* without a trailing slash                       */
        char    host[BANKID_HOST_MAX + 1];      /* without brackets                               */
        uint16_t port;
        bool    literal;                        /* @host is an address                            */
        bool    test;                           /* BankIDs for tests count, and no others         */
        char   *roots, *certificate, *key;      /* PEM                                            */
        size_t  n_roots, n_certificate, n_key;
};

/*
 * Fill *ret from the configuration.  @owner is _careid, whose the key must be
 * (0400); the other files are root's or @owner's.  BankID's own hosts are
 * believed with the root that BankID has published for each, whatever the
 * configuration says.
 * Returns 0, or a negative errno with a sentence for the administrator in @complaint.
 */
int bankid_material_read(const struct config *c, uid_t owner, struct bankid_material *ret,
                         char complaint[static CONFIG_COMPLAINT_MAX]);
void bankid_material_done(struct bankid_material *m);           /* wipes the key; accepts a zeroed one */

/*
 * Until when our certificate is good, seconds since 1970; 0: that can't be told.
 * OpenSSL takes longer to read a certificate than a short conversation takes in
 * all: where there was a handshake, bankid_http_expires() knows without reading.
 */
int64_t bankid_material_expires(const struct bankid_material *m);

/* "https://host[:port][/path]" into url, host, port and literal.  Returns 0 or -EINVAL. */
int bankid_material_place(const char *url, struct bankid_material *ret);
