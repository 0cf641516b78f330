/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * signing.c - the key that checkpoints of the audit trail are signed with
 *
 *  1. MUST leave no byte of the private key behind in memory that is given back.
 */

#include "signing.h"

#include "cleanup.h"
#include "hex.h"
#include "i18n.h"
#include "keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#define KEY_NAME "audit-sign.1"

enum { TEXT_MAX = 256 };

static void key_freep(EVP_PKEY **key) {
        EVP_PKEY_free(*key);
}

static void digest_freep(EVP_MD_CTX **ctx) {
        EVP_MD_CTX_free(*ctx);
}

static void bio_freep(BIO **bio) {
        BIO_free_all(*bio);
}

int signing_load(bool create, uint8_t ret[static 32], const char **ret_why) {
        *ret_why = N_("the key audit-sign.1 is not there, or not 32 bytes with mode 0400 of the right owner");
        return keys_one(KEY_NAME, create, ret);
}

int signing_has(void) {
        return keys_has(KEY_NAME);
}

void signing_wipe(uint8_t key[static 32]) {
        OPENSSL_cleanse(key, KEY_SIZE);
}

static int text_of(const char *host_id, const struct directory_checkpoint *c, char ret[static TEXT_MAX], size_t *ret_n) {
        char hex[65];
        int k;

        (void) hex_text(c->hash, sizeof c->hash, hex);
        k = snprintf(ret, TEXT_MAX, "careid audit checkpoint 1\nhost %s\nsequence %lld\nhash %s\nat %lld\nkey %lld\nafter %lld\n",
                     host_id, (long long) c->sequence, hex, (long long) c->at, (long long) c->key, (long long) c->after);
        if (k < 0 || k >= TEXT_MAX)
                return -EOVERFLOW;
        *ret_n = (size_t) k;
        return 0;
}

int signing_sign(const uint8_t key[static 32], const char *host_id, struct directory_checkpoint *c) {
        AUTO(key_freep) EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, KEY_SIZE);
        AUTO(digest_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = 0, n_signature = sizeof c->signature;
        char text[TEXT_MAX];
        int r;

        if (!pkey || !ctx)
                return -ENOMEM;
        c->key = SIGNING_KEY_ID;
        r = text_of(host_id, c, text, &n);
        if (r < 0)
                return r;
        if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) != 1 ||
            EVP_DigestSign(ctx, c->signature, &n_signature, (const uint8_t *) text, n) != 1 ||
            n_signature != sizeof c->signature)
                return -EIO;
        return 0;
}

int signing_verify(const uint8_t key[static 32], const char *host_id, const struct directory_checkpoint *c) {
        AUTO(key_freep) EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, KEY_SIZE);
        AUTO(digest_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        char text[TEXT_MAX];
        size_t n = 0;
        int r;

        if (!pkey || !ctx)
                return -ENOMEM;
        if (c->key != SIGNING_KEY_ID)
                return -EBADMSG;
        r = text_of(host_id, c, text, &n);
        if (r < 0)
                return r;
        if (EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) != 1)
                return -EIO;
        return EVP_DigestVerify(ctx, c->signature, sizeof c->signature, (const uint8_t *) text, n) == 1 ? 0 : -EBADMSG;
}

int signing_public(const uint8_t key[static 32], char **ret_pem) {
        AUTO(key_freep) EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, KEY_SIZE);
        AUTO(bio_freep) BIO *bio = BIO_new(BIO_s_mem());
        char *text = NULL;
        long n;

        if (!pkey || !bio || PEM_write_bio_PUBKEY(bio, pkey) != 1)
                return -ENOMEM;
        n = BIO_get_mem_data(bio, &text);
        *ret_pem = n > 0 ? strndup(text, (size_t) n) : NULL;
        return *ret_pem ? 0 : -ENOMEM;
}
