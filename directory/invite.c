/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * invite.c - inviting a client (K4), and what stands on the page of who waits (K6)
 */

#include "act.h"
#include "client.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "messages.h"
#include "sql.h"

#include <stdio.h>

/* -- An invitation ----------------------------------------------------------------------------------- */

/* What is missing is named; of a lock it is said that there is one, to who may invite. */
static int check(struct directory *d, const struct client *c, int64_t *ret_account) {
        int64_t n = 0;
        int r;

        r = sql_find_integer(d, "SELECT id FROM account WHERE person = ?1 AND organisation = ?2 AND kind = 'client' AND archived IS NULL ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(c->person), sql_integer(c->organisation)), ret_account);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("client: has no account of the organisation to log in with; to add one: careid account add NAME --person %lld "
                                        "--kind client"), (long long) c->person);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*) FROM contact WHERE person = ?1 AND kind = 'mail' AND ended IS NULL",
                                     SQL_BIND(sql_integer(c->person)), &n);
        if (r == DIRECTORY_OK && n == 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("client: has no mail address to send the invitation to; to register one: careid contact set %lld mail"),
                                      (long long) c->person);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*) FROM lock WHERE lifted IS NULL AND client IN (SELECT id FROM client WHERE person = ?1)",
                                     SQL_BIND(sql_integer(c->person)), &n);
        if (r == DIRECTORY_OK && n > 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("client: the log-in is locked, and nothing is sent while it is"));
        return r;
}

static int check_before(struct directory *d, int64_t account, bool again) {
        int64_t waiting = 0, before = 0;
        int r;

        r = sql_find_integer(d, "SELECT count(*) FROM message WHERE account = ?1 AND purpose = 'invitation' AND ended IS NULL",
                             SQL_BIND(sql_integer(account)), &waiting);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*) FROM message WHERE account = ?1 AND purpose = 'invitation' AND outcome = 'sent'",
                                     SQL_BIND(sql_integer(account)), &before);
        if (r != DIRECTORY_OK)
                return r;
        if (waiting > 0)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("client: an invitation waits already to be sent"));
        if (before > 0 && !again)
                return directory_fail(d, DIRECTORY_E_EXISTS, _("client: has been invited; to send it once more: --resend"));
        return DIRECTORY_OK;
}

int directory_invite(struct directory *d, const struct directory_act *act, const char *name, bool again) {
        struct client c = { .id = 0 };
        int64_t account = 0;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = client_look(d, name, &c);
        if (r == DIRECTORY_OK)
                r = mandate_covers(d, act, MANDATE_INVITE, c.organisation, 0, c.person);
        if (r == DIRECTORY_OK)
                r = check(d, &c, &account);
        if (r == DIRECTORY_OK)
                r = check_before(d, account, again);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO message (person, account, purpose, kind, by_person, created, due) VALUES (?1, ?2, 'invitation', 'mail', ?3, ?4, ?4)",
                            SQL_BIND(sql_integer(c.person), sql_integer(account), act->by_person > 0 ? sql_integer(act->by_person) : sql_null(),
                                     sql_integer(act->now)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "client.invite", .kind = "client", .id = c.id, .detail = json_pack("{s:b}", "again", again),
        });
}

/* -- The general message ----------------------------------------------------------------------------- */

static int put(struct directory *d, const struct directory_act *act, int64_t organisation, const char *text) {
        int64_t has = 0;
        int r;

        r = sql_find_integer(d, "SELECT count(*) FROM organisation_module WHERE organisation = ?1 AND module = 'communication'",
                             SQL_BIND(sql_integer(organisation)), &has);
        if (r != DIRECTORY_OK)
                return r;
        if (text && !has)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("organisation: has not the module communication, which a general message is of; to switch it on: "
                                        "careid module on communication"));
        r = sql_run(d, "DELETE FROM general_message WHERE organisation = ?1", SQL_BIND(sql_integer(organisation)));
        if (r != DIRECTORY_OK)
                return r;
        if (!text)
                return sqlite3_changes(d->db) > 0 ? DIRECTORY_OK
                                                  : directory_fail(d, DIRECTORY_E_NOT_FOUND, _("organisation: has no general message"));
        return sql_run(d, "INSERT INTO general_message (organisation, text, by_person, created) VALUES (?1, ?2, ?3, ?4)",
                       SQL_BIND(sql_integer(organisation), sql_text(text), act->by_person > 0 ? sql_integer(act->by_person) : sql_null(),
                                sql_integer(act->now)));
}

int directory_general_message_set(struct directory *d, const struct directory_act *act, const char *organisation, const char *text) {
        int64_t id = 0;
        int r;

        r = text ? field_line(d, "text", text, MESSAGE_GENERAL_CHARS) : DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &id);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_covers(d, act, MANDATE_CONFIGURE, id, 0, 0);
        if (r == DIRECTORY_OK)
                r = put(d, act, id, text);
        return act_end(d, act, r, &(struct act_report) {
                .act = text ? "general-message.set" : "general-message.clear", .kind = "organisation", .id = id, .detail = json_object(),
        });
}

int directory_general_message(struct directory *d, const char *organisation, char ret[static MESSAGE_GENERAL_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t id = 0;
        bool archived;
        int r;

        r = lookup_any(d, LOOKUP_ORGANISATION, organisation, &id, &archived);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_find(d, "SELECT text FROM general_message g JOIN organisation_module m ON m.organisation = g.organisation AND m.module = 'communication'"
                        " WHERE g.organisation = ?1", SQL_BIND(sql_integer(id)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("organisation: has no general message"));
        if (r == DIRECTORY_OK)
                (void) snprintf(ret, MESSAGE_GENERAL_MAX + 1, "%s", sql_column(stmt, 0));
        return r;
}
