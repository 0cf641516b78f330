/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * try.c - careid try: what would happen if an account logged in now, from there, by that service
 *
 * 1. MUST decide by the functions that the helper decides with (policy/), on what it would find.
 * 2. MUST begin nothing, and leave nothing behind.
 * 3. MUST look into files only as the system user.
 */

#include "check.h"
#include "cleanup.h"
#include "config-files.h"
#include "directory.h"
#include "explain.h"
#include "foresee.h"
#include "host-files.h"
#include "i18n.h"
#include "invocation.h"
#include "places.h"
#include "scan.h"
#include "service.h"
#include "table.h"
#include "try-words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PASSWD_BUFFER = 64 * 1024, RULE_MAX = 600, ROLES_MAX = 256 };

/* -- What is asked ------------------------------------------------------------------------------------------ */

struct attempted {
        struct invocation          *i;
        struct foresee_question     question;
        struct own_addresses        own;
        struct directory_account    account;
        struct directory_roles      roles;
        const char                 *role_names[DIRECTORY_ROLES_MAX];
        struct directory_scene      scene;
        struct credential_facts     facts;
        struct config               written;    /* with the lines of rules                        */
        struct config_files         files;
        char                        files_complaint[CONFIG_COMPLAINT_MAX];
        struct config               config;
        bool                        as_written; /* in force is what the files say                  */
        int                         host;       /* 0, or a negative errno: could not be asked       */
        bool                        on_host;
        uid_t                       host_uid;
        int64_t                     at;
        struct table               *table;
        bool                        json;
        struct role {
                char role[EXPLAIN_NAME_MAX + 1], unit[EXPLAIN_NAME_MAX + 1], client[EXPLAIN_CLIENT_MAX + 1];
        } role[ROLES_MAX];
        size_t                      n_roles;
};

static void attempted_freep(struct attempted **a) {
        if (!*a)
                return;
        config_files_done(&(*a)->files);
        config_done(&(*a)->config);
        config_done(&(*a)->written);
        (*a)->table = table_free((*a)->table);
        free(*a);
        *a = NULL;
}

static int read_from(struct attempted *a, const char *from) {
        struct offer_question *const q = &a->question.scene.offer;
        uint8_t address[sizeof(struct in6_addr)];

        q->by_root = true;
        q->after_key = option(a->i, "after-key");
        if (strcmp(from, "here") == 0)
                q->place = PLACE_HERE;
        else if (strcmp(from, "terminal") == 0)
                q->place = PLACE_UNKNOWN;
        else if (strcmp(from, "unknown") == 0 || inet_pton(AF_INET, from, address) == 1 || inet_pton(AF_INET6, from, address) == 1) {
                q->place = PLACE_REMOTE;
                q->source = from;
        } else
                return outcome_say(OUTCOME_USAGE, "--from",
                                   _("must be an IPv4 or IPv6 address, or one of: %s"), "here, terminal, unknown");
        return OUTCOME_DONE;
}

/* A moment by the host's clock, in exactly this form; one that the clock leaves out is none. */
static int read_at(struct attempted *a, const char *at) {
        static const char form[] = "%Y-%m-%d %H:%M";
        char again[sizeof "YYYY-MM-DD HH:MM"] = "";
        struct tm tm = { .tm_isdst = -1 };
        const char *end;
        time_t t;

        a->at = a->i->act.now;
        if (!at)
                return OUTCOME_DONE;
        end = strptime(at, form, &tm);
        if (end && *end == '\0') {
                tm.tm_isdst = -1;
                t = mktime(&tm);
                if (localtime_r(&t, &tm) && strftime(again, sizeof again, form, &tm) > 0 && strcmp(again, at) == 0) {
                        a->at = t;
                        return OUTCOME_DONE;
                }
        }
        return outcome_say(OUTCOME_USAGE, "--at", _("must be a time that there is, like '%s'"), "2026-11-21 17:05");
}

static bool is_listed(const struct check_file *f, const char *name) {
        struct scan s = scan_bytes(f->text ? f->text : "", f->text ? f->n : 0);
        const char *line;
        size_t n;

        while (scan_line(&s, &line, &n))
                if (n == strlen(name) && memcmp(line, name, n) == 0)
                        return true;
        return false;
}

/* What the service's stack asks careid about this account. */
static int read_stack(struct attempted *a, const struct host_files *host, const char *service) {
        const bool listed = is_listed(&host->breakglass, operand(a->i, 0));
        struct check_stack stack;
        bool there = false;

        for (size_t k = 0; k < host->n_stacks; k++)
                there = there || (strcmp(host->stacks[k].name, service) == 0 && host->stacks[k].text);
        if (!there)
                return outcome_say(OUTCOME_REFUSED, "--service", _("there is no PAM service %s here, in %s"), service, "/etc/pam.d");
        (void) check_pam_resolve(host->stacks, host->n_stacks, service, &stack);
        if (stack.endless || *stack.wrong_option)
                return outcome_say(OUTCOME_BROKEN, "--service", _("what %s asks careid is out of order; careid check says how"), service);
        /* Of other services it is theirs to say whether there is a terminal; pam_eid finds it out (pam_eid/host.c). */
        a->question.shows_codes = service_find(service) != SERVICE_OTHER || a->question.scene.offer.place == PLACE_UNKNOWN;
        a->question.asks = stack.auth && !(listed && stack.breakglass_skipped);
        a->question.checks = stack.account && !(listed && stack.account_skipped);
        return OUTCOME_DONE;
}

/* As any program of root's sees it, before this process becomes another. */
static void ask_host(struct attempted *a) {
        auto_free char *buffer = malloc(PASSWD_BUFFER);
        struct passwd entry, *found = NULL;

        a->host = buffer ? -getpwnam_r(operand(a->i, 0), &entry, buffer, PASSWD_BUFFER, &found) : -ENOMEM;
        a->on_host = found;
        a->host_uid = found ? found->pw_uid : 0;
}

/* What the ways that are open depend on. */
static int read_ways(struct attempted *a) {
        int r;

        r = directory_roles(a->i->directory, a->account.id, a->at, &a->roles);
        if (r == DIRECTORY_OK)
                r = credential_facts(a->i->directory, a->account.id, a->at, &a->facts);
        if (r == DIRECTORY_OK)
                r = directory_scene(a->i->directory, a->at, &a->scene);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(a->account.name, r, a->i->directory);
        for (size_t i = 0; i < a->roles.n; i++)
                a->role_names[i] = a->roles.name[i];
        a->question.account = (struct ways_account) {
                .kind = a->account.kind, .roles = a->role_names, .n_roles = a->roles.n, .exempt = a->facts.exempt,
        };
        a->question.scene.service = option(a->i, "service");
        a->question.scene.today = a->scene.today;
        a->question.scene.outage = a->scene.outage;
        a->question.scene.exemptions = a->scene.exemptions;
        return OUTCOME_DONE;
}

static int read_directory(struct attempted *a) {
        const char *const name = operand(a->i, 0);
        const int r = directory_account(a->i->directory, name, a->at, &a->account);

        if (r == DIRECTORY_E_NOT_FOUND || r == DIRECTORY_E_INVALID)
                return outcome_say(OUTCOME_REFUSED, "ACCOUNT", _("the care directory has no account of that name: careid lets nobody in by it"));
        if (r != DIRECTORY_OK)
                return outcome_of_directory(name, r, a->i->directory);
        if (a->host < 0)
                return outcome_of_errno(name, a->host);
        a->question.facts = decision_facts_of(name, &a->account, a->on_host, a->host_uid);
        return read_ways(a);
}

static int read_config(struct attempted *a) {
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = config_compiled_read(a->i->who.uid, &a->config, complaint);

        if (r == -ENOENT)
                return outcome_say(OUTCOME_BROKEN, NULL, "%s", _("no configuration is in force: run careid apply"));
        if (r < 0)
                return outcome_of_errno(CAREID_STATE_DIR "/careid.compiled", r);
        if (r != CONFIG_OK)
                return outcome_say(OUTCOME_BROKEN, NULL, "%s", complaint);
        a->as_written = !*a->files_complaint && config_files_parse(&a->files, &a->written, complaint) == CONFIG_OK &&
                        config_same(&a->written, &a->config);
        if (!a->as_written)
                outcome_warn(_("what the files say is not in force yet: run careid apply"));
        a->question.scene.offer.config = &a->config;
        a->question.scene.offer.own = &a->own;
        a->question.account.has = ways_factors_had(&a->config, &a->account, &a->facts);
        a->question.facts.clients_off = strcmp(a->account.kind, "client") == 0 && !a->config.clients_log_in;
        return OUTCOME_DONE;
}

/* -- What is told ------------------------------------------------------------------------------------------- */

static int add(struct attempted *a, const char *about, const char *name, const char *answer, const struct try_said *said, const char *rule) {
        return table_add(a->table, (const char *const[]) { about, name, answer, said->word, rule });
}

/* "/etc/careid/careid.conf:12"; else the option, which has its default, or stands elsewhere than in force. */
static const char *rule_of(const struct attempted *a, const struct try_said *said, char ret[static RULE_MAX]) {
        ret[0] = '\0';
        if (said->option && (!a->as_written || !config_files_said(&a->files, said->section, said->option, ret, RULE_MAX)))
                (void) snprintf(ret, RULE_MAX, "[%s] %s", said->section, said->option);
        return ret;
}

static int add_offer(struct attempted *a, const char *name, enum offer offer) {
        const struct try_said said = try_say_offer(offer);
        char rule[RULE_MAX];

        return add(a, "method", name, offer_is_made(offer) ? "offered" : "not-offered", &said, rule_of(a, &said, rule));
}

/* "[rule NAME] FILE:LINE" of the first that matches; else the option, as rule_of() says it. */
static const char *rule_of_way(const struct attempted *a, const struct ways_said *way, const struct try_said *said, char ret[static RULE_MAX]) {
        const struct config *const c = a->as_written ? &a->written : &a->config;

        if (way->why == WAYS_LACKS) {
                (void) snprintf(ret, RULE_MAX, "person %" PRId64, a->account.person);
                return ret;
        }
        if (way->rule < 0 || said->section)
                return rule_of(a, said, ret);
        (void) snprintf(ret, RULE_MAX, "%s%s[%s %s]", a->as_written ? c->rule[way->rule].where : "", a->as_written ? " " : "", "rule",
                        c->rule[way->rule].name);
        return ret;
}

/* Each way of [methods] allow: what everybody is shown, and whether the account may use it. */
static int add_ways(struct attempted *a, const struct foreseen *f) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < f->ways.n; i++) {
                const struct ways_said *const way = &f->ways.said[i];
                const struct try_said said = try_say_way(way);
                char rule[RULE_MAX];

                r = add(a, "way", way_name(way->way), ways_is_allowed(way->why) ? "open" : ways_is_allowed(f->offered.said[i].why) ? "shown" : "not-offered",
                        &said, rule_of_way(a, way, &said, rule));
        }
        return r;
}

static int add_account(struct attempted *a, enum decision_why why) {
        const struct try_said said = try_say_why(why);
        char rule[RULE_MAX];

        if (why == DECISION_WHY_NO_NUMBER)
                (void) snprintf(rule, sizeof rule, "person %" PRId64, a->account.person);
        else
                (void) snprintf(rule, sizeof rule, "account %s", a->account.name);
        return add(a, "account", a->account.name, why == DECISION_WHY_NONE ? "in-use" : "refused", &said, rule);
}

static const char *object_of(const struct explain_reason *reason, const struct attempted *a, char ret[static RULE_MAX]) {
        if (reason->object == 0)
                (void) snprintf(ret, RULE_MAX, "account %s", a->account.name);
        else
                (void) snprintf(ret, RULE_MAX, "%s %" PRId64, reason->cause == EXPLAIN_GRANT ? "grant" : "assignment", reason->object);
        return ret;
}

/* Each role at its unit, or for its client, once. */
static int add_role(void *about, const struct explain_held *held) {
        const struct explain_reason *const r = &held->reason;
        const struct try_said said = { explain_word(r->cause), NULL, NULL };
        struct attempted *const a = about;
        char name[RULE_MAX], rule[RULE_MAX];

        if (!*r->role)
                return DIRECTORY_OK;
        for (size_t k = 0; k < a->n_roles; k++)
                if (strcmp(a->role[k].role, r->role) == 0 && strcmp(a->role[k].unit, r->unit) == 0 && strcmp(a->role[k].client, r->client) == 0)
                        return DIRECTORY_OK;
        if (a->n_roles < ROLES_MAX) {
                struct role *const role = &a->role[a->n_roles++];

                (void) snprintf(role->role, sizeof role->role, "%s", r->role);
                (void) snprintf(role->unit, sizeof role->unit, "%s", r->unit);
                (void) snprintf(role->client, sizeof role->client, "%s", r->client);
        }
        (void) snprintf(name, sizeof name, "%s %s", r->role, *r->client ? r->client : r->unit);
        return add(a, "role", name, "held", &said, object_of(r, a, rule));
}

static int add_group(void *about, const struct explain_held *held) {
        const struct try_said said = { explain_word(held->reason.cause), NULL, NULL };
        struct attempted *const a = about;
        char rule[RULE_MAX];

        return add(a, "group", held->group, "held", &said, object_of(&held->reason, a, rule));
}

static int tell(struct attempted *a, const struct foreseen *f) {
        static const char *const keys[] = { "about", "name", "answer", "reason", "rule", NULL };
        const struct try_said decision = try_say_end(f), organisation = { "", NULL, NULL };
        const char *const name = a->account.name;
        enum decision_why why = DECISION_WHY_NONE;
        char rule[RULE_MAX];
        int r;

        r = table_new(a->json ? TABLE_JSON : TABLE_ROWS, "try", keys, &a->table);
        if (r < 0)
                return outcome_of_errno("try", r);
        (void) decision_on_account(&a->question.facts, &why);
        if (why == DECISION_WHY_NONE && a->question.asks)
                why = decision_on_asking(&a->question.facts);
        (void) snprintf(rule, sizeof rule, "account %s", name);
        r = add(a, "decision", option(a->i, "service"), try_answer(f->end), &decision, "");
        if (r == 0 && a->question.asks)
                r = add_ways(a, f);
        if (r == 0 && a->question.asks)
                r = add_offer(a, "bankid-code", f->code);
        if (r == 0 && a->question.asks)
                r = add_offer(a, "bankid-link", f->link);
        if (r == 0)
                r = add_account(a, why);
        if (r == 0)
                r = add(a, "organisation", a->account.organisation_title, "held", &organisation, rule);
        /* Nobody lands anywhere who is not let in. */
        if (r == 0 && foreseen_is_let_in(f->end)) {
                r = directory_explain_held(a->i->directory, name, a->at, add_role, a);
                if (r == DIRECTORY_OK)
                        r = directory_explain_held(a->i->directory, name, a->at, add_group, a);
                if (r != DIRECTORY_OK)
                        return outcome_of_directory("try", r, a->i->directory);
        }
        if (r == 0)
                r = table_print(a->table);
        if (r < 0)
                return outcome_of_errno("try", r);
        if (foreseen_is_let_in(f->end))
                return OUTCOME_DONE;
        /* Programs have it in the table. */
        return a->json ? OUTCOME_REFUSED
                       : outcome_say(OUTCOME_REFUSED, "try", _("%s would not be let in: %s"), name, table_word("reason", decision.word));
}

int try_run(struct invocation *i) {
        AUTO(directory_closep) struct directory *d = NULL;
        AUTO(attempted_freep) struct attempted *a = calloc(1, sizeof *a);
        AUTO(host_files_done) struct host_files host = { 0 };
        struct foreseen f;
        int r, status;

        if (!a)
                return outcome_of_errno("try", -ENOMEM);
        a->i = i;
        a->json = option(i, "json");
        status = read_from(a, option(i, "from"));
        if (status == OUTCOME_DONE)
                status = read_at(a, option(i, "at"));
        if (status != OUTCOME_DONE)
                return status;
        r = host_files_read(&host);
        if (r == 0)
                r = config_files_read(CAREID_CONFIG_DIR, &a->files, a->files_complaint);
        if (r < 0)
                return outcome_of_errno("try", r);
        ask_host(a);
        own_addresses_find(&a->own);
        become_or_die(&i->who);

        r = directory_open(DIRECTORY_READ, &d);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("try", r, NULL);
        i->directory = d;
        status = read_directory(a);
        if (status == OUTCOME_DONE)
                status = read_stack(a, &host, option(i, "service"));
        if (status == OUTCOME_DONE)
                status = read_config(a);
        if (status == OUTCOME_DONE) {
                f = foresee(&a->question);
                status = tell(a, &f);
        }
        i->directory = NULL;
        return status;
}
