/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened-trail.c - of the report of who did open: what careid's own commands have shown
 */

#include "opened.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* "uid:0 login:1000": the person who once logged in; "person:7 uid:1000": that one.  *@ret 0: nobody whom the directory knows. */
static int actor_person(struct opened *o, const char *actor, int64_t *ret, char who[static OPENED_WHO_MAX]) {
        const char *uid_text = strstr(actor, "login:");
        struct scan s = scan_text(actor);
        uint64_t person = 0;
        const char *name;
        int64_t found;
        uint32_t uid;
        int r;

        *ret = 0;
        (void) snprintf(who, OPENED_WHO_MAX, "%.32s", actor);
        if (scan_literal(&s, "person:") && scan_u64(&s, INT64_MAX, &person)) {
                *ret = (int64_t) person;
                uid_text = strstr(actor, "uid:");
        }
        uid_text = uid_text ? strchr(uid_text, ':') + 1 : NULL;
        if (!uid_text || !scan_whole_u32(uid_text, UINT32_MAX - 1, &uid))
                return DIRECTORY_OK;
        r = opened_uid(o, uid, &name, &found);
        if (r == DIRECTORY_OK && found && (!*ret || *ret == found)) {
                *ret = found;
                (void) snprintf(who, OPENED_WHO_MAX, "%s", name);
        }
        return r;
}

/* An export says which kinds it was of; those that say nothing of anybody are no opening. */
static bool is_of_people(const char *detail) {
        static const char *const people[] = {
                "persons", "identities", "contacts", "accounts", "clients", "enrolments", "grants",
        };
        AUTO(json_decrefp) json_t *o = json_loads(detail, 0, NULL);
        const json_t *const kinds = json_object_get(o, "kinds");

        if (!json_is_array(kinds))
                return true;
        for (size_t k = 0; k < json_array_size(kinds); k++)
                for (size_t i = 0; i < N_ELEMENTS(people); i++) {
                        const char *const kind = json_string_value(json_array_get(kinds, k));

                        if (!kind || strcmp(kind, people[i]) == 0)
                                return true;
                }
        return false;
}

/* What was shown: "person:7", "clinic-17", "clients" for a list of them. */
static int what_of(struct opened *o, const struct directory_trail_entry *e, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]) {
        AUTO(json_decrefp) json_t *detail = json_loads(e->detail, 0, NULL);
        const char *const of = json_string_value(json_object_get(detail, "of"));
        struct scan s = scan_text(e->object);
        uint64_t id;
        int r = DIRECTORY_E_NOT_FOUND;

        if (scan_literal(&s, "client:") && scan_u64(&s, INT64_MAX, &id) && scan_at_end(&s))
                r = directory_client_name(o->directory, (int64_t) id, ret);
        if (r == DIRECTORY_E_NOT_FOUND)
                (void) snprintf(ret, DIRECTORY_CLIENT_NAME_MAX + 1, "%.64s",
                                of ? of : strcmp(e->object, "directory:0") == 0 ? "directory" : e->object);
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

static int show_entry(void *with, const struct directory_trail_entry *e) {
        char what[DIRECTORY_CLIENT_NAME_MAX + 1];
        struct opened *const o = with;
        struct opened_row row = { .at = e->at, .opened = "yes", .source = "careid", .what = what };
        char act[64], none[] = "";
        int64_t by;
        int r;

        if (strcmp(e->act, "export") == 0 && !is_of_people(e->detail))
                return DIRECTORY_OK;
        r = actor_person(o, e->actor, &by, row.who);
        if (r == DIRECTORY_OK && o->by && by != o->by)
                return DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = what_of(o, e, what);
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(act, sizeof act, "%s", e->act);
        row.with = act;
        row.path = none;
        return opened_add(o, &row);
}

int opened_trail(struct opened *o) {
        return directory_trail_read(o->directory, &(struct directory_trail_filter) { .about = o->client, .readings = true },
                                    show_entry, o);
}
