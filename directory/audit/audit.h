/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * audit.h - entries of the audit trail
 */

#include "store.h"

#include <jansson.h>

enum {
        AUDIT_WORD_MAX   = 64,          /* bytes of actor, act and object                         */
        AUDIT_DETAIL_MAX = 16384,       /* bytes of the JSON text                                 */
};

struct audit_entry {
        int64_t     at;
        const char *actor, *act, *object;
        json_t     *detail;             /* an object; taken over, whatever happens; NULL: -ENOMEM */
};

enum { AUDIT_HASH_SIZE = 32 };

/* SQL: the zone whose days are meant where a date is of no organisation. */
#define AUDIT_ZONE "(SELECT CASE WHEN count(DISTINCT time_zone) = 1 THEN min(time_zone) ELSE 'UTC' END" \
                   " FROM organisation WHERE archived IS NULL)"

/* What an entry's hash covers. */
struct audit_link {
        int64_t     sequence, at;
        const char *host_id, *actor, *act, *object, *detail;
};

/* The hash of an entry after one with the hash @before.  0, -EILSEQ: it has text that is no UTF-8, -ENOMEM, -EIO. */
int audit_hash(const uint8_t before[static AUDIT_HASH_SIZE], const struct audit_link *link,
               uint8_t ret[static AUDIT_HASH_SIZE]);

/* Append an entry to the chain, within the transaction of the act. */
int audit_append(struct directory *d, const struct audit_entry *entry);

/* The outcome of the transaction, for directory_audit_last(). */
void audit_committed(struct directory *d);
void audit_rolled_back(struct directory *d);
