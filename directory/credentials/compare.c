/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * compare.c - what was typed, and what the account has
 *
 *  1. MUST have the ticket of a charge, and spend it.
 *  2. MUST say RIGHT in one place, after the commit of what makes it so.
 *  3. MUST do the same work whatever there is to compare with.
 *  4. MUST NOT hold a transaction open while a password is hashed.
 */

#include "credential.h"

#include "i18n.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

/* What was found, before it counts. */
struct found {
        enum credential_why why;
        const char *proof;                      /* where why is NONE                              */
};

struct answer {
        char text[CREDENTIAL_ANSWER_MAX + 1];
        bool whole;                             /* it is a text that something could be compared with */
};

static void answer_wipe(struct answer *a) {
        OPENSSL_cleanse(a, sizeof *a);
}

static void answer_take(const char *text, size_t n, size_t max, struct answer *ret) {
        const size_t n_taken = n <= max ? n : max;

        memcpy(ret->text, text, n_taken);
        ret->text[n_taken] = '\0';
        ret->whole = n > 0 && n <= max && !memchr(text, '\0', n);
}

/* The charge is one that came out right: it counts no more. */
static int prove(struct directory *d, const struct credential_ticket *t, const char *proof) {
        const int r = sql_run(d, "UPDATE charge SET proof = ?2 WHERE id = ?1 AND account = ?3 AND proof IS NULL",
                              SQL_BIND(sql_integer(t->id), sql_text(proof), sql_integer(t->account)));

        if (r == DIRECTORY_OK && sqlite3_changes(d->db) != 1)
                return directory_fail(d, -EUCLEAN, _("the directory is damaged: that somebody tried is gone"));
        return r;
}

/* -- A password --------------------------------------------------------------------------------------- */

static int find_hash(struct directory *d, int64_t account, char ret[static PASSWORD_HASH_MAX], bool *ret_there) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT hash FROM password WHERE account = ?1", SQL_BIND(sql_integer(account)), &stmt);

        *ret_there = r == DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                (void) snprintf(ret, PASSWORD_HASH_MAX, "%s", sql_column(stmt, 0));
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* It may have been changed or removed while it was hashed. */
static int prove_password(struct directory *d, const struct credential_ticket *t, const char *hash) {
        int64_t one;
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find_integer(d, "SELECT 1 FROM password WHERE account = ?1 AND hash = ?2", SQL_BIND(sql_integer(t->account), sql_text(hash)), &one);
        if (r == DIRECTORY_OK)
                r = prove(d, t, "password");
        return store_end(d, r);
}

static int compare_password(struct directory *d, const struct credential_ticket *t, const struct answer *answer, struct found *ret) {
        char hash[PASSWORD_HASH_MAX] = "";
        bool there = false;
        int fits, r;

        r = find_hash(d, t->account, hash, &there);
        if (r != DIRECTORY_OK)
                return r;
        fits = password_hash_fits(there && !t->closed ? hash : NULL, answer->text);
        if (fits < 0)
                r = fits;
        else if (t->closed)
                ret->why = CREDENTIAL_WHY_CLOSED;
        else if (!there)
                ret->why = CREDENTIAL_WHY_NOTHING;
        else if (!fits || !answer->whole)
                ret->why = CREDENTIAL_WHY_DIFFERS;
        else
                r = prove_password(d, t, hash);
        if (r == DIRECTORY_OK && ret->why == CREDENTIAL_WHY_NONE)
                ret->proof = "password";
        OPENSSL_cleanse(hash, sizeof hash);
        if (r == DIRECTORY_E_NOT_FOUND) {
                ret->why = CREDENTIAL_WHY_NOTHING;
                r = DIRECTORY_OK;
        }
        return r;
}

/* -- TOTP ---------------------------------------------------------------------------------------------- */

/* Nobody's secret: the same work for whoever has none. */
#define NOBODYS_SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static int find_secret(struct directory *d, int64_t account, char ret[static KEY_TOTP_SIZE + 1], int64_t *ret_last) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *sealed;
        int r;

        r = store_keys(d);
        if (r == DIRECTORY_OK)
                r = sql_find(d, "SELECT cipher, last_step FROM totp WHERE account = ?1", SQL_BIND(sql_integer(account)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        sealed = sql_bytes(stmt, 0, KEY_TOTP_SIZE + KEY_SEAL_EXTRA);
        *ret_last = sqlite3_column_int64(stmt, 1);
        r = sealed ? keys_open_totp(&d->keys, account, sealed, KEY_TOTP_SIZE + KEY_SEAL_EXTRA, ret) : -EBADMSG;
        return r < 0 ? directory_fail(d, -EUCLEAN, _("the secret of a TOTP is not what was written here")) : DIRECTORY_OK;
}

static int use_step(struct directory *d, const struct credential_ticket *t, int64_t step, struct found *ret) {
        int r;

        r = sql_run(d, "UPDATE totp SET last_step = ?2 WHERE account = ?1", SQL_BIND(sql_integer(t->account), sql_integer(step)));
        if (r == DIRECTORY_OK)
                r = prove(d, t, "totp");
        ret->proof = "totp";
        return r;
}

static int compare_totp(struct directory *d, const struct credential_ticket *t, const struct answer *answer, struct found *ret) {
        char secret[KEY_TOTP_SIZE + 1] = NOBODYS_SECRET, plain[CREDENTIAL_CODE_TEXT] = "";
        int64_t last = 0, step;
        bool there;
        int r;

        r = find_secret(d, t->account, secret, &last);
        there = r == DIRECTORY_OK;
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return r;
        if (!code_plain(answer->text, plain))
                plain[0] = '\0';
        step = totp_step_of(secret, plain, t->at);
        OPENSSL_cleanse(secret, sizeof secret);
        OPENSSL_cleanse(plain, sizeof plain);
        if (step < 0)
                return (int) step;
        if (t->closed)
                ret->why = CREDENTIAL_WHY_CLOSED;
        else if (!there)
                ret->why = CREDENTIAL_WHY_NOTHING;
        else if (step == 0 || !answer->whole)
                ret->why = CREDENTIAL_WHY_DIFFERS;
        else if (step <= last)
                ret->why = CREDENTIAL_WHY_USED;
        else
                return use_step(d, t, step, ret);
        return DIRECTORY_OK;
}

/* -- Codes --------------------------------------------------------------------------------------------- */

enum { CODES_MAX = 8 };                         /* of an account that are looked at: the newest           */

struct code_row {
        int64_t id;
        const char *kind;                       /* static                                                 */
        bool    fits, used, ended, over, answered;
};

static const char *const code_kinds[] = { "activation", "temporary", "sms", "mail" };

static const char *code_kind(const char *word) {
        for (size_t i = 0; i < N_ELEMENTS(code_kinds); i++)
                if (strcmp(code_kinds[i], word) == 0)
                        return code_kinds[i];
        return "";
}

/* The HMAC that the code would have in that row, under the keys that it was made with. */
static int row_fits(struct directory *d, sqlite3_stmt *row, const char *kind, int64_t account, const char *plain, bool *ret) {
        AUTO(keys_wipe) struct keys older = { .id = 0 };
        const uint8_t *const mac = sql_bytes(row, 3, KEY_MAC_SIZE);
        const int64_t key = sqlite3_column_int64(row, 2);
        uint8_t made[KEY_MAC_SIZE];
        const char *why;
        int r = 0;

        if (!mac)
                return -EUCLEAN;
        if (key != d->keys.id)
                r = keys_load(KEYS_THERE, key, &older, &why);
        if (r == 0)
                r = keys_mac_code(key == d->keys.id ? &d->keys : &older, kind, account, plain, made);
        *ret = r == 0 && CRYPTO_memcmp(made, mac, sizeof made) == 0;
        return r == -ENOKEY ? DIRECTORY_OK : r;
}

static int read_row(struct directory *d, sqlite3_stmt *row, const struct credential_ticket *t, const char *plain, struct code_row *ret) {
        const bool sent = t->kind != CREDENTIAL_CODE;

        *ret = (struct code_row) {
                .id = sqlite3_column_int64(row, 0),
                .kind = code_kind(sql_column(row, 1)),
                .over = sqlite3_column_int64(row, 4) <= t->at,
                .answered = sent && sqlite3_column_int64(row, 5) > CREDENTIAL_CODE_TRIES,
                .used = sqlite3_column_type(row, 6) != SQLITE_NULL,
                .ended = sqlite3_column_type(row, 7) != SQLITE_NULL,
        };
        return row_fits(d, row, ret->kind, t->account, plain, &ret->fits);
}

/* The newest that fits; without one, *@ret_why says what there is instead.  NOT_FOUND: none. */
static int find_code(struct directory *d, const struct credential_ticket *t, const char *plain, struct code_row *ret, enum credential_why *ret_why) {
        const char *const kind = t->kind == CREDENTIAL_SMS ? "sms" : t->kind == CREDENTIAL_MAIL ? "mail" : "";
        auto_stmt sqlite3_stmt *stmt = NULL;
        bool found = false;
        int r;

        *ret_why = CREDENTIAL_WHY_NOTHING;
        r = sql_prepare(d, "SELECT id, kind, mac_key, mac, until, answers, used, ended FROM code WHERE account = ?1"
                           " AND CASE ?2 WHEN '' THEN kind IN ('activation', 'temporary') ELSE kind = ?2 END ORDER BY id DESC LIMIT ?3",
                        SQL_BIND(sql_integer(t->account), sql_text(kind), sql_integer(CODES_MAX)), &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                struct code_row row;

                r = read_row(d, stmt, t, plain, &row);
                if (r == DIRECTORY_OK && row.fits && !found) {
                        *ret = row;
                        found = true;
                }
                if (r == DIRECTORY_OK && !row.ended && !row.over)
                        *ret_why = row.answered ? CREDENTIAL_WHY_TRIES : CREDENTIAL_WHY_DIFFERS;
        }
        if (r == DIRECTORY_E_NOT_FOUND && found)
                return DIRECTORY_OK;
        return r;
}

static int use_code(struct directory *d, const struct credential_ticket *t, const struct code_row *row, struct found *ret) {
        int r;

        r = sql_run(d, "UPDATE code SET used = ?2, ended = ?2 WHERE id = ?1", SQL_BIND(sql_integer(row->id), sql_integer(t->at)));
        if (r == DIRECTORY_OK && strcmp(row->kind, "activation") == 0)
                r = sql_run(d, "INSERT INTO password_due VALUES (?1, ?2) ON CONFLICT (account) DO NOTHING",
                            SQL_BIND(sql_integer(t->account), sql_integer(t->at)));
        if (r == DIRECTORY_OK)
                r = prove(d, t, row->kind);
        ret->proof = row->kind;
        return r;
}

static int compare_code(struct directory *d, const struct credential_ticket *t, const struct answer *answer, struct found *ret) {
        char plain[CREDENTIAL_CODE_TEXT] = "";
        struct code_row row = { .id = 0 };
        enum credential_why none = CREDENTIAL_WHY_NOTHING;
        int r;

        if (!code_plain(answer->text, plain))
                plain[0] = '\0';
        r = store_keys(d);
        if (r == DIRECTORY_OK)
                r = find_code(d, t, plain, &row, &none);
        OPENSSL_cleanse(plain, sizeof plain);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return r;
        if (t->closed)
                ret->why = CREDENTIAL_WHY_CLOSED;
        else if (r == DIRECTORY_E_NOT_FOUND || !answer->whole)
                ret->why = none;
        else if (row.used)
                ret->why = CREDENTIAL_WHY_USED;
        else if (row.over || row.ended)
                ret->why = CREDENTIAL_WHY_EXPIRED;
        else if (row.answered)
                ret->why = CREDENTIAL_WHY_TRIES;
        else
                return use_code(d, t, &row, ret);
        return DIRECTORY_OK;
}

/* -- All of them ---------------------------------------------------------------------------------------- */

static int compare_locked(struct directory *d, const struct credential_ticket *t, const struct answer *answer, struct found *ret) {
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = t->kind == CREDENTIAL_TOTP ? compare_totp(d, t, answer, ret) : compare_code(d, t, answer, ret);
        return store_end(d, r);
}

int credential_compare(struct directory *d, struct credential_ticket *t, const char *answer, size_t n,
                       struct credential_result *ret) {
        const struct credential_ticket spent = *t;
        struct found found = { .why = CREDENTIAL_WHY_NONE };
        AUTO(answer_wipe) struct answer taken = { .whole = false };
        int r;

        *ret = (struct credential_result) { .verdict = CREDENTIAL_WRONG, .why = CREDENTIAL_WHY_NOTHING };
        *t = (struct credential_ticket) { .account = spent.account, .kind = spent.kind, .at = spent.at };
        if (!spent.open || (spent.id == 0 && !spent.closed))                    /* MUST 1 */
                return -EINVAL;
        answer_take(answer, n, spent.kind == CREDENTIAL_PASSWORD ? CREDENTIAL_PASSWORD_MAX : CREDENTIAL_ANSWER_MAX, &taken);
        r = spent.kind == CREDENTIAL_PASSWORD ? compare_password(d, &spent, &taken, &found) : compare_locked(d, &spent, &taken, &found);
        if (r != DIRECTORY_OK)
                return r;
        ret->why = found.why;
        if (found.why != CREDENTIAL_WHY_NONE || !found.proof)
                return DIRECTORY_OK;

        /* MUST 2: it is committed. */
        t->proof = spent.id;
        ret->activation = strcmp(found.proof, "activation") == 0;
        ret->temporary = strcmp(found.proof, "temporary") == 0;
        ret->verdict = CREDENTIAL_RIGHT;
        return DIRECTORY_OK;
}

const char *credential_why_word(enum credential_why why) {
        switch (why) {
        case CREDENTIAL_WHY_NONE:
                return "none";
        case CREDENTIAL_WHY_DIFFERS:
                return "differs";
        case CREDENTIAL_WHY_CLOSED:
                return "closed";
        case CREDENTIAL_WHY_NOTHING:
                return "nothing";
        case CREDENTIAL_WHY_USED:
                return "used";
        case CREDENTIAL_WHY_EXPIRED:
                return "expired";
        case CREDENTIAL_WHY_TRIES:
                return "tries";
        }
        return "none";
}
