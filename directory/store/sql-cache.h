/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sql-cache.h - statements that stay prepared (bulk.h, directory_stays_prepared())
 *
 * One cache in a process.  A statement that was taken is nobody else's until
 * it is given back, reset and without values; where it is taken already, or
 * the cache is full, there is none.
 */

#include <sqlite3.h>
#include <stdbool.h>

int sql_cache_begin(const sqlite3 *db);               /* 0, -EBUSY, -ENOMEM                             */
void sql_cache_end(const sqlite3 *db);                /* ends the statements; those of another @db stay */

sqlite3_stmt *sql_cache_take(const sqlite3 *db, const char *text);            /* NULL: prepare one      */
void sql_cache_add(const sqlite3 *db, const char *text, sqlite3_stmt *stmt);  /* which counts as taken  */
bool sql_cache_give_back(sqlite3_stmt *stmt);   /* false: it is not the cache's                   */
