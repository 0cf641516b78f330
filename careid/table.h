/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * table.h - every table and every JSON that careid prints (libsmartcols)
 */

#include <stdbool.h>
#include <stddef.h>

struct table;

enum table_form {
        TABLE_ROWS,             /* a line for each                                                */
        TABLE_PAIRS,            /* for one: a line for each column that has something             */
        TABLE_NAMES,            /* the first column alone, without a heading                      */
        TABLE_JSON,             /* { "name": [ { key: text-or-null, ... }, ... ] }                */
};

/* @name and @keys (NULL-terminated) are borrowed; keys are the names in JSON and, translated, the headings. */
int table_new(enum table_form form, const char *name, const char *const *keys, struct table **ret);
int table_add(struct table *t, const char *const *values);     /* as many as there are keys; NULL: nothing */
/* What a table shows to people for @word under @key: a word of careid's own, or @word itself. */
const char *table_word(const char *key, const char *word);

int table_print(struct table *t);                               /* on standard output             */
struct table *table_free(struct table *t);                      /* returns NULL                   */
static inline void table_freep(struct table **t) {
        *t = table_free(*t);
}
