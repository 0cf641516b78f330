/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * charge.c - it is written that somebody tries, before anything is compared
 *
 *  1. MUST have committed the charge when it returns a ticket with which something can be right.
 *  2. MUST write as much for a name that nobody has, and where a bucket is full, as for any other.
 *  3. MUST count what was charged and has not come out right, whatever became of whoever tried.
 */

#include "credential.h"

#include "i18n.h"

#include <errno.h>

/* The limits of credentials.h. */
enum {
        WINDOW_S        = 3600,
        KEPT_S          = 86400,
        KNOWN_MAX       = 10,
        STRANGERS_MAX   = 20,
        SOURCE_STRANGERS_MAX = 60,
        SOURCE_STRANGERS_INSIDE_MAX = 600,
};

static const char *kind_word(enum credential_kind kind) {
        switch (kind) {
        case CREDENTIAL_PASSWORD:
                return "password";
        case CREDENTIAL_TOTP:
                return "totp";
        case CREDENTIAL_CODE:
                return "code";
        case CREDENTIAL_SMS:
                return "sms";
        case CREDENTIAL_MAIL:
                return "mail";
        }
        return NULL;
}

/* A clock that was put back doesn't close anything for longer than an hour. */
#define COUNTS "proof IS NULL AND at > ?3 - 3600 AND at < ?3 + 3600"
_Static_assert(WINDOW_S == 3600, "COUNTS has it too");

/* How many there are in a bucket, and the newest of them. */
static int bucket_count(struct directory *d, const char *query, int64_t account, const char *source, int64_t now, int64_t *ret_n,
                        int64_t *ret_newest) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, query, SQL_BIND(sql_integer(account), sql_text(source), sql_integer(now)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        *ret_n = sqlite3_column_int64(stmt, 0);
        *ret_newest = sqlite3_column_int64(stmt, 1);
        return DIRECTORY_OK;
}

/* Of the buckets that this one goes into, *@ret_full is the newest charge of one that is full; 0: none is. */
static int find_full(struct directory *d, const struct credential_question *q, const char *source, bool known, int64_t *ret_full) {
        const int64_t of_source = q->inside || !q->source ? SOURCE_STRANGERS_INSIDE_MAX : SOURCE_STRANGERS_MAX;
        int64_t n = 0, newest = 0;
        int r;

        *ret_full = 0;
        if (known) {
                r = bucket_count(d, "SELECT count(*), max(id) FROM charge WHERE account = ?1 AND source = ?2 AND known = 1 AND " COUNTS,
                                 q->account, source, q->now, &n, &newest);
                *ret_full = r == DIRECTORY_OK && n >= KNOWN_MAX ? newest : 0;
                return r;
        }
        /* ?2 is not used: whichever source they come from. */
        r = q->account == 0 ? DIRECTORY_OK
                            : bucket_count(d, "SELECT count(*), max(id) FROM charge WHERE account = ?1 AND known = 0 AND ?2 <> '' AND " COUNTS,
                                           q->account, source, q->now, &n, &newest);
        if (r == DIRECTORY_OK && n >= STRANGERS_MAX)
                *ret_full = newest;
        if (r != DIRECTORY_OK || *ret_full)
                return r;
        r = bucket_count(d, "SELECT count(*), max(id) FROM charge WHERE source = ?2 AND known = 0 AND ?1 >= 0 AND " COUNTS,
                         q->account, source, q->now, &n, &newest);
        if (r == DIRECTORY_OK && n >= of_source)
                *ret_full = newest;
        return r;
}

/* A code that was sent, or issued, has been answered once more. */
static int charge_codes(struct directory *d, const struct credential_question *q) {
        return sql_run(d, "UPDATE code SET answers = answers + 1 WHERE account = ?1 AND ended IS NULL"
                          " AND CASE ?2 WHEN 'code' THEN kind IN ('activation', 'temporary') ELSE kind = ?2 END",
                       SQL_BIND(sql_integer(q->account), sql_text(kind_word(q->kind))));
}

static int charge_put(struct directory *d, const struct credential_question *q, const char *source, bool known, int64_t *ret_id) {
        int r;

        r = sql_run(d, "INSERT INTO charge (account, kind, source, known, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                    SQL_BIND(q->account ? sql_integer(q->account) : sql_null(), sql_text(kind_word(q->kind)), sql_text(source),
                             sql_integer(known), sql_integer(q->now)));
        if (r != DIRECTORY_OK)
                return r;
        *ret_id = sqlite3_last_insert_rowid(d->db);
        return charge_codes(d, q);
}

static int forget_old(struct directory *d, int64_t now) {
        int r;

        r = sql_run(d, "DELETE FROM charge WHERE at < ?1", SQL_BIND(sql_integer(now - KEPT_S)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "DELETE FROM charge WHERE at > ?1", SQL_BIND(sql_integer(now + KEPT_S)));
        return r;
}

static int charge(struct directory *d, const struct credential_question *q, struct credential_ticket *t) {
        char source[SOURCE_MAX];
        int64_t full = 0;
        bool known;
        int r;

        source_name(q->source, source);
        r = source_is_known(d, q->account, source, q->now);
        known = r == DIRECTORY_OK;
        if (known || r == DIRECTORY_E_NOT_FOUND)
                r = forget_old(d, q->now);
        if (r == DIRECTORY_OK)
                r = find_full(d, q, source, known, &full);
        if (r != DIRECTORY_OK)
                return r;
        t->closed = full != 0;
        return full ? sql_run(d, "UPDATE charge SET refused = refused + 1 WHERE id = ?1", SQL_BIND(sql_integer(full)))       /* MUST 2 */
                    : charge_put(d, q, source, known, &t->id);
}

int credential_charge(struct directory *d, const struct credential_question *q, struct credential_ticket *ret) {
        struct credential_ticket t = { .account = q->account, .kind = q->kind, .at = q->now, .open = true };
        int r;

        *ret = (struct credential_ticket) { .id = 0 };
        if (!kind_word(q->kind))
                return -EINVAL;
        if (d->mode == DIRECTORY_READ || d->mode == DIRECTORY_READ_ASIDE)
                return directory_fail(d, -EROFS, _("what is typed can't be compared here: it could not be written that it was tried"));
        if (d->n_batches > 0 || d->dry_run)
                return -EINVAL;
        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = store_end(d, charge(d, q, &t));
        if (r == DIRECTORY_OK)
                *ret = t;                       /* MUST 1 */
        return r;
}
