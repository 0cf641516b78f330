/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ids.c - uids and gids, and the groups that have them
 *
 *  1. MUST never give a number twice, to whatever and whomever.
 *  2. MUST never give a name or number that the host has already: files and
 *     sudoers rules of that name would open to the new one.
 */

#include "ids.h"
#include "host.h"
#include "host-memory.h"
#include "host-questions.h"
#include "sql.h"

#include "i18n.h"
#include "snapshot-format.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TRIES_MAX = 1000 };              /* numbers in a row that the host may have taken          */

/* As host_user() and host_group() answer: 1, *@ret_user tells which, 0, or a negative errno. */
static int ask_name(struct directory *d, const char *name, uint32_t *ret_id, bool *ret_user) {
        int r;

        *ret_user = false;
        if (d->host)
                return host_memory_name(d->host, name, ret_id, ret_user);
        if (d->questions)
                return host_questions_name(d->questions, name, ret_id, ret_user);
        r = host_user(name, ret_id);
        *ret_user = r != 0;
        return r == 0 ? host_group(name, ret_id) : r;
}

static int ask_number(struct directory *d, uint32_t id) {
        if (d->host)
                return host_memory_number(d->host, id);
        return d->questions ? host_questions_number(d->questions, id) : host_number(id);
}

int ids_find_user(struct directory *d, const char *name, uint32_t *ret_id) {
        bool user;
        const int r = ask_name(d, name, ret_id, &user);

        return r == 1 ? user : r;
}

/* MUST 2, the name: users and groups alike, since most tools take either for the other. */
static int check_name(struct directory *d, const char *name) {
        uint32_t id = 0;
        bool user;
        int r;

        r = ask_name(d, name, &id, &user);
        if (r < 0)
                return directory_fail(d, r, _("name: the host can't be asked whether %s is taken"), name);
        if (r == 0)
                return DIRECTORY_OK;
        if (snapshot_id_is_ours(id))
                return directory_fail(d, DIRECTORY_E_EXISTS,
                                      _("name: this host knows %s already by a number of careid's (%u), perhaps "
                                        "from the snapshots of an older directory"),
                                      name, id);
        return directory_fail(d, DIRECTORY_E_EXISTS,
                              user ? _("name: this host has a user %s already (%u)")
                                   : _("name: this host has a group %s already (%u)"),
                              name, id);
}

static int lowest_free(struct directory *d, int64_t *ret) {
        return sql_find_integer(d, "SELECT ifnull(max(number) + 1, ?1) FROM number",
                                SQL_BIND(sql_integer(SNAPSHOT_ID_MIN)), ret);
}

/* MUST 2, the number. */
static int plan_number(struct directory *d, uint32_t after, uint32_t *ret) {
        int64_t lowest;
        int r;

        r = lowest_free(d, &lowest);
        if (r != DIRECTORY_OK)
                return r;
        lowest = after >= lowest ? (int64_t) after + 1 : lowest;
        for (int64_t id = lowest; id < lowest + TRIES_MAX && id <= SNAPSHOT_ID_MAX; id++) {
                r = ask_number(d, (uint32_t) id);
                if (r < 0)
                        return directory_fail(d, r, _("the host can't be asked whether a number is taken"));
                if (r == 0) {
                        *ret = (uint32_t) id;
                        return DIRECTORY_OK;
                }
        }
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("no uid or gid is free from %lld on: something else on "
                                                          "this host uses careid's range"),
                              (long long) lowest);
}

static int plan(struct directory *d, const char *name, uint32_t after, struct ids_plan *ret) {
        int r;

        r = check_name(d, name);
        if (r == DIRECTORY_OK)
                r = plan_number(d, after, &ret->id);
        if (r == DIRECTORY_OK) {
                (void) snprintf(ret->name, sizeof ret->name, "%s", name);
                ret->there = false;
        }
        return r;
}

int ids_plan_user(struct directory *d, const char *name, struct ids_plan *ret) {
        return plan(d, name, 0, ret);
}

static int plan_group(struct directory *d, const char *name, uint32_t after, struct ids_plan *ret) {
        int64_t gid;
        int r;

        r = sql_find_integer(d, "SELECT gid FROM care_group WHERE name = ?1", SQL_BIND(sql_text(name)), &gid);
        if (r == DIRECTORY_E_NOT_FOUND)
                return plan(d, name, after, ret);
        if (r == DIRECTORY_OK) {
                (void) snprintf(ret->name, sizeof ret->name, "%s", name);
                ret->id = (uint32_t) gid;
                ret->there = true;
        }
        return r;
}

int ids_plan_group(struct directory *d, const char *name, struct ids_plan *ret) {
        if (strlen(name) > IDS_NAME_MAX)
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("name: the group %s would have more than 32 characters"), name);
        return plan_group(d, name, 0, ret);
}

int ids_plan_client_group(struct directory *d, const char *name, uint32_t after, struct ids_plan *ret) {
        return plan_group(d, name, after, ret);
}

/* MUST 1: the primary key forbids the same, this also any that was passed over. */
static int take(struct directory *d, const struct ids_plan *p, const char *use) {
        int64_t lowest;
        int r;

        r = lowest_free(d, &lowest);
        if (r == DIRECTORY_OK && p->id < lowest)
                return directory_fail(d, -EBUSY, _("somebody else took a number at the same moment; try again"));
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "INSERT INTO number (number, used_for, name) VALUES (?1, ?2, ?3)",
                       SQL_BIND(sql_integer(p->id), sql_text(use), sql_text(p->name)));
}

int ids_take_user(struct directory *d, const struct ids_plan *p) {
        return take(d, p, "uid");
}

static struct sql_value reference(int64_t id) {
        return id > 0 ? sql_integer(id) : sql_null();
}

int ids_take_group(struct directory *d, const struct ids_plan *p, const struct ids_group *group) {
        int r;

        if (p->there)
                return DIRECTORY_OK;
        r = take(d, p, "gid");
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "INSERT INTO care_group (gid, name, kind, organisation, unit, role, service, client)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       SQL_BIND(sql_integer(p->id), sql_text(p->name), sql_text(group->kind),
                                reference(group->organisation), reference(group->unit), reference(group->role),
                                reference(group->service), reference(group->client)));
}
