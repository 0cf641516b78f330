/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * totp.c - a secret is kept once its owner has shown that they have it (RFC 6238: SHA-1, 6 digits, 30 s)
 *
 *  1. MUST keep a secret as ciphertext only, bound to its account, and write only what can be read again.
 *  2. MUST compare with all steps that are near, whichever it is.
 *  3. MUST wipe every copy made here.
 */

#include "credential.h"

#include "i18n.h"

#include <errno.h>
#include <string.h>

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

_Static_assert(CREDENTIAL_TOTP_TEXT == KEY_TOTP_SIZE + 1, "the key seals what is made here");

/* Once in a process is enough; more often does no harm. */
static int oath_ready(void) {
        return oath_init() == OATH_OK ? 0 : -EIO;
}

int credential_totp_new(char ret[static CREDENTIAL_TOTP_TEXT]) {
        unsigned char bytes[CREDENTIAL_TOTP_BYTES];
        char *text = NULL;
        size_t n = 0;
        int r;

        r = oath_ready();
        if (r == 0 && RAND_priv_bytes(bytes, sizeof bytes) != 1)
                r = -EIO;
        if (r == 0 && oath_base32_encode((const char *) bytes, sizeof bytes, &text, &n) != OATH_OK)
                r = -ENOMEM;
        if (r == 0 && n != CREDENTIAL_TOTP_TEXT - 1)
                r = -EIO;
        if (r == 0)
                memcpy(ret, text, CREDENTIAL_TOTP_TEXT);
        OPENSSL_cleanse(bytes, sizeof bytes);
        if (text)
                OPENSSL_cleanse(text, n);
        free(text);
        return r;
}

/* @ret has room for CREDENTIAL_TOTP_BYTES. */
static int secret_bytes(const char *secret, uint8_t *ret) {
        char *bytes = NULL;
        size_t n = 0;
        int r;

        r = oath_ready();
        if (r == 0 && oath_base32_decode(secret, strlen(secret), &bytes, &n) != OATH_OK)
                r = -EBADMSG;
        if (r == 0 && n != CREDENTIAL_TOTP_BYTES)
                r = -EBADMSG;
        if (r == 0)
                memcpy(ret, bytes, CREDENTIAL_TOTP_BYTES);
        if (bytes)
                OPENSSL_cleanse(bytes, n);
        free(bytes);
        return r;
}

int64_t totp_step_of(const char *secret, const char *code, int64_t now) {
        uint8_t bytes[CREDENTIAL_TOTP_BYTES];
        const int64_t middle = now / CREDENTIAL_TOTP_STEP_S;
        char made[CREDENTIAL_TOTP_DIGITS + 1];
        const bool whole = strlen(code) == CREDENTIAL_TOTP_DIGITS;
        int64_t found = 0;
        int r;

        r = secret_bytes(secret, bytes);
        for (int64_t step = middle - CREDENTIAL_TOTP_DRIFT; r == 0 && step <= middle + CREDENTIAL_TOTP_DRIFT; step++) {
                if (step <= 0)
                        continue;
                if (oath_hotp_generate((const char *) bytes, sizeof bytes, (uint64_t) step, CREDENTIAL_TOTP_DIGITS, false,
                                       OATH_HOTP_DYNAMIC_TRUNCATION, made) != OATH_OK)
                        r = -EIO;
                else if (whole && CRYPTO_memcmp(made, code, CREDENTIAL_TOTP_DIGITS) == 0)
                        found = step;
        }
        OPENSSL_cleanse(bytes, sizeof bytes);
        OPENSSL_cleanse(made, sizeof made);
        return r < 0 ? r : found;
}

/* MUST 1 */
static int seal(struct directory *d, int64_t account, const char *secret, uint8_t ret[static KEY_TOTP_SIZE + KEY_SEAL_EXTRA]) {
        char again[KEY_TOTP_SIZE + 1] = "";
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = keys_seal_totp(&d->keys, account, secret, ret);
        if (r == 0)
                r = keys_open_totp(&d->keys, account, ret, KEY_TOTP_SIZE + KEY_SEAL_EXTRA, again);
        if (r == 0 && strcmp(secret, again) != 0)
                r = -EIO;
        OPENSSL_cleanse(again, sizeof again);
        return r < 0 ? directory_fail(d, r, _("the secret can't be encrypted")) : DIRECTORY_OK;
}

static int enroll(struct directory *d, int64_t account, const char *secret, int64_t step, int64_t now) {
        uint8_t sealed[KEY_TOTP_SIZE + KEY_SEAL_EXTRA];
        int64_t one;
        int r;

        r = sql_find_integer(d, "SELECT 1 FROM totp WHERE account = ?1", SQL_BIND(sql_integer(account)), &one);
        if (r == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("account: has a TOTP already; remove that first: careid totp remove"));
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        r = seal(d, account, secret, sealed);
        return r == DIRECTORY_OK ? sql_run(d, "INSERT INTO totp VALUES (?1, ?2, ?3, ?4, ?5)",
                                           SQL_BIND(sql_integer(account), sql_integer(d->keys.id), sql_blob(sealed, sizeof sealed),
                                                    sql_integer(step), sql_integer(now)))
                                 : r;
}

int credential_totp_enroll(struct directory *d, const struct directory_act *act, const char *account, const char *secret,
                           const char *code) {
        char plain[CREDENTIAL_CODE_TEXT] = "";
        int64_t id = 0, step;
        int r;

        step = code_plain(code, plain) ? totp_step_of(secret, plain, act->now) : 0;
        OPENSSL_cleanse(plain, sizeof plain);
        if (step < 0)
                return directory_fail(d, (int) step, _("codes can't be made of this secret"));
        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, account, &id);
        if (r == DIRECTORY_OK && step == 0)
                r = directory_fail(d, DIRECTORY_E_INVALID,
                                   _("code: is none that this secret gives now: the device has another secret, or one of the clocks is wrong"));
        if (r == DIRECTORY_OK)
                r = enroll(d, id, secret, step, act->now);
        return act_end(d, act, r, &(struct act_report) {
                .act = "totp.enroll", .kind = "account", .id = id, .detail = json_object(),
        });
}

int credential_totp_remove(struct directory *d, const struct directory_act *act, const char *account) {
        int64_t id = 0;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, account, &id);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "DELETE FROM totp WHERE account = ?1", SQL_BIND(sql_integer(id)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_NOT_FOUND, _("account: has no TOTP"));
        return act_end(d, act, r, &(struct act_report) {
                .act = "totp.remove", .kind = "account", .id = id, .detail = json_object(),
        });
}
