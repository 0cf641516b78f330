/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-ways.h - lists of methods and dates in the configuration: from text, and to text
 *
 * Inside common/ only.
 */

#include "config-value.h"

/* As config_value_set() and config_value_print(). */
int config_ways_set(struct config_ways *list, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]);
size_t config_ways_print(const struct config_ways *list, char ret[static CONFIG_VALUE_MAX]);

/* Empty, or a date that there is. */
int config_date_set(char ret[static CONFIG_DATE_TEXT + 1], const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]);

/* Its ways as bits. */
uint32_t config_ways_bits(const struct config_ways *list);

/* The next of a list with commas in @text from *@at on, without blanks around it; false: there was no other. */
bool config_comma_next(const char *text, size_t n, size_t *at, const char **ret, size_t *ret_n);
