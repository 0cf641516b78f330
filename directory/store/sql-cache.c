/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sql-cache.c - statements that stay prepared (bulk.h, directory_stays_prepared())
 *
 * Found by the address of their text, which is a literal nearly always; where
 * it is not, the text behind it is compared as well.
 */

#include "sql-cache.h"

#include "cleanup.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { PLACES = 1024, STATEMENTS_MAX = 512 };   /* a power of two, and never more than half full  */

struct cached {
        const char   *text;
        sqlite3_stmt *stmt;
        bool          taken;
};

static struct cache {
        const sqlite3 *db;
        size_t        n;
        struct cached place[PLACES];            /* by text                                        */
        uint16_t      of[PLACES];               /* by statement: 1 + index into place             */
} *cache;

static size_t hash(const void *address) {
        return (size_t) (((uintptr_t) address >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 54) % PLACES;
}

int sql_cache_begin(const sqlite3 *db) {
        if (cache)
                return -EBUSY;
        cache = calloc(1, sizeof *cache);
        if (!cache)
                return -ENOMEM;
        cache->db = db;
        return 0;
}

void sql_cache_end(const sqlite3 *db) {
        if (!cache || cache->db != db)
                return;
        for (size_t i = 0; i < PLACES; i++)
                (void) sqlite3_finalize(cache->place[i].stmt);
        free(cache);
        cache = NULL;
}

static struct cached *find(const char *text) {
        size_t at = hash(text);

        while (cache->place[at].text && cache->place[at].text != text)
                at = (at + 1) % PLACES;
        return &cache->place[at];
}

sqlite3_stmt *sql_cache_take(const sqlite3 *db, const char *text) {
        struct cached *c;

        if (!cache || cache->db != db)
                return NULL;
        c = find(text);
        if (!c->stmt || c->taken || strcmp(sqlite3_sql(c->stmt), text) != 0)
                return NULL;
        c->taken = true;
        return c->stmt;
}

void sql_cache_add(const sqlite3 *db, const char *text, sqlite3_stmt *stmt) {
        struct cached *c;
        size_t at;

        if (!cache || cache->db != db || cache->n == STATEMENTS_MAX)
                return;
        c = find(text);
        if (c->text)
                return;                         /* taken, or another text was there               */
        *c = (struct cached) { .text = text, .stmt = stmt, .taken = true };
        at = hash(stmt);
        while (cache->of[at])
                at = (at + 1) % PLACES;
        cache->of[at] = (uint16_t) (1 + (c - cache->place));
        cache->n++;
}

bool sql_cache_give_back(sqlite3_stmt *stmt) {
        if (!cache || !stmt)
                return false;
        for (size_t at = hash(stmt); cache->of[at]; at = (at + 1) % PLACES) {
                struct cached *const c = &cache->place[cache->of[at] - 1];

                if (c->stmt != stmt)
                        continue;
                (void) sqlite3_reset(stmt);
                (void) sqlite3_clear_bindings(stmt);
                c->taken = false;
                return true;
        }
        return false;
}
