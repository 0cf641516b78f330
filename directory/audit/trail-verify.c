/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trail-verify.c - is the audit trail what was written?
 *
 *  1. MUST compute every hash anew, from the checkpoint or the beginning to the end.
 *  2. MUST believe a checkpoint only by its signature, and no entry that is as old as one.
 *  3. MUST not call a trail compared when nothing was.
 */

#include "audit.h"
#include "i18n.h"
#include "signing.h"
#include "sql.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

/* -- Checkpoints ------------------------------------------------------------------------------------ */

int directory_checkpoints(struct directory *d, struct directory_checkpoint **ret, size_t *ret_n) {
        auto_free struct directory_checkpoint *all = calloc(TRAIL_CHECKPOINTS_MAX, sizeof *all);
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t after = 0;
        size_t n = 0;
        int r;

        if (!all)
                return -ENOMEM;
        r = sql_prepare(d, "SELECT sequence, at, key, hash, signature FROM checkpoint ORDER BY sequence", SQL_NONE, &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                const uint8_t *const hash = sql_bytes(stmt, 3, sizeof all->hash);
                const uint8_t *const signature = sql_bytes(stmt, 4, sizeof all->signature);

                if (n == TRAIL_CHECKPOINTS_MAX || !hash || !signature)
                        return directory_fail(d, -EUCLEAN, _("the directory is damaged: the checkpoints of the audit trail "
                                                             "can't be read"));
                all[n] = (struct directory_checkpoint) {
                        .sequence = sqlite3_column_int64(stmt, 0), .at = sqlite3_column_int64(stmt, 1),
                        .key = sqlite3_column_int64(stmt, 2), .after = after,
                };
                memcpy(all[n].hash, hash, sizeof all->hash);
                memcpy(all[n].signature, signature, sizeof all->signature);
                after = all[n++].sequence;
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        *ret = STEAL_PTR(all);
        *ret_n = n;
        return DIRECTORY_OK;
}

/* MUST 2 */
static int checkpoints_verify(struct directory *d, const struct directory_checkpoint *all, size_t n, int64_t *ret_broken) {
        uint8_t key[KEY_SIZE];
        const char *why;
        int r;

        if (n == 0)
                return DIRECTORY_OK;
        r = signing_load(false, key, &why);
        if (r < 0)
                return directory_fail(d, r, "%s", _(why));
        for (size_t i = 0; i < n && r == 0; i++) {
                r = signing_verify(key, d->host_id, &all[i]);
                *ret_broken = all[i].sequence;
        }
        signing_wipe(key);
        if (r == -EBADMSG)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: the checkpoint at entry %lld is not what was signed, or "
                                        "the one before it is gone"), (long long) *ret_broken);
        if (r == 0)
                *ret_broken = 0;
        return r;
}

int directory_checkpoints_verify(struct directory *d) {
        auto_free struct directory_checkpoint *all = NULL;
        int64_t broken;
        size_t n = 0;
        int r;

        r = directory_checkpoints(d, &all, &n);
        return r == DIRECTORY_OK ? checkpoints_verify(d, all, n, &broken) : r;
}

/* -- Entries ----------------------------------------------------------------------------------------- */

struct walk {
        struct directory              *d;
        struct directory_trail         t;
        const struct directory_anchor *anchors;
        size_t                         n_anchors, anchor;       /* of those, the next one         */
};

static int broken(struct walk *w, int64_t at) {
        w->t.broken = at;
        return DIRECTORY_E_CONSTRAINT;
}

/* Text with a NUL in it would not be read to its end, and so not be covered. */
static bool has_whole_text(sqlite3_stmt *stmt) {
        for (int column = 2; column <= 6; column++)
                if (strlen(sql_column(stmt, column)) != (size_t) sqlite3_column_bytes(stmt, column))
                        return false;
        return true;
}

/* What was kept of the entry @sequence is what it is here. */
static int anchors_compare(struct walk *w, int64_t sequence, const uint8_t hash[static AUDIT_HASH_SIZE]) {
        for (; w->anchor < w->n_anchors && w->anchors[w->anchor].sequence <= sequence; w->anchor++) {
                if (w->anchors[w->anchor].sequence < sequence) {
                        w->t.n_pruned++;
                        continue;
                }
                if (CRYPTO_memcmp(w->anchors[w->anchor].hash, hash, AUDIT_HASH_SIZE) != 0) {
                        (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                              _("entry %lld is not the one that was kept: the trail was written anew after "
                                                "entry %lld, the last that agrees"),
                                              (long long) sequence, (long long) w->t.agreed);
                        return broken(w, sequence);
                }
                w->t.n_compared++;
                w->t.agreed = sequence;
        }
        return DIRECTORY_OK;
}

static int entry_verify(struct walk *w, sqlite3_stmt *stmt) {
        const struct audit_link link = {
                .sequence = sqlite3_column_int64(stmt, 0), .at = sqlite3_column_int64(stmt, 1),
                .host_id = sql_column(stmt, 2), .actor = sql_column(stmt, 3), .act = sql_column(stmt, 4),
                .object = sql_column(stmt, 5), .detail = sql_column(stmt, 6),
        };
        const uint8_t *const written = sql_bytes(stmt, 7, AUDIT_HASH_SIZE);
        const int64_t expected = w->t.last + 1;
        uint8_t computed[AUDIT_HASH_SIZE];
        int r;

        if (link.sequence < expected) {
                (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: entry %lld is not to be there (one that was pruned "
                                        "goes with: careid audit prune)"), (long long) link.sequence);
                return broken(w, link.sequence > 0 ? link.sequence : expected);
        }
        if (link.sequence > expected) {
                (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: entry %lld is missing"), (long long) expected);
                return broken(w, expected);
        }
        r = audit_hash(w->t.hash, &link, computed);
        if (r < 0 && r != -EILSEQ)
                return r;
        if (r == -EILSEQ || !has_whole_text(stmt) || !written ||
            CRYPTO_memcmp(written, computed, AUDIT_HASH_SIZE) != 0) {
                (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: entry %lld, or the one before it, is not what "
                                        "was written"), (long long) expected);
                return broken(w, expected);
        }
        memcpy(w->t.hash, computed, AUDIT_HASH_SIZE);
        w->t.last = expected;
        return anchors_compare(w, expected, computed);
}

/* After the last entry. */
static int walk_end(struct walk *w) {
        /* A directory begins with an entry about itself, and pruning is one: no entry at all is a chain that was removed. */
        if (w->t.last < w->t.first) {
                (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT, _("the audit trail is broken: it is empty"));
                return broken(w, w->t.first);
        }
        if (w->anchor < w->n_anchors) {
                (void) directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                      _("the trail was cut off: it ends with entry %lld, and entry %lld was kept"),
                                      (long long) w->t.last, (long long) w->anchors[w->n_anchors - 1].sequence);
                return broken(w, w->t.last + 1);
        }
        if (w->n_anchors > 0 && w->t.n_compared == 0)           /* MUST 3 */
                return directory_fail(w->d, DIRECTORY_E_CONSTRAINT,
                                      _("nothing could be compared: all that was kept is older than the checkpoint at "
                                        "entry %lld"), (long long) w->t.checkpoint);
        return DIRECTORY_OK;
}

static int walk_run(struct walk *w) {
        auto_free struct directory_checkpoint *checkpoints = NULL;
        auto_stmt sqlite3_stmt *stmt = NULL;
        size_t n = 0;
        int r;

        r = directory_checkpoints(w->d, &checkpoints, &n);
        if (r == DIRECTORY_OK)
                r = checkpoints_verify(w->d, checkpoints, n, &w->t.broken);
        for (size_t i = 0; i < n && r == DIRECTORY_OK; i++)
                r = anchors_compare(w, checkpoints[i].sequence, checkpoints[i].hash);
        if (r != DIRECTORY_OK)
                return r;
        if (n > 0) {
                w->t.checkpoint = w->t.last = checkpoints[n - 1].sequence;
                memcpy(w->t.hash, checkpoints[n - 1].hash, AUDIT_HASH_SIZE);
        }
        w->t.first = w->t.last + 1;

        r = sql_prepare(w->d, "SELECT sequence, at, host_id, actor, act, object, detail, hash"
                              " FROM audit ORDER BY sequence", SQL_NONE, &stmt);
        while (r == DIRECTORY_OK) {
                r = sql_next(w->d, stmt);
                if (r == DIRECTORY_OK)
                        r = entry_verify(w, stmt);
        }
        return r == DIRECTORY_E_NOT_FOUND ? walk_end(w) : r;
}

int directory_trail_begin(struct directory *d) {
        *d->complaint = '\0';
        return sql_run(d, "SAVEPOINT trail", SQL_NONE);
}

int directory_trail_end(struct directory *d, int r) {
        (void) sqlite3_exec(d->db, "RELEASE trail", NULL, NULL, NULL);          /* nothing was written */
        return r;
}

/* One reading transaction around all of it: what is pruned meanwhile is not missing. */
int directory_trail_verify(struct directory *d, const struct directory_anchor *anchors, size_t n,
                           struct directory_trail *ret) {
        struct walk w = { .d = d, .anchors = anchors, .n_anchors = n };
        const bool alone = sqlite3_get_autocommit(d->db);
        int r;

        r = alone ? sql_run(d, "BEGIN", SQL_NONE) : DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        r = walk_run(&w);
        if (alone)
                (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
        *ret = w.t;
        return r;
}

int directory_audit_verify(struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]) {
        struct directory_trail t;
        const int r = directory_trail_verify(d, NULL, 0, &t);

        if (r == DIRECTORY_OK)
                memcpy(ret_hash, t.hash, AUDIT_HASH_SIZE);
        if (r == DIRECTORY_OK || r == DIRECTORY_E_CONSTRAINT)
                *ret_sequence = r == DIRECTORY_OK ? t.last : t.broken;
        return r;
}

const char *directory_host_id(const struct directory *d) {
        return d->host_id;
}
