/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * lookup.h - from the name that an administrator writes to the row
 */

#include "store.h"

enum { LOOKUP_CLIENT_NUMBER_MAX = 9999999 };

enum lookup_kind {
        LOOKUP_ORGANISATION,
        LOOKUP_UNIT,
        LOOKUP_ROLE,
        LOOKUP_SERVICE,
        LOOKUP_ACCOUNT,
        LOOKUP_PERSON,                  /* by id, in decimal                                      */
        LOOKUP_CLIENT,                  /* by "ORG-N"                                             */
        LOOKUP_TEMPLATE,
        LOOKUP_KINDS,
};

/* The name of a kind in words and in the schema, and back (LOOKUP_KINDS: no such kind). */
const char *lookup_kind_name(enum lookup_kind kind);
enum lookup_kind lookup_kind_of(const char *name);

/*
 * The id of what is called @name.  NOT_FOUND and INVALID name the kind; @ret_archived tells whether it is archived.
 */
int lookup_any(struct directory *d, enum lookup_kind kind, const char *name, int64_t *ret_id, bool *ret_archived);

/* What lookup_any() says where there is none: to whoever is not to know that there is. */
int lookup_none(struct directory *d, enum lookup_kind kind, const char *name);

/* The same, where only what is not archived will do (CONSTRAINT). */
int lookup_live(struct directory *d, enum lookup_kind kind, const char *name, int64_t *ret_id);

/* The organisation that a client's name begins with, whether or not there is the client: NOT_FOUND, INVALID. */
int lookup_client_organisation(struct directory *d, const char *name, int64_t *ret_id);

/* A person by id who is not archived and has not died (CONSTRAINT). */
int lookup_person_alive(struct directory *d, int64_t person);
