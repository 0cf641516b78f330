/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trail-prune.c - what is old enough goes from the audit trail, under a signed checkpoint
 *
 *  1. MUST not sign for a trail that is not whole.
 *  2. MUST commit the checkpoint, with an entry about itself, before anything is removed.
 *  3. MUST not remove what the rule says is kept, nor the newest entry.
 *  4. MUST make a key only where nothing was ever signed.
 *  5. MUST not make one in a dry run: nothing that it signs is kept.
 */

#include "act.h"
#include "hex.h"
#include "i18n.h"
#include "scan.h"
#include "signing.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { REMOVE_AT_ONCE = 10000 };        /* rows of one transaction: who logs in waits for no more */

static int date_begins(struct directory *d, const struct directory_act *act, const char *before, unsigned days,
                       int64_t *ret) {
        int64_t begin, ignored;
        int r;

        if (days < TRAIL_KEEP_DAYS_MIN)
                return directory_fail(d, DIRECTORY_E_INVALID, _("the audit trail is kept for %d days at least"),
                                      TRAIL_KEEP_DAYS_MIN);
        if (!before || !scan_whole_date(before))
                return directory_fail(d, DIRECTORY_E_INVALID, _("before: must be a date, like 2026-11-21"));
        r = directory_days_find(d, 0, before, NULL, &begin, &ignored);
        if (r != DIRECTORY_OK)
                return r;
        if (begin > act->now - (int64_t) days * 86400)          /* MUST 3 */
                return directory_fail(d, DIRECTORY_E_INVALID, _("before: must be at least %u days ago, so long is the audit "
                                                                "trail kept"), days);
        *ret = begin;
        return DIRECTORY_OK;
}

/* The last entry before the first that is to stay.  (MUST 3: the newest is never that.) */
static int find_end(struct directory *d, int64_t begin, int64_t *ret_sequence, uint8_t ret_hash[static AUDIT_HASH_SIZE]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *hash;
        int r;

        r = sql_find(d, "SELECT sequence, hash FROM audit WHERE sequence < ifnull((SELECT min(sequence) FROM audit WHERE at >= ?1),"
                        " (SELECT max(sequence) FROM audit)) ORDER BY sequence DESC LIMIT 1",
                     SQL_BIND(sql_integer(begin)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("nothing in the audit trail is as old as that"));
        if (r != DIRECTORY_OK)
                return r;
        hash = sql_bytes(stmt, 1, AUDIT_HASH_SIZE);
        if (!hash)
                return -EUCLEAN;
        *ret_sequence = sqlite3_column_int64(stmt, 0);
        memcpy(ret_hash, hash, AUDIT_HASH_SIZE);
        return DIRECTORY_OK;
}

/* MUST 4, 5 */
static int checkpoint_sign(struct directory *d, struct directory_checkpoint *c) {
        const int has = c->after == 0 && d->dry_run ? signing_has() : 1;
        uint8_t key[KEY_SIZE];
        const char *why;
        int r;

        if (has == 0) {
                c->key = SIGNING_KEY_ID;
                memset(c->signature, 0, sizeof c->signature);
                return 0;
        }
        r = has < 0 ? has : signing_load(c->after == 0 && !d->dry_run, key, &why);
        if (r < 0)
                return has < 0 ? r : directory_fail(d, r, "%s", _(why));
        r = signing_sign(key, d->host_id, c);
        signing_wipe(key);
        return r;
}

static int checkpoint_make(struct directory *d, const struct directory_act *act, int64_t begin,
                           struct directory_checkpoint *c, int64_t *ret_n) {
        int r;

        r = find_end(d, begin, &c->sequence, c->hash);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*) FROM audit WHERE sequence <= ?1",
                                     SQL_BIND(sql_integer(c->sequence)), ret_n);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT ifnull(max(sequence), 0) FROM checkpoint", SQL_NONE, &c->after);
        if (r != DIRECTORY_OK)
                return r;
        c->at = act->now;
        r = checkpoint_sign(d, c);
        if (r < 0)
                return r;
        return sql_run(d, "INSERT INTO checkpoint (sequence, hash, at, key, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                       SQL_BIND(sql_integer(c->sequence), sql_blob(c->hash, sizeof c->hash), sql_integer(c->at),
                                sql_integer(c->key), sql_blob(c->signature, sizeof c->signature)));
}

static json_t *detail_of(const struct directory_checkpoint *c, const char *before, int64_t n) {
        char hex[2 * sizeof c->hash + 1];

        (void) hex_text(c->hash, sizeof c->hash, hex);
        return json_pack("{s:s, s:I, s:s, s:I}", "before", before, "through", (json_int_t) c->sequence, "hash", hex,
                         "entries", (json_int_t) n);
}

/* What is as old as the newest checkpoint. */
static int remove_old(struct directory *d) {
        int64_t n;
        int r;

        do {
                r = store_begin(d);
                if (r != DIRECTORY_OK)
                        return r;
                r = sql_run(d, "DELETE FROM audit WHERE sequence IN (SELECT sequence FROM audit WHERE sequence <="
                               " (SELECT max(sequence) FROM checkpoint) ORDER BY sequence LIMIT ?1)",
                            SQL_BIND(sql_integer(REMOVE_AT_ONCE)));
                n = r == DIRECTORY_OK ? sqlite3_changes64(d->db) : 0;
                r = store_end(d, r);
        } while (r == DIRECTORY_OK && n == REMOVE_AT_ONCE);
        return r;
}

int directory_trail_prune(struct directory *d, const struct directory_act *act, const char *before, unsigned keep_days,
                          int64_t *ret_through, int64_t *ret_n) {
        struct directory_checkpoint c = { .sequence = 0 };
        struct directory_trail trail;
        int64_t begin, n = 0;
        json_t *detail = NULL;
        int r;

        r = date_begins(d, act, before, keep_days, &begin);
        if (r == DIRECTORY_OK)
                r = directory_checkpoints_verify(d);                    /* MUST 3: by a signed one only */
        if (r == DIRECTORY_OK)
                r = remove_old(d);                                      /* what the last time did not come to */
        if (r == DIRECTORY_OK)
                r = directory_trail_verify(d, NULL, 0, &trail);         /* MUST 1 */
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = checkpoint_make(d, act, begin, &c, &n);
        if (r == DIRECTORY_OK)
                detail = detail_of(&c, before, n);
        r = act_end(d, act, r, &(struct act_report) {                   /* MUST 2 */
                .act = "audit.prune", .kind = "audit", .id = c.sequence, .detail = detail,
        });
        if (r == DIRECTORY_OK)
                r = remove_old(d);
        if (r == DIRECTORY_OK) {
                *ret_through = c.sequence;
                *ret_n = n;
        }
        return r;
}

int directory_trail_key(struct directory *d, char **ret_pem) {
        uint8_t key[KEY_SIZE];
        const char *why;
        int64_t n = 0;
        int r;

        r = sql_find_integer(d, "SELECT count(*) FROM checkpoint", SQL_NONE, &n);
        if (r != DIRECTORY_OK)
                return r;
        if (n == 0)
                return directory_fail(d, DIRECTORY_E_NOT_FOUND, _("nothing was signed yet: the key is made when the audit trail is first pruned"));
        r = signing_load(false, key, &why);
        if (r < 0)
                return directory_fail(d, r, "%s", _(why));
        r = signing_public(key, ret_pem);
        signing_wipe(key);
        return r;
}
