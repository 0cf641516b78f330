/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * credential.h - what the files of this folder share
 */

#include "credentials.h"

#include "act.h"
#include "sql.h"

/* -- Where somebody is, as a bucket names it (source.c) ----------------------------------------------- */

enum {
        SOURCE_MAX      = 52,                   /* bytes of its name, with NUL                    */
        SOURCE_KNOWN_S  = 90 * 86400,           /* how long one stays known good                  */
};

/* "here" (NULL), an IPv4 address, the /64 of an IPv6 address, or "elsewhere": what is no address. */
void source_name(const char *address, char ret[static SOURCE_MAX]);

/* Is it known good for the account?  This machine is, and what can't be told from others is not.  OK, NOT_FOUND: no, or an error. */
int source_is_known(struct directory *d, int64_t account, const char *source, int64_t now);

/* -- Passwords (password-hash.c) ---------------------------------------------------------------------- */

enum { PASSWORD_HASH_MAX = 384 };               /* CRYPT_OUTPUT_SIZE                              */

/* yescrypt with libcrypt's preset cost and a salt of its own.  0, or a negative errno. */
int password_hash_new(const char *password, char ret[static PASSWORD_HASH_MAX]);

/* Is it of that password?  NULL: of none, which takes as long.  1, 0, or a negative errno. */
int password_hash_fits(const char *hash, const char *password);

/* -- TOTP (totp.c) ------------------------------------------------------------------------------------ */

/* The step, of those that are near @now, of which @code is; 0: none.  Negative: an errno. */
int64_t totp_step_of(const char *secret, const char *code, int64_t now);

/* -- Codes (code.c) ----------------------------------------------------------------------------------- */

/* As it is compared: without blanks and hyphens, small letters.  False: it is longer than any. */
bool code_plain(const char *answer, char ret[static CREDENTIAL_CODE_TEXT]);

/* -- Of an account, by its name: root alone, and it must not be archived ------------------------------------ */

int credential_account(struct directory *d, const struct directory_act *act, const char *name, int64_t *ret);
