/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * explain.c - careid groups, why, why-not, who: who holds which group, until when, and why
 */

#include "explain.h"

#include "cleanup.h"
#include "clients.h"
#include "i18n.h"
#include "invocation.h"
#include "moment.h"
#include "snapshot-format.h"
#include "table.h"
#include "trail.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { GROUPS_MAX = 65536, GROUP_BUFFER = 64 * 1024, NUMBER_TEXT = 24 };

/* For programs in UTC, as the lists show moments; for people by the host's clock; "" where there is no bound. */
static const char *moment(bool json, int64_t at, char ret[static MOMENT_TEXT]) {
        const time_t t = (time_t) at;
        struct tm tm;

        if (json)
                return moment_text(at, ret);
        ret[0] = '\0';
        if (at != INT64_MIN && at != INT64_MAX && localtime_r(&t, &tm))
                (void) strftime(ret, MOMENT_TEXT, "%Y-%m-%d %H:%M", &tm);
        return ret;
}

static const char *number(int64_t n, char ret[static NUMBER_TEXT]) {
        ret[0] = '\0';
        if (n != 0)
                (void) snprintf(ret, NUMBER_TEXT, "%" PRId64, n);
        return ret;
}

static enum table_form form_of(const struct invocation *i) {
        return option(i, "json") ? TABLE_JSON : TABLE_ROWS;
}

/* -- careid groups ------------------------------------------------------------------------------------- */

/* As any program of root's sees them: through the host's own look-up, before this process becomes another. */
struct seen {
        gid_t gid;
        bool  told;                             /* the directory has a reason for it               */
        char  name[SNAPSHOT_NAME_MAX + 1];      /* cut, of a group of the host's; "": none          */
};

static void name_group(struct seen *s, char *buffer) {
        struct group entry, *found = NULL;

        if (getgrgid_r(s->gid, &entry, buffer, GROUP_BUFFER, &found) == 0 && found)
                (void) snprintf(s->name, sizeof s->name, "%s", found->gr_name);
}

int groups_prepare(struct invocation *i) {
        const char *const name = operand(i, 0);
        auto_free gid_t *gids = calloc(GROUPS_MAX, sizeof *gids);
        auto_free char *buffer = malloc(GROUP_BUFFER);
        struct passwd entry, *found = NULL;
        struct seen *seen;
        int n = GROUPS_MAX, r;

        if (!buffer || !gids)
                return outcome_of_errno("groups", -ENOMEM);
        r = getpwnam_r(name, &entry, buffer, GROUP_BUFFER, &found);
        if (!found)
                return r == 0 ? outcome_say(OUTCOME_REFUSED, "groups", _("this host knows no account %s"), name)
                              : outcome_of_errno("groups", -r);
        if (getgrouplist(name, found->pw_gid, gids, &n) < 0)
                return outcome_say(OUTCOME_BROKEN, "groups", _("more than %d groups"), GROUPS_MAX);

        seen = calloc((size_t) n + 1, sizeof *seen);
        if (!seen)
                return outcome_of_errno("groups", -ENOMEM);
        for (int k = 0; k < n; k++) {
                seen[k].gid = gids[k];
                name_group(&seen[k], buffer);
        }
        i->prepared = seen;
        i->n_prepared = (size_t) n;
        return OUTCOME_DONE;
}

struct groups {
        struct table *table;
        bool          json;
        struct seen  *seen;
        size_t        n;
};

static int add_group(const struct groups *g, const char *name, gid_t gid, const char *word, const struct explain_reason *reason,
                     int64_t until) {
        char gid_text[NUMBER_TEXT], object[NUMBER_TEXT], until_text[MOMENT_TEXT];

        return table_add(g->table, (const char *const[]) {
                name, number(gid, gid_text), word, reason ? number(reason->object, object) : "",
                reason ? reason->role : "", reason ? reason->unit : "", reason ? reason->client : "",
                moment(g->json, until, until_text),
        });
}

static int tell_held(void *about, const struct explain_held *held) {
        struct groups *const g = about;
        bool is_seen = false;

        for (size_t i = 0; i < g->n; i++)
                if (g->seen[i].gid == held->gid)
                        is_seen = g->seen[i].told = true;
        return add_group(g, held->group, held->gid, is_seen ? explain_word(held->reason.cause) : "not-published",
                         &held->reason, held->until);
}

int groups_run(struct invocation *i) {
        static const char *const keys[] = { "group", "gid", "reason", "object", "role", "unit", "client", "until", NULL };
        AUTO(table_freep) struct table *table = NULL;
        struct groups g = { .seen = i->prepared, .n = i->n_prepared };
        int r;

        r = table_new(form_of(i), "groups", keys, &table);
        if (r < 0)
                return outcome_of_errno("groups", r);
        g.table = table;
        g.json = form_of(i) == TABLE_JSON;
        r = directory_explain_held(i->directory, operand(i, 0), i->act.now, tell_held, &g);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return outcome_of_directory("groups", r, i->directory);
        r = 0;
        for (size_t k = 0; r == 0 && k < g.n; k++)
                if (!g.seen[k].told)
                        r = add_group(&g, g.seen[k].name, g.seen[k].gid,
                                      snapshot_id_is_ours(g.seen[k].gid) ? "outdated" : "host", NULL, INT64_MAX);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("groups", r) : OUTCOME_DONE;
}

/* -- careid why, why-not -------------------------------------------------------------------------------- */

/* @wanted: whether they are to hold it for the answer to be yes. */
static int explain(struct invocation *i, bool wanted) {
        static const char *const keys[] = { "reason", "object", "role", "unit", "client", "held_for", "from", "until", NULL };
        struct explain_reason reason[EXPLAIN_REASONS_MAX];
        AUTO(table_freep) struct table *table = NULL;
        const bool json = form_of(i) == TABLE_JSON;
        bool holds = false;
        size_t n = 0;
        int r;

        r = directory_explain_group(i->directory, operand(i, 0), operand(i, 1), i->act.now, &holds, &n, reason);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(i->arguments.command->words, r, i->directory);
        r = table_new(form_of(i), "reasons", keys, &table);
        for (size_t k = 0; r == 0 && k < n; k++) {
                char object[NUMBER_TEXT], from[MOMENT_TEXT], until[MOMENT_TEXT];

                r = table_add(table, (const char *const[]) {
                        explain_word(reason[k].cause), number(reason[k].object, object), reason[k].role, reason[k].unit,
                        reason[k].client, reason[k].held_for, moment(json, reason[k].from, from), moment(json, reason[k].until, until),
                });
        }
        if (r == 0)
                r = table_print(table);
        if (r < 0)
                return outcome_of_errno(i->arguments.command->words, r);
        if (holds == wanted)
                return OUTCOME_DONE;
        return outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                           holds ? _("%s holds %s") : _("%s does not hold %s"), operand(i, 0), operand(i, 1));
}

/* A table, and for whom. */
struct told {
        struct table *table;
        bool          json;
};

static int tell_missing(void *about, const struct explain_missing *missing) {
        char object[NUMBER_TEXT], from[MOMENT_TEXT], until[MOMENT_TEXT];
        const struct explain_reason *const reason = &missing->reason;
        const struct told *const to = about;

        return table_add(to->table, (const char *const[]) {
                missing->group, explain_word(reason->cause), number(reason->object, object), reason->role, reason->unit,
                reason->client, reason->held_for, moment(to->json, reason->from, from), moment(to->json, reason->until, until),
        });
}

/* Of each group that the account could hold and doesn't. */
static int explain_missing(struct invocation *i) {
        static const char *const keys[] = {
                "group", "reason", "object", "role", "unit", "client", "held_for", "from", "until", NULL,
        };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        r = table_new(form_of(i), "groups", keys, &table);
        if (r < 0)
                return outcome_of_errno("why-not", r);
        r = directory_explain_missing(i->directory, operand(i, 0), i->act.now, tell_missing, &(struct told) { table, form_of(i) == TABLE_JSON });
        if (r != DIRECTORY_OK)
                return outcome_of_directory("why-not", r, i->directory);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("why-not", r) : OUTCOME_DONE;
}

int explain_why(struct invocation *i) {
        return explain(i, true);
}

int explain_why_not(struct invocation *i) {
        return operand(i, 1) ? explain(i, false) : explain_missing(i);
}

/* -- careid who ------------------------------------------------------------------------------------------ */

static int tell_who(void *about, const struct explain_who *who) {
        char object[NUMBER_TEXT], until[MOMENT_TEXT];
        const struct told *const to = about;

        return table_add(to->table, (const char *const[]) {
                who->account, who->kind, who->person, explain_word(who->reason.cause), number(who->reason.object, object),
                who->reason.role, who->reason.unit, who->reason.held_for, moment(to->json, who->reason.until, until),
        });
}

int explain_who(struct invocation *i) {
        static const char *const keys[] = {
                "account", "kind", "person_name", "reason", "object", "role", "unit", "held_for", "until", NULL,
        };
        AUTO(table_freep) struct table *table = NULL;
        int64_t client = 0;
        int r;

        r = table_new(form_of(i), "who", keys, &table);
        if (r < 0)
                return outcome_of_errno("who", r);
        r = directory_explain_client(i->directory, operand(i, 0), i->act.now, tell_who, &(struct told) { table, form_of(i) == TABLE_JSON });
        if (r != DIRECTORY_OK)
                return invocation_end(i, "client", operand(i, 0), r);
        r = directory_client_find(i->directory, operand(i, 0), &client);
        if (r == DIRECTORY_OK)
                r = directory_looked(i->directory, &i->act, "client.who", "client", client, NULL, 0);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("who", r, i->directory);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("who", r) : OUTCOME_DONE;
}
