/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * identity.c - personal numbers: registering them, and comparing
 *
 *  1. MUST store a number as HMAC and ciphertext only, never as it is.
 *  2. MUST compare in constant time, all of a person's numbers each time.
 *  3. MUST not tell whose a number is that is taken; the trail has it, for those who may read it.
 *  4. MUST wipe every copy made here.
 */

#include "identity.h"
#include "act.h"
#include "acts.h"
#include "batch.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "number.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

enum { ROTATIONS_MAX = 3 };             /* of the keys, while one number is compared              */

struct subject {
        const char *issuer;                     /* 'se', 'dk'                                     */
        char        number[NUMBER_MAX + 1];
        uint8_t     mac[KEY_MAC_SIZE];
};

/* Who gives a country's numbers out; NULL: a country whose numbers aren't known here. */
static const char *issuer_of(const char *country) {
        static const struct {
                const char *country, *issuer;
        } issuers[] = { { "SE", "se" }, { "DK", "dk" } };

        for (size_t i = 0; country && i < N_ELEMENTS(issuers); i++)
                if (strcmp(issuers[i].country, country) == 0)
                        return issuers[i].issuer;
        return NULL;
}

static int complain(struct directory *d, enum number_verdict verdict) {
        return directory_fail(d, DIRECTORY_E_INVALID, "%s: %s", verdict == NUMBER_E_COUNTRY ? "country" : "number",
                              _(number_verdict_text(verdict)));
}

static void subject_wipe(struct subject *s) {
        OPENSSL_cleanse(s, sizeof *s);
}

/* Country and spelling to what is looked up. */
static int subject_make(struct directory *d, const char *country, const char *number,
                        const struct number_date *today, struct subject *ret) {
        enum number_verdict verdict;

        ret->issuer = issuer_of(country);
        verdict = ret->issuer && number ? number_normalise(country, number, today, ret->number) : NUMBER_E_COUNTRY;
        if (verdict != NUMBER_OK)
                return complain(d, verdict);
        return keys_mac(&d->keys, ret->issuer, ret->number, ret->mac);
}

/* The value under the keys that are in use now, within a transaction. */
static int subject_renew(struct directory *d, struct subject *s) {
        const int r = store_keys(d);

        return r == DIRECTORY_OK ? keys_mac(&d->keys, s->issuer, s->number, s->mac) : r;
}

static int check_sealed(struct directory *d, const struct subject *s, int64_t person, const uint8_t *sealed,
                        size_t n) {
        char again[KEY_SUBJECT_MAX + 1] = "";
        int r;

        r = keys_open(&d->keys, s->issuer, person, sealed, n, again);
        if (r == 0 && strcmp(again, s->number) != 0)
                r = -EIO;
        OPENSSL_cleanse(again, sizeof again);
        return r;
}

/* Whose it is stays here, for the trail: MUST 3. */
static void remember_holder(struct directory *d, const struct subject *s) {
        int64_t holder;

        if (sql_find_integer(d, "SELECT person FROM identity WHERE issuer = ?1 AND hmac_key = ?2 AND hmac = ?3 AND ended IS NULL",
                             SQL_BIND(sql_text(s->issuer), sql_integer(d->keys.id), sql_blob(s->mac, sizeof s->mac)), &holder) == DIRECTORY_OK)
                d->collided = holder;
}

static int insert(struct directory *d, const struct directory_act *act, int64_t person, const struct subject *s) {
        uint8_t sealed[KEY_SEALED_MAX];
        size_t n = 0;
        int r;

        r = lookup_person_alive(d, person);
        if (r != DIRECTORY_OK)
                return r;

        /* Only what can be read again is written. */
        r = keys_seal(&d->keys, s->issuer, person, s->number, sealed, &n);
        if (r == 0)
                r = check_sealed(d, s, person, sealed, n);
        if (r < 0)
                return directory_fail(d, r, _("the number can't be encrypted"));
        r = sql_run(d, "INSERT INTO identity (person, issuer, hmac_key, hmac, cipher_key, cipher, by_person, created)"
                       " VALUES (?1, ?2, ?3, ?4, ?3, ?5, ?6, ?7)",
                    SQL_BIND(sql_integer(person), sql_text(s->issuer), sql_integer(d->keys.id),
                             sql_blob(s->mac, sizeof s->mac), sql_blob(sealed, n),
                             act->by_person ? sql_integer(act->by_person) : sql_null(), sql_integer(act->now)));
        if (r != DIRECTORY_E_EXISTS)
                return r;
        remember_holder(d, s);
        if (act->by_person)
                return directory_fail(d, r, _("number: the personal number can't be registered with a mandate; that it was tried is in the audit trail, and "
                                              "root may look why"));
        return directory_fail(d, r, directory_in_batch(d) ? _("number: the personal number is registered already")
                                                          : _("number: the personal number is registered already; whose it is: careid audit show "
                                                              "identity.collision"));
}

int directory_identity_collided(struct directory *d, const struct directory_act *act, int result) {
        const int64_t holder = d->collided;
        char said[STORE_COMPLAINT_MAX];
        int r;

        if (holder == 0 || d->dry_run || directory_in_batch(d))
                return result;
        d->collided = 0;
        (void) snprintf(said, sizeof said, "%s", d->complaint);
        r = act_begin(d, act);
        if (r == DIRECTORY_OK)
                r = act_end(d, act, r, &(struct act_report) {
                        .act = "identity.collision", .kind = "person", .id = holder, .detail = json_object(),
                });
        return r == DIRECTORY_OK ? directory_fail(d, result, "%s", said) : r;
}

/* A person has one number of a country. */
static int check_others(struct directory *d, int64_t person, const char *issuer, bool replace) {
        int64_t n;
        int r;

        r = sql_find_integer(d, "SELECT count(*) FROM identity WHERE person = ?1 AND issuer = ?2 AND ended IS NULL",
                             SQL_BIND(sql_integer(person), sql_text(issuer)), &n);
        if (r == DIRECTORY_OK && n > 0 && !replace)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("number: there is one of this country already; "
                                                               "--replace puts another in its place"));
        return r;
}

/* Make room for it. */
static int end_others(struct directory *d, const struct directory_act *act, int64_t person, const char *issuer,
                      bool replace) {
        int r;

        r = check_others(d, person, issuer, replace);
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "UPDATE identity SET ended = ?3 WHERE person = ?1 AND issuer = ?2 AND ended IS NULL",
                       SQL_BIND(sql_integer(person), sql_text(issuer), sql_integer(act->now)));
}

static int identity_put(struct directory *d, const struct directory_act *act, int64_t person, const char *country,
                        const char *number, bool alone, bool replace) {

        const struct number_date today = act_today(act);
        AUTO(subject_wipe) struct subject s = { 0 };
        int r;

        d->collided = 0;
        r = subject_make(d, country, number, &today, &s);
        if (r != DIRECTORY_OK)
                return r;
        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = subject_renew(d, &s);
        if (r != DIRECTORY_OK)
                return act_end(d, act, r, &(struct act_report) { .kind = "person", .id = person });
        /* Whose number it is decides who gets in: only over persons who have nothing that is out of reach. */
        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK && alone)
                r = end_others(d, act, person, s.issuer, replace);
        if (r == DIRECTORY_OK)
                r = insert(d, act, person, &s);
        r = act_end(d, act, r, &(struct act_report) {
                .act = replace ? "identity.replace" : "identity.add", .kind = "person", .id = person,
                .detail = json_pack("{s:s}", "issuer", s.issuer),
        });
        return r == DIRECTORY_OK ? r : directory_identity_collided(d, act, r);
}

int directory_identity_add(struct directory *d, const struct directory_act *act,
                           int64_t person, const char *country, const char *number) {
        return identity_put(d, act, person, country, number, false, false);
}

int directory_identity_set(struct directory *d, const struct directory_act *act,
                           int64_t person, const char *country, const char *number, bool replace) {
        return identity_put(d, act, person, country, number, true, replace);
}

int directory_identity_check(struct directory *d, int64_t person, const char *country, bool replace) {
        const char *const issuer = issuer_of(country);
        int r;

        if (!issuer)
                return complain(d, NUMBER_E_COUNTRY);
        r = lookup_person_alive(d, person);
        return r == DIRECTORY_OK ? check_others(d, person, issuer, replace) : r;
}

/* MUST 2: no early way out. */
static int compare_all(struct directory *d, int64_t person, const struct subject *s, unsigned *ret_found) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *mac;
        unsigned found = 0;
        int r;

        r = sql_prepare(d, "SELECT hmac FROM identity"
                           " WHERE person = ?1 AND issuer = ?2 AND hmac_key = ?3 AND ended IS NULL",
                        SQL_BIND(sql_integer(person), sql_text(s->issuer), sql_integer(d->keys.id)), &stmt);
        while (r == DIRECTORY_OK) {
                r = sql_next(d, stmt);
                mac = r == DIRECTORY_OK ? sql_bytes(stmt, 0, KEY_MAC_SIZE) : NULL;
                if (mac)
                        found |= CRYPTO_memcmp(mac, s->mac, KEY_MAC_SIZE) == 0;
        }
        *ret_found = found;
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_person_has_number(struct directory *d, int64_t person, const char *country, const char *number) {
        AUTO(subject_wipe) struct subject s = { 0 };
        unsigned found = 0;
        int64_t before;
        int r;

        r = subject_make(d, country, number, NULL, &s);
        for (unsigned i = 0; r == DIRECTORY_OK && i < ROTATIONS_MAX; i++) {
                before = d->keys.id;
                r = compare_all(d, person, &s, &found);
                if (r == DIRECTORY_OK)
                        r = store_keys(d);
                if (r == DIRECTORY_OK && d->keys.id == before)
                        return found ? DIRECTORY_OK
                                     : directory_fail(d, DIRECTORY_E_NOT_FOUND, _("it is no number of this person"));
                /* Other keys were put into use meanwhile: that nothing was found says nothing. */
                if (r == DIRECTORY_OK)
                        r = keys_mac(&d->keys, s.issuer, s.number, s.mac);
        }
        return r == DIRECTORY_OK ? -EBUSY : r;
}

int identity_check_keys(struct directory *d) {
        char number[KEY_SUBJECT_MAX + 1] = "";
        auto_stmt sqlite3_stmt *stmt = NULL;
        const uint8_t *sealed, *written;
        uint8_t mac[KEY_MAC_SIZE];
        const char *issuer;
        int r;

        r = sql_find(d, "SELECT issuer, person, cipher, hmac FROM identity WHERE hmac_key = ?1 AND cipher_key = ?1"
                        " ORDER BY id DESC LIMIT 1", SQL_BIND(sql_integer(d->keys.id)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;

        issuer = sql_column(stmt, 0);
        sealed = sqlite3_column_blob(stmt, 2);
        written = sql_bytes(stmt, 3, KEY_MAC_SIZE);
        r = sealed ? keys_open(&d->keys, issuer, sqlite3_column_int64(stmt, 1), sealed,
                               (size_t) sqlite3_column_bytes(stmt, 2), number) : -EBADMSG;
        if (r == 0)
                r = keys_mac(&d->keys, issuer, number, mac);
        if (r == 0 && (!written || CRYPTO_memcmp(written, mac, KEY_MAC_SIZE) != 0))
                r = -EBADMSG;
        OPENSSL_cleanse(number, sizeof number);
        if (r == -EBADMSG || r == -EOVERFLOW)
                return directory_fail(d, -ENOKEY,
                                      _("the keys are not the ones that this directory was written with"));
        return r;
}
