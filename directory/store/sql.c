/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sql.c - prepared statements, and what SQLite's codes mean to us
 */

#include "schema.h"
#include "sql.h"
#include "sql-cache.h"

#include "i18n.h"

#include <errno.h>
#include <string.h>

/* Codes of SQLite that we can meet; one that is not here is -EIO. */
static const struct {
        int         code, r;
        const char *complaint;
} failures[] = {
        { SQLITE_BUSY,     -EBUSY,      N_("the directory is locked by another program; try again")        },
        { SQLITE_LOCKED,   -EBUSY,      N_("the directory is locked by another program; try again")        },
        { SQLITE_CORRUPT,  -EUCLEAN,    N_("the directory is damaged; restore it from a backup")           },
        { SQLITE_NOTADB,   -EUCLEAN,    N_("the directory is damaged: the file is no database")            },
        { SQLITE_FORMAT,   -EUCLEAN,    N_("the directory is damaged: the file is no database")            },
        { SQLITE_NOMEM,    -ENOMEM,     N_("out of memory")                                                },
        { SQLITE_FULL,     -ENOSPC,     N_("no space left for the directory")                              },
        { SQLITE_READONLY, -EROFS,      N_("the directory was opened for reading only")                    },
        { SQLITE_CANTOPEN, -EACCES,     N_("the directory's files can't be opened")                        },
        { SQLITE_PERM,     -EACCES,     N_("the directory's files can't be opened")                        },
        { SQLITE_TOOBIG,   -EFBIG,      N_("a value is too big")                                           },
};

/* Only our own triggers' messages are passed on: they hold no values. */
static int constraint_failed(struct directory *d) {
        const int code = sqlite3_extended_errcode(d->db);
        const char *rule;

        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("it is there already"));
        rule = code == SQLITE_CONSTRAINT_TRIGGER ? schema_rule(sqlite3_errmsg(d->db)) : NULL;
        if (rule)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, "%s", _(rule));
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("a rule of the directory forbids it"));
}

int sql_failed(struct directory *d) {
        const int code = sqlite3_errcode(d->db) & 0xff;

        if (code == SQLITE_CONSTRAINT)
                return constraint_failed(d);
        for (size_t i = 0; i < N_ELEMENTS(failures); i++)
                if (failures[i].code == code)
                        return directory_fail(d, failures[i].r, "%s", _(failures[i].complaint));
        return directory_fail(d, -EIO, _("the directory can't be read or written (%s)"), sqlite3_errstr(code));
}

static int bind_one(sqlite3_stmt *stmt, int at, const struct sql_value *v) {
        if (v->type == SQLITE_INTEGER)
                return sqlite3_bind_int64(stmt, at, v->integer);
        if (v->type == SQLITE_TEXT)
                return sqlite3_bind_text(stmt, at, v->data, -1, SQLITE_TRANSIENT);
        if (v->type == SQLITE_BLOB)
                return sqlite3_bind_blob64(stmt, at, v->data, v->n, SQLITE_TRANSIENT);
        return sqlite3_bind_null(stmt, at);
}

int sql_bind(struct directory *d, sqlite3_stmt *stmt, const struct sql_value *values, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (bind_one(stmt, (int) i + 1, &values[i]) != SQLITE_OK)
                        return sql_failed(d);
        return DIRECTORY_OK;
}

int sql_prepare(struct directory *d, const char *text, const struct sql_value *values, size_t n,
                sqlite3_stmt **ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        stmt = sql_cache_take(d->db, text);
        if (!stmt) {
                if (sqlite3_prepare_v2(d->db, text, -1, &stmt, NULL) != SQLITE_OK)
                        return sql_failed(d);
                sql_cache_add(d->db, text, stmt);
        }
        r = sql_bind(d, stmt, values, n);
        if (r == DIRECTORY_OK)
                *ret = STEAL_PTR(stmt);
        return r;
}

void sql_finalizep(sqlite3_stmt **stmt) {
        if (!sql_cache_give_back(*stmt))
                (void) sqlite3_finalize(*stmt);
}

int sql_next(struct directory *d, sqlite3_stmt *stmt) {
        const int code = sqlite3_step(stmt);

        if (code == SQLITE_ROW)
                return DIRECTORY_OK;
        return code == SQLITE_DONE ? DIRECTORY_E_NOT_FOUND : sql_failed(d);
}

int sql_find(struct directory *d, const char *text, const struct sql_value *values, size_t n, sqlite3_stmt **ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_prepare(d, text, values, n, &stmt);
        if (r == DIRECTORY_OK)
                r = sql_next(d, stmt);
        if (r == DIRECTORY_OK)
                *ret = STEAL_PTR(stmt);
        return r;
}

int sql_run(struct directory *d, const char *text, const struct sql_value *values, size_t n) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_prepare(d, text, values, n, &stmt);
        while (r == DIRECTORY_OK)               /* a PRAGMA may answer with rows */
                r = sql_next(d, stmt);
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int sql_find_integer(struct directory *d, const char *text, const struct sql_value *values, size_t n,
                     int64_t *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, text, values, n, &stmt);
        if (r == DIRECTORY_OK)
                *ret = sqlite3_column_int64(stmt, 0);
        return r;
}

const char *sql_column(sqlite3_stmt *stmt, int column) {
        const unsigned char *const text = sqlite3_column_text(stmt, column);

        return text ? (const char *) text : "";
}

const uint8_t *sql_bytes(sqlite3_stmt *stmt, int column, size_t n) {
        const uint8_t *const bytes = sqlite3_column_blob(stmt, column);

        return bytes && (size_t) sqlite3_column_bytes(stmt, column) == n ? bytes : NULL;
}
