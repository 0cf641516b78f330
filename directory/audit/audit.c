/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit.c - the audit trail: a chain in which nothing can be changed, removed or moved unseen
 *
 *     hash(n)  = SHA-256( hash(n-1) text(n) ), hash(0) = 32 zero bytes
 *     text(n)  = JSON object without blanks, keys sorted:
 *                {"act":..,"actor":..,"at":..,"detail":..,"host_id":..,"object":..,"sequence":n}
 *     detail   = the column as it is, a string: every byte of it counts
 *
 * The chain starts at 1, or after its newest checkpoint, and has no gaps
 * (trail-verify.c).  What is cut off at its end, or written anew by somebody
 * who has the file, only an anchor elsewhere shows; so each hash also leaves
 * the host (directory_tell_audit()).
 */

#include "audit.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

static void digest_freep(EVP_MD_CTX **ctx) {
        EVP_MD_CTX_free(*ctx);
}

int audit_hash(const uint8_t before[static AUDIT_HASH_SIZE], const struct audit_link *link,
               uint8_t ret[static AUDIT_HASH_SIZE]) {
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
            EVP_DigestUpdate(ctx, before, AUDIT_HASH_SIZE) != 1 ||
            EVP_DigestUpdate(ctx, text, strlen(text)) != 1 ||
            EVP_DigestFinal_ex(ctx, ret, NULL) != 1)
                return -EIO;
        return 0;
}

/* The end of the chain, within the transaction that is going to add to it. */
static int chain_end(struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static AUDIT_HASH_SIZE]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *hash;
        int r;

        r = sql_find(d, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", SQL_NONE, &stmt);
        if (r == DIRECTORY_E_NOT_FOUND) {
                *ret_sequence = 0;
                memset(ret_hash, 0, AUDIT_HASH_SIZE);
                return DIRECTORY_OK;
        }
        if (r != DIRECTORY_OK)
                return r;
        hash = sql_bytes(stmt, 1, AUDIT_HASH_SIZE);
        if (!hash)
                return directory_fail(d, -EUCLEAN,
                                      _("the directory is damaged: the end of the audit trail can't be read"));
        *ret_sequence = sqlite3_column_int64(stmt, 0);
        memcpy(ret_hash, hash, AUDIT_HASH_SIZE);
        return DIRECTORY_OK;
}

int audit_append(struct directory *d, const struct audit_entry *entry) {
        AUTO(json_decrefp) json_t *detail = entry->detail;
        struct audit_link link = {
                .at = entry->at, .host_id = d->host_id,
                .actor = entry->actor, .act = entry->act, .object = entry->object,
        };
        uint8_t before[AUDIT_HASH_SIZE], hash[AUDIT_HASH_SIZE];
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
        r = audit_hash(before, &link, hash);
        if (r < 0)
                return r;
        r = sql_run(d, "INSERT INTO audit (sequence, at, host_id, actor, act, object, detail, hash)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    SQL_BIND(sql_integer(link.sequence), sql_integer(link.at), sql_text(link.host_id),
                             sql_text(link.actor), sql_text(link.act), sql_text(link.object),
                             sql_text(link.detail), sql_blob(hash, sizeof hash)));
        if (r == DIRECTORY_OK) {
                d->next_sequence = link.sequence;
                memcpy(d->next_hash, hash, AUDIT_HASH_SIZE);
        }
        return r;
}

void audit_committed(struct directory *d) {
        if (d->next_sequence > 0) {
                d->audit_sequence = d->next_sequence;
                memcpy(d->audit_hash, d->next_hash, AUDIT_HASH_SIZE);
                if (d->tell)
                        d->tell(d->host_id, d->audit_sequence, d->audit_hash);
        }
        d->next_sequence = 0;
}

void audit_rolled_back(struct directory *d) {
        d->next_sequence = 0;
}

void directory_tell_audit(struct directory *d,
                          void (*tell)(const char *host_id, int64_t sequence, const uint8_t hash[static 32])) {
        d->tell = tell;
        if (tell && d->audit_sequence > 0)
                tell(d->host_id, d->audit_sequence, d->audit_hash);
}

int directory_audit_last(const struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]) {
        if (d->audit_sequence == 0)
                return DIRECTORY_E_NOT_FOUND;
        *ret_sequence = d->audit_sequence;
        memcpy(ret_hash, d->audit_hash, AUDIT_HASH_SIZE);
        return DIRECTORY_OK;
}
