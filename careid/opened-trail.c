/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened-trail.c - of the report of who did open: what careid's own commands have shown
 */

#include "opened.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

/* Two readings: of the uids, about which the host is asked between them, and of the entries. */
struct reading {
        struct opened *opened;
        int64_t        last;                    /* the sequence of the last entry of the first: what is written meanwhile is not in the report */
};

/* "uid:0 login:1000": who once logged in; "person:7 uid:1000": that one, and the uid is theirs.  false: no uid that says whose doing it was. */
static bool actor_read(const char *actor, int64_t *ret_person, uint32_t *ret_uid) {
        const char *uid_text = strstr(actor, "login:");
        struct scan s = scan_text(actor);
        uint64_t person = 0;

        *ret_person = 0;
        if (scan_literal(&s, "person:") && scan_u64(&s, INT64_MAX, &person)) {
                *ret_person = (int64_t) person;
                uid_text = strstr(actor, "uid:");
        }
        return uid_text && scan_whole_u32(strchr(uid_text, ':') + 1, UINT32_MAX - 1, ret_uid);
}

/* The person who did it; NULL: whose doing it was is not told by a uid.  *@ret_person 0: nobody whom the directory knows. */
static struct opened_uid *actor_person(struct opened *o, const char *actor, int64_t *ret_person, char who[static OPENED_WHO_MAX]) {
        struct opened_uid *u;
        uint32_t uid;

        (void) snprintf(who, OPENED_WHO_MAX, "%.32s", actor);
        u = actor_read(actor, ret_person, &uid) ? opened_uid(o, uid) : NULL;
        if (!u || (*ret_person && *ret_person != u->person) || (!u->person && !u->unsure))
                return NULL;
        *ret_person = u->person;
        (void) snprintf(who, OPENED_WHO_MAX, "%s", u->name);
        return u;
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

static bool is_wanted(const struct opened *o, const struct directory_trail_entry *e) {
        return e->at >= o->from && e->at < o->until && (strcmp(e->act, "export") != 0 || is_of_people(e->detail));
}

static int want_uid(void *with, const struct directory_trail_entry *e) {
        struct reading *const reading = with;
        int64_t person;
        uint32_t uid;

        reading->last = e->sequence;
        return is_wanted(reading->opened, e) && actor_read(e->actor, &person, &uid) ? opened_uid_want(reading->opened, uid) : DIRECTORY_OK;
}

static int show_entry(void *with, const struct directory_trail_entry *e) {
        const struct reading *const reading = with;
        struct opened *const o = reading->opened;
        char what[DIRECTORY_CLIENT_NAME_MAX + 1], act[64], none[] = "";
        struct opened_row row = { .at = e->at, .opened = "yes", .source = "careid", .what = what, .with = act, .path = none };
        struct opened_uid *who;
        int64_t by;
        int r;

        if (e->sequence > reading->last || !is_wanted(o, e))
                return DIRECTORY_OK;
        who = actor_person(o, e->actor, &by, row.who);
        if (o->by && by != o->by && !(who && who->unsure))
                return DIRECTORY_OK;
        r = what_of(o, e, what);
        if (r != DIRECTORY_OK)
                return r;
        if (who)
                who->told = true;
        (void) snprintf(act, sizeof act, "%s", e->act);
        return opened_add(o, &row);
}

int opened_trail(struct opened *o) {
        const struct directory_trail_filter filter = { .about = o->client, .readings = true };
        struct reading reading = { .opened = o };
        int r;

        r = directory_trail_read(o->directory, &filter, want_uid, &reading);
        if (r == DIRECTORY_OK)
                r = opened_uids_find(o);
        return r == DIRECTORY_OK ? directory_trail_read(o->directory, &filter, show_entry, &reading) : r;
}
