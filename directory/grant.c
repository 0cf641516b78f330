/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * grant.c - who may do what for which client, and what that rests on (A2, A8)
 */

#include "act.h"
#include "client-groups.h"
#include "client.h"
#include "clients.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"
#include "utf8.h"
#include "validity.h"

#include <stdio.h>
#include <string.h>

enum { DOCUMENT_CHARS = 200 };

static const char bases[] = "self consent power-of-attorney guardian-ad-litem custody fuldmagt vaerge";

/* What a grant is between. */
struct grant {
        struct client   client;
        int64_t         account, role;
        int64_t         person;                 /* whose account it is                            */
        char            kind[12];               /* client, relative                               */
        struct validity validity;
        int64_t         review;                 /* the first second of that day                   */
        bool            has_review;
        bool            standing;               /* elsewhere, perhaps with a review that is overdue */
};

/* -- Who, and as what -------------------------------------------------------------------------------- */

/*
 * Which log-in names there are elsewhere, and of what kind, is not for whoever
 * may grant at @organisation: of theirs is one that is of it, was granted there
 * or that they added, and their own.
 */
static int check_theirs(struct directory *d, const struct directory_act *act, const char *account, int64_t organisation) {
        int64_t one;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = sql_find_integer(d, "SELECT 1 FROM account a WHERE a.name = ?1 AND (a.organisation = ?2 OR ?3 IN (a.person, a.by_person)"
                                " OR EXISTS (SELECT 1 FROM client_grant g JOIN client c ON c.id = g.client"
                                "  WHERE g.account = a.id AND c.organisation = ?2))",
                             SQL_BIND(sql_text(account), sql_integer(organisation), sql_integer(act->by_person)), &one);
        return r == DIRECTORY_OK ? r : mandate_hide(d, act, "account", r, 0);
}

static int check_account(struct directory *d, const char *account, struct grant *g) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = lookup_live(d, LOOKUP_ACCOUNT, account, &g->account);
        if (r == DIRECTORY_OK)
                r = sql_find(d, "SELECT kind, person FROM account WHERE id = ?1", SQL_BIND(sql_integer(g->account)), &stmt);
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(g->kind, sizeof g->kind, "%s", sql_column(stmt, 0));
        g->person = sqlite3_column_int64(stmt, 1);
        if (strcmp(g->kind, "client") != 0 && strcmp(g->kind, "relative") != 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("account: %s is of the kind %s; only a client's or a relative's is granted a client"),
                                      account, g->kind);
        return lookup_person_alive(d, g->person);
}

static int check_role(struct directory *d, const char *role, struct grant *g) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = lookup_live(d, LOOKUP_ROLE, role, &g->role);
        if (r == DIRECTORY_OK)
                r = sql_find(d, "SELECT kind FROM role WHERE id = ?1", SQL_BIND(sql_integer(g->role)), &stmt);
        if (r == DIRECTORY_OK && strcmp(sql_column(stmt, 0), g->kind) != 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("role: %s is a role of the kind %s, the account is of the kind %s"),
                                      role, sql_column(stmt, 0), g->kind);
        return r;
}

static int check_whose(struct directory *d, const struct grant *g) {
        const bool own = g->person == g->client.person;

        if (strcmp(g->kind, "client") == 0 && !own)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("client: is another person than the account's; a client's account is for themselves alone"));
        if (strcmp(g->kind, "relative") == 0 && own)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("client: is the account's own person; a relative's account is for others"));
        return DIRECTORY_OK;
}

/* -- What it rests on -------------------------------------------------------------------------------- */

static int check_document(struct directory *d, const char *document) {
        if (!document || !*document)
                return directory_fail(d, DIRECTORY_E_INVALID, _("document: is missing; it is where the document is kept"));
        if (utf8_length(document, strlen(document)) > DOCUMENT_CHARS || !utf8_is_clean(document, strlen(document), UTF8_ONE_LINE))
                return directory_fail(d, DIRECTORY_E_INVALID, _("document: is to be one line of text, 200 characters at most"));
        return DIRECTORY_OK;
}

/* A8: nothing of it may be missing but for a client's own account, of which there is nothing to say. */
static int check_basis(struct directory *d, const struct directory_act *act, const struct directory_basis *b, struct grant *g) {
        const bool self = strcmp(g->kind, "client") == 0;
        int r;

        if (!b->basis)
                return directory_fail(d, DIRECTORY_E_INVALID, _("basis: is missing; it is one of: %s"), bases);
        r = field_choice(d, "basis", b->basis, bases);
        if (r != DIRECTORY_OK)
                return r;
        if (self != (strcmp(b->basis, "self") == 0))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      self ? _("basis: of a client's own account is self")
                                           : _("basis: self is for a client's own account"));
        if (self)
                return b->document || b->checked_by || b->review_date
                               ? directory_fail(d, DIRECTORY_E_INVALID, _("basis: self has no document, nobody who checked it and no review"))
                               : DIRECTORY_OK;
        r = check_document(d, b->document);
        if (r == DIRECTORY_OK)
                r = field_title(d, "checked by", b->checked_by);
        if (r == DIRECTORY_OK && !b->review_date)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("review on: is missing; it is the day when the basis is looked at again"));
        if (r == DIRECTORY_OK)
                r = validity_day(d, g->client.organisation, "review on", b->review_date, &g->review, NULL);
        if (r == DIRECTORY_OK && g->review <= act->now && !g->standing)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("review on: is to be a day to come"));
        g->has_review = r == DIRECTORY_OK;
        return r;
}

/* Once is enough: two of the same at the same time would each have to be ended to end anything. */
static int check_same(struct directory *d, const struct grant *g, int64_t now) {
        const struct validity *const v = &g->validity;
        int64_t id;
        int r;

        r = sql_find_integer(d, "SELECT id FROM client_grant WHERE account = ?1 AND client = ?2 AND role = ?3 AND ended IS NULL"
                                " AND (valid_until IS NULL OR valid_until > max(?4, ?6))"
                                " AND (valid_from IS NULL OR ?5 IS NULL OR valid_from < ?5) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(g->account), sql_integer(g->client.id), sql_integer(g->role),
                                      sql_integer(v->has_from ? v->from : now), validity_until(v), sql_integer(now)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return r;
        return directory_fail(d, DIRECTORY_E_EXISTS,
                              _("the account has that role for that client already: grant %lld; for other days, first end that "
                                "one: careid ungrant %lld"), (long long) id, (long long) id);
}

/* Neither for their own account nor about themselves. */
static int may(struct directory *d, const struct directory_act *act, int64_t organisation, int64_t holder, int64_t about) {
        const int r = mandate_covers(d, act, MANDATE_GRANT, organisation, 0, holder);

        return r == DIRECTORY_OK ? mandate_covers(d, act, MANDATE_GRANT, organisation, 0, about) : r;
}

/* -- The acts ---------------------------------------------------------------------------------------- */

static int insert(struct directory *d, const struct directory_act *act, const struct grant *g, const struct directory_basis *b,
                  int64_t *ret) {
        int r;

        r = may(d, act, g->client.organisation, g->person, g->client.person);
        if (r == DIRECTORY_OK)
                r = check_same(d, g, act->now);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO client_grant (account, client, role, valid_from, valid_until, basis, document, checked_by,"
                       " review_on, by_person, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    SQL_BIND(sql_integer(g->account), sql_integer(g->client.id), sql_integer(g->role),
                             validity_from(&g->validity), validity_until(&g->validity), sql_text(b->basis), sql_text(b->document),
                             sql_text(b->checked_by), g->has_review ? sql_integer(g->review) : sql_null(),
                             act->by_person ? sql_integer(act->by_person) : sql_null(),
                             sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                *ret = sqlite3_last_insert_rowid(d->db);
        return r;
}

/* Whoever may grant nothing where the client would be is told of no account, and of no client. */
static int check_place(struct directory *d, const struct directory_act *act, const char *account, const char *client) {
        int64_t organisation;
        int r;

        if (act->by_person == 0)
                return DIRECTORY_OK;
        r = lookup_client_organisation(d, client, &organisation);
        if (r == DIRECTORY_OK)
                r = mandate_covers(d, act, MANDATE_GRANT, organisation, 0, 0);
        return r == DIRECTORY_OK ? check_theirs(d, act, account, organisation) : r;
}

static int grant_add(struct directory *d, const struct directory_act *act, bool standing, const char *account, const char *role,
                     const char *client, const struct directory_basis *basis, const char *from_date,
                     const char *until_date, int64_t *ret_id) {

        AUTO(client_groups_done) struct client_groups groups = { .n = 0 };
        struct client_groups_want want = { .scope = CLIENT_GROUPS_CLIENT, .now = act->now };
        struct grant g = { .standing = standing };
        int64_t id = 0;
        int r;

        r = check_place(d, act, account, client);
        if (r == DIRECTORY_OK)
                r = check_account(d, account, &g);
        if (r == DIRECTORY_OK)
                r = check_role(d, role, &g);
        if (r == DIRECTORY_OK)
                r = client_look(d, client, &g.client);
        if (r == DIRECTORY_OK)
                r = check_whose(d, &g);
        if (r == DIRECTORY_OK)
                r = check_basis(d, act, basis, &g);
        if (r == DIRECTORY_OK)
                r = validity_read(d, g.client.organisation, from_date, until_date, act->now, &g.validity);
        want.one = g.client.id;
        want.other = g.role;
        if (r == DIRECTORY_OK)
                r = client_groups_plan(d, &want, &groups);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = insert(d, act, &g, basis, &id);
        if (r == DIRECTORY_OK)
                r = client_groups_take(d, &groups, &want, 0);
        /* Where the document is, and who looked at it, may be names: they stand in the grant, not in the trail. */
        r = act_end(d, act, r, &(struct act_report) {
                .act = "grant.add", .kind = "grant", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:s, s:I, s:s, s:s?, s:s?, s:s?}", "account", (json_int_t) g.account, "role", role,
                                    "client", (json_int_t) g.client.id, "basis", basis->basis, "review", basis->review_date,
                                    "from", from_date, "until", until_date),
        });
        if (r == DIRECTORY_OK && ret_id)
                *ret_id = id;
        return r;
}

int directory_grant_add(struct directory *d, const struct directory_act *act, const char *account, const char *role,
                        const char *client, const struct directory_basis *basis, const char *from_date,
                        const char *until_date, int64_t *ret_id) {
        return grant_add(d, act, false, account, role, client, basis, from_date, until_date, ret_id);
}

int directory_grant_add_standing(struct directory *d, const struct directory_act *act, const char *account, const char *role,
                                 const char *client, const struct directory_basis *basis, const char *from_date,
                                 const char *until_date, int64_t *ret_id) {
        return grant_add(d, act, true, account, role, client, basis, from_date, until_date, ret_id);
}

/*
 * One that stands, and may whoever acts do something to it?  *@ret_organisation is the client's.  With @ends a client may,
 * to what is about them; what is about others is to them as if there were none.
 */
static int check_standing(struct directory *d, const struct directory_act *act, int64_t grant, bool ends, int64_t *ret_organisation) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int64_t about = 0;
        bool own = false;
        int r;

        r = sql_find(d, "SELECT c.organisation, g.ended IS NOT NULL OR ifnull(g.valid_until <= ?2, 0), a.person, c.person"
                        " FROM client_grant g JOIN client c ON c.id = g.client JOIN account a ON a.id = g.account WHERE g.id = ?1",
                     SQL_BIND(sql_integer(grant), sql_integer(act->now)), &stmt);
        if (r == DIRECTORY_OK && act->as_client && ends) {
                own = act->by_person > 0 && sqlite3_column_int64(stmt, 3) == act->by_person;
                r = own ? DIRECTORY_OK : DIRECTORY_E_NOT_FOUND;
        }
        if (r == DIRECTORY_E_NOT_FOUND)
                r = directory_fail(d, r, act->as_client ? _("grant: there is none about you with this id; see: careid grants")
                                                      : _("grant: there is none with this id; see: careid list grants"));
        if (r == DIRECTORY_OK && !own) {
                about = sqlite3_column_int64(stmt, 2) == act->by_person ? act->by_person : sqlite3_column_int64(stmt, 3);
                r = may(d, act, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3));
        }
        if (r != DIRECTORY_OK)
                return mandate_hide(d, act, "grant", r, about);
        if (sqlite3_column_int(stmt, 1))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("grant: has ended already"));
        *ret_organisation = sqlite3_column_int64(stmt, 0);
        return DIRECTORY_OK;
}

int directory_grant_end(struct directory *d, const struct directory_act *act, int64_t grant, const char *why) {
        int64_t organisation;
        int r;

        r = field_choice(d, "why", why, "ended client basis-lost");
        if (r == DIRECTORY_OK && act->as_client && strcmp(why, "client") != 0)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("why: is client where the client ends it"));
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = check_standing(d, act, grant, true, &organisation);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE client_grant SET ended = ?2, ended_why = ?3 WHERE id = ?1",
                            SQL_BIND(sql_integer(grant), sql_integer(act->now), sql_text(why)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "grant.end", .kind = "grant", .id = grant, .changes = true, .detail = json_pack("{s:s}", "why", why),
        });
}

int directory_grant_review(struct directory *d, const struct directory_act *act, int64_t grant, const char *next_date) {
        int64_t organisation = 0, review = 0;
        int r;

        if (!next_date)
                return directory_fail(d, DIRECTORY_E_INVALID, _("next: is missing; it is the day when the basis is looked at again"));
        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = check_standing(d, act, grant, false, &organisation);
        if (r == DIRECTORY_OK)
                r = validity_day(d, organisation, "next", next_date, &review, NULL);
        if (r == DIRECTORY_OK && review <= act->now)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("next: is to be a day to come"));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE client_grant SET review_on = ?2 WHERE id = ?1 AND basis <> 'self'",
                            SQL_BIND(sql_integer(grant), sql_integer(review)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("grant: is of a client's own account; nothing of it is reviewed"));
        return act_end(d, act, r, &(struct act_report) {
                .act = "grant.review", .kind = "grant", .id = grant, .detail = json_pack("{s:s}", "next", next_date),
        });
}
