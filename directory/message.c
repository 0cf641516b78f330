/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * message.c - what waits to be sent, and what became of it
 *
 *  1. MUST not give out anything for who is locked, closed, archived or dead (L1).
 *  2. MUST have it on the disk that it was tried before it is given out.
 *  3. MUST put neither address nor words into the audit trail.
 *  4. MUST leave no address behind where a message has ended.
 */

#include "messages.h"

#include "audit.h"
#include "cleanup.h"
#include "i18n.h"
#include "sql.h"

#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#define DAY_S INT64_C(86400)

_Static_assert((int) MESSAGE_TO_MAX == (int) KEY_CONTACT_MAX, "where somebody is reached is a contact detail");

/* How long after the n-th try the next comes. */
static const int64_t pauses_s[] = { 60, 300, 900, 3600, 14400 };

/* Of the person @p (an SQL expression): nothing is sent to them. */
#define OUT_OF_REACH(p) "(EXISTS (SELECT 1 FROM person WHERE id = " p " AND (archived IS NOT NULL OR died IS NOT NULL))" \
                        " OR EXISTS (SELECT 1 FROM lock l JOIN client c ON c.id = l.client WHERE c.person = " p " AND l.lifted IS NULL))"
#define CLOSED(a)       "EXISTS (SELECT 1 FROM account x JOIN organisation o ON o.id = x.organisation WHERE x.id = " a \
                        " AND (x.archived IS NOT NULL OR o.archived IS NOT NULL))"

static const char *word_of(enum message_outcome outcome) {
        switch (outcome) {
        case MESSAGE_SENT:
                return "sent";
        case MESSAGE_REFUSED:
                return "refused";
        case MESSAGE_GAVE_UP:
                return "gave-up";
        case MESSAGE_DROPPED:
                return "dropped";
        }
        return NULL;
}

/* -- The end of one ---------------------------------------------------------------------------------- */

/* Within a transaction.  MUST 3, MUST 4 */
static int end(struct directory *d, int64_t id, const char *outcome, int64_t now) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        char object[AUDIT_WORD_MAX + 1], act[AUDIT_WORD_MAX + 1];
        int r;

        r = sql_find(d, "SELECT person, purpose, kind, tries FROM message WHERE id = ?1 AND ended IS NULL", SQL_BIND(sql_integer(id)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(object, sizeof object, "person:%lld", (long long) sqlite3_column_int64(stmt, 0));
        (void) snprintf(act, sizeof act, "message.%s", outcome);
        r = audit_append(d, &(struct audit_entry) {
                .at = now, .actor = "queue", .act = act, .object = object,
                .detail = json_pack("{s:s, s:s, s:I, s:I}", "purpose", sql_column(stmt, 1), "kind", sql_column(stmt, 2),
                                    "tries", (json_int_t) sqlite3_column_int64(stmt, 3), "message", (json_int_t) id),
        });
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "UPDATE message SET ended = ?2, outcome = ?3, cipher_key = NULL, cipher = NULL WHERE id = ?1",
                       SQL_BIND(sql_integer(id), sql_integer(now), sql_text(outcome)));
}

int directory_message_end(struct directory *d, int64_t id, enum message_outcome outcome, int64_t now) {
        const char *const word = word_of(outcome);
        int r;

        if (!word)
                return -EINVAL;
        r = store_begin(d);
        return r == DIRECTORY_OK ? store_end(d, end(d, id, word, now)) : r;
}

/* -- Before anything is taken ------------------------------------------------------------------------ */

/* X14.  Whoever is locked is told nothing, and nothing of it is kept. */
static int take_notices(struct directory *d, int64_t now) {
        int r;

        r = sql_run(d, "INSERT INTO message (person, purpose, kind, cipher_key, cipher, created, due)"
                       " SELECT person, 'contact-changed', kind, cipher_key, cipher, at, ?1 FROM contact_notice n WHERE NOT " OUT_OF_REACH("n.person"),
                    SQL_BIND(sql_integer(now)));
        return r == DIRECTORY_OK ? sql_run(d, "DELETE FROM contact_notice", SQL_NONE) : r;
}

/* One of those that were tried for long enough, or that nobody is to get any more. */
static int find_over(struct directory *d, int64_t now, int64_t *ret_id, bool *ret_late) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT id, created <= ?1 FROM message m WHERE ended IS NULL AND (created <= ?1"
                                  " OR " OUT_OF_REACH("m.person") " OR (account IS NOT NULL AND " CLOSED("m.account") ")) ORDER BY id LIMIT 1",
                               SQL_BIND(sql_integer(now - MESSAGE_DAYS * DAY_S)), &stmt);

        if (r == DIRECTORY_OK) {
                *ret_id = sqlite3_column_int64(stmt, 0);
                *ret_late = sqlite3_column_int(stmt, 1);
        }
        return r;
}

static int end_over(struct directory *d, int64_t now, int64_t *ret_n) {
        int64_t id = 0;
        bool late = false;
        int r;

        while ((r = find_over(d, now, &id, &late)) == DIRECTORY_OK) {
                r = end(d, id, late ? "gave-up" : "dropped", now);
                if (r != DIRECTORY_OK)
                        return r;
                *ret_n += late;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_messages_tidy(struct directory *d, int64_t now, int64_t *ret_n) {
        int64_t n = 0;
        int r;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = take_notices(d, now);
        if (r == DIRECTORY_OK)
                r = end_over(d, now, &n);
        r = store_end(d, r);
        if (r == DIRECTORY_OK)
                *ret_n = n;
        return r;
}

/* -- Taking one -------------------------------------------------------------------------------------- */

/* The detail in column @column of @stmt, or that of the contact that stands. */
static int open_detail(struct directory *d, const char *kind, int64_t person, const void *sealed, size_t n, char ret[static MESSAGE_TO_MAX + 1]) {
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = sealed ? keys_open_contact(&d->keys, kind, person, sealed, n, ret) : -EBADMSG;
        return r < 0 ? directory_fail(d, -EUCLEAN, _("the contact detail is not what was written here")) : DIRECTORY_OK;
}

static int contact_now(struct directory *d, const char *kind, int64_t person, char ret[static MESSAGE_TO_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT cipher FROM contact WHERE person = ?1 AND kind = ?2 AND ended IS NULL",
                               SQL_BIND(sql_integer(person), sql_text(kind)), &stmt);

        if (r != DIRECTORY_OK)
                return r;
        return open_detail(d, kind, person, sqlite3_column_blob(stmt, 0), (size_t) sqlite3_column_bytes(stmt, 0), ret);
}

static int fill_account(struct directory *d, int64_t account, struct directory_message *m) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT a.name, o.title FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.id = ?1",
                               SQL_BIND(sql_integer(account)), &stmt);

        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(m->account, sizeof m->account, "%s", sql_column(stmt, 0));
        (void) snprintf(m->organisation, sizeof m->organisation, "%s", sql_column(stmt, 1));
        return DIRECTORY_OK;
}

static int count_try(struct directory *d, int64_t id, int64_t tries, int64_t now) {
        const size_t last = N_ELEMENTS(pauses_s) - 1;
        const int64_t pause = pauses_s[tries >= 0 && (size_t) tries < last ? (size_t) tries : last];

        return sql_run(d, "UPDATE message SET tries = tries + 1, due = ?2 WHERE id = ?1", SQL_BIND(sql_integer(id), sql_integer(now + pause)));
}

static int fill(struct directory *d, sqlite3_stmt *row, struct directory_message *m) {
        const char *const kind = sql_column(row, 3);
        const int64_t account = sqlite3_column_int64(row, 4);
        int r = DIRECTORY_OK;

        m->id = sqlite3_column_int64(row, 0);
        m->person = sqlite3_column_int64(row, 1);
        m->purpose = strcmp(sql_column(row, 2), "invitation") == 0 ? MESSAGE_INVITATION : MESSAGE_CONTACT_CHANGED;
        m->by_mail = strcmp(kind, "mail") == 0;
        m->has_se_number = sqlite3_column_int(row, 8);
        m->has_phone = sqlite3_column_int(row, 9);
        (void) snprintf(m->language, sizeof m->language, "%s", sql_column(row, 7));
        if (account > 0)
                r = fill_account(d, account, m);
        if (r != DIRECTORY_OK)
                return r;
        return m->purpose == MESSAGE_INVITATION
                       ? contact_now(d, kind, m->person, m->to)
                       : open_detail(d, kind, m->person, sqlite3_column_blob(row, 5), (size_t) sqlite3_column_bytes(row, 5), m->to);
}

/* Within a transaction.  One whose address has gone ends, and the next is taken. */
static int take(struct directory *d, unsigned by, int64_t now, struct directory_message *m) {
        for (;;) {
                auto_stmt sqlite3_stmt *row = NULL;
                int r;

                r = sql_find(d, "SELECT m.id, m.person, m.purpose, m.kind, m.account, m.cipher, m.tries, p.language,"
                                " EXISTS (SELECT 1 FROM identity i WHERE i.person = m.person AND i.issuer = 'se' AND i.ended IS NULL),"
                                " EXISTS (SELECT 1 FROM contact c WHERE c.person = m.person AND c.kind = 'phone' AND c.ended IS NULL)"
                                " FROM message m JOIN person p ON p.id = m.person WHERE m.ended IS NULL AND m.due <= ?1"
                                " AND ((?2 AND m.kind = 'phone') OR (?3 AND m.kind = 'mail')) AND NOT " OUT_OF_REACH("m.person")
                                " ORDER BY m.due, m.id LIMIT 1",
                             SQL_BIND(sql_integer(now), sql_integer((by & MESSAGE_BY_PHONE) != 0), sql_integer((by & MESSAGE_BY_MAIL) != 0)), &row);
                if (r != DIRECTORY_OK)
                        return r;
                *m = (struct directory_message) { .id = 0 };
                r = fill(d, row, m);
                if (r == DIRECTORY_OK)
                        return count_try(d, m->id, sqlite3_column_int64(row, 6), now);
                if (r == DIRECTORY_E_NOT_FOUND)
                        r = end(d, m->id, "dropped", now);
                if (r != DIRECTORY_OK)
                        return r;
        }
}

int directory_message_take(struct directory *d, unsigned by, int64_t now, struct directory_message *ret) {
        struct directory_message m = { .id = 0 };
        int r, taken;

        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        taken = take(d, by, now, &m);
        /* What was dropped on the way stays so. */
        r = store_end(d, taken == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : taken);
        if (r == DIRECTORY_OK && taken == DIRECTORY_OK)
                *ret = m;
        OPENSSL_cleanse(&m, sizeof m);
        return r == DIRECTORY_OK ? taken : r;
}

int directory_messages_waiting(struct directory *d, int64_t *ret_n, unsigned *ret_by) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT count(*), ifnull(max(kind = 'phone'), 0), ifnull(max(kind = 'mail'), 0) FROM"
                                  " (SELECT kind FROM message WHERE ended IS NULL UNION ALL SELECT kind FROM contact_notice)", SQL_NONE, &stmt);

        if (r != DIRECTORY_OK)
                return r;
        *ret_n = sqlite3_column_int64(stmt, 0);
        *ret_by = (sqlite3_column_int(stmt, 1) ? MESSAGE_BY_PHONE : 0) | (sqlite3_column_int(stmt, 2) ? MESSAGE_BY_MAIL : 0);
        return DIRECTORY_OK;
}

void directory_messages_wake(void) {
        auto_close int fd = -1;
        char path[256];

        (void) snprintf(path, sizeof path, "%s/queue", CAREID_STATE_DIR);
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0)
                (void) !write(fd, "\n", 1);
}

/* -- Codes, which go out at once --------------------------------------------------------------------- */

int directory_reach(struct directory *d, int64_t account, bool by_mail, char ret[static MESSAGE_TO_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT a.person, " CLOSED("a.id") " OR " OUT_OF_REACH("a.person") " FROM account a WHERE a.id = ?1",
                               SQL_BIND(sql_integer(account)), &stmt);

        if (r != DIRECTORY_OK)
                return r;
        if (sqlite3_column_int(stmt, 1))
                return DIRECTORY_E_CONSTRAINT;
        return contact_now(d, by_mail ? "mail" : "phone", sqlite3_column_int64(stmt, 0), ret);
}
