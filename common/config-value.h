/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-value.h - one value of the configuration: from text, and to text
 *
 * Inside common/ only: what config.c, config-parse.c and config-compiled.c
 * share.  A value that is printed and set again is the same value, and prints
 * the same.
 */

#include "config.h"

#include <stdarg.h>

enum {
        CONFIG_TEXT_MAX  = 200,         /* bytes of a CONFIG_TEXT                                 */
        CONFIG_PATH_MAX  = 255,         /* bytes of a CONFIG_PATH, as a passwd entry takes it     */
        CONFIG_URL_MAX   = 255,         /* bytes of a CONFIG_URL                                  */
        CONFIG_HOST_MAX  = 253,         /* bytes of its host                                      */
        CONFIG_VALUE_MAX = CONFIG_LIST_MAX * 48,        /* bytes of a printed value: a full list  */
        CONFIG_NAME_MAX  = 32,          /* bytes of the name of a section or option               */
};

/*
 * Set the option @o from the @n bytes of @text.  @add adds to a list instead
 * of replacing it.  Returns CONFIG_OK, -ENOMEM, or CONFIG_E_WRONG with a part
 * of a sentence in @why ("must be yes or no").
 */
int config_value_set(struct config *c, const struct config_option *o, const char *text, size_t n, bool add,
                     char why[static CONFIG_COMPLAINT_MAX]);

/* Print it into @ret; returns its length. */
size_t config_value_print(const struct config *c, const struct config_option *o, char ret[static CONFIG_VALUE_MAX]);

/* Write a complaint: one clean line, cut between two characters where it is too long.  Returns CONFIG_E_WRONG. */
int config_complain(char complaint[static CONFIG_COMPLAINT_MAX], const char *format, ...)
        __attribute__((__format__(__printf__, 2, 3)));
int config_complain_v(char complaint[static CONFIG_COMPLAINT_MAX], const char *format, va_list arguments)
        __attribute__((__format__(__printf__, 2, 0)));

/* What was written, for a complaint: itself if it is short and clean, else "?".  @ret has room for 64 bytes. */
const char *config_quote(const char *s, size_t n, char ret[static 64]);

/* Of the names of sections, options and rules. */
bool config_is_name_byte(char c);
