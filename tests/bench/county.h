/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * county.h - how the county of make-county.c is numbered
 *
 * What a number of persons makes, and where names and ids of each kind begin:
 * whoever looks somebody up reckons who it is, and asks nobody.
 */

#include <stdint.h>
#include <stdio.h>

enum {
        COUNTY_MIN = 20, COUNTY_MAX = 2000000,
        COUNTY_ROLES = 8, COUNTY_UNIT_STAFF = 100, COUNTY_ORG_UNITS = 100,
        COUNTY_GID_ORG = 2001000000, COUNTY_GID_ROLE = 2001010000, COUNTY_GID_UNIT = 2001100000,
        COUNTY_GID_BOTH = 2001200000, COUNTY_GID_CLIENT = 2002000000,
        COUNTY_UID_STAFF = 2010000000, COUNTY_UID_CLIENT = 2030000000, COUNTY_UID_RELATIVE = 2040000000,
        COUNTY_NOBODY = 2090000000,             /* ids from here on nobody has, nor a name that begins with q */
};

struct county {
        unsigned persons, staff, clients, relatives, units, organisations;
};

static inline struct county county_of(unsigned persons) {
        struct county c = { .persons = persons, .staff = persons / 2, .clients = persons / 5 };

        c.relatives = persons - c.staff - c.clients;
        c.units = (c.staff + COUNTY_UNIT_STAFF - 1) / COUNTY_UNIT_STAFF;
        c.organisations = (c.units + COUNTY_ORG_UNITS - 1) / COUNTY_ORG_UNITS;
        return c;
}

static inline void county_unit_name(unsigned unit, char ret[static 32]) {
        (void) snprintf(ret, 32, "unit-u%u", unit);
}

/* Client @i is ORGANISATION-NUMBER, at a unit of that organisation; clients are dealt out like cards. */
static inline unsigned county_client_org(const struct county *c, unsigned i) {
        return i % c->organisations;
}

static inline unsigned county_client_number(const struct county *c, unsigned i) {
        return i / c->organisations + 1;
}

static inline unsigned county_client_unit(const struct county *c, unsigned i) {
        const unsigned first = county_client_org(c, i) * COUNTY_ORG_UNITS;
        const unsigned n = c->units - first < COUNTY_ORG_UNITS ? c->units - first : COUNTY_ORG_UNITS;

        return first + i / c->organisations % n;
}

/* How many grants a relative holds, and to which client the k-th is: one of the relative's organisation. */
static inline unsigned county_grants(const struct county *c, unsigned relative) {
        return c->persons / c->relatives + (relative < c->persons % c->relatives);
}

static inline unsigned county_relative_org(const struct county *c, unsigned relative) {
        return relative % c->organisations;
}

static inline unsigned county_granted_client(const struct county *c, unsigned relative, unsigned k) {
        const unsigned org = county_relative_org(c, relative);
        const unsigned n = (c->clients - org + c->organisations - 1) / c->organisations;

        return (unsigned) ((relative * UINT64_C(7919) + k * UINT64_C(104729)) % n) * c->organisations + org;
}
