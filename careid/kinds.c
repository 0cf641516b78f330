/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * kinds.c - the kinds of things in the care directory
 */

#include "kinds.h"

#include "cleanup.h"
#include "i18n.h"
#include "nearest.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static const struct kind kinds[] = {
        { "organisation", "organisations", KIND_LISTS | KIND_ARCHIVES },
        { "unit",         "units",         KIND_LISTS | KIND_ARCHIVES },
        { "service",      "services",      KIND_LISTS | KIND_ARCHIVES },
        { "role",         "roles",         KIND_LISTS | KIND_ARCHIVES },
        { "person",       "persons",       KIND_LISTS | KIND_ARCHIVES | KIND_PEOPLE },
        { "account",      "accounts",      KIND_LISTS | KIND_ARCHIVES | KIND_PEOPLE },
        { "assignment",   "assignments",   KIND_LISTS },
        { "template",     "templates",     KIND_LISTS | KIND_ARCHIVES },
        { "client",       "clients",       KIND_LISTS | KIND_ARCHIVES | KIND_PEOPLE },
        { "enrolment",    "enrolments",    KIND_LISTS | KIND_PEOPLE },
        { "grant",        "grants",        KIND_LISTS | KIND_PEOPLE },
        { "module",       "modules",       KIND_LISTS },
        { "lock",         "locks",         KIND_LISTS | KIND_PEOPLE },
        { "mandate",      "mandates",      KIND_LISTS },
        { "message",      "messages",      KIND_LISTS | KIND_PEOPLE },
        { "key",          "keys",          KIND_LISTS },
        { "group",        "groups",        KIND_LISTS },
        { "login",        "logins",        KIND_LISTS },
        { "session",      "sessions",      KIND_LISTS },
        { "audit",        "audit",         KIND_LISTS },
};

static const char *name_for(const struct kind *k, unsigned can) {
        return can & KIND_LISTS ? k->many : k->one;
}

const char *kind_all(unsigned can, char ret[static KIND_ALL_MAX]) {
        size_t n = 0;

        *ret = '\0';
        for (size_t i = 0; i < N_ELEMENTS(kinds) && n < KIND_ALL_MAX; i++)
                if (kinds[i].can & can)
                        n += (size_t) snprintf(ret + n, KIND_ALL_MAX - n, "%s%s", n ? ", " : "", name_for(&kinds[i], can));
        return ret;
}

const struct kind *kind_find(const char *word, unsigned can, char complaint[static KIND_COMPLAINT_MAX]) {
        struct nearest near;
        char all[KIND_ALL_MAX], shown[41];

        nearest_init(&near, word, strlen(word));
        for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
                if (!(kinds[i].can & can))
                        continue;
                if (strcmp(word, kinds[i].one) == 0 || strcmp(word, kinds[i].many) == 0)
                        return &kinds[i];
                nearest_offer(&near, name_for(&kinds[i], can));
        }
        if (near.best)
                (void) snprintf(complaint, KIND_COMPLAINT_MAX,
                                _("%s: there is nothing of that name; did you mean %s?"),
                                utf8_short(word, shown), near.best);
        else
                (void) snprintf(complaint, KIND_COMPLAINT_MAX, _("%s: must be one of: %s"),
                                utf8_short(word, shown), kind_all(can, all));
        return NULL;
}
