/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * login.c - log-ins and sessions, as they happened
 *
 *  1. MUST record an approved log-in and its audit entry together, or neither.
 *  2. MUST not record an approved log-in without the evidence that is to be kept.
 *  3. MUST not record what was typed where it is no name of an account.
 */

#include "audit.h"
#include "credentials.h"
#include "evidence.h"
#include "field.h"
#include "i18n.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

enum { LOGIN_JOIN_S = 600 };            /* how long after a log-in its session may be opened      */

#define HELPER "helper"

/* The fields that say how and from where. */
static int check_common(struct directory *d, const char *host, const char *service, const char *source) {
        int r;

        r = field_word(d, "host", host);
        if (r == DIRECTORY_OK)
                r = field_word(d, "service", service);
        if (r == DIRECTORY_OK && source)
                r = field_word(d, "source", source);
        return r;
}

static int append(struct directory *d, int64_t now, const char *act, int64_t account, json_t *detail) {
        char object[AUDIT_WORD_MAX];

        (void) snprintf(object, sizeof object, "account:%lld", (long long) account);
        return audit_append(d, &(struct audit_entry) {
                .at = now, .actor = HELPER, .act = act, .object = object, .detail = detail,
        });
}

int directory_login_add(struct directory *d, const struct directory_login *l, int64_t now, int64_t *ret_id) {
        int64_t id = 0, n_expired;
        int r;

        r = check_common(d, l->host, l->service, l->source);
        if (r == DIRECTORY_OK)
                r = field_word(d, "method", l->method);
        if (r == DIRECTORY_OK)
                r = field_word(d, "authenticator", l->authenticator);
        if (r == DIRECTORY_OK)
                r = field_word(d, "assurance", l->assurance);
        if (r == DIRECTORY_OK && l->target)
                r = field_word(d, "target", l->target);
        if (r == DIRECTORY_OK)
                r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;

        r = sql_run(d, "INSERT INTO login (account, at, method, authenticator, assurance, host, service, source,"
                       " target, reference) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    SQL_BIND(sql_integer(l->account), sql_integer(now), sql_text(l->method),
                             sql_text(l->authenticator), sql_text(l->assurance), sql_text(l->host),
                             sql_text(l->service), sql_text(l->source), sql_text(l->target),
                             sql_blob(l->reference, sizeof l->reference)));
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = append(d, now, "login.approved", l->account,
                           json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?}", "login", (json_int_t) id,
                                     "method", l->method, "authenticator", l->authenticator, "assurance", l->assurance,
                                     "host", l->host, "service", l->service, "source", l->source, "target", l->target));
        }
        if (r == DIRECTORY_OK)
                r = credential_known_source(d, l->account, l->source, now);
        if (r == DIRECTORY_OK && l->evidence)
                r = evidence_add(d, id, l);
        if (r == DIRECTORY_OK)
                r = evidence_expire(d, HELPER, now, EVIDENCE_EXPIRE_MAX, &n_expired);
        r = store_end(d, r);
        if (r == DIRECTORY_OK)
                *ret_id = id;
        return r;
}

int directory_login_refused(struct directory *d, const struct directory_login *l, const char *reason, int64_t now) {
        const char *const target = l->account != 0 ? l->target : NULL;          /* MUST 3 */
        int r;

        r = check_common(d, l->host, l->service, l->source);
        if (r == DIRECTORY_OK)
                r = field_word(d, "reason", reason);
        if (r == DIRECTORY_OK && l->method)
                r = field_word(d, "method", l->method);
        if (r == DIRECTORY_OK && target)
                r = field_word(d, "target", target);
        if (r == DIRECTORY_OK)
                r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = append(d, now, "login.refused", l->account,
                   json_pack("{s:s, s:s?, s:s, s:s, s:s?, s:s?}", "reason", reason, "method", l->method,
                             "host", l->host, "service", l->service, "source", l->source, "target", target));
        return store_end(d, r);
}

/* The log-in that a session belongs to: the one that is named, or the latest that has none yet. */
static int find_login(struct directory *d, int64_t account, int64_t login, const char *host,
                      const char *service, int64_t now, int64_t *ret) {
        int r;

        if (login != 0) {
                r = sql_find_integer(d, "SELECT id FROM login WHERE id = ?1 AND account = ?2",
                                     SQL_BIND(sql_integer(login), sql_integer(account)), ret);
                return r == DIRECTORY_E_NOT_FOUND ? directory_fail(d, r, _("login: is none of this account")) : r;
        }
        r = sql_find_integer(d, "SELECT l.id FROM login l WHERE l.account = ?1 AND l.host = ?2 AND l.service = ?3"
                                " AND l.at BETWEEN ?4 AND ?5"
                                " AND NOT EXISTS (SELECT 1 FROM session s WHERE s.login = l.id)"
                                " ORDER BY l.at DESC, l.id DESC LIMIT 1",
                             SQL_BIND(sql_integer(account), sql_text(host), sql_text(service),
                                      sql_integer(now - LOGIN_JOIN_S), sql_integer(now)), ret);
        if (r == DIRECTORY_E_NOT_FOUND) {
                *ret = 0;
                return DIRECTORY_OK;
        }
        return r;
}

int directory_session_open(struct directory *d, int64_t account, int64_t login_id, const char *host,
                           const char *service, const char *source, const char *tty, int64_t now, int64_t *ret_id) {

        int64_t id = 0, login = 0;
        int r;

        r = check_common(d, host, service, source);
        if (r == DIRECTORY_OK && tty)
                r = field_word(d, "tty", tty);
        if (r == DIRECTORY_OK)
                r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;

        r = find_login(d, account, login_id, host, service, now, &login);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO session (account, login, host, service, source, tty, opened)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            SQL_BIND(sql_integer(account), login ? sql_integer(login) : sql_null(), sql_text(host),
                                     sql_text(service), sql_text(source), sql_text(tty), sql_integer(now)));
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = append(d, now, "session.open", account,
                           json_pack("{s:I, s:I, s:s, s:s, s:s?, s:s?}", "session", (json_int_t) id,
                                     "login", (json_int_t) login, "host", host, "service", service,
                                     "source", source, "tty", tty));
        }
        r = store_end(d, r);
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

int directory_session_close(struct directory *d, int64_t account, const char *host, const char *service,
                            const char *tty, int64_t now) {
        int64_t id;
        int r;

        r = check_common(d, host, service, NULL);
        if (r == DIRECTORY_OK && tty)
                r = field_word(d, "tty", tty);
        if (r == DIRECTORY_OK)
                r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;

        r = sql_find_integer(d, "SELECT id FROM session WHERE account = ?1 AND host = ?2 AND service = ?3"
                                " AND tty IS ?4 AND closed IS NULL ORDER BY opened DESC, id DESC LIMIT 1",
                             SQL_BIND(sql_integer(account), sql_text(host), sql_text(service), sql_text(tty)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                r = directory_fail(d, r, _("session: none is open for this account there"));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE session SET closed = ?2 WHERE id = ?1",
                            SQL_BIND(sql_integer(id), sql_integer(now)));
        if (r == DIRECTORY_OK)
                r = append(d, now, "session.close", account,
                           json_pack("{s:I, s:s, s:s}", "session", (json_int_t) id, "host", host,
                                     "service", service));
        return store_end(d, r);
}
