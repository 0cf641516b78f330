/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-rule.h - [rule NAME]: who may log in how, from where, to what, when
 *
 * Inside common/ only.  A rule is written in one file, in one place: its
 * options replace nothing, and a name stands for one rule.
 */

#include "config-value.h"

enum { CONFIG_RULE_OPTIONS_MAX = 8 };

/* Frees all of them; a config_done() of the rest comes after. */
void config_rules_done(struct config *c);

/*
 * A new, empty rule at the end, of the name @name, at @where (copied; NULL:
 * from the compiled form).  Anything else than a name of a-z, 0-9 and '-' is
 * refused.  CONFIG_OK, CONFIG_E_WRONG with a part of a sentence
 * in @why, or -ENOMEM.
 */
int config_rule_add(struct config *c, const char *name, size_t n, const char *where, char why[static CONFIG_COMPLAINT_MAX]);

/* The options of a rule, in their order; NULL after the last. */
const char *config_rule_option(size_t i);

/* Set option @i of @rule from the @n bytes of @text; as config_value_set(). */
int config_rule_set(struct config_rule *rule, size_t i, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]);

/* Print it; 0: it is not said. */
size_t config_rule_print(const struct config_rule *rule, size_t i, char ret[static CONFIG_VALUE_MAX]);

/* Write a complaint about it, "FILE:LINE: [rule NAME]: ...".  Returns CONFIG_E_WRONG. */
int config_rule_complain(const struct config_rule *rule, char complaint[static CONFIG_COMPLAINT_MAX], const char *format, ...)
        __attribute__((__format__(__printf__, 3, 4)));

/* Has it what a rule must have?  As config_finish(), of what stands in the rule itself. */
int config_rule_finish(const struct config_rule *rule, char complaint[static CONFIG_COMPLAINT_MAX]);

/* Rules beside one another and beside [methods], [network], [password] and [outage]: as config_finish(). (config-rules.c) */
int config_ways_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]);
