/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * rotate.c - new keys for personal numbers, contact details and secrets of TOTP
 *
 *  1. MUST have the new keys on the disk before anything is written under them.
 *  2. MUST change all rows or none: a number under keys that are not in use is somebody who can't log in.
 *  3. MUST write only what can be read again.
 *  4. MUST never remove a key: evidence, and backups, may need it.
 *  5. MUST make no file where it is only tried (batch.h).
 */

#include "act.h"
#include "batch.h"
#include "i18n.h"
#include "mandates.h"
#include "sql.h"

#include "places.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

struct plain {
        char text[KEY_CONTACT_MAX + 1];
};

static void plain_wipe(struct plain *p) {
        OPENSSL_cleanse(p, sizeof *p);
}

/* The bytes of a column that a row of that size may have. */
static int take_sealed(sqlite3_stmt *row, int column, const void **ret, size_t *ret_n) {
        *ret_n = (size_t) sqlite3_column_bytes(row, column);
        *ret = sqlite3_column_blob(row, column);
        return *ret ? 0 : -EBADMSG;
}

static int rotate_number(struct directory *d, const struct keys *fresh, sqlite3_stmt *row) {
        const int64_t id = sqlite3_column_int64(row, 0), person = sqlite3_column_int64(row, 1);
        uint8_t mac[KEY_MAC_SIZE], sealed[KEY_SEALED_MAX];
        AUTO(plain_wipe) struct plain plain = { "" }, again = { "" };
        const char *const issuer = sql_column(row, 2);
        const void *old;
        size_t n = 0;
        int r;

        r = take_sealed(row, 3, &old, &n);
        if (r == 0)
                r = keys_open(&d->keys, issuer, person, old, n, plain.text);
        if (r < 0)
                return directory_fail(d, -EUCLEAN, _("the number of person %lld can't be read under the keys that are in use; nothing was changed"),
                                      (long long) person);
        r = keys_seal(fresh, issuer, person, plain.text, sealed, &n);
        if (r == 0)
                r = keys_open(fresh, issuer, person, sealed, n, again.text);
        if (r == 0 && strcmp(plain.text, again.text) != 0)
                r = -EIO;
        if (r == 0)
                r = keys_mac(fresh, issuer, plain.text, mac);
        if (r < 0)
                return directory_fail(d, r, _("the number can't be encrypted"));
        return sql_run(d, "UPDATE identity SET hmac_key = ?2, hmac = ?3, cipher_key = ?2, cipher = ?4 WHERE id = ?1",
                       SQL_BIND(sql_integer(id), sql_integer(fresh->id), sql_blob(mac, sizeof mac), sql_blob(sealed, n)));
}

static int reseal_contact(struct directory *d, const struct keys *fresh, sqlite3_stmt *row, const char *update) {
        const int64_t id = sqlite3_column_int64(row, 0), person = sqlite3_column_int64(row, 1);
        uint8_t sealed[KEY_CONTACT_MAX + KEY_SEAL_EXTRA];
        AUTO(plain_wipe) struct plain plain = { "" }, again = { "" };
        const char *const kind = sql_column(row, 2);
        const void *old;
        size_t n = 0;
        int r;

        r = take_sealed(row, 3, &old, &n);
        if (r == 0)
                r = keys_open_contact(&d->keys, kind, person, old, n, plain.text);
        if (r < 0)
                return directory_fail(d, -EUCLEAN,
                                      _("a contact detail of person %lld can't be read under the keys that are in use; nothing was changed"),
                                      (long long) person);
        r = keys_seal_contact(fresh, kind, person, plain.text, sealed, &n);
        if (r == 0)
                r = keys_open_contact(fresh, kind, person, sealed, n, again.text);
        if (r == 0 && strcmp(plain.text, again.text) != 0)
                r = -EIO;
        if (r < 0)
                return directory_fail(d, r, _("the contact detail can't be encrypted"));
        return sql_run(d, update, SQL_BIND(sql_integer(id), sql_integer(fresh->id), sql_blob(sealed, n)));
}

static int rotate_contact(struct directory *d, const struct keys *fresh, sqlite3_stmt *row) {
        return reseal_contact(d, fresh, row, "UPDATE contact SET cipher_key = ?2, cipher = ?3 WHERE id = ?1");
}

static int rotate_notice(struct directory *d, const struct keys *fresh, sqlite3_stmt *row) {
        return reseal_contact(d, fresh, row, "UPDATE contact_notice SET cipher_key = ?2, cipher = ?3 WHERE id = ?1");
}

static int rotate_message(struct directory *d, const struct keys *fresh, sqlite3_stmt *row) {
        return reseal_contact(d, fresh, row, "UPDATE message SET cipher_key = ?2, cipher = ?3 WHERE id = ?1");
}

static int rotate_totp(struct directory *d, const struct keys *fresh, sqlite3_stmt *row) {
        const int64_t account = sqlite3_column_int64(row, 0);
        uint8_t sealed[KEY_TOTP_SIZE + KEY_SEAL_EXTRA];
        AUTO(plain_wipe) struct plain plain = { "" }, again = { "" };
        const void *old;
        size_t n = 0;
        int r;

        r = take_sealed(row, 1, &old, &n);
        if (r == 0)
                r = keys_open_totp(&d->keys, account, old, n, plain.text);
        if (r < 0)
                return directory_fail(d, -EUCLEAN,
                                      _("the TOTP of account %lld can't be read under the keys that are in use; nothing was changed"), (long long) account);
        r = keys_seal_totp(fresh, account, plain.text, sealed);
        if (r == 0)
                r = keys_open_totp(fresh, account, sealed, sizeof sealed, again.text);
        if (r == 0 && strcmp(plain.text, again.text) != 0)
                r = -EIO;
        if (r < 0)
                return directory_fail(d, r, _("the secret can't be encrypted"));
        return sql_run(d, "UPDATE totp SET cipher_key = ?2, cipher = ?3 WHERE account = ?1",
                       SQL_BIND(sql_integer(account), sql_integer(fresh->id), sql_blob(sealed, sizeof sealed)));
}

/* One row after another, each found anew: they change while we go on. */
static int each(struct directory *d, const char *query, const struct keys *fresh,
                int (*one)(struct directory *d, const struct keys *fresh, sqlite3_stmt *row), int64_t *ret_n) {
        int64_t last = 0;
        int r;

        for (;;) {
                auto_stmt sqlite3_stmt *row = NULL;

                r = sql_find(d, query, SQL_BIND(sql_integer(last)), &row);
                if (r != DIRECTORY_OK)
                        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
                last = sqlite3_column_int64(row, 0);
                r = one(d, fresh, row);
                if (r != DIRECTORY_OK)
                        return r;
                ++*ret_n;
        }
}

/* What was removed has no detail any more, and no key.  Codes keep the key that they were made with: none is removed (MUST 4). */
static int rotate_all(struct directory *d, const struct keys *fresh, struct directory_rotated *ret) {
        int r;

        r = each(d, "SELECT id, person, issuer, cipher FROM identity WHERE id > ?1 ORDER BY id LIMIT 1", fresh, rotate_number,
                 &ret->numbers);
        if (r == DIRECTORY_OK)
                r = each(d, "SELECT id, person, kind, cipher FROM contact WHERE id > ?1 AND ended IS NULL ORDER BY id LIMIT 1", fresh,
                         rotate_contact, &ret->contacts);
        if (r == DIRECTORY_OK)
                r = each(d, "SELECT id, person, kind, cipher FROM contact_notice WHERE id > ?1 ORDER BY id LIMIT 1", fresh, rotate_notice,
                         &ret->notices);
        if (r == DIRECTORY_OK)
                r = each(d, "SELECT id, person, kind, cipher FROM message WHERE id > ?1 AND cipher IS NOT NULL ORDER BY id LIMIT 1", fresh,
                         rotate_message, &ret->notices);
        if (r == DIRECTORY_OK)
                r = each(d, "SELECT account, cipher FROM totp WHERE account > ?1 ORDER BY account LIMIT 1", fresh, rotate_totp, &ret->totps);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE contact SET cipher_key = ?1 WHERE ended IS NOT NULL", SQL_BIND(sql_integer(fresh->id)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE meta SET key = ?1", SQL_BIND(sql_integer(fresh->id)));
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*) FROM evidence WHERE cipher_key <> ?1", SQL_BIND(sql_integer(fresh->id)),
                                     &ret->evidence);
        return r;
}

/* MUST 1: keys of a beginning that was cut short are taken as they are. */
static int make_keys(struct directory *d, struct keys *ret) {
        const char *why;
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = keys_load(d->dry_run ? KEYS_IMAGINE : KEYS_MAKE, d->keys.id + 1, ret, &why);
        return r < 0 ? directory_fail(d, r, _("the next keys can't be made in %s/keys"), CAREID_CONFIG_DIR) : DIRECTORY_OK;
}

/* Before any file is made; nothing is written by that. */
static int may_rotate(struct directory *d, const struct directory_act *act) {
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        (void) store_end(d, -ECANCELED);
        return r;
}

int directory_keys_rotate(struct directory *d, const struct directory_act *act, struct directory_rotated *ret) {
        AUTO(keys_wipe) struct keys fresh = { .id = 0 };
        struct directory_rotated done = { .id = 0 };
        int r;

        if (directory_in_batch(d))
                return directory_fail(d, -EINVAL, _("keys are not changed among other acts"));
        r = may_rotate(d, act);
        if (r == DIRECTORY_OK)
                r = make_keys(d, &fresh);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        done.id = fresh.id;
        r = store_keys(d);
        if (r == DIRECTORY_OK && d->keys.id + 1 != fresh.id)
                r = directory_fail(d, -EBUSY, _("somebody else changed the same at the same moment; try again"));
        if (r == DIRECTORY_OK)
                r = rotate_all(d, &fresh, &done);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "keys.rotate", .kind = "keys", .id = fresh.id,
                .detail = json_pack("{s:I, s:I}", "numbers", (json_int_t) done.numbers, "contacts", (json_int_t) done.contacts),
        });
        if (r != DIRECTORY_OK)
                return r;
        if (!d->dry_run)
                d->keys = fresh;
        if (ret)
                *ret = done;
        return DIRECTORY_OK;
}
