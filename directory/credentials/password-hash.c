/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * password-hash.c - yescrypt, by libcrypt
 *
 *  1. MUST take as long where there is nothing to compare with.
 *  2. MUST leave nothing of a password in memory that is given back.
 */

#include "credential.h"

#include "cleanup.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#define YESCRYPT "$y$"

/* No password has it: of libcrypt's preset cost, with a salt that was counted up. */
#define NOBODYS YESCRYPT "j9T$0123456789012345678901$..........................................."

_Static_assert(PASSWORD_HASH_MAX >= CRYPT_OUTPUT_SIZE, "libcrypt's hashes fit");

static void work_freep(struct crypt_data **work) {
        if (*work)
                OPENSSL_cleanse(*work, sizeof **work);
        free(*work);
}

static int hash(const char *setting, const char *password, char ret[static PASSWORD_HASH_MAX]) {
        AUTO(work_freep) struct crypt_data *work = calloc(1, sizeof *work);
        const char *made;

        if (!work)
                return -ENOMEM;
        made = crypt_rn(password, setting, work, sizeof *work);
        if (!made)
                return errno == ENOMEM ? -ENOMEM : -EIO;
        (void) snprintf(ret, PASSWORD_HASH_MAX, "%s", made);
        return 0;
}

int password_hash_new(const char *password, char ret[static PASSWORD_HASH_MAX]) {
        char setting[CRYPT_GENSALT_OUTPUT_SIZE];

        if (!crypt_gensalt_rn(YESCRYPT, 0, NULL, 0, setting, sizeof setting))
                return -EIO;
        return hash(setting, password, ret);
}

int password_hash_fits(const char *stored, const char *password) {
        const char *const with = stored ? stored : NOBODYS;
        char made[PASSWORD_HASH_MAX];
        size_t n;
        int r;

        r = hash(with, password, made);
        if (r < 0)
                return r;
        n = strlen(made);
        r = n == strlen(with) && CRYPTO_memcmp(made, with, n) == 0 && stored;
        OPENSSL_cleanse(made, sizeof made);
        return r;
}
