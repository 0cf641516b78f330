/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * schema.c - the editions of the schema, and bringing a file up to the newest
 *
 * The file's user_version is the edition that it has.  An upgrade is one
 * exclusive transaction from there to the newest, so that a file has one
 * edition whole or another, whatever happens meanwhile.
 */

#include "schema.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>

static const char *const editions[] = {
        schema_0001,
        schema_0002,
        schema_0003,
        schema_0004,
};

enum { NEWEST = N_ELEMENTS(editions) };

/* A script of many statements; ours, so there is nothing to bind. */
static int run_script(struct directory *d, const char *text) {
        return sqlite3_exec(d->db, text, NULL, NULL, NULL) == SQLITE_OK ? DIRECTORY_OK : sql_failed(d);
}

static int schema_edition(struct directory *d, int64_t *ret) {
        int64_t edition, has_tables;
        int r;

        r = sql_find_integer(d, "PRAGMA user_version", SQL_NONE, &edition);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT EXISTS (SELECT 1 FROM sqlite_schema)", SQL_NONE, &has_tables);
        if (r == DIRECTORY_E_NOT_FOUND)
                return -EUCLEAN;
        if (r != DIRECTORY_OK)
                return r;

        if (edition > NEWEST)
                return directory_fail(d, DIRECTORY_E_NEWER, _("the directory was written by a newer careid "
                                                                 "(edition %lld; this one knows %d)"), (long long) edition, NEWEST);
        if (edition < 0 || (edition == 0) != !has_tables)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: it has tables but no edition"));
        *ret = edition;
        return DIRECTORY_OK;
}

bool schema_is_newest(struct directory *d) {
        int64_t edition;

        return sql_find_integer(d, "PRAGMA user_version", SQL_NONE, &edition) == DIRECTORY_OK && edition == NEWEST;
}

/* Again under the lock: somebody else may have been faster. */
static int upgrade_locked(struct directory *d, int (*make)(struct directory *d)) {
        char set[48];
        int64_t from;
        int r;

        r = schema_edition(d, &from);
        if (r != DIRECTORY_OK || from == NEWEST)
                return r;
        for (size_t i = (size_t) from; i < NEWEST; i++) {
                r = run_script(d, editions[i]);
                if (r != DIRECTORY_OK)
                        return r;
        }
        (void) snprintf(set, sizeof set, "PRAGMA user_version = %d", NEWEST);
        r = run_script(d, set);
        return r == DIRECTORY_OK && from == 0 ? make(d) : r;
}

int schema_upgrade(struct directory *d, bool may_create, bool may_write, int (*make)(struct directory *d)) {
        int64_t edition;
        int r;

        r = schema_edition(d, &edition);
        if (r != DIRECTORY_OK || edition == NEWEST)
                return r;
        if (edition == 0 && !may_create)
                return directory_fail(d, -ENOENT, _("there is no directory yet: run `careid setup`"));
        if (!may_write)
                return directory_fail(d, -ENOENT, _("the directory is of an older edition: run `careid setup`"));

        if (sqlite3_exec(d->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
                return sql_failed(d);
        return store_end(d, upgrade_locked(d, make));
}
