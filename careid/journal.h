/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * journal.h - the hashes of the audit trail, in the journal and from there off the host
 *
 * What has left the host can't be written anew unseen.  Each line has the
 * MESSAGE "audit SEQUENCE HASH" and the fields CAREID_AUDIT_SEQUENCE,
 * CAREID_AUDIT_HASH (64 lower-case hex digits) and CAREID_HOST_ID (the
 * directory's); careid and careid-helper write the same.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A line for the administrator, where nobody may read what a command prints. */
void journal_warning(const char *text);

void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]);

/* One hash that the journal has. */
struct journal_hash {
        char     host_id[37];                   /* "" where the line does not say                 */
        int64_t  sequence;
        uint8_t  hash[32];
};

enum { JOURNAL_HASHES_MAX = 4000000 };

/*
 * All of them, of lines that root or @uid has written: anybody may write one
 * that looks alike.  The caller frees *ret.  A negative errno of the journal;
 * -E2BIG for more than JOURNAL_HASHES_MAX.
 */
int journal_hashes(uid_t uid, struct journal_hash **ret, size_t *ret_n);
