/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * keys.h - the two keys that personal numbers are kept under
 *
 * number-hmac.1 makes the value that is looked up and is unique;
 * number-cipher.1 encrypts; those with the number 2 are the next ones.  Both are 32 random bytes in files of their own,
 * 0400 and owned by the user that the directory belongs to.  The number in
 * the name is the key's id and stands in every row that it made.
 */

#include <stddef.h>
#include <stdint.h>

enum {
        KEY_ID_FIRST    = 1,
        KEY_ID_MAX      = 999999,
        KEY_SIZE        = 32,
        KEY_MAC_SIZE    = 32,
        KEY_NONCE_SIZE  = 12,
        KEY_TAG_SIZE    = 16,
        KEY_SUBJECT_MAX = 64,           /* bytes of what can be sealed                            */
        KEY_SEAL_EXTRA  = KEY_NONCE_SIZE + KEY_TAG_SIZE,        /* bytes that sealing adds        */
        KEY_CONTACT_MAX = 254,          /* bytes of a contact detail                              */
        KEY_TOTP_SIZE   = 32,           /* of a TOTP's secret, in base32                          */
        KEY_SEALED_MAX  = KEY_NONCE_SIZE + KEY_SUBJECT_MAX + KEY_TAG_SIZE,
};

struct keys {
        int64_t id;
        uint8_t hmac[KEY_SIZE];
        uint8_t cipher[KEY_SIZE];
};

/* What becomes of keys that are not there. */
enum keys_how {
        KEYS_THERE = 0,                 /* nothing: missing                                       */
        KEYS_MAKE,                      /* they are made                                          */
        KEYS_IMAGINE,                   /* others stand in for them, and no file is made          */
};

/*
 * Read both keys with the number @id from CAREID_CONFIG_DIR/keys.  Returns 0; -ENOKEY: missing, or not to be trusted, and
 * *ret_why says which and why (static text); or another negative errno.
 */
int keys_load(enum keys_how how, int64_t id, struct keys *ret, const char **ret_why);

void keys_wipe(struct keys *keys);

/* HMAC-SHA-256 over issuer, NUL, subject. */
int keys_mac(const struct keys *keys, const char *issuer, const char *subject, uint8_t ret[static KEY_MAC_SIZE]);

/*
 * AES-256-GCM: nonce, ciphertext, tag, bound to issuer and person, so that a
 * row's ciphertext is worth nothing in another row.  -EOVERFLOW: @subject is
 * too long.  keys_open() returns -EBADMSG for what these keys did not seal.
 */
int keys_seal(const struct keys *keys, const char *issuer, int64_t person, const char *subject,
              uint8_t ret[static KEY_SEALED_MAX], size_t *ret_n);
int keys_open(const struct keys *keys, const char *issuer, int64_t person, const void *sealed, size_t n,
              char ret[static KEY_SUBJECT_MAX + 1]);

/*
 * The same for evidence, under a key of its own that is derived from
 * number-cipher.1, bound to @bound.  @ret has room for @n + KEY_SEAL_EXTRA
 * bytes (seal) or @n - KEY_SEAL_EXTRA (open); what can't be opened leaves
 * nothing of itself there.
 */
int keys_seal_evidence(const struct keys *keys, const void *bound, size_t n_bound, const void *text, size_t n,
                       uint8_t *ret);
int keys_open_evidence(const struct keys *keys, const void *bound, size_t n_bound, const void *sealed, size_t n,
                       char *ret);

/*
 * The same for a contact detail, under another such key, bound to its kind and
 * person.  -EOVERFLOW: @text is longer than KEY_CONTACT_MAX bytes; *@ret_n is
 * at most KEY_CONTACT_MAX + KEY_SEAL_EXTRA.
 */
int keys_seal_contact(const struct keys *keys, const char *kind, int64_t person, const char *text,
                      uint8_t ret[static KEY_CONTACT_MAX + KEY_SEAL_EXTRA], size_t *ret_n);
int keys_open_contact(const struct keys *keys, const char *kind, int64_t person, const void *sealed, size_t n,
                      char ret[static KEY_CONTACT_MAX + 1]);

/* The same for the secret of a TOTP, under another such key, bound to its account: KEY_TOTP_SIZE bytes of text. */
int keys_seal_totp(const struct keys *keys, int64_t account, const char *text, uint8_t ret[static KEY_TOTP_SIZE + KEY_SEAL_EXTRA]);
int keys_open_totp(const struct keys *keys, int64_t account, const void *sealed, size_t n, char ret[static KEY_TOTP_SIZE + 1]);

/* HMAC-SHA-256, under another such key, of a code of that kind for that account.  -EOVERFLOW: longer than KEY_SUBJECT_MAX. */
int keys_mac_code(const struct keys *keys, const char *kind, int64_t account, const char *code, uint8_t ret[static KEY_MAC_SIZE]);

/*
 * One more key of 32 bytes in the same directory and of the same kind of file,
 * made where it is not there and @create is set.  0; -ENOKEY: missing, or not
 * to be trusted; or another negative errno.  The caller wipes it.
 */
int keys_one(const char *name, int create, uint8_t ret[static KEY_SIZE]);

/* Is there a file of that name, whatever it is?  1, 0, or a negative errno. */
int keys_has(const char *name);
