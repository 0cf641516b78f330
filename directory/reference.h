/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * reference.h - the key by which the files of an import name a person
 *
 * It is what the organisation calls the person, the number of an employee or
 * a record: 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", and never a personal
 * number.  Who has none is named by eight characters that are this
 * directory's, "-" and the id.
 */

#include "acts.h"

enum {
        REFERENCE_MAX = 64,
        REFERENCE_OWN = 8,              /* of host_id, before "-ID"                               */
};

/* NOT_FOUND without a complaint; INVALID: it can't be a key. */
int directory_person_find(struct directory *d, const char *key, int64_t *ret_person);

/* directory_person_add() of somebody who is called @reference in files.  EXISTS. */
int directory_person_add_as(struct directory *d, const struct directory_act *act, const char *reference,
                            const char *given_name, const char *family_name, const char *alias, const char *language,
                            int64_t *ret_person);

/* May a person be called this?  INVALID says why not. */
int reference_check(struct directory *d, const char *reference);
