/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ways.c - from a log-in, an account and the configuration to the ways that are open
 *
 * 1. MUST begin with what the organisation allows, and only take away: no rule, outage or exemption adds a method.
 * 2. MUST not allow a single factor to somebody outside (S1), whatever a rule says.
 * 3. MUST offer to every name what is allowed to any account (X15), and look at no account for that.
 */

#include "ways.h"

#include "cleanup.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "staff", "client", "relative", "external" };

bool ways_is_allowed(enum ways_why why) {
        return why >= WAYS_BY_METHODS && why < WAYS_CLIENTS_OFF;
}

const struct ways_said *ways_find(const struct ways *ways, enum way way) {
        for (size_t i = 0; i < ways->n; i++)
                if (ways->said[i].way == way)
                        return &ways->said[i];
        return NULL;
}

bool ways_has_any(const struct ways *ways) {
        for (size_t i = 0; i < ways->n; i++)
                if (ways_is_allowed(ways->said[i].why))
                        return true;
        return false;
}

uint32_t ways_factors_had(const struct config *c, const struct directory_account *account, const struct credential_facts *facts) {
        const struct { enum factor factor; bool had; } factors[] = {
                { FACTOR_BANKID, account->has_se_number },      { FACTOR_PASSWORD, facts->password },
                { FACTOR_TOTP, facts->totp },                   { FACTOR_SMS, facts->phone && *c->sms_url },
                { FACTOR_MAIL, facts->mail && *c->mail_relay }, { FACTOR_CODE, facts->activation || facts->temporary },
        };
        uint32_t had = 0;

        for (size_t i = 0; i < N_ELEMENTS(factors); i++)
                had |= factors[i].had ? factor_bit(factors[i].factor) : 0;
        return had;
}

/* -- Days -------------------------------------------------------------------------------------------- */

/* Days since a day long ago, of a date that there is: the year begins in March, so that a leap day is its last. */
static long day_number(const char *date) {
        long year = strtol(date, NULL, 10), month = strtol(date + 5, NULL, 10), day = strtol(date + 8, NULL, 10);

        year -= month <= 2;
        month += month <= 2 ? 9 : -3;
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
}

bool ways_password_is_retired(const struct config *c, const char *today) {
        return *c->password_retired_from && strcmp(today, c->password_retired_from) >= 0;
}

bool ways_password_is_announced(const struct config *c, const char *today) {
        return *c->password_retired_from && !ways_password_is_retired(c, today) &&
               day_number(c->password_retired_from) - day_number(today) <= (long) c->password_announce_days;
}

/* -- Which rule -------------------------------------------------------------------------------------- */

bool ways_is_outside(const struct ways_scene *scene) {
        const struct offer_question *const q = &scene->offer;

        if (q->place == PLACE_HERE)
                return false;
        return q->place != PLACE_REMOTE || !inside_has(&q->config->inside, q->own, q->source);
}

static bool has_word(const char words[static CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1], size_t n, const char *word) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(words[i], word) == 0)
                        return true;
        return false;
}

static bool from_matches(const struct config_rule *rule, const struct ways_scene *scene) {
        const struct offer_question *const q = &scene->offer;
        const bool outside = ways_is_outside(scene);

        if (!rule->from_inside && !rule->from_outside && rule->from.n == 0)
                return true;
        if (outside ? rule->from_outside : rule->from_inside)
                return true;
        return q->place == PLACE_REMOTE && inside_has(&rule->from, q->own, q->source);
}

/* What it says of the log-in, whoever it is of. */
static bool scene_matches(const struct config_rule *rule, const struct ways_scene *scene) {
        return (rule->n_services == 0 || has_word(rule->service, rule->n_services, scene->service)) && from_matches(rule, scene) &&
               (!*rule->since || strcmp(scene->today, rule->since) >= 0) && (!*rule->until || strcmp(scene->today, rule->until) <= 0);
}

static bool kind_matches(const struct config_rule *rule, const char *kind) {
        return rule->kinds == 0 || rule->kinds & config_kind_bit(kind);
}

static bool role_matches(const struct config_rule *rule, const struct ways_account *account) {
        if (rule->n_roles == 0)
                return true;
        for (size_t i = 0; i < account->n_roles; i++)
                if (has_word(rule->role, rule->n_roles, account->roles[i]))
                        return true;
        return false;
}

int ways_rule(const struct ways_scene *scene, const struct ways_account *account) {
        const struct config *const c = scene->offer.config;

        for (size_t i = 0; i < c->n_rules; i++)
                if (scene_matches(&c->rule[i], scene) && kind_matches(&c->rule[i], account->kind) && role_matches(&c->rule[i], account))
                        return (int) i;
        return -1;
}

/* -- One way ----------------------------------------------------------------------------------------- */

static bool rule_allows(const struct config_rule *rule, enum way way) {
        return rule->allows == !!(rule->ways & way_bit(way));
}

static bool reopens(const struct config *c, enum way way) {
        for (size_t i = 0; i < c->outage_reopen.n; i++)
                if (c->outage_reopen.entry[i] == way)
                        return true;
        return false;
}

/* Of a way with a password: retired, and if so, why it is allowed all the same. */
static enum ways_why on_retirement(const struct ways_scene *scene, enum way way, const struct ways_account *account) {
        if (!way_has(way, FACTOR_PASSWORD) || !ways_password_is_retired(scene->offer.config, scene->today))
                return WAYS_BY_METHODS;
        if (scene->outage && reopens(scene->offer.config, way))
                return WAYS_REOPENED;
        return account->exempt ? WAYS_EXEMPT : WAYS_RETIRED;
}

static struct ways_said judge(const struct ways_scene *scene, enum way way, int n_rule, const struct ways_account *account) {
        const struct config *const c = scene->offer.config;
        const struct config_rule *const rule = n_rule >= 0 ? &c->rule[n_rule] : NULL;
        const enum ways_why retired = on_retirement(scene, way, account);
        const bool named_only = way == WAY_PASSWORD && (retired == WAYS_EXEMPT || config_kind_bit(account->kind) == config_kind_bit("external"));
        struct ways_said said = { .way = way, .rule = n_rule, .offer = way == WAY_BANKID ? offer_code(&scene->offer) : 0 };

        said.lacks = way_factors(way) & ~account->has;
        if (!c->clients_log_in && config_kind_bit(account->kind) == config_kind_bit("client"))
                said.why = WAYS_CLIENTS_OFF;
        else if (way == WAY_BANKID && !offer_is_made(said.offer))
                said.why = WAYS_NOT_HERE;
        else if (way_is_typed(way) && !scene->offer.by_root)
                said.why = WAYS_NOT_BY_USER;
        else if (rule && !rule_allows(rule, way))
                said.why = WAYS_NOT_BY_RULE;
        else if (!way_is_two_factors(way) && ways_is_outside(scene))
                said.why = WAYS_OUTSIDE;
        else if (retired == WAYS_RETIRED)
                said.why = WAYS_RETIRED;
        else if (named_only && !(rule && rule->allows))
                said.why = WAYS_NOT_NAMED;
        else if (said.lacks)
                said.why = WAYS_LACKS;
        else if (retired != WAYS_BY_METHODS)
                said.why = retired;
        else
                said.why = rule ? WAYS_BY_RULE : WAYS_BY_METHODS;
        return said;
}

struct ways ways_decide(const struct ways_scene *scene, const struct ways_account *account) {
        const struct config_ways *const methods = &scene->offer.config->methods;
        const int rule = ways_rule(scene, account);
        struct ways ways = { .n = methods->n };

        for (size_t i = 0; i < methods->n; i++)
                ways.said[i] = judge(scene, methods->entry[i], rule, account);
        return ways;
}

/* -- Whatever account it is -------------------------------------------------------------------------- */

/* Is there a set of roles by which rule @i is the first of those that match? */
static bool is_reached(const struct config *c, size_t i, const bool matches[static CONFIG_RULES_MAX]) {
        const struct config_rule *const rule = &c->rule[i];

        for (size_t k = 0; k < i; k++)
                if (matches[k] && c->rule[k].n_roles == 0)
                        return false;
        for (size_t r = 0; r < rule->n_roles; r++) {
                bool taken = false;

                for (size_t k = 0; k < i; k++) {
                        const struct config_rule *const earlier = &c->rule[k];

                        taken = taken || (matches[k] && has_word(earlier->role, earlier->n_roles, rule->role[r]));
                }
                if (!taken)
                        return true;
        }
        return rule->n_roles == 0;
}

/* Allowed to one is allowed; else what comes nearest to it, by the order in which it is asked. */
static void add(struct ways_said *to, struct ways_said said) {
        const bool allowed = ways_is_allowed(said.why);

        said.rule = -1;
        if (to->why == 0 || (!ways_is_allowed(to->why) && (allowed || said.why > to->why)))
                *to = said;
}

static void offer_to_kind(const struct ways_scene *scene, const char *kind, struct ways *ways) {
        const struct config *const c = scene->offer.config;
        bool matches[CONFIG_RULES_MAX] = { false }, everybody = false;

        for (size_t i = 0; i < c->n_rules; i++)
                matches[i] = scene_matches(&c->rule[i], scene) && kind_matches(&c->rule[i], kind);
        for (int i = -1; i < (int) c->n_rules; i++) {
                if (i >= 0 && (!matches[i] || !is_reached(c, (size_t) i, matches)))
                        continue;
                for (size_t k = 0; i < 0 && k < c->n_rules; k++)
                        everybody = everybody || (matches[k] && c->rule[k].n_roles == 0);
                if (i < 0 && everybody)
                        continue;
                for (int exempt = 0; exempt <= (scene->exemptions ? 1 : 0); exempt++) {
                        const struct ways_account account = { .kind = kind, .exempt = exempt, .has = UINT32_MAX };

                        for (size_t w = 0; w < ways->n; w++)
                                add(&ways->said[w], judge(scene, c->methods.entry[w], i, &account));
                }
        }
}

struct ways ways_offered(const struct ways_scene *scene) {
        struct ways ways = { .n = scene->offer.config->methods.n };

        for (size_t k = 0; k < N_ELEMENTS(kinds); k++)
                offer_to_kind(scene, kinds[k], &ways);
        return ways;
}

struct ways ways_offered_to(const struct ways_scene *scene, const char *kind) {
        struct ways ways = { .n = scene->offer.config->methods.n };

        offer_to_kind(scene, kind, &ways);
        return ways;
}
