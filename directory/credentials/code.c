/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * code.c - codes that are given out, for the helpdesk, for activation, and those that are sent
 *
 * 8 digits where somebody reads them off a telephone: three answers among a
 * hundred million.  10 letters and digits where they are good for days: 31 of
 * them, none that is taken for another, which are 49 bits; strangers can't use
 * those up by answering.
 *
 *  1. MUST keep a code as an HMAC only, bound to its kind and account.
 *  2. MUST end the older code of the kind in the transaction that keeps the new one.
 */

#include "credential.h"

#include "field.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#define DIGITS  "0123456789"
#define SYMBOLS "abcdefghjkmnpqrstuvwxyz23456789"

enum { SENT_LENGTH = 8, ISSUED_LENGTH = 10, HOUR_S = 3600, KEPT_S = 7 * 86400 };

bool code_plain(const char *answer, char ret[static CREDENTIAL_CODE_TEXT]) {
        size_t n = 0;

        for (const char *s = answer; *s; s++) {
                if (*s == ' ' || *s == '-')
                        continue;
                if (n == CREDENTIAL_CODE_TEXT - 1)
                        return false;
                ret[n++] = *s >= 'A' && *s <= 'Z' ? (char) (*s - 'A' + 'a') : *s;
        }
        ret[n] = '\0';
        return true;
}

/* Each symbol as likely as any other: what is past the last whole round of them is drawn again. */
static int draw(const char *symbols, size_t n, char *ret) {
        const size_t n_symbols = strlen(symbols);
        const unsigned whole = (unsigned) (256 / n_symbols * n_symbols);

        for (size_t i = 0; i < n;) {
                unsigned char byte;

                if (RAND_priv_bytes(&byte, 1) != 1)
                        return -EIO;
                if (byte < whole)
                        ret[i++] = symbols[byte % n_symbols];
        }
        ret[n] = '\0';
        return 0;
}

/* MUST 1, 2 */
static int put(struct directory *d, const char *kind, int64_t account, const char *code, const char *checked, int64_t now, int64_t until) {
        uint8_t mac[KEY_MAC_SIZE];
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        r = keys_mac_code(&d->keys, kind, account, code, mac);
        if (r < 0)
                return r;
        r = sql_run(d, "DELETE FROM code WHERE until < ?1", SQL_BIND(sql_integer(now - KEPT_S)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE code SET ended = ?3 WHERE account = ?1 AND kind = ?2 AND ended IS NULL",
                            SQL_BIND(sql_integer(account), sql_text(kind), sql_integer(now)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO code (account, kind, mac_key, mac, checked, created, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            SQL_BIND(sql_integer(account), sql_text(kind), sql_integer(d->keys.id), sql_blob(mac, sizeof mac),
                                     sql_text(checked), sql_integer(now), sql_integer(until)));
        return r;
}

/* -- Sent -------------------------------------------------------------------------------------------- */

static int check_number(struct directory *d, const char *kind, int64_t account, int64_t now) {
        int64_t n = 0;
        const int r = sql_find_integer(d, "SELECT count(*) FROM code WHERE account = ?1 AND kind = ?2 AND abs(?3 - created) < ?4",
                                       SQL_BIND(sql_integer(account), sql_text(kind), sql_integer(now), sql_integer(HOUR_S)), &n);

        if (r == DIRECTORY_OK && n >= CREDENTIAL_SENT_MAX)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("code: %d were sent in the last hour, and there are no more before it is over"),
                                      CREDENTIAL_SENT_MAX);
        return r;
}

int credential_code_make(struct directory *d, int64_t account, enum credential_kind kind, int64_t now,
                         char ret[static CREDENTIAL_CODE_TEXT]) {
        const struct directory_act act = { .actor = "helper", .now = now };
        const char *const word = kind == CREDENTIAL_SMS ? "sms" : "mail";
        char code[CREDENTIAL_CODE_TEXT];
        int r;

        if ((kind != CREDENTIAL_SMS && kind != CREDENTIAL_MAIL) || account <= 0)
                return -EINVAL;
        r = draw(DIGITS, SENT_LENGTH, code);
        if (r == 0)
                r = act_begin(d, &act);
        if (r != DIRECTORY_OK)
                return r;
        r = check_number(d, word, account, now);
        if (r == DIRECTORY_OK)
                r = put(d, word, account, code, NULL, now, now + CREDENTIAL_SENT_S);
        r = act_end(d, &act, r, &(struct act_report) {
                .act = "code.make", .kind = "account", .id = account, .detail = json_pack("{s:s}", "kind", word),
        });
        if (r == DIRECTORY_OK)
                (void) snprintf(ret, CREDENTIAL_CODE_TEXT, "%s", code);
        OPENSSL_cleanse(code, sizeof code);
        return r;
}

/* -- Issued ------------------------------------------------------------------------------------------ */

static int check_issue(struct directory *d, const struct credential_issue *issue) {
        if (!issue->checked || !*issue->checked)
                return directory_fail(d, DIRECTORY_E_INVALID, _("checked: is missing: how it was checked who they are"));
        if (!issue->activation && (issue->hours < 1 || issue->hours > CREDENTIAL_TEMPORARY_HOURS))
                return directory_fail(d, DIRECTORY_E_INVALID, _("hours: is to be 1 to %d"), CREDENTIAL_TEMPORARY_HOURS);
        return field_line(d, "checked", issue->checked, CREDENTIAL_CHECKED_CHARS);
}

int credential_code_issue(struct directory *d, const struct directory_act *act, const struct credential_issue *issue,
                          char ret[static CREDENTIAL_CODE_TEXT], int64_t *ret_until) {
        const int64_t until = act->now + (issue->activation ? CREDENTIAL_ACTIVATION_S : issue->hours * HOUR_S);
        const char *const kind = issue->activation ? "activation" : "temporary";
        char code[CREDENTIAL_CODE_TEXT];
        int64_t id = 0;
        int r;

        r = check_issue(d, issue);
        if (r == DIRECTORY_OK)
                r = draw(SYMBOLS, ISSUED_LENGTH, code);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, issue->account, &id);
        if (r == DIRECTORY_OK)
                r = put(d, kind, id, code, issue->checked, act->now, until);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "code.issue", .kind = "account", .id = id,
                .detail = json_pack("{s:s, s:s, s:I}", "kind", kind, "checked", issue->checked, "until", (json_int_t) until),
        });
        if (r == DIRECTORY_OK) {
                (void) snprintf(ret, CREDENTIAL_CODE_TEXT, "%.5s-%.5s", code, code + ISSUED_LENGTH / 2);
                *ret_until = until;
        }
        OPENSSL_cleanse(code, sizeof code);
        return r;
}
