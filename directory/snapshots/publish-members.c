/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-members.c - the members of groups, where the configuration has them listed
 *
 * The builders know who holds what; what a group is called that no entry of
 * theirs is about is asked of the directory.  So a delta lists those who have
 * changed, in the groups that they hold, and nobody else: it costs by that.
 */

#include "publish.h"

#include "i18n.h"

#include <errno.h>
#include <stdio.h>

struct asking {
        struct directory *d;
        sqlite3_stmt     *row;
        char              name[SNAPSHOT_NAME_MAX + 1];
};

static void asking_done(struct asking *a) {
        sql_finalizep(&a->row);
}

/* As snapshot_builder_list_members() asks; 1: it is archived, or not one of ours. */
static int ask(void *about, gid_t gid, struct snapshot_build_group *ret) {
        struct asking *const a = about;
        int r;

        (void) sqlite3_reset(a->row);
        if (sqlite3_bind_int64(a->row, 1, gid) != SQLITE_OK)
                return sql_failed(a->d);
        r = sql_next(a->d, a->row);
        if (r == DIRECTORY_E_NOT_FOUND || (r == DIRECTORY_OK && !sqlite3_column_int(a->row, 3)))
                return 1;
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(a->name, sizeof a->name, "%s", sql_column(a->row, 0));
        ret->name = a->name;
        return publish_group_kind(sql_column(a->row, 2), &ret->kind);
}

int publish_members(struct directory *d, const struct publication *p) {
        AUTO(asking_done) struct asking a = { .d = d };
        int r;

        if (!p->lists)
                return DIRECTORY_OK;
        r = sql_prepare(d, "SELECT " PUBLISH_GROUP_COLUMNS " FROM care_group g" PUBLISH_GROUP_JOINS " WHERE g.gid = ?1", SQL_NONE, &a.row);
        if (r == DIRECTORY_OK)
                r = publish_build_failed(d, snapshot_builder_list_members(p->public, NULL, ask, &a), "snapshot", "members");
        if (r == DIRECTORY_OK)
                r = publish_build_failed(d, snapshot_builder_list_members(p->private, p->public, ask, &a), "snapshot", "members");
        return r;
}
