/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * facts.c - what an account has, for the decision about it; and the end of all of it
 */

#include "credential.h"

int credential_facts(struct directory *d, int64_t account, int64_t now, struct credential_facts *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        bool has[8] = { false };
        int r;

        r = sql_find(d, "SELECT EXISTS (SELECT 1 FROM password WHERE account = ?1), EXISTS (SELECT 1 FROM totp WHERE account = ?1),"
                        " EXISTS (SELECT 1 FROM contact c JOIN account a ON a.person = c.person WHERE a.id = ?1 AND c.kind = 'phone' AND c.ended IS NULL),"
                        " EXISTS (SELECT 1 FROM contact c JOIN account a ON a.person = c.person WHERE a.id = ?1 AND c.kind = 'mail' AND c.ended IS NULL),"
                        " EXISTS (SELECT 1 FROM code WHERE account = ?1 AND kind = 'activation' AND ended IS NULL AND until > ?2),"
                        " EXISTS (SELECT 1 FROM code WHERE account = ?1 AND kind = 'temporary' AND ended IS NULL AND until > ?2),"
                        " EXISTS (SELECT 1 FROM exemption WHERE account = ?1 AND ended IS NULL AND until > ?2),"
                        " EXISTS (SELECT 1 FROM password_due WHERE account = ?1)",
                     SQL_BIND(sql_integer(account), sql_integer(now)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        for (int i = 0; i < 8; i++)
                has[i] = sqlite3_column_int(stmt, i);
        *ret = (struct credential_facts) {
                .password = has[0], .totp = has[1], .phone = has[2], .mail = has[3], .activation = has[4], .temporary = has[5],
                .exempt = has[6], .password_due = has[7],
        };
        return DIRECTORY_OK;
}

/* One statement after the other, and how many rows they took. */
static int run(struct directory *d, const char *text, int64_t person, int64_t now, int64_t *ret_n) {
        const int r = sql_run(d, text, SQL_BIND(sql_integer(person), sql_integer(now)));

        if (r == DIRECTORY_OK)
                *ret_n += sqlite3_changes(d->db);
        return r;
}

#define THEIRS "account IN (SELECT id FROM account WHERE person = ?1)"

int credentials_end(struct directory *d, int64_t person, int64_t now, int64_t *ret_n) {
        int64_t n = 0, due = 0;
        int r;

        r = run(d, "DELETE FROM password WHERE " THEIRS " AND ?2 > 0", person, now, &n);
        if (r == DIRECTORY_OK)
                r = run(d, "DELETE FROM totp WHERE " THEIRS " AND ?2 > 0", person, now, &n);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE code SET ended = ?2 WHERE " THEIRS " AND ended IS NULL AND until > ?2", person, now, &n);
        if (r == DIRECTORY_OK)
                r = run(d, "UPDATE exemption SET ended = ?2 WHERE " THEIRS " AND ended IS NULL AND until > ?2", person, now, &n);
        if (r == DIRECTORY_OK)
                r = run(d, "DELETE FROM password_due WHERE " THEIRS " AND ?2 > 0", person, now, &due);
        if (r == DIRECTORY_OK)
                *ret_n = n;
        return r;
}
