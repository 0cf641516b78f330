/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-rule.c - one rule: its options from text, and to text
 *
 *     kind    = word *( "," word )            ; staff, client, relative, external
 *     role    = word *( "," word )            ; names of roles, a-z and 0-9
 *     service = word *( "," word )            ; names of PAM services
 *     from    = where *( "," where )          ; "inside" / "outside" / network
 *     since   = date                          ; the first day
 *     until   = date                          ; the last day
 *     allow   = ways                          ; these, and no others
 *     deny    = "all" / ways                  ; all of [methods] allow but these
 */

#include "config-rule.h"

#include "cleanup.h"
#include "config-network.h"
#include "config-ways.h"
#include "i18n.h"
#include "nearest.h"
#include "scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum option { KIND, ROLE, SERVICE, FROM, SINCE, UNTIL, ALLOW, DENY };

static const char *const options[] = {
        [KIND] = "kind",   [ROLE] = "role",   [SERVICE] = "service", [FROM] = "from",
        [SINCE] = "since", [UNTIL] = "until", [ALLOW] = "allow",     [DENY] = "deny",
};

static const char *const kinds[] = { "staff", "client", "relative", "external" };

const char *config_rule_option(size_t i) {
        return i < N_ELEMENTS(options) ? options[i] : NULL;
}

uint32_t config_kind_bit(const char *kind) {
        for (size_t i = 0; kind && i < N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i], kind) == 0)
                        return UINT32_C(1) << i;
        return 0;
}

void config_rules_done(struct config *c) {
        for (size_t i = 0; i < c->n_rules; i++)
                free(c->rule[i].where);
        free(c->rule);
        c->rule = NULL;
        c->n_rules = 0;
}

int config_rule_add(struct config *c, const char *name, size_t n, const char *where, char why[static CONFIG_COMPLAINT_MAX]) {
        struct scan s = scan_bytes(name, n);
        struct config_rule *grown;
        char *copy = NULL;
        size_t n_name;

        if (!scan_word(&s, config_is_name_byte, CONFIG_RULE_NAME_MAX, &name, &n_name) || !scan_at_end(&s))
                return config_complain(why, _("a rule is written [rule NAME], with a name of a-z, 0-9 and '-'"));
        for (size_t i = 0; i < c->n_rules; i++)
                if (strlen(c->rule[i].name) == n && memcmp(c->rule[i].name, name, n) == 0)
                        return config_complain(why, _("[rule %s]: there is one already, in %s: a rule stands in one place"), c->rule[i].name,
                                               c->rule[i].where ? c->rule[i].where : "?");
        if (c->n_rules == CONFIG_RULES_MAX)
                return config_complain(why, _("there may be %d rules at most"), CONFIG_RULES_MAX);
        if (where && !(copy = strdup(where)))
                return -ENOMEM;
        grown = reallocarray(c->rule, c->n_rules + 1, sizeof *grown);
        if (!grown) {
                free(copy);
                return -ENOMEM;
        }
        c->rule = grown;
        grown = &grown[c->n_rules++];
        memset(grown, 0, sizeof *grown);
        memcpy(grown->name, name, n);
        grown->where = copy;
        return CONFIG_OK;
}

/* -- Words ------------------------------------------------------------------------------------------- */

static int kinds_set(uint32_t *bits, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const char *word;
        size_t at = 0, n_word;
        uint32_t said = 0;

        while (config_comma_next(text, n, &at, &word, &n_word)) {
                char kind[CONFIG_RULE_WORD_MAX + 1] = "";

                if (n_word < sizeof kind)
                        memcpy(kind, word, n_word);
                if (config_kind_bit(kind) == 0)
                        return config_complain(why, _("must be of these, separated by commas: %s"), "staff, client, relative, external");
                said |= config_kind_bit(kind);
        }
        if (said == 0)
                return config_complain(why, _("must be of these, separated by commas: %s"), "staff, client, relative, external");
        *bits = said;
        return CONFIG_OK;
}

static bool is_role_byte(char c) {
        return ascii_is_lower(c) || ascii_is_digit(c);
}

static bool is_service_byte(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

static int words_set(char words[static CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1], size_t *n_words, bool (*is)(char),
                     const char *example, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const char *word, *name;
        size_t at = 0, n_word, n_name, k = 0;
        char quoted[64];

        while (config_comma_next(text, n, &at, &word, &n_word)) {
                struct scan s = scan_bytes(word, n_word);

                if (!scan_word(&s, is, CONFIG_RULE_WORD_MAX, &name, &n_name) || !scan_at_end(&s))
                        return config_complain(why, _("'%s' is no name; write names separated by commas: %s"), config_quote(word, n_word, quoted), example);
                if (k == CONFIG_RULE_WORDS_MAX)
                        return config_complain(why, _("may have %d names at most"), CONFIG_RULE_WORDS_MAX);
                memset(words[k], 0, sizeof words[k]);
                memcpy(words[k], name, n_name);
                for (size_t i = 0; i < k; i++)
                        if (strcmp(words[i], words[k]) == 0)
                                return config_complain(why, _("names %s twice"), words[k]);
                k++;
        }
        if (k == 0)
                return config_complain(why, _("names nobody; write names separated by commas: %s"), example);
        *n_words = k;
        return CONFIG_OK;
}

static size_t words_print(const char words[static CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1], size_t n_words,
                          char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        for (size_t i = 0; i < n_words; i++)
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%s", i ? ", " : "", words[i]);
        return (size_t) k;
}

/* -- From where -------------------------------------------------------------------------------------- */

static int from_set(struct config_rule *rule, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const char *word;
        size_t at = 0, n_word;

        while (config_comma_next(text, n, &at, &word, &n_word)) {
                struct scan s = scan_bytes(word, n_word);
                int r = CONFIG_OK;

                if (n_word == 0)
                        return config_complain(why, _("has an empty entry; write inside, outside, or networks such as 192.0.2.0/24"));
                if (scan_literal(&s, "inside") && scan_at_end(&s))
                        rule->from_inside = true;
                else if (s = scan_bytes(word, n_word), scan_literal(&s, "outside") && scan_at_end(&s))
                        rule->from_outside = true;
                else
                        r = config_networks_set(&rule->from, word, n_word, true, why);
                if (r != CONFIG_OK)
                        return r;
        }
        if (!rule->from_inside && !rule->from_outside && rule->from.n == 0)
                return config_complain(why, _("has an empty entry; write inside, outside, or networks such as 192.0.2.0/24"));
        return CONFIG_OK;
}

static size_t from_print(const struct config_rule *rule, char ret[static CONFIG_VALUE_MAX]) {
        char networks[CONFIG_VALUE_MAX] = "";
        int k = 0;

        if (rule->from_inside)
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "inside");
        if (rule->from_outside)
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%soutside", k ? ", " : "");
        (void) config_networks_print(&rule->from, networks);
        for (char *at = networks, *next; *at; at = next) {
                next = at + strcspn(at, " ");
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%.*s", k ? ", " : "", (int) (next - at), at);
                next += *next == ' ';
        }
        return (size_t) k;
}

/* -- What then --------------------------------------------------------------------------------------- */

static int ways_set(struct config_rule *rule, bool allows, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        struct config_ways list;
        int r;

        if (rule->ways)
                return config_complain(why, _("a rule has allow or deny, not both"));
        if (!allows && n == 3 && memcmp(text, "all", 3) == 0) {
                rule->ways = UINT32_MAX;
                return CONFIG_OK;
        }
        r = config_ways_set(&list, text, n, why);
        if (r != CONFIG_OK)
                return r;
        if (list.n == 0)
                return config_complain(why, _("names no method; to let nobody in, write deny = all"));
        rule->allows = allows;
        rule->ways = config_ways_bits(&list);
        return CONFIG_OK;
}

static size_t ways_print(uint32_t bits, char ret[static CONFIG_VALUE_MAX]) {
        struct config_ways list = { .n = 0 };

        if (bits == UINT32_MAX)
                return (size_t) snprintf(ret, CONFIG_VALUE_MAX, "all");
        for (enum way w = WAY_BANKID; w <= WAY_LAST; w++)
                if (bits & way_bit(w))
                        list.entry[list.n++] = w;
        return config_ways_print(&list, ret);
}

/* -- One option -------------------------------------------------------------------------------------- */

int config_rule_set(struct config_rule *rule, size_t i, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        int r = -EINVAL;        /* an option outside the enum: a bug in the caller */

        switch ((enum option) i) {
        case KIND:
                r = kinds_set(&rule->kinds, text, n, why);
                break;
        case ROLE:
                r = words_set(rule->role, &rule->n_roles, is_role_byte, "doctor, nurse", text, n, why);
                break;
        case SERVICE:
                r = words_set(rule->service, &rule->n_services, is_service_byte, "sshd, login", text, n, why);
                break;
        case FROM:
                r = from_set(rule, text, n, why);
                break;
        case SINCE:
        case UNTIL:
                r = config_date_set(i == SINCE ? rule->since : rule->until, text, n, why);
                if (r == CONFIG_OK && n == 0)
                        r = config_complain(why, _("must be a date that there is, written like 2027-03-01"));
                break;
        case ALLOW:
        case DENY:
                r = ways_set(rule, i == ALLOW, text, n, why);
                break;
        }
        return r;
}

size_t config_rule_print(const struct config_rule *rule, size_t i, char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        ret[0] = '\0';
        switch ((enum option) i) {
        case KIND:
                for (size_t b = 0; b < N_ELEMENTS(kinds); b++)
                        if (rule->kinds & UINT32_C(1) << b)
                                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%s", k ? ", " : "", kinds[b]);
                return (size_t) k;
        case ROLE:
                return words_print(rule->role, rule->n_roles, ret);
        case SERVICE:
                return words_print(rule->service, rule->n_services, ret);
        case FROM:
                return from_print(rule, ret);
        case SINCE:
        case UNTIL:
                return (size_t) snprintf(ret, CONFIG_VALUE_MAX, "%s", i == SINCE ? rule->since : rule->until);
        case ALLOW:
        case DENY:
                return rule->allows == (i == ALLOW) ? ways_print(rule->ways, ret) : 0;
        }
        return 0;
}

int config_rule_complain(const struct config_rule *rule, char complaint[static CONFIG_COMPLAINT_MAX], const char *format, ...) {
        char what[CONFIG_COMPLAINT_MAX];
        va_list arguments;

        va_start(arguments, format);
        (void) config_complain_v(what, format, arguments);
        va_end(arguments);
        return config_complain(complaint, "%s%s[%s %s]: %s", rule->where ? rule->where : "", rule->where ? ": " : "", "rule", rule->name, what);
}

int config_rule_finish(const struct config_rule *rule, char complaint[static CONFIG_COMPLAINT_MAX]) {
        if (!rule->ways)
                return config_rule_complain(rule, complaint, _("says nothing: write allow = METHODS, deny = METHODS or deny = all"));
        if (*rule->since && *rule->until && strcmp(rule->since, rule->until) > 0)
                return config_rule_complain(rule, complaint, _("can never match: its last day (until = %s) is before its first (since = %s)"),
                                            rule->until, rule->since);
        return CONFIG_OK;
}
