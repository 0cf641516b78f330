/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-county-rows.c - the county of make-county.c as files for careid import
 *
 *     make-county-rows PERSONS DIRECTORY
 *
 * Writes organisations.csv, units.csv, ... grants.csv into DIRECTORY
 * (careid-import(8)).  Nobody has a name that anybody has, nor a personal
 * number: a person is called Test and what the account is called.
 */

#include "county.h"

#include <stdlib.h>

enum kind {
        ORGANISATIONS, UNITS, ROLES, PERSONS, ACCOUNTS, ASSIGNMENTS, CLIENTS, ENROLMENTS, GRANTS, KINDS,
};

static const struct {
        const char *name, *columns;
} kinds[KINDS] = {
        { "organisations", "name,title,country,time_zone" },
        { "units",         "name,organisation,title" },
        { "roles",         "name,title,kind" },
        { "persons",       "person,given_name,family_name" },
        { "accounts",      "name,person,organisation,kind" },
        { "assignments",   "account,role,unit" },
        { "clients",       "client,person,organisation" },
        { "enrolments",    "client,unit" },
        { "grants",        "account,role,client,basis,document,checked_by,review_on,until" },
};

static FILE *rows[KINDS];

static void must(int holds, const char *what) {
        if (holds)
                return;
        perror(what);
        exit(1);
}

static void person_add(char letter, unsigned i, unsigned unit, const char *kind) {
        fprintf(rows[PERSONS], "%c-%u,Test,%c%u\n", letter, i, letter, i);
        fprintf(rows[ACCOUNTS], "%c%u,%c-%u,o%u,%s\n", letter, i, letter, i, unit / COUNTY_ORG_UNITS, kind);
}

int main(int argc, char **argv) {
        const unsigned long persons = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
        struct county county;

        if (persons < COUNTY_MIN || persons > COUNTY_MAX) {
                fprintf(stderr, "usage: make-county-rows PERSONS DIRECTORY (%d to %d persons)\n", COUNTY_MIN, COUNTY_MAX);
                return 2;
        }
        county = county_of((unsigned) persons);
        for (size_t k = 0; k < KINDS; k++) {
                char path[4096];

                (void) snprintf(path, sizeof path, "%s/%s.csv", argv[2], kinds[k].name);
                rows[k] = fopen(path, "w");
                must(rows[k] != NULL, path);
                fprintf(rows[k], "%s\n", kinds[k].columns);
        }

        for (unsigned o = 0; o < county.organisations; o++)
                fprintf(rows[ORGANISATIONS], "o%u,Provider %u,SE,Europe/Stockholm\n", o, o);
        for (unsigned u = 0; u < county.units; u++)
                fprintf(rows[UNITS], "u%u,o%u,Unit %u\n", u, u / COUNTY_ORG_UNITS, u);
        for (unsigned r = 0; r < COUNTY_ROLES; r++)
                fprintf(rows[ROLES], "r%u,Role %u,staff\n", r, r);
        fprintf(rows[ROLES], "kin,Relative,relative\n");

        for (unsigned i = 0; i < county.staff; i++) {
                const unsigned unit = i / COUNTY_UNIT_STAFF;

                person_add('p', i, unit, "staff");
                fprintf(rows[ASSIGNMENTS], "p%u,r%u,u%u\n", i, i % COUNTY_ROLES, unit);
        }
        for (unsigned i = 0; i < county.clients; i++) {
                const unsigned unit = county_client_unit(&county, i), org = unit / COUNTY_ORG_UNITS;

                person_add('c', i, unit, "client");
                fprintf(rows[CLIENTS], "o%u-%u,c-%u,o%u\n", org, county_client_number(&county, i), i, org);
                fprintf(rows[ENROLMENTS], "o%u-%u,u%u\n", org, county_client_number(&county, i), unit);
        }
        for (unsigned i = 0; i < county.relatives; i++) {
                const unsigned n = county_grants(&county, i), org = county_relative_org(&county, i);

                person_add('r', i, org * COUNTY_ORG_UNITS, "relative");
                for (unsigned k = 0; k < n; k++)
                        fprintf(rows[GRANTS], "r%u,kin,o%u-%u,consent,binder %u,test,2099-01-01,%s\n", i, org,
                                county_client_number(&county, county_granted_client(&county, i, k)), i, k % 4 == 3 ? "2099-12-31" : "");
        }
        for (size_t k = 0; k < KINDS; k++)
                must(fclose(rows[k]) == 0, kinds[k].name);
        return 0;
}
