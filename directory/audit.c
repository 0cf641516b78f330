/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit.c - the audit trail: a chain in which nothing can be changed, removed or moved unseen
 *
 *     hash(n)  = SHA-256( hash(n-1) text(n) ), hash(0) = 32 zero bytes
 *     text(n)  = JSON object without blanks, keys sorted:
 *                {"act":..,"actor":..,"at":..,"detail":..,"host_id":..,"object":..,"sequence":n}
 *     detail   = the column as it is, a string: every byte of it counts
 *
 * The chain starts at 1 and has no gaps.  What is cut off at its end, or
 * written anew by somebody who has the file, only an anchor elsewhere shows;
 * so each hash also leaves the host (directory_audit_last()).
 */

#include "audit.h"
#include "acts.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

enum { HASH_SIZE = 32 };

struct link {
        int64_t     sequence, at;
        const char *host_id, *actor, *act, *object, *detail;
};

static void digest_freep(EVP_MD_CTX **ctx) {
        EVP_MD_CTX_free(*ctx);
}

static int link_hash(const uint8_t before[static HASH_SIZE], const struct link *link,
                     uint8_t ret[static HASH_SIZE]) {
        AUTO(digest_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        AUTO(json_decrefp) json_t *json = NULL;
        auto_free char *text = NULL;
        json_error_t error;

        json = json_pack_ex(&error, 0, "{s:I, s:I, s:s, s:s, s:s, s:s, s:s}",
                            "sequence", (json_int_t) link->sequence, "at", (json_int_t) link->at,
                            "host_id", link->host_id, "actor", link->actor, "act", link->act,
                            "object", link->object, "detail", link->detail);
        if (!json && json_error_code(&error) == json_error_invalid_utf8)
                return -EILSEQ;
        text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        if (!ctx || !text)
                return -ENOMEM;

        if (EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1 ||
            EVP_DigestUpdate(ctx, before, HASH_SIZE) != 1 ||
            EVP_DigestUpdate(ctx, text, strlen(text)) != 1 ||
            EVP_DigestFinal_ex(ctx, ret, NULL) != 1)
                return -EIO;
        return 0;
}

/* Text with a NUL in it would not be read to its end, and so not be covered. */
static bool has_whole_text(sqlite3_stmt *stmt) {
        for (int column = 2; column <= 6; column++)
                if (strlen(sql_column(stmt, column)) != (size_t) sqlite3_column_bytes(stmt, column))
                        return false;
        return true;
}

/* The end of the chain, within the transaction that is going to add to it. */
static int chain_end(struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static HASH_SIZE]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *hash;
        int r;

        r = sql_find(d, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", SQL_NONE, &stmt);
        if (r == DIRECTORY_E_NOT_FOUND) {
                *ret_sequence = 0;
                memset(ret_hash, 0, HASH_SIZE);
                return DIRECTORY_OK;
        }
        if (r != DIRECTORY_OK)
                return r;
        hash = sql_bytes(stmt, 1, HASH_SIZE);
        if (!hash)
                return directory_fail(d, -EUCLEAN,
                                      _("the directory is damaged: the end of the audit trail can't be read"));
        *ret_sequence = sqlite3_column_int64(stmt, 0);
        memcpy(ret_hash, hash, HASH_SIZE);
        return DIRECTORY_OK;
}

int audit_append(struct directory *d, const struct audit_entry *entry) {
        AUTO(json_decrefp) json_t *detail = entry->detail;
        struct link link = {
                .at = entry->at, .host_id = d->host_id,
                .actor = entry->actor, .act = entry->act, .object = entry->object,
        };
        uint8_t before[HASH_SIZE], hash[HASH_SIZE];
        auto_free char *text = NULL;
        int r;

        text = detail ? json_dumps(detail, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        if (!text)
                return -ENOMEM;
        if (strlen(text) > AUDIT_DETAIL_MAX)
                return directory_fail(d, -EFBIG, _("the audit entry is too long"));
        r = chain_end(d, &link.sequence, before);
        if (r != DIRECTORY_OK)
                return r;

        link.sequence++;
        link.detail = text;
        r = link_hash(before, &link, hash);
        if (r < 0)
                return r;
        r = sql_run(d, "INSERT INTO audit (sequence, at, host_id, actor, act, object, detail, hash)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    SQL_BIND(sql_integer(link.sequence), sql_integer(link.at), sql_text(link.host_id),
                             sql_text(link.actor), sql_text(link.act), sql_text(link.object),
                             sql_text(link.detail), sql_blob(hash, sizeof hash)));
        if (r == DIRECTORY_OK) {
                d->next_sequence = link.sequence;
                memcpy(d->next_hash, hash, HASH_SIZE);
        }
        return r;
}

void audit_committed(struct directory *d) {
        if (d->next_sequence > 0) {
                d->audit_sequence = d->next_sequence;
                memcpy(d->audit_hash, d->next_hash, HASH_SIZE);
        }
        d->next_sequence = 0;
}

void audit_rolled_back(struct directory *d) {
        d->next_sequence = 0;
}

int directory_audit_last(const struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]) {
        if (d->audit_sequence == 0)
                return DIRECTORY_E_NOT_FOUND;
        *ret_sequence = d->audit_sequence;
        memcpy(ret_hash, d->audit_hash, HASH_SIZE);
        return DIRECTORY_OK;
}

static int row_verify(struct directory *d, sqlite3_stmt *stmt, int64_t expected, uint8_t hash[static HASH_SIZE]) {
        const struct link link = {
                .sequence = sqlite3_column_int64(stmt, 0), .at = sqlite3_column_int64(stmt, 1),
                .host_id = sql_column(stmt, 2), .actor = sql_column(stmt, 3), .act = sql_column(stmt, 4),
                .object = sql_column(stmt, 5), .detail = sql_column(stmt, 6),
        };
        const uint8_t *const written = sql_bytes(stmt, 7, HASH_SIZE);
        uint8_t computed[HASH_SIZE];
        int r;

        if (link.sequence != expected)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: entry %lld is missing"), (long long) expected);
        r = link_hash(hash, &link, computed);
        if (r < 0 && r != -EILSEQ)
                return r;
        if (r == -EILSEQ || !has_whole_text(stmt) || !written ||
            CRYPTO_memcmp(written, computed, HASH_SIZE) != 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("the audit trail is broken: entry %lld, or the one before it, is not what "
                                        "was written"),
                                      (long long) expected);
        memcpy(hash, computed, HASH_SIZE);
        return DIRECTORY_OK;
}

int directory_audit_verify(struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        uint8_t hash[HASH_SIZE] = { 0 };
        int64_t expected = 1;
        int r;

        r = sql_prepare(d, "SELECT sequence, at, host_id, actor, act, object, detail, hash"
                           " FROM audit ORDER BY sequence", SQL_NONE, &stmt);
        if (r != DIRECTORY_OK)
                return r;
        for (;; expected++) {
                r = sql_next(d, stmt);
                if (r == DIRECTORY_OK)
                        r = row_verify(d, stmt, expected, hash);
                if (r != DIRECTORY_OK)
                        break;
        }

        /* A directory begins with an entry about itself: no entry at all is a chain that was removed. */
        if (r == DIRECTORY_E_NOT_FOUND && expected == 1)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("the audit trail is broken: it is empty"));
        if (r == DIRECTORY_E_NOT_FOUND) {
                *ret_sequence = expected - 1;
                memcpy(ret_hash, hash, HASH_SIZE);
                return DIRECTORY_OK;
        }
        if (r == DIRECTORY_E_CONSTRAINT)
                *ret_sequence = expected;
        return r;
}
