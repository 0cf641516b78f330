/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * mandates.h - who may administer what (X11)
 *
 * A person holds acts within an organisation or one of its units.  The helper
 * carries an act out as that person: @act->by_person is then set, and each act
 * asks mandate_covers() for what it touches, inside its own transaction.
 * Nobody acts on themselves; an auditor only reads.
 */

#include "acts.h"

enum mandate_act {
        MANDATE_INVITE = 1, MANDATE_ADD, MANDATE_GRANT, MANDATE_LOCK, MANDATE_SEAL, MANDATE_BLOCK, MANDATE_BIND,
        MANDATE_READ_AUDIT, MANDATE_CONFIGURE,
};

const char *mandate_word(enum mandate_act act);
int mandate_of_word(const char *word, enum mandate_act *ret);   /* 0 or -EINVAL                    */

int directory_mandate_add(struct directory *d, const struct directory_act *act, int64_t person, const char *word,
                          const char *organisation, const char *unit /* NULL: all of it */, const char *from_date,
                          const char *until_date, int64_t *ret_id);
int directory_mandate_end(struct directory *d, const struct directory_act *act, int64_t mandate);

/*
 * May whoever acts do @what at @unit (0: for the whole organisation) of
 * @organisation, to @about (a person; 0: nobody)?  Root may.  DIRECTORY_OK;
 * CONSTRAINT with the reason: no such mandate now, or it is themselves.
 */
int mandate_covers(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t organisation,
                   int64_t unit, int64_t about);
