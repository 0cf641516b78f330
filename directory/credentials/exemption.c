/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * exemption.c - who keeps a password when they end: externals on a list, for a time (M7)
 */

#include "credential.h"

#include "field.h"
#include "i18n.h"
#include "validity.h"

static int check(struct directory *d, const struct credential_exemption *e) {
        int r;

        if (!e->until_date)
                return directory_fail(d, DIRECTORY_E_INVALID, _("until: is missing: an exemption has an end"));
        r = field_line(d, "requested-by", e->requested_by, FIELD_TITLE_CHARS);
        return r == DIRECTORY_OK ? field_line(d, "why", e->why, FIELD_REASON_CHARS) : r;
}

/* One whose time is over makes room. */
static int put(struct directory *d, const struct directory_act *act, int64_t account, const struct credential_exemption *e) {
        struct validity validity;
        int64_t organisation = 0;
        int r;

        r = sql_find_integer(d, "SELECT organisation FROM account WHERE id = ?1", SQL_BIND(sql_integer(account)), &organisation);
        if (r == DIRECTORY_OK)
                r = validity_read(d, organisation, NULL, e->until_date, act->now, &validity);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE exemption SET ended = until WHERE account = ?1 AND ended IS NULL AND until <= ?2",
                            SQL_BIND(sql_integer(account), sql_integer(act->now)));
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO exemption (account, requested_by, why, until, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                    SQL_BIND(sql_integer(account), sql_text(e->requested_by), sql_text(e->why), sql_integer(validity.until), sql_integer(act->now)));
        return r == DIRECTORY_E_EXISTS ? directory_fail(d, r, _("account: is exempt already; remove that first: careid exempt remove")) : r;
}

int credential_exempt_add(struct directory *d, const struct directory_act *act, const struct credential_exemption *e) {
        int64_t id = 0;
        int r;

        r = check(d, e);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, e->account, &id);
        if (r == DIRECTORY_OK)
                r = put(d, act, id, e);
        return act_end(d, act, r, &(struct act_report) {
                .act = "exempt.add", .kind = "account", .id = id,
                .detail = json_pack("{s:s, s:s, s:s}", "requested_by", e->requested_by, "why", e->why, "until", e->until_date),
        });
}

int credential_exempt_remove(struct directory *d, const struct directory_act *act, const char *account) {
        int64_t id = 0;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = credential_account(d, act, account, &id);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE exemption SET ended = ?2 WHERE account = ?1 AND ended IS NULL AND until > ?2",
                            SQL_BIND(sql_integer(id), sql_integer(act->now)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_NOT_FOUND, _("account: is not exempt"));
        return act_end(d, act, r, &(struct act_report) {
                .act = "exempt.remove", .kind = "account", .id = id, .detail = json_object(),
        });
}
