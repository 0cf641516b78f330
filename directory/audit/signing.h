/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * signing.h - the key that checkpoints of the audit trail are signed with
 *
 * audit-sign.1 stands beside the keys of keys.h: the 32 bytes of an Ed25519
 * private key (RFC 8032), 0400, owned by the user that the directory belongs
 * to.  What is signed:
 *
 *     text = "careid audit checkpoint 1" LF "host " host-id LF "sequence " N LF
 *            "hash " 64HEXDIG LF "at " seconds LF "key " key-id LF "after " M LF
 *
 * M is the number of the checkpoint before, or 0: none can be taken out unseen.
 */

#include "trail.h"

enum { SIGNING_KEY_ID = 1 };

/* 0; -ENOKEY with *ret_why (static text) as keys_load(); or another negative errno.  @create: where there is none yet. */
int signing_load(bool create, uint8_t ret[static 32], const char **ret_why);
int signing_has(void);                          /* is the key there?  As keys_has()               */
void signing_wipe(uint8_t key[static 32]);

/* Fills in ->key and ->signature from the rest. */
int signing_sign(const uint8_t key[static 32], const char *host_id, struct directory_checkpoint *checkpoint);

/* 0; -EBADMSG: another key's, or not what was signed. */
int signing_verify(const uint8_t key[static 32], const char *host_id, const struct directory_checkpoint *checkpoint);

/* The public half as PEM (malloc'd). */
int signing_public(const uint8_t key[static 32], char **ret_pem);
