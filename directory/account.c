/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * account.c - accounts: log-in names, their uids, and what a log-in needs to know of them
 */

#include "act.h"
#include "assigned.h"
#include "field.h"
#include "host.h"
#include "i18n.h"
#include "ids.h"
#include "lookup.h"
#include "mandates.h"
#include "reserved.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HOST_UID_MIN = 1000 };           /* below are the host's own, whom no e-ID may become      */

/* A user named like a group of ours would be mistaken for it in every dialogue that takes either. */
static int check_beginning(struct directory *d, const char *name) {
        static const char *const beginnings[] = { "role-", "unit-", "org-", "service-", "client-" };

        for (size_t i = 0; i < N_ELEMENTS(beginnings); i++)
                if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
                        return directory_fail(d, DIRECTORY_E_INVALID,
                                              _("name: groups begin with \"%s\", accounts may not"),
                                              beginnings[i]);
        return DIRECTORY_OK;
}

static int check_source(struct directory *d, const char *source, const char *home, const char *shell) {
        int r;

        r = field_choice(d, "source", source, "careid host");
        if (r != DIRECTORY_OK)
                return r;
        if (strcmp(source, "host") == 0)
                return home || shell ? directory_fail(d, DIRECTORY_E_INVALID,
                                                      _("%s: is the host's for an account of the host"),
                                                      home ? "home" : "shell")
                                     : DIRECTORY_OK;
        r = field_home(d, "home", home);
        return r == DIRECTORY_OK ? field_path(d, "shell", shell) : r;
}

/* The host need not know the name yet, or at this moment; but a system user it must not be. */
static int check_host_user(struct directory *d, const char *name) {
        uint32_t uid = 0;
        int r;

        r = ids_find_user(d, name, &uid);
        if (r < 0)
                return directory_fail(d, r, _("name: the host can't be asked for it"));
        if (r == 1 && uid < HOST_UID_MIN)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("name: %s is a system user of this host"),
                                      name);
        return DIRECTORY_OK;
}

static int check_new_name(struct directory *d, const struct directory_act *act, const char *name) {
        bool archived;
        int64_t id;
        int r;

        if (act->by_person && name_is_reserved(name))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("name: %s is a name that this system gives to users of its own, or may one day; root may give it"), name);

        r = lookup_any(d, LOOKUP_ACCOUNT, name, &id, &archived);
        if (r == DIRECTORY_OK)
                return directory_fail(d, DIRECTORY_E_EXISTS,
                                      archived ? _("name: there is an account %s already, archived")
                                               : _("name: there is an account %s already"),
                                      name);
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

static int check_person(struct directory *d, int64_t person) {
        char text[24];
        int64_t id;

        int r;

        (void) snprintf(text, sizeof text, "%lld", (long long) person);
        r = lookup_live(d, LOOKUP_PERSON, text, &id);
        return r == DIRECTORY_OK ? lookup_person_alive(d, id) : r;
}

/* Whoever has the name of a user of the host already would become that person: no mandate is for that. */
static int may_add(struct directory *d, const struct directory_act *act, int64_t person, int64_t organisation,
                   const char *kind, bool ours) {
        const bool works = strcmp(kind, "staff") == 0 || strcmp(kind, "external") == 0;
        int r;

        r = mandate_covers(d, act, MANDATE_ADD, ours ? organisation : MANDATE_ROOT_ALONE, works ? MANDATE_ANY : 0, person);
        return r == DIRECTORY_OK ? mandate_covers_person(d, act, MANDATE_ADD, person) : r;
}

int directory_account_add(struct directory *d, const struct directory_act *act,
                          int64_t person, const char *organisation, const char *name, const char *kind,
                          const char *source, const char *home, const char *shell, uid_t *ret_uid) {

        struct ids_plan plan = { .id = 0 };
        int64_t id = 0, organisation_id;
        bool ours;
        int r;

        r = field_account(d, "name", name);
        if (r == DIRECTORY_OK)
                r = check_beginning(d, name);
        if (r == DIRECTORY_OK)
                r = field_choice(d, "kind", kind, "staff client relative external");
        if (r == DIRECTORY_OK)
                r = check_source(d, source, home, shell);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &organisation_id);
        ours = strcmp(source, "careid") == 0;
        /* Asked before anything is said of the person or the name, and again in the act. */
        if (r == DIRECTORY_OK)
                r = may_add(d, act, person, organisation_id, kind, ours);
        if (r == DIRECTORY_OK)
                r = check_person(d, person);
        if (r == DIRECTORY_OK)
                r = check_new_name(d, act, name);
        if (r != DIRECTORY_OK)
                return r;

        r = ours ? ids_plan_user(d, name, &plan) : check_host_user(d, name);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = may_add(d, act, person, organisation_id, kind, ours);
        if (r == DIRECTORY_OK)
                r = check_person(d, person);
        if (r == DIRECTORY_OK && ours)
                r = ids_take_user(d, &plan);
        if (r == DIRECTORY_OK) {
                r = sql_run(d, "INSERT INTO account (person, organisation, name, kind, source, uid, home, shell,"
                               " by_person, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                            SQL_BIND(sql_integer(person), sql_integer(organisation_id), sql_text(name),
                                     sql_text(kind), sql_text(source), ours ? sql_integer(plan.id) : sql_null(),
                                     sql_text(home), sql_text(shell), act->by_person ? sql_integer(act->by_person) : sql_null(),
                                     sql_integer(act->now)));
                if (r == DIRECTORY_E_CONSTRAINT)
                        r = directory_fail(d, r, _("name: %s is a name that no person's account may have"), name);
        }
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "account.add", .kind = "account", .id = id, .changes = true,
                .detail = json_pack("{s:s, s:s, s:s, s:I, s:I}", "kind", kind, "source", source,
                                    "organisation", organisation, "person", (json_int_t) person,
                                    "uid", (json_int_t) plan.id),
        });
        if (r == DIRECTORY_OK && ret_uid)
                *ret_uid = plan.id;
        return r;
}

static void copy_column(sqlite3_stmt *stmt, int column, char *ret, size_t n) {
        (void) snprintf(ret, n, "%s", sql_column(stmt, column));
}

int directory_account(struct directory *d, const char *name, int64_t now, struct directory_account *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct directory_account a = { .id = 0 };
        int r;

        r = sql_find(d, "SELECT a.id, a.person, a.organisation, a.name, a.kind, a.source = 'host',"
                        " ifnull(a.uid, 0), NOT (" SQL_ACCOUNT_COUNTS "),"
                        " EXISTS (SELECT 1 FROM identity i"
                        "  WHERE i.person = p.id AND i.issuer = 'se' AND i.ended IS NULL),"
                        " a.kind IN ('client', 'relative') OR " SQL_ASSIGNED("?2") ","
                        " o.title, ifnull(p.language, '')"
                        " FROM account a JOIN person p ON p.id = a.person"
                        " JOIN organisation o ON o.id = a.organisation WHERE a.name = ?1",
                     SQL_BIND(sql_text(name), sql_integer(now)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("account: there is none of this name"));
        if (r != DIRECTORY_OK)
                return r;

        a.id = sqlite3_column_int64(stmt, 0);
        a.person = sqlite3_column_int64(stmt, 1);
        a.organisation = sqlite3_column_int64(stmt, 2);
        copy_column(stmt, 3, a.name, sizeof a.name);
        copy_column(stmt, 4, a.kind, sizeof a.kind);
        a.from_host = sqlite3_column_int(stmt, 5) != 0;
        a.uid = (uid_t) sqlite3_column_int64(stmt, 6);
        a.archived = sqlite3_column_int(stmt, 7) != 0;
        a.has_se_number = sqlite3_column_int(stmt, 8) != 0;
        a.assigned_now = sqlite3_column_int(stmt, 9) != 0;
        copy_column(stmt, 10, a.organisation_title, sizeof a.organisation_title);
        copy_column(stmt, 11, a.language, sizeof a.language);
        *ret = a;
        return DIRECTORY_OK;
}

int directory_only_organisation(struct directory *d, char ret[static DIRECTORY_TITLE_MAX + 1]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, "SELECT min(title) FROM organisation WHERE archived IS NULL GROUP BY archived HAVING count(*) = 1",
                     NULL, 0, &stmt);
        if (r == DIRECTORY_OK)
                copy_column(stmt, 0, ret, DIRECTORY_TITLE_MAX + 1);
        return r;
}
