/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * contact.c - how a person is reached, and who is protected
 *
 *  1. MUST store a detail as ciphertext only, bound to its person and kind.
 *  2. MUST have the audit entry of a reading committed before anything is given back.
 *  3. MUST not put a detail into a complaint, a list or the audit trail.
 *  4. MUST wipe every copy made here.
 */

#include "act.h"
#include "clients.h"
#include "contact-detail.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

enum { NOTICE_S = 7 * 86400 };

struct detail {
        char text[KEY_CONTACT_MAX + 1];
};

static void detail_wipe(struct detail *c) {
        OPENSSL_cleanse(c, sizeof *c);
}

/* -- What a detail is -------------------------------------------------------------------------------- */

static int detail_read(struct directory *d, const char *kind, const char *value, struct detail *ret) {
        const int r = field_choice(d, "kind", kind, "phone mail");

        if (r != DIRECTORY_OK)
                return r;
        if (strcmp(kind, "phone") == 0 && !contact_phone(value, ret->text))
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("phone: is to be written with the number of its country, like +46 8 123 456 78"));
        if (strcmp(kind, "mail") == 0 && !contact_mail(value, ret->text))
                return directory_fail(d, DIRECTORY_E_INVALID, _("mail: is to be an address like name@example.org"));
        return DIRECTORY_OK;
}

/* -- Putting one in, and taking it out --------------------------------------------------------------- */

/* Whom to tell that they are reached elsewhere now (X14): for a week, unless they have been told before. */
static int keep_for_notice(struct directory *d, int64_t person, const char *kind, int64_t now) {
        int r;

        r = sql_run(d, "DELETE FROM contact_notice WHERE at < ?1", SQL_BIND(sql_integer(now - NOTICE_S)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO contact_notice (person, kind, cipher_key, cipher, at)"
                               " SELECT person, kind, cipher_key, cipher, ?3 FROM contact WHERE person = ?1 AND kind = ?2 AND ended IS NULL",
                            SQL_BIND(sql_integer(person), sql_text(kind), sql_integer(now)));
        return r;
}

/* Where it was there is nothing left of it: nobody needs a number that reaches somebody else by now. */
static int remove_old(struct directory *d, int64_t person, const char *kind, int64_t now, int64_t *ret_n) {
        int r;

        r = keep_for_notice(d, person, kind, now);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE contact SET ended = ?3, cipher = zeroblob(29) WHERE person = ?1 AND kind = ?2 AND ended IS NULL",
                            SQL_BIND(sql_integer(person), sql_text(kind), sql_integer(now)));
        if (r == DIRECTORY_OK)
                *ret_n = sqlite3_changes(d->db);
        return r;
}

/* MUST 1; and only what can be read again is written. */
static int insert(struct directory *d, int64_t person, const char *kind, const struct detail *detail, int64_t now) {
        uint8_t sealed[KEY_CONTACT_MAX + KEY_SEAL_EXTRA];
        AUTO(detail_wipe) struct detail again = { "" };
        size_t n = 0;
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = keys_seal_contact(&d->keys, kind, person, detail->text, sealed, &n);
        if (r == 0)
                r = keys_open_contact(&d->keys, kind, person, sealed, n, again.text);
        if (r == 0 && strcmp(again.text, detail->text) != 0)
                r = -EIO;
        if (r < 0)
                return directory_fail(d, r, _("the contact detail can't be encrypted"));
        return sql_run(d, "INSERT INTO contact (person, kind, cipher_key, cipher, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                       SQL_BIND(sql_integer(person), sql_text(kind), sql_integer(d->keys.id), sql_blob(sealed, n), sql_integer(now)));
}

static int contact_put(struct directory *d, const struct directory_act *act, int64_t person, const char *kind,
                       const char *value, bool replace) {
        AUTO(detail_wipe) struct detail detail = { "" };
        int64_t n_old = 0;
        int r;

        r = value ? detail_read(d, kind, value, &detail) : field_choice(d, "kind", kind, "phone mail");
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK && value)
                r = lookup_person_alive(d, person);
        if (r == DIRECTORY_OK)
                r = remove_old(d, person, kind, act->now, &n_old);
        if (r == DIRECTORY_OK && n_old > 0 && !replace)
                r = directory_fail(d, DIRECTORY_E_EXISTS, _("kind: there is one registered already; to put another in its place: --replace"));
        if (r == DIRECTORY_OK && value)
                r = insert(d, person, kind, &detail, act->now);
        else if (r == DIRECTORY_OK && n_old == 0)
                r = directory_fail(d, DIRECTORY_E_NOT_FOUND, _("kind: the person has none of it"));
        return act_end(d, act, r, &(struct act_report) {
                .act = value ? "contact.set" : "contact.remove", .kind = "person", .id = person,
                .detail = json_pack("{s:s}", "kind", kind),
        });
}

int directory_contact_set(struct directory *d, const struct directory_act *act, int64_t person, const char *kind,
                          const char *value) {
        return contact_put(d, act, person, kind, value, true);
}

int directory_contact_add(struct directory *d, const struct directory_act *act, int64_t person, const char *kind,
                          const char *value) {
        return contact_put(d, act, person, kind, value, false);
}

/* -- Reading one ------------------------------------------------------------------------------------- */

static int check_reason(struct directory *d, int64_t person, const char *reason) {
        int64_t is_protected = 0;
        int r;

        r = sql_find_integer(d, "SELECT protected FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)), &is_protected);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("person: there is none with this id; see: careid list persons"));
        if (r != DIRECTORY_OK)
                return r;
        if (is_protected && (!reason || !*reason))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("reason: is needed, since the person is protected; it will stand in the audit trail"));
        return reason ? field_reason(d, reason) : DIRECTORY_OK;
}

static int fetch(struct directory *d, int64_t person, const char *kind, struct detail *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const void *sealed;
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find(d, "SELECT cipher FROM contact WHERE person = ?1 AND kind = ?2 AND ended IS NULL",
                     SQL_BIND(sql_integer(person), sql_text(kind)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("kind: the person has none of it"));
        if (r != DIRECTORY_OK)
                return r;
        sealed = sqlite3_column_blob(stmt, 0);
        r = sealed ? keys_open_contact(&d->keys, kind, person, sealed, (size_t) sqlite3_column_bytes(stmt, 0), ret->text) : -EBADMSG;
        return r < 0 ? directory_fail(d, -EUCLEAN, _("the contact detail is not what was written here")) : DIRECTORY_OK;
}

int directory_contact_read(struct directory *d, const struct directory_act *act, int64_t person, const char *kind,
                           const char *reason, char **ret) {
        AUTO(detail_wipe) struct detail detail = { "" };
        int r;

        r = field_choice(d, "kind", kind, "phone mail");
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK)
                r = check_reason(d, person, reason);
        if (r == DIRECTORY_OK)
                r = fetch(d, person, kind, &detail);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "contact.read", .kind = "person", .id = person,
                .detail = json_pack("{s:s, s:s?}", "kind", kind, "reason", reason),
        });
        if (r != DIRECTORY_OK)
                return r;

        /* MUST 2: it is committed. */
        *ret = strdup(detail.text);
        return *ret ? DIRECTORY_OK : -ENOMEM;
}

/* -- Protection -------------------------------------------------------------------------------------- */

static int protect(struct directory *d, int64_t person, const char *alias) {
        int64_t has_alias = 0;
        int r;

        r = sql_find_integer(d, "SELECT alias IS NOT NULL FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)), &has_alias);
        if (r == DIRECTORY_OK && !has_alias && !alias)
                return directory_fail(d, DIRECTORY_E_INVALID, _("alias: is missing; it is shown instead of the name, everywhere"));
        return r == DIRECTORY_OK ? sql_run(d, "UPDATE person SET alias = ifnull(?2, alias), protected = 1 WHERE id = ?1",
                                           SQL_BIND(sql_integer(person), sql_text(alias)))
                                 : r;
}

static int unprotect(struct directory *d, int64_t person) {
        const int r = sql_run(d, "UPDATE person SET protected = 0, alias = NULL WHERE id = ?1 AND protected = 1",
                              SQL_BIND(sql_integer(person)));

        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("person: is not protected"));
        return r;
}

int directory_person_protect(struct directory *d, const struct directory_act *act, int64_t person, const char *alias, bool on) {
        int r;

        r = alias ? field_title(d, "alias", alias) : DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = lookup_person_alive(d, person);
        if (r == DIRECTORY_OK)
                r = mandate_covers_person(d, act, MANDATE_ADD, person);
        if (r == DIRECTORY_OK)
                r = on ? protect(d, person, alias) : unprotect(d, person);
        return act_end(d, act, r, &(struct act_report) {
                .act = on ? "person.protect" : "person.unprotect", .kind = "person", .id = person, .detail = json_object(),
        });
}
