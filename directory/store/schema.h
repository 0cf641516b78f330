/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * schema.h - the editions of the schema, and bringing a file up to the newest
 */

#include <stdbool.h>

struct directory;

extern const char schema_0001[], schema_0002[], schema_0003[], schema_0004[];         /* made from schema/NNNN.sql at build time   */

/*
 * Bring the open database to the newest edition; @may_write false only looks.
 * @make, called inside the transaction if the database is new, does the rest
 * that a new one needs.  Returns 0; DIRECTORY_E_NEWER; -ENOENT: there is no
 * schema, and we may not write one; -EUCLEAN; or what @make returned.
 */
int schema_upgrade(struct directory *d, bool may_create, bool may_write, int (*make)(struct directory *d));

/* Is the file still of the newest edition that this program knows? */
bool schema_is_newest(struct directory *d);

/* The rule of the schema that says @message, as it can be translated; NULL: none does. */
const char *schema_rule(const char *message);
