/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * list-filter.c - does what a list is to be about exist?
 */

#include "acts.h"
#include "i18n.h"
#include "mandates.h"
#include "reference.h"
#include "sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Also what is closed or over, of which there is something to list. */
#define NAMED(table) "SELECT 1 FROM " table " WHERE name = ?1"
#define WITH_ID(table) "SELECT 1 FROM " table " WHERE id = CAST(?1 AS INTEGER) AND CAST(id AS TEXT) = ?1"
#define CLIENT       "SELECT 1 FROM client c JOIN organisation o ON o.id = c.organisation WHERE o.name || '-' || c.number = ?1"
#define AND_OF       " UNION ALL "

static const struct {
        const char *what, *there;
        bool        of_person;
} filters[] = {
        { "organisations", NAMED("organisation"), false },
        { "units", NAMED("unit") AND_OF NAMED("organisation"), false },
        { "services", NAMED("service") AND_OF "SELECT 1 FROM service WHERE CAST(number AS TEXT) = ?1", false },
        { "roles", NAMED("role"), false },
        { "persons", WITH_ID("person"), true },
        { "accounts", NAMED("account") AND_OF WITH_ID("person"), true },
        { "assignments", NAMED("account") AND_OF NAMED("role") AND_OF NAMED("unit") AND_OF WITH_ID("assignment"), false },
        { "mandates", WITH_ID("person") AND_OF NAMED("organisation") AND_OF NAMED("unit") AND_OF "SELECT 1 FROM mandate WHERE act = ?1", true },
        { "messages", NAMED("account") AND_OF WITH_ID("person"), true },
        { "modules", NAMED("organisation") AND_OF "SELECT 1 FROM organisation_module WHERE module = ?1", false },
        { "templates", NAMED("template") AND_OF NAMED("role") AND_OF NAMED("unit") AND_OF NAMED("organisation"), false },
        { "clients", CLIENT AND_OF NAMED("organisation") AND_OF WITH_ID("person"), true },
        { "enrolments", CLIENT AND_OF NAMED("unit") AND_OF WITH_ID("enrolment"), false },
        { "grants", CLIENT AND_OF NAMED("account") AND_OF NAMED("role") AND_OF WITH_ID("client_grant"), false },
        { "logins", NAMED("account") AND_OF WITH_ID("login"), false },
        { "sessions", NAMED("account") AND_OF WITH_ID("session"), false },
        { "credentials", NAMED("account"), false },
        { "exemptions", NAMED("account"), false },
        { "unbound", NAMED("unit") AND_OF NAMED("organisation"), false },
        { "unready", NAMED("unit") AND_OF NAMED("organisation"), false },
        { "evidence", NAMED("account") AND_OF WITH_ID("login"), false },
};

/* A word of mandates or modules of which there is none yet. */
static bool is_word(struct directory *d, const char *what, const char *word) {
        enum mandate_act act;
        int64_t n;

        if (strcmp(what, "mandates") == 0)
                return mandate_of_word(word, &act) == 0;
        return strcmp(what, "modules") == 0 &&
               sql_find_integer(d, "SELECT count(*) FROM service WHERE module = ?1", SQL_BIND(sql_text(word)), &n) == DIRECTORY_OK && n > 0;
}

int directory_list_filter(struct directory *d, const char *what, const char *word, char ret[static DIRECTORY_FILTER_MAX]) {
        const char *const key = strncmp(word, "key:", 4) == 0 ? word + 4 : word;
        int64_t id;
        int r;

        ret[0] = '\0';
        for (size_t i = 0; i < N_ELEMENTS(filters); i++) {
                if (strcmp(filters[i].what, what) != 0)
                        continue;
                r = sql_find_integer(d, filters[i].there, SQL_BIND(sql_text(word)), &id);
                if (r != DIRECTORY_E_NOT_FOUND || is_word(d, what, word))
                        return r < 0 ? r : DIRECTORY_OK;
                r = filters[i].of_person ? directory_person_find(d, key, &id) : DIRECTORY_E_NOT_FOUND;
                if (r == DIRECTORY_OK)
                        (void) snprintf(ret, DIRECTORY_FILTER_MAX, "%" PRId64, id);
                return r <= 0 ? r : directory_fail(d, DIRECTORY_E_NOT_FOUND, _("there is nothing of that name or id, and nobody with that key"));
        }
        return DIRECTORY_OK;
}
