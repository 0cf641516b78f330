/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-rules.c - rules beside one another, and beside what they narrow
 *
 * 1. MUST refuse a rule that no log-in can ever meet, as far as conditions alone show it: an earlier rule has them all.
 * 2. MUST refuse a rule that gives more than [methods] allow, or names a single factor for somebody outside (S1).
 */

#include "config-network.h"
#include "config-rule.h"
#include "config-ways.h"
#include "i18n.h"

#include <string.h>

enum { KINDS_ALL = 0xf };

/* -- Which log-ins a rule is about ------------------------------------------------------------------- */

static bool words_cover(const char a[static CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1], size_t n_a,
                        const char b[static CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1], size_t n_b) {
        if (n_a == 0)
                return true;
        for (size_t i = 0; i < n_b; i++) {
                bool found = false;

                for (size_t k = 0; k < n_a; k++)
                        found = found || strcmp(a[k], b[i]) == 0;
                if (!found)
                        return false;
        }
        return n_b > 0;
}

static bool from_is_said(const struct config_rule *rule) {
        return rule->from_inside || rule->from_outside || rule->from.n > 0;
}

/* One of ours counts only where it is named by itself (policy/inside.h), so a wider network does not cover it. */
static bool network_covers(const struct config_network *a, const struct config_network *b) {
        if (memcmp(a, b, sizeof *a) == 0)
                return true;
        return b->prefix != (b->family == 4 ? 32 : 128) && !(b->family == 4 && b->address[0] == 127) && config_network_has(a, b);
}

static bool from_covers(const struct config_rule *a, const struct config_rule *b) {
        if (!from_is_said(a) || (a->from_inside && a->from_outside))
                return true;
        if (!from_is_said(b) || (b->from_inside && !a->from_inside) || (b->from_outside && !a->from_outside))
                return false;
        for (size_t i = 0; i < b->from.n; i++) {
                bool found = false;

                for (size_t k = 0; k < a->from.n; k++)
                        found = found || network_covers(&a->from.entry[k], &b->from.entry[i]);
                if (!found)
                        return false;
        }
        return true;
}

/* All but the kind: does every log-in that @b is about meet @a, too? */
static bool rest_covers(const struct config_rule *a, const struct config_rule *b) {
        return words_cover(a->role, a->n_roles, b->role, b->n_roles) && words_cover(a->service, a->n_services, b->service, b->n_services) &&
               from_covers(a, b) && (!*a->since || (*b->since && strcmp(a->since, b->since) <= 0)) &&
               (!*a->until || (*b->until && strcmp(b->until, a->until) <= 0));
}

/* The last of the earlier rules by which nobody is left for rule @i; NULL: somebody may be. */
static const struct config_rule *covered_by(const struct config *c, size_t i) {
        const struct config_rule *const b = &c->rule[i];
        uint32_t left = b->kinds ? b->kinds : KINDS_ALL;

        for (size_t k = 0; k < i; k++) {
                if (!rest_covers(&c->rule[k], b))
                        continue;
                left &= ~(c->rule[k].kinds ? c->rule[k].kinds : KINDS_ALL);
                if (!left)
                        return &c->rule[k];
        }
        return NULL;
}

/* -- What it gives ----------------------------------------------------------------------------------- */

/* Is anything that `from` says outside the organisation's networks, or partly so? */
static bool is_about_outside(const struct config *c, const struct config_rule *rule) {
        if (rule->from_outside)
                return true;
        for (size_t i = 0; i < rule->from.n; i++) {
                bool inside = false;

                for (size_t k = 0; k < c->inside.n; k++)
                        inside = inside || config_network_has(&c->inside.entry[k], &rule->from.entry[i]);
                if (!inside)
                        return true;
        }
        return false;
}

static enum way first_single(uint32_t ways) {
        for (enum way w = WAY_BANKID; w <= WAY_LAST; w++)
                if (ways & way_bit(w) && !way_is_two_factors(w))
                        return w;
        return 0;
}

static enum way first_of(uint32_t ways) {
        for (enum way w = WAY_BANKID; w <= WAY_LAST; w++)
                if (ways & way_bit(w))
                        return w;
        return 0;
}

static int rule_finish(const struct config *c, size_t i, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const struct config_rule *const rule = &c->rule[i], *earlier;
        const uint32_t methods = config_ways_bits(&c->methods);
        int r;

        r = config_rule_finish(rule, complaint);
        if (r != CONFIG_OK)
                return r;
        if (rule->ways != UINT32_MAX && (rule->ways & ~methods))
                return config_rule_complain(rule, complaint, _("names %s, which [methods] allow does not: rules only narrow that list"),
                                            way_name(first_of(rule->ways & ~methods)));
        if (rule->allows && is_about_outside(c, rule) && first_single(rule->ways))
                return config_rule_complain(rule, complaint, _("allows %s from outside [network] inside, where two factors or an e-ID are required; "
                                                               "write a method of two, or from = inside"), way_name(first_single(rule->ways)));
        earlier = covered_by(c, i);
        if (earlier)
                return config_rule_complain(rule, complaint, _("can never match: before it, [rule %s] (%s) decides for all that it is about"), earlier->name,
                                            earlier->where ? earlier->where : "?");
        return CONFIG_OK;
}

static int outage_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const uint32_t reopen = config_ways_bits(&c->outage_reopen), strange = reopen & ~config_ways_bits(&c->methods);

        if (strange)
                return config_complain(complaint, _("[outage] reopen: names %s, which [methods] allow does not"), way_name(first_of(strange)));
        for (size_t i = 0; i < c->outage_reopen.n; i++)
                if (!way_has(c->outage_reopen.entry[i], FACTOR_PASSWORD))
                        return config_complain(complaint, _("[outage] reopen: %s has no password, so [password] retired-from does not close it"),
                                               way_name(c->outage_reopen.entry[i]));
        if (reopen && !*c->password_retired_from)
                return config_complain(complaint, _("[outage] reopen: there is nothing to reopen while [password] retired-from is empty"));
        if (c->outage_automatic && !reopen)
                return config_complain(complaint, _("[outage] automatic: yes needs methods in reopen"));
        return CONFIG_OK;
}

int config_ways_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        int r = CONFIG_OK;

        if (c->methods.n == 0)
                return config_complain(complaint, _("[methods] allow: names no method, so nobody could log in"));
        for (size_t i = 0; r == CONFIG_OK && i < c->n_rules; i++)
                r = rule_finish(c, i, complaint);
        return r == CONFIG_OK ? outage_finish(c, complaint) : r;
}
