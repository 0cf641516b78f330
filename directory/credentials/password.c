/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * password.c - a password is set, changed, removed
 *
 *  1. MUST have checked it (password-rules.c) before it is kept.
 *  2. MUST NOT set one for a proof that is no old password and no activation code of the account (X14).
 *  3. MUST NOT hold the lock while it is hashed.
 */

#include "credential.h"

#include "i18n.h"
#include "lookup.h"
#include "mandates.h"

#include <openssl/crypto.h>

struct hash {
        char text[PASSWORD_HASH_MAX];
};

static void hash_wipe(struct hash *h) {
        OPENSSL_cleanse(h, sizeof *h);
}

int credential_account(struct directory *d, const struct directory_act *act, const char *name, int64_t *ret) {
        const int r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);

        return r == DIRECTORY_OK ? lookup_live(d, LOOKUP_ACCOUNT, name, ret) : r;
}

static int put(struct directory *d, int64_t account, const struct hash *hash, const char *proven_by, int64_t now) {
        int r;

        r = sql_run(d, "INSERT INTO password VALUES (?1, ?2, ?3, ?4) ON CONFLICT (account) DO UPDATE SET hash = ?2, proven_by = ?3, created = ?4",
                    SQL_BIND(sql_integer(account), sql_text(hash->text), sql_text(proven_by), sql_integer(now)));
        return r == DIRECTORY_OK ? sql_run(d, "DELETE FROM password_due WHERE account = ?1", SQL_BIND(sql_integer(account))) : r;
}

static int prepare(struct directory *d, const char *password, const char *login, struct hash *ret) {
        int r;

        r = credential_password_check(d, password, NULL, login);
        if (r == DIRECTORY_OK)
                r = password_hash_new(password, ret->text);
        return r < 0 && !*directory_complaint(d) ? directory_fail(d, r, _("the password can't be hashed")) : r;
}

int credential_password_set(struct directory *d, const struct directory_act *act, const char *account, const char *password) {
        AUTO(hash_wipe) struct hash hash = { "" };
        int64_t id = 0;
        int r;

        r = prepare(d, password, account, &hash);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, account, &id);
        if (r == DIRECTORY_OK)
                r = put(d, id, &hash, "root", act->now);
        return act_end(d, act, r, &(struct act_report) {
                .act = "password.set", .kind = "account", .id = id, .detail = json_object(),
        });
}

int credential_password_remove(struct directory *d, const struct directory_act *act, const char *account) {
        int64_t id = 0;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, account, &id);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "DELETE FROM password WHERE account = ?1", SQL_BIND(sql_integer(id)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_NOT_FOUND, _("account: has no password"));
        return act_end(d, act, r, &(struct act_report) {
                .act = "password.remove", .kind = "account", .id = id, .detail = json_object(),
        });
}

/* MUST 2.  What it was, "password" or "activation"; and it is used. */
static int take_proof(struct directory *d, int64_t account, int64_t proof, int64_t now, const char **ret) {
        int64_t is_activation = 0;
        int r;

        r = sql_find_integer(d, "SELECT proof = 'activation' FROM charge WHERE id = ?1 AND account = ?2 AND used IS NULL"
                                " AND proof IN ('password', 'activation') AND abs(?3 - at) <= ?4",
                             SQL_BIND(sql_integer(proof), sql_integer(account), sql_integer(now), sql_integer(CREDENTIAL_CHANGE_S)), &is_activation);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("password: is set after the old one, or an activation code, was given just before, and once"));
        if (r != DIRECTORY_OK)
                return r;
        *ret = is_activation ? "activation" : "password";
        return sql_run(d, "UPDATE charge SET used = ?2 WHERE id = ?1", SQL_BIND(sql_integer(proof), sql_integer(now)));
}

static int find_name(struct directory *d, int64_t account, char ret[static 33]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT name FROM account WHERE id = ?1", SQL_BIND(sql_integer(account)), &stmt);

        if (r == DIRECTORY_OK)
                (void) snprintf(ret, 33, "%s", sql_column(stmt, 0));
        return r;
}

int credential_password_change(struct directory *d, int64_t account, int64_t proof, const char *password, int64_t now) {
        const struct directory_act act = { .actor = "helper", .now = now };
        AUTO(hash_wipe) struct hash hash = { "" };
        const char *proven_by = "";
        char name[33] = "";
        int r;

        r = find_name(d, account, name);
        if (r == DIRECTORY_OK)
                r = prepare(d, password, name, &hash);
        if (r == DIRECTORY_OK)
                r = act_begin(d, &act);
        if (r != DIRECTORY_OK)
                return r;
        r = take_proof(d, account, proof, now, &proven_by);
        if (r == DIRECTORY_OK)
                r = put(d, account, &hash, proven_by, now);
        return act_end(d, &act, r, &(struct act_report) {
                .act = "password.change", .kind = "account", .id = account, .detail = json_pack("{s:s}", "proven_by", proven_by),
        });
}
