/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-compiled.c - the compiled form: written by `careid apply`, read by the parts
 *
 *     compiled = magic LF *( option LF ) *( rule LF ) check LF
 *     magic    = "careid-config 1"
 *     option   = section "." name "=" value   ; every option that the writer knows, in the order of the table
 *     rule     = "rule=" name *( LF "rule." option "=" value )               ; in their order; options that are said
 *     check    = "check=" 16HEXDIG            ; snapshot_mix64() of all lines above
 *
 * Only what config_compile() writes is read, of this version or of an older
 * one, which did not have some of the options: those have their defaults, so
 * that after an upgrade people log in as before, and no edit of the files
 * comes into force by it.  After loading, the lines that there were are
 * compiled again and have to come out the same, byte for byte.  A default that
 * would not be right for an older form needs another number in the magic line.
 */

#include "config.h"

#include "cleanup.h"
#include "config-rule.h"
#include "i18n.h"
#include "scan.h"
#include "snapshot-format.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAGIC "careid-config 1\n"

enum { LINE_EXTRA = 2 * CONFIG_NAME_MAX + 8, CHECK_SIZE = sizeof "check=0123456789abcdef\n" };

static size_t rules_compile(const struct config *c, char *text, size_t size, char *value) {
        const char *option;
        size_t n = 0;

        for (size_t i = 0; i < c->n_rules; i++) {
                n += (size_t) snprintf(text + n, size - n, "rule=%s\n", c->rule[i].name);
                for (size_t k = 0; (option = config_rule_option(k)); k++)
                        if (config_rule_print(&c->rule[i], k, value) > 0)
                                n += (size_t) snprintf(text + n, size - n, "rule.%s=%s\n", option, value);
        }
        return n;
}

/* @said: which options; NULL: all. */
static int compile(const struct config *c, const bool *said, char **ret, size_t *ret_n) {
        const size_t size = sizeof MAGIC + config_n_options * (CONFIG_VALUE_MAX + LINE_EXTRA) +
                            c->n_rules * (CONFIG_RULE_OPTIONS_MAX + 1) * (CONFIG_VALUE_MAX + LINE_EXTRA) + CHECK_SIZE;
        auto_free char *text = malloc(size), *value = malloc(CONFIG_VALUE_MAX), *fitted = NULL;
        size_t n;

        if (!text || !value)
                return -ENOMEM;
        n = (size_t) snprintf(text, size, "%s", MAGIC);
        for (size_t i = 0; i < config_n_options; i++) {
                const struct config_option *o = &config_options[i];

                if (said && !said[i])
                        continue;
                (void) config_value_print(c, o, value);
                n += (size_t) snprintf(text + n, size - n, "%s.%s=%s\n", o->section, o->name, value);
        }
        n += rules_compile(c, text + n, size - n, value);
        n += (size_t) snprintf(text + n, size - n, "check=%016" PRIx64 "\n", snapshot_mix64(0, text, n));

        fitted = realloc(text, n + 1);
        if (!fitted)
                return -ENOMEM;
        text = NULL;
        *ret = STEAL_PTR(fitted);
        *ret_n = n;
        return 0;
}

int config_compile(const struct config *c, char **ret, size_t *ret_n) {
        return compile(c, NULL, ret, ret_n);
}

static int complain_damage(char complaint[static CONFIG_COMPLAINT_MAX], size_t line) {
        return config_complain(complaint, _("the compiled configuration is damaged in line %zu, or a newer careid has "
                                            "written it; run: careid apply"), line);
}

/* "section.name=": @l is then at the value. */
static bool scan_option(struct scan *l, const struct config_option *o) {
        struct scan s = *l;

        if (!scan_literal(&s, o->section) || !scan_char(&s, '.') || !scan_literal(&s, o->name) || !scan_char(&s, '='))
                return false;
        *l = s;
        return true;
}

/* "rule=NAME" or, of the last rule, "rule.OPTION=VALUE".  CONFIG_E_WRONG: neither. */
static int rule_load(struct config *c, struct scan l) {
        char why[CONFIG_COMPLAINT_MAX];
        const char *option;

        if (!scan_literal(&l, "rule"))
                return CONFIG_E_WRONG;
        if (scan_char(&l, '='))
                return config_rule_add(c, l.at, scan_left(&l), NULL, why);
        for (size_t k = 0; c->n_rules > 0 && (option = config_rule_option(k)); k++) {
                struct scan s = l;

                if (scan_char(&s, '.') && scan_literal(&s, option) && scan_char(&s, '='))
                        return utf8_is_clean(s.at, scan_left(&s), UTF8_ONE_LINE)
                                       ? config_rule_set(&c->rule[c->n_rules - 1], k, s.at, scan_left(&s), why) : CONFIG_E_WRONG;
        }
        return CONFIG_E_WRONG;
}

int config_load(struct config *c, const char *text, size_t n, char complaint[static CONFIG_COMPLAINT_MAX]) {
        auto_free char *again = NULL;
        struct scan s = scan_bytes(text, n);
        bool said[CONFIG_OPTIONS_MAX] = { false };
        char why[CONFIG_COMPLAINT_MAX];
        const char *line;
        size_t n_line, n_again, at = 2;
        int r;

        if (config_n_options > CONFIG_OPTIONS_MAX)
                return -EOVERFLOW;
        config_done(c);
        r = config_init(c);
        if (r < 0)
                return r;
        if (!scan_literal(&s, MAGIC)) {
                if (scan_literal(&s, "careid-config "))
                        return config_complain(complaint, _("the compiled configuration is of another version "
                                                            "of careid; run: careid apply"));
                return complain_damage(complaint, 1);
        }
        for (size_t i = 0; scan_line(&s, &line, &n_line); at++, i++) {
                struct scan l = scan_bytes(line, n_line);

                if (scan_literal(&l, "check="))
                        break;
                r = rule_load(c, l);
                if (r < 0)
                        return r;
                if (r == CONFIG_OK)
                        continue;
                while (i < config_n_options && !scan_option(&l, &config_options[i]))
                        i++;
                if (i >= config_n_options)
                        return complain_damage(complaint, at);
                r = config_value_set(c, &config_options[i], l.at, scan_left(&l), false, why);
                if (r == CONFIG_E_WRONG)
                        return complain_damage(complaint, at);
                if (r < 0)
                        return r;
                said[i] = true;
        }

        /* The check line, and whatever else may differ. */
        r = compile(c, said, &again, &n_again);
        if (r < 0)
                return r;
        if (n_again != n || memcmp(again, text, n) != 0)
                return complain_damage(complaint, at);
        /* What an older version did not have may not go with what it had. */
        r = config_finish(c, why);
        return r == CONFIG_OK ? CONFIG_OK
                              : config_complain(complaint, _("the compiled configuration is not in order: %s; mend that, then run: "
                                                             "careid apply"), why);
}
