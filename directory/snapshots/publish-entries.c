/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-entries.c - what one group or one account is in the snapshots
 *
 *  1. MUST put nothing of a client, relative or external, and no membership of
 *     a service, into the public files.
 *  2. MUST say of an account that is not there any more that it is gone: by
 *     its name and its uid, in every file whose base may have it.
 *  3. MUST leave out what no snapshot may say, as if it were gone, and go on:
 *     one account is not to keep all others from being seen.
 */

#include "publish.h"

#include "i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What the builder refused: the directory holds what no snapshot may say. */
int publish_build_failed(struct directory *d, int r, const char *what, const char *name) {
        static const char *const reasons[] = {
                [SNAPSHOT_BUILD_E_RANGE] = N_("its name, number, path or time is outside the limits"),
                [SNAPSHOT_BUILD_E_TWICE] = N_("its name or number is there twice"),
                [SNAPSHOT_BUILD_E_K8]    = N_("a client, relative or external never reaches a record service"),
                [SNAPSHOT_BUILD_E_FULL]  = N_("the snapshot is full"),
        };

        if (r == SNAPSHOT_BUILD_OK)
                return DIRECTORY_OK;
        if (r < 0)
                return directory_fail(d, r, _("the snapshots can't be made: %s"), _(strerrordesc_np(-r)));
        return directory_fail(d, r == SNAPSHOT_BUILD_E_FULL ? -EFBIG : DIRECTORY_E_CONSTRAINT, _("%s %s can't be published: %s"), what, name,
                              (size_t) r < N_ELEMENTS(reasons) && reasons[r]
                                      ? _(reasons[r])
                                      : _("the snapshot does not admit it"));
}

/* MUST 3: is it what this one entry says that can't be said? */
static bool is_its_own_fault(int r) {
        return r == DIRECTORY_E_CONSTRAINT || r == -E2BIG;
}

static void note_unsaid(struct directory *d, const struct publication *p, const char *name) {
        if (p->unsaid && p->unsaid->n++ == 0) {
                (void) snprintf(p->unsaid->name, sizeof p->unsaid->name, "%s", name);
                (void) snprintf(p->unsaid->why, sizeof p->unsaid->why, "%s", d->complaint);
        }
        *d->complaint = '\0';
}

/* -- Groups ------------------------------------------------------------------------------------------ */

int publish_group_kind(const char *word, enum snapshot_group_kind *ret) {
        static const struct { const char *word; enum snapshot_group_kind kind; } kinds[] = {
                { "role",           SNAPSHOT_GROUP_ROLE           },
                { "unit",           SNAPSHOT_GROUP_UNIT           },
                { "role-at-unit",   SNAPSHOT_GROUP_ROLE_AT_UNIT   },
                { "org",            SNAPSHOT_GROUP_ORG            },
                { "service",        SNAPSHOT_GROUP_SERVICE        },
                { "service-record", SNAPSHOT_GROUP_SERVICE_RECORD },
                { "client",         SNAPSHOT_GROUP_CLIENT         },
                { "client-service", SNAPSHOT_GROUP_CLIENT_SERVICE },
        };

        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i].word, word) == 0) {
                        *ret = kinds[i].kind;
                        return 0;
                }
        return -EUCLEAN;
}

int publish_group(struct directory *d, const struct publication *p, sqlite3_stmt *row) {
        struct snapshot_build_group group = {
                .name = sql_column(row, 0), .gid = (gid_t) sqlite3_column_int64(row, 1),
                .flags = sqlite3_column_int(row, 3) ? 0 : SNAPSHOT_GONE,
        };
        int r;

        r = publish_group_kind(sql_column(row, 2), &group.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: a group of no kind"));
        r = snapshot_builder_add_group(p->public, &group);
        if (r == SNAPSHOT_BUILD_OK && group.kind == SNAPSHOT_GROUP_SERVICE_RECORD)
                r = snapshot_builder_forbid(p->private, group.gid);
        /* The private base may have a record of it, for its list. */
        if (r == SNAPSHOT_BUILD_OK && p->lists && group.flags & SNAPSHOT_GONE)
                r = snapshot_builder_add_group(p->private, &group);
        r = publish_build_failed(d, r, "group", group.name);
        if (!is_its_own_fault(r))
                return r;
        /* Its name and number are for good: what is refused now has never been in a base. */
        note_unsaid(d, p, group.name);
        return DIRECTORY_OK;
}

/* -- Users ------------------------------------------------------------------------------------------- */

/* A delta does not hold the record services of its base: K8 is asked of the directory once more. */
static int check_k8(struct directory *d, const struct publication *p, const struct snapshot_build_user *user) {
        int r = DIRECTORY_E_NOT_FOUND;

        for (size_t i = 0; r == DIRECTORY_E_NOT_FOUND && i < user->n_memberships; i++) {
                (void) sqlite3_reset(p->record_group);
                if (sqlite3_bind_int64(p->record_group, 1, user->memberships[i].gid) != SQLITE_OK)
                        return sql_failed(d);
                r = sql_next(d, p->record_group);
        }
        if (r == DIRECTORY_OK)
                return publish_build_failed(d, SNAPSHOT_BUILD_E_K8, "account", user->name);
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* Staff once more, for the memberships that only root may see. */
static int publish_services(struct directory *d, const struct publication *p, const char *name, const struct memberships *m) {
        const struct snapshot_build_user user = {
                .name = name, .from = INT64_MIN, .until = INT64_MAX,
                .memberships = m->list[MEMBERSHIPS_SERVICES].entry,
                .n_memberships = m->list[MEMBERSHIPS_SERVICES].n,
                .flags = m->list[MEMBERSHIPS_SERVICES].n > 0 ? 0 : SNAPSHOT_GONE,
        };

        if (user.n_memberships == 0 && !p->is_delta)
                return DIRECTORY_OK;
        return publish_build_failed(d, snapshot_builder_add_user(p->private, &user), "account", user.name);
}

/* None for one that is gone. */
static int ask_memberships(struct directory *d, sqlite3_stmt *row, gid_t primary, bool is_gone, struct memberships *m) {
        struct memberships_account account = { .id = sqlite3_column_int64(row, 0), .primary = primary };
        int r;

        if (is_gone) {
                for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++)
                        m->list[i].n = 0;
                return DIRECTORY_OK;
        }
        r = memberships_kind_of(sql_column(row, 2), &account.kind);
        if (r < 0)
                return directory_fail(d, r, _("the directory is damaged: an account of no kind"));
        return memberships_of(d, m, &account);
}

static int add_user(struct directory *d, const struct publication *p, sqlite3_stmt *row, bool is_gone, struct memberships *m) {
        const bool staff = strcmp(sql_column(row, 2), "staff") == 0;
        const bool has_passwd = sqlite3_column_type(row, 3) != SQLITE_NULL;
        struct snapshot_build_user user = {
                .name = sql_column(row, 1), .from = INT64_MIN, .until = INT64_MAX,
                .flags = (uint8_t) ((staff ? 0 : SNAPSHOT_PRIVATE_KIND) | (is_gone ? SNAPSHOT_GONE : 0)),
        };
        int r;

        if (has_passwd) {
                user.flags |= SNAPSHOT_PASSWD;
                user.uid = (uid_t) sqlite3_column_int64(row, 3);
                user.gid = (gid_t) sqlite3_column_int64(row, 4);
                user.home = is_gone ? NULL : sql_column(row, 5);
                user.shell = is_gone ? NULL : sql_column(row, 6);
        }
        r = ask_memberships(d, row, user.gid, is_gone, m);
        user.memberships = m->list[MEMBERSHIPS_MAIN].entry;
        user.n_memberships = m->list[MEMBERSHIPS_MAIN].n;

        if (r == DIRECTORY_OK && p->is_delta && !staff)
                r = check_k8(d, p, &user);
        if (r == DIRECTORY_OK)
                r = publish_build_failed(d, snapshot_builder_add_user(staff ? p->public : p->private, &user),
                                         "account", user.name);
        return r == DIRECTORY_OK && staff ? publish_services(d, p, user.name, m) : r;
}

int publish_user(struct directory *d, const struct publication *p, sqlite3_stmt *row, struct memberships *m) {
        const bool is_gone = !sqlite3_column_int(row, 7);
        int r;

        r = add_user(d, p, row, is_gone, m);
        if (!is_its_own_fault(r))
                return r;
        note_unsaid(d, p, sql_column(row, 1));
        if (!p->is_delta || is_gone)
                return DIRECTORY_OK;
        /* Refused as gone, too: then by its name or number, which are for good, and no base has it. */
        r = add_user(d, p, row, true, m);
        *d->complaint = is_its_own_fault(r) ? '\0' : *d->complaint;
        return is_its_own_fault(r) ? DIRECTORY_OK : r;
}
