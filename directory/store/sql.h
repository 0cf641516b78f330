/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sql.h - prepared statements, and what SQLite's codes mean to us
 *
 * All values are bound, never written into a statement.  Result codes as in
 * directory.h; the complaint is set on every one but DIRECTORY_OK.
 */

#include "store.h"

#include <sqlite3.h>

struct sql_value {
        int         type;               /* SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL  */
        int64_t     integer;
        const void *data;               /* copied when the statement is prepared                  */
        size_t      n;
};

static inline struct sql_value sql_integer(int64_t value) {
        return (struct sql_value) { .type = SQLITE_INTEGER, .integer = value };
}

static inline struct sql_value sql_null(void) {
        return (struct sql_value) { .type = SQLITE_NULL };
}

static inline struct sql_value sql_text(const char *value) {                    /* NULL: NULL     */
        return (struct sql_value) { .type = value ? SQLITE_TEXT : SQLITE_NULL, .data = value };
}

static inline struct sql_value sql_blob(const void *value, size_t n) {
        return (struct sql_value) { .type = SQLITE_BLOB, .data = value, .n = n };
}

static inline struct sql_value sql_integer_or_null(const int64_t *value) {
        return value ? sql_integer(*value) : sql_null();
}

/* The values of ?1, ?2, ... as the last two arguments of the functions below. */
#define SQL_NONE        NULL, 0
#define SQL_BIND(...)                                                   \
        (const struct sql_value[]) { __VA_ARGS__ },                     \
        sizeof((const struct sql_value[]) { __VA_ARGS__ }) / sizeof(struct sql_value)

/* Every statement of sql_prepare() and sql_find() ends here. */
void sql_finalizep(sqlite3_stmt **stmt);

#define auto_stmt AUTO(sql_finalizep)

/* Prepare and bind.  The caller finalises *@ret. */
int sql_prepare(struct directory *d, const char *text, const struct sql_value *values, size_t n, sqlite3_stmt **ret);

/* Bind ?1, ?2, ... of one that is prepared. */
int sql_bind(struct directory *d, sqlite3_stmt *stmt, const struct sql_value *values, size_t n);

/* The next row: DIRECTORY_OK, or DIRECTORY_E_NOT_FOUND after the last (which sets no complaint). */
int sql_next(struct directory *d, sqlite3_stmt *stmt);

/* Prepare, bind and take the first row. */
int sql_find(struct directory *d, const char *text, const struct sql_value *values, size_t n, sqlite3_stmt **ret);

/* A statement without rows. */
int sql_run(struct directory *d, const char *text, const struct sql_value *values, size_t n);

/* The one integer that a query gives. */
int sql_find_integer(struct directory *d, const char *text, const struct sql_value *values, size_t n, int64_t *ret);

/* Text of a column, never NULL; NULL and "" are "". */
const char *sql_column(sqlite3_stmt *stmt, int column);

/* A column of exactly @n bytes, or NULL: other sizes, and no memory to look at it with. */
const uint8_t *sql_bytes(sqlite3_stmt *stmt, int column, size_t n);

/* What the last call on the connection failed with. */
int sql_failed(struct directory *d);
