/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * evidence.c - what the e-ID provider said about an approval, kept for a time
 *
 *  1. MUST keep it encrypted only, bound to the record of its log-in.
 *  2. MUST not give it to anybody before the audit entry about that is committed.
 *  3. MUST delete it when its time is over, with an audit entry, and not before.
 */

#include "evidence.h"

#include "acts.h"
#include "audit.h"
#include "i18n.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

enum { BOUND_MAX = 160 };

/* What the ciphertext is bound to: the log-in as it was recorded. */
static size_t bind_to(int64_t login, int64_t account, int64_t at, const void *reference, char ret[static BOUND_MAX]) {
        const int k = snprintf(ret, BOUND_MAX - 32, "evidence login:%lld account:%lld at:%lld ", (long long) login,
                               (long long) account, (long long) at);

        memcpy(ret + k, reference, 32);
        return (size_t) k + 32;
}

/* The row that was written is read: what it is bound to is what will be read later. */
static int login_bound(struct directory *d, int64_t id, struct directory_evidence *ret, char bound[static BOUND_MAX],
                       size_t *ret_n) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *reference;
        int r;

        r = sql_find(d, "SELECT l.account, l.at, l.reference, a.name FROM login l JOIN account a ON a.id = l.account"
                        " WHERE l.id = ?1", SQL_BIND(sql_integer(id)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("login: there is none with this id"));
        if (r != DIRECTORY_OK)
                return r;
        reference = sql_bytes(stmt, 2, 32);
        if (!reference)
                return directory_fail(d, -EUCLEAN, _("evidence: the record of its log-in is not what was written"));
        *ret_n = bind_to(id, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1), reference, bound);
        ret->login = id;
        ret->at = sqlite3_column_int64(stmt, 1);
        (void) snprintf(ret->account, sizeof ret->account, "%s", sql_column(stmt, 3));
        return DIRECTORY_OK;
}

int evidence_add(struct directory *d, int64_t id, const struct directory_login *l) {
        struct directory_evidence ignored;
        auto_free uint8_t *sealed = NULL;
        char bound[BOUND_MAX];
        size_t n_bound = 0;
        int r;

        if (l->n_evidence == 0 || l->n_evidence > DIRECTORY_EVIDENCE_MAX)
                return directory_fail(d, DIRECTORY_E_INVALID, _("evidence: must be 1 to %d bytes"),
                                      DIRECTORY_EVIDENCE_MAX);
        r = login_bound(d, id, &ignored, bound, &n_bound);
        if (r != DIRECTORY_OK)
                return r;
        sealed = malloc(l->n_evidence + KEY_SEAL_EXTRA);
        if (!sealed)
                return -ENOMEM;
        r = keys_seal_evidence(&d->keys, bound, n_bound, l->evidence, l->n_evidence, sealed);
        if (r < 0)
                return directory_fail(d, r, _("evidence: can't be encrypted"));
        return sql_run(d, "INSERT INTO evidence (login, kept_until, cipher_key, cipher) VALUES (?1, ?2, ?3, ?4)",
                       SQL_BIND(sql_integer(id), sql_integer(l->evidence_until), sql_integer(d->keys.id),
                                sql_blob(sealed, l->n_evidence + KEY_SEAL_EXTRA)));
}

int evidence_expire(struct directory *d, const char *actor, int64_t now, int64_t max, int64_t *ret_n) {
        int64_t n;
        int r;

        *ret_n = 0;
        r = sql_run(d, "DELETE FROM evidence WHERE login IN (SELECT login FROM evidence WHERE kept_until <= ?1"
                       " ORDER BY kept_until LIMIT ?2)", SQL_BIND(sql_integer(now), sql_integer(max)));
        if (r != DIRECTORY_OK)
                return r;
        n = sqlite3_changes64(d->db);
        if (n == 0)
                return DIRECTORY_OK;
        r = audit_append(d, &(struct audit_entry) {
                .at = now, .actor = actor, .act = "evidence.expire", .object = "evidence",
                .detail = json_pack("{s:I}", "deleted", (json_int_t) n),
        });
        if (r == DIRECTORY_OK)
                *ret_n = n;
        return r;
}

int directory_evidence_prune(struct directory *d, const struct directory_act *act, int64_t *ret_n) {
        int64_t n = 0;
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = store_end(d, evidence_expire(d, act->actor, act->now, INT64_MAX, &n));
        if (r == DIRECTORY_OK)
                *ret_n = n;
        return r;
}

/* Evidence stays under the keys that it was written with, until its time is over. */
static int find_keys(struct directory *d, int64_t id, struct keys *ret) {
        const char *why;
        int r = 0;

        if (id == d->keys.id)
                *ret = d->keys;
        else
                r = keys_load(KEYS_THERE, id, ret, &why);
        return r < 0 ? directory_fail(d, -ENOKEY, _("evidence: the key that it is kept under is not here")) : DIRECTORY_OK;
}

/* Decrypt what is kept of @login into *ret. */
static int evidence_open(struct directory *d, int64_t login, struct directory_evidence *ret) {
        AUTO(keys_wipe) struct keys keys = { .id = 0 };
        auto_stmt sqlite3_stmt *stmt = NULL;
        char bound[BOUND_MAX];
        size_t n_bound = 0, n;
        const uint8_t *sealed;
        int r;

        r = login_bound(d, login, ret, bound, &n_bound);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find(d, "SELECT kept_until, cipher_key, cipher FROM evidence WHERE login = ?1",
                     SQL_BIND(sql_integer(login)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("evidence: none is kept of this log-in"));
        if (r != DIRECTORY_OK)
                return r;
        r = find_keys(d, sqlite3_column_int64(stmt, 1), &keys);
        if (r != DIRECTORY_OK)
                return r;

        n = (size_t) sqlite3_column_bytes(stmt, 2);
        if (n <= KEY_SEAL_EXTRA || n > DIRECTORY_EVIDENCE_MAX + KEY_SEAL_EXTRA)
                return directory_fail(d, -EUCLEAN, _("evidence: is not what was kept, or its log-in's record was changed"));
        sealed = sql_bytes(stmt, 2, n);
        if (!sealed)
                return -ENOMEM;
        n -= KEY_SEAL_EXTRA;
        ret->text = malloc(n + 1);
        if (!ret->text)
                return -ENOMEM;
        ret->n = n;
        ret->kept_until = sqlite3_column_int64(stmt, 0);
        r = keys_open_evidence(&keys, bound, n_bound, sealed, n + KEY_SEAL_EXTRA, ret->text);
        ret->text[n] = '\0';
        if (r == -EBADMSG)
                return directory_fail(d, -EUCLEAN, _("evidence: is not what was kept, or its log-in's record was changed"));
        return r;
}

int directory_evidence_read(struct directory *d, const struct directory_act *act, int64_t login, const char *why,
                            struct directory_evidence *ret) {
        AUTO(directory_evidence_done) struct directory_evidence found = { .login = 0 };
        char object[AUDIT_WORD_MAX];
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = evidence_open(d, login, &found);
        (void) snprintf(object, sizeof object, "login:%lld", (long long) login);
        if (r == DIRECTORY_OK)
                r = audit_append(d, &(struct audit_entry) {
                        .at = act->now, .actor = act->actor, .act = why, .object = object,
                        .detail = json_pack("{s:s}", "account", found.account),
                });
        r = store_end(d, r);            /* MUST 2 */
        if (r != DIRECTORY_OK)
                return r;
        *ret = found;
        found.text = NULL;
        return DIRECTORY_OK;
}

void directory_evidence_done(struct directory_evidence *e) {
        if (e->text)
                OPENSSL_cleanse(e->text, e->n);
        free(e->text);
        e->text = NULL;
}
