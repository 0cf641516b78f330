/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bulk.c - many acts in a short time: what is the same for all of them is done once
 */

#include "bulk.h"
#include "host.h"
#include "host-memory.h"
#include "sql.h"
#include "sql-cache.h"

#include "i18n.h"

#include <errno.h>

/* KiB of pages: what an act of any kind touches of the indexes of a million persons, so that none is read twice. */
#define CACHE_BULK   "PRAGMA cache_size = -262144"
#define CACHE_PLAIN  "PRAGMA cache_size = -2000"

int directory_bulk_begin(struct directory *d) {
        int r;

        if (d->host || !sqlite3_get_autocommit(d->db))
                return -EBUSY;
        r = host_remember(&d->host);
        if (r < 0)
                return directory_fail(d, r, _("the users and groups of the host can't be listed"));
        r = sql_run(d, CACHE_BULK, SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        return sql_cache_begin(d->db);
}

void directory_bulk_end(struct directory *d) {
        if (!d->db)
                return;
        sql_cache_end(d->db);
        d->host = host_memory_free(d->host);
        (void) sql_run(d, CACHE_PLAIN, SQL_NONE);
}
