/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * notice.c - what the administrator has been told, and when
 */

#include "directory.h"

#include "sql.h"

static int find(struct directory *d, const char *name, int64_t *ret_at) {
        return sql_find_integer(d, "SELECT at FROM notice WHERE name = ?1", SQL_BIND(sql_text(name)), ret_at);
}

int directory_notice(struct directory *d, const char *name, int64_t now, int64_t interval) {
        int64_t at;
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = find(d, name, &at);
        if (r == DIRECTORY_OK && at <= now && now - at < interval)
                r = DIRECTORY_E_EXISTS;
        else if (r == DIRECTORY_OK || r == DIRECTORY_E_NOT_FOUND)
                r = sql_run(d, "INSERT INTO notice (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = ?2",
                            SQL_BIND(sql_text(name), sql_integer(now)));
        return store_end(d, r);
}

int directory_noticed(struct directory *d, const char *name, int64_t *ret_at) {
        int64_t at = 0;
        const int r = find(d, name, &at);

        if (r == DIRECTORY_OK || r == DIRECTORY_E_NOT_FOUND)
                *ret_at = at;
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}
