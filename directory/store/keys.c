/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * keys.c - the two keys that personal numbers are kept under, and evidence with them
 *
 * A key that is lost makes every number in the directory unreadable, and one
 * that is silently made anew makes everybody a stranger.  So:
 *
 *  1. MUST create keys only where the caller has found the database new.
 *  2. MUST never replace or truncate a key file.
 *  3. MUST refuse a key that anybody but its owner could read or write.
 *  4. MUST leave no key bytes behind in memory that is given back.
 */

#include "keys.h"

#include "cleanup.h"
#include "file-io.h"
#include "i18n.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

enum { KEY_NAME = 32 };                 /* bytes of "number-cipher.1", with NUL                   */

static void cipher_freep(EVP_CIPHER_CTX **ctx) {
        EVP_CIPHER_CTX_free(*ctx);
}

static int key_read(int dir, const char *name, uint8_t ret[static KEY_SIZE]) {
        auto_close int fd = -1;
        ssize_t n_read;
        size_t size;
        int r;

        r = trusted_open(dir, name, geteuid(), 0400, 1, KEY_SIZE, &fd, &size);
        if (r < 0)
                return r;
        if (size != KEY_SIZE)
                return -EBADMSG;

        n_read = pread(fd, ret, KEY_SIZE, 0);
        if (n_read < 0)
                return -errno;
        return n_read == KEY_SIZE ? 0 : -EIO;
}

/* MUST 2: a new name, and link() rather than rename(), which would replace. */
static int key_create(int dir, const char *fresh, const char *name) {
        uint8_t bytes[KEY_SIZE];
        auto_close int fd = -1;
        int r;

        fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
        if (fd < 0)
                return -errno;

        r = RAND_priv_bytes(bytes, sizeof bytes) == 1 ? 0 : -EIO;
        if (r == 0)
                r = file_write(fd, bytes, sizeof bytes);
        OPENSSL_cleanse(bytes, sizeof bytes);
        if (r == 0 && (fchmod(fd, 0400) < 0 || fsync(fd) < 0 || linkat(dir, fresh, dir, name, 0) < 0))
                r = -errno;
        (void) unlinkat(dir, fresh, 0);
        return r;
}

static int key_take(int dir, const char *name, enum keys_how how, uint8_t ret[static KEY_SIZE]) {
        char fresh[32];
        int r;

        /* Of a beginning that was cut short: as a second name of the key it would make the key one that is refused for ever. */
        (void) snprintf(fresh, sizeof fresh, ".%s.new", name);
        if (how == KEYS_MAKE)
                (void) unlinkat(dir, fresh, 0);
        r = key_read(dir, name, ret);
        if (r == -ENOENT && how == KEYS_IMAGINE)
                return RAND_priv_bytes(ret, KEY_SIZE) == 1 ? 0 : -EIO;
        if (r != -ENOENT || how != KEYS_MAKE)
                return r;
        r = key_create(dir, fresh, name);
        return r < 0 ? r : key_read(dir, name, ret);
}

static int keys_dir(int *ret) {
        auto_close int path = -1, fd = -1;
        char name[4096];
        uid_t owner;
        int r;

        r = snprintf(name, sizeof name, "%s/keys", CAREID_CONFIG_DIR);
        if (r < 0 || (size_t) r >= sizeof name)
                return -ENAMETOOLONG;
        r = trusted_directory(name, 0, geteuid(), &path, &owner);
        if (r < 0)
                return r;
        if (owner != 0 && owner != geteuid())
                return -EPERM;

        /* The path descriptor was checked; fsync() needs one that is open for reading. */
        fd = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        *ret = steal_fd(&fd);
        return 0;
}

/* What can't be read, or not be trusted, is as good as missing. */
static int key_verdict(int r) {
        if (r == -ENOENT || r == -EPERM || r == -EACCES || r == -EFBIG || r == -EBADMSG || r == -ENOTDIR ||
            r == -ELOOP)
                return -ENOKEY;
        return r;
}

int keys_load(enum keys_how how, int64_t id, struct keys *ret, const char **ret_why) {
        const bool first = id == KEY_ID_FIRST;
        struct keys keys = { .id = id };
        char hmac[KEY_NAME], cipher[KEY_NAME];
        auto_close int dir = -1;
        const char *why;
        int r;

        if (id < KEY_ID_FIRST || id > KEY_ID_MAX)
                return -ERANGE;
        (void) snprintf(hmac, sizeof hmac, "number-hmac.%lld", (long long) id);
        (void) snprintf(cipher, sizeof cipher, "number-cipher.%lld", (long long) id);
        why = N_("the directory of keys is not there, or somebody else could change it");
        r = keys_dir(&dir);
        if (r == 0) {
                why = first ? N_("the key number-hmac.1 is not there, or not 32 bytes with mode 0400 of the right owner")
                            : N_("the newest key number-hmac is not there, or not 32 bytes with mode 0400 of the right owner");
                r = key_take(dir, hmac, how, keys.hmac);
        }
        if (r == 0) {
                why = first ? N_("the key number-cipher.1 is not there, or not 32 bytes with mode 0400 of the right owner")
                            : N_("the newest key number-cipher is not there, or not 32 bytes with mode 0400 of the right owner");
                r = key_take(dir, cipher, how, keys.cipher);
        }
        if (r == 0 && how == KEYS_MAKE && fsync(dir) < 0)
                r = -errno;
        if (r == 0)
                *ret = keys;
        else
                *ret_why = why;
        keys_wipe(&keys);

        return key_verdict(r);
}

int keys_one(const char *name, int create, uint8_t ret[static KEY_SIZE]) {
        auto_close int dir = -1;
        int r;

        r = keys_dir(&dir);
        if (r == 0)
                r = key_take(dir, name, create ? KEYS_MAKE : KEYS_THERE, ret);
        if (r == 0 && create && fsync(dir) < 0)
                r = -errno;
        return key_verdict(r);
}

int keys_has(const char *name) {
        auto_close int dir = -1;
        struct stat st;
        int r;

        r = keys_dir(&dir);
        if (r < 0)
                return key_verdict(r);
        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
                return 1;
        return errno == ENOENT ? 0 : -errno;
}

void keys_wipe(struct keys *keys) {
        OPENSSL_cleanse(keys, sizeof *keys);
}

int keys_mac(const struct keys *keys, const char *issuer, const char *subject, uint8_t ret[static KEY_MAC_SIZE]) {
        const size_t n_issuer = strlen(issuer), n_subject = strlen(subject);
        uint8_t text[KEY_SUBJECT_MAX * 2 + 1];
        unsigned n_mac = 0;
        uint8_t *mac;

        if (n_issuer > KEY_SUBJECT_MAX || n_subject > KEY_SUBJECT_MAX)
                return -EOVERFLOW;
        memcpy(text, issuer, n_issuer + 1);
        memcpy(text + n_issuer + 1, subject, n_subject);

        mac = HMAC(EVP_sha256(), keys->hmac, sizeof keys->hmac, text, n_issuer + 1 + n_subject, ret, &n_mac);
        OPENSSL_cleanse(text, sizeof text);
        return mac && n_mac == KEY_MAC_SIZE ? 0 : -EIO;
}

/* What a sealed value is bound to: "issuer NUL person". */
static int binding(const char *issuer, int64_t person, char *ret, size_t n, int *ret_n) {
        const int k = snprintf(ret, n, "%s%c%lld", issuer, '\0', (long long) person);

        if (k < 0 || (size_t) k >= n)
                return -EOVERFLOW;
        *ret_n = k;
        return 0;
}

/* AES-256-GCM of @n bytes into nonce, ciphertext, tag. */
static int seal(const uint8_t key[static KEY_SIZE], const void *bound, size_t n_bound, const void *text, size_t n,
                uint8_t *ret) {
        AUTO(cipher_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
        uint8_t *const body = ret + KEY_NONCE_SIZE;
        int n_out;

        if (!ctx)
                return -ENOMEM;
        if (n > INT_MAX || n_bound > INT_MAX)
                return -EOVERFLOW;
        if (RAND_bytes(ret, KEY_NONCE_SIZE) != 1 ||
            EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, ret) != 1 ||
            EVP_EncryptUpdate(ctx, NULL, &n_out, bound, (int) n_bound) != 1 ||
            EVP_EncryptUpdate(ctx, body, &n_out, text, (int) n) != 1 ||
            EVP_EncryptFinal_ex(ctx, body + n, &n_out) != 1 ||
            EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, KEY_TAG_SIZE, body + n) != 1)
                return -EIO;
        return 0;
}

/* @n is of @sealed; @ret has room for what is in it. */
static int open_sealed(const uint8_t key[static KEY_SIZE], const void *bound, size_t n_bound, const void *sealed,
                       size_t n, uint8_t *ret) {
        AUTO(cipher_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
        const uint8_t *const nonce = sealed;
        const size_t n_body = n - KEY_SEAL_EXTRA;
        uint8_t tag[KEY_TAG_SIZE];
        int n_out;

        if (!ctx)
                return -ENOMEM;
        if (n < KEY_SEAL_EXTRA || n > INT_MAX || n_bound > INT_MAX)
                return -EBADMSG;
        memcpy(tag, nonce + n - KEY_TAG_SIZE, sizeof tag);
        if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) != 1 ||
            EVP_DecryptUpdate(ctx, NULL, &n_out, bound, (int) n_bound) != 1 ||
            EVP_DecryptUpdate(ctx, ret, &n_out, nonce + KEY_NONCE_SIZE, (int) n_body) != 1 ||
            EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, KEY_TAG_SIZE, tag) != 1 ||
            EVP_DecryptFinal_ex(ctx, ret + n_body, &n_out) != 1) {
                OPENSSL_cleanse(ret, n_body);
                return -EBADMSG;
        }
        return 0;
}

int keys_seal(const struct keys *keys, const char *issuer, int64_t person, const char *subject,
              uint8_t ret[static KEY_SEALED_MAX], size_t *ret_n) {

        const size_t n = strlen(subject);
        int r, n_bound;
        char bound[128];

        if (n > KEY_SUBJECT_MAX)
                return -EOVERFLOW;
        r = binding(issuer, person, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = seal(keys->cipher, bound, (size_t) n_bound, subject, n, ret);
        if (r == 0)
                *ret_n = n + KEY_SEAL_EXTRA;
        return r;
}

int keys_open(const struct keys *keys, const char *issuer, int64_t person, const void *sealed, size_t n,
              char ret[static KEY_SUBJECT_MAX + 1]) {

        uint8_t subject[KEY_SUBJECT_MAX + 1] = { 0 };
        int r, n_bound;
        char bound[128];

        if (n < KEY_SEAL_EXTRA || n > KEY_SEALED_MAX)
                return -EBADMSG;
        r = binding(issuer, person, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = open_sealed(keys->cipher, bound, (size_t) n_bound, sealed, n, subject);
        if (r == 0)
                memcpy(ret, subject, n - KEY_SEAL_EXTRA + 1);
        OPENSSL_cleanse(subject, sizeof subject);
        return r;
}

/* One key for one use: HMAC-SHA-256 of the use's name, under the key that is kept. */
static int key_for(const struct keys *keys, const char *use, uint8_t ret[static KEY_SIZE]) {
        unsigned n = 0;

        return HMAC(EVP_sha256(), keys->cipher, KEY_SIZE, (const uint8_t *) use, strlen(use), ret, &n) && n == KEY_SIZE ? 0 : -EIO;
}

#define USE_EVIDENCE "careid evidence 1"
#define USE_CONTACT  "careid contact 1"
#define USE_TOTP     "careid totp 1"
#define USE_CODE     "careid code 1"

int keys_seal_evidence(const struct keys *keys, const void *bound, size_t n_bound, const void *text, size_t n,
                       uint8_t *ret) {
        uint8_t key[KEY_SIZE];
        int r;

        r = key_for(keys, USE_EVIDENCE, key);
        if (r == 0)
                r = seal(key, bound, n_bound, text, n, ret);
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

int keys_open_evidence(const struct keys *keys, const void *bound, size_t n_bound, const void *sealed, size_t n,
                       char *ret) {
        uint8_t key[KEY_SIZE];
        int r;

        if (n < KEY_SEAL_EXTRA)
                return -EBADMSG;
        r = key_for(keys, USE_EVIDENCE, key);
        if (r == 0)
                r = open_sealed(key, bound, n_bound, sealed, n, (uint8_t *) ret);
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

int keys_seal_contact(const struct keys *keys, const char *kind, int64_t person, const char *text,
                      uint8_t ret[static KEY_CONTACT_MAX + KEY_SEAL_EXTRA], size_t *ret_n) {

        const size_t n = strlen(text);
        uint8_t key[KEY_SIZE];
        int r, n_bound;
        char bound[128];

        if (n > KEY_CONTACT_MAX)
                return -EOVERFLOW;
        r = binding(kind, person, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = key_for(keys, USE_CONTACT, key);
        if (r == 0)
                r = seal(key, bound, (size_t) n_bound, text, n, ret);
        if (r == 0)
                *ret_n = n + KEY_SEAL_EXTRA;
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

int keys_open_contact(const struct keys *keys, const char *kind, int64_t person, const void *sealed, size_t n,
                      char ret[static KEY_CONTACT_MAX + 1]) {

        uint8_t key[KEY_SIZE];
        int r, n_bound;
        char bound[128];

        if (n < KEY_SEAL_EXTRA || n > KEY_CONTACT_MAX + KEY_SEAL_EXTRA)
                return -EBADMSG;
        r = binding(kind, person, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = key_for(keys, USE_CONTACT, key);
        if (r == 0)
                r = open_sealed(key, bound, (size_t) n_bound, sealed, n, (uint8_t *) ret);
        if (r == 0)
                ret[n - KEY_SEAL_EXTRA] = '\0';
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

int keys_seal_totp(const struct keys *keys, int64_t account, const char *text, uint8_t ret[static KEY_TOTP_SIZE + KEY_SEAL_EXTRA]) {
        uint8_t key[KEY_SIZE];
        int r, n_bound;
        char bound[128];

        if (strnlen(text, KEY_TOTP_SIZE + 1) != KEY_TOTP_SIZE)
                return -EOVERFLOW;
        r = binding("totp", account, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = key_for(keys, USE_TOTP, key);
        if (r == 0)
                r = seal(key, bound, (size_t) n_bound, text, KEY_TOTP_SIZE, ret);
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

int keys_open_totp(const struct keys *keys, int64_t account, const void *sealed, size_t n, char ret[static KEY_TOTP_SIZE + 1]) {
        uint8_t key[KEY_SIZE];
        int r, n_bound;
        char bound[128];

        if (n != KEY_TOTP_SIZE + KEY_SEAL_EXTRA)
                return -EBADMSG;
        r = binding("totp", account, bound, sizeof bound, &n_bound);
        if (r == 0)
                r = key_for(keys, USE_TOTP, key);
        if (r == 0)
                r = open_sealed(key, bound, (size_t) n_bound, sealed, n, (uint8_t *) ret);
        if (r == 0)
                ret[KEY_TOTP_SIZE] = '\0';
        OPENSSL_cleanse(key, sizeof key);
        return r;
}

/* Over kind, NUL, account, NUL, code. */
int keys_mac_code(const struct keys *keys, const char *kind, int64_t account, const char *code, uint8_t ret[static KEY_MAC_SIZE]) {
        const size_t n_code = strlen(code);
        char text[128 + KEY_SUBJECT_MAX + 1];
        uint8_t key[KEY_SIZE];
        unsigned n_mac = 0;
        int r, n_bound;

        if (n_code > KEY_SUBJECT_MAX)
                return -EOVERFLOW;
        r = binding(kind, account, text, 128, &n_bound);
        if (r < 0)
                return r;
        memcpy(text + n_bound + 1, code, n_code);
        r = key_for(keys, USE_CODE, key);
        if (r == 0 && (!HMAC(EVP_sha256(), key, sizeof key, (const uint8_t *) text, (size_t) n_bound + 1 + n_code, ret, &n_mac) ||
                       n_mac != KEY_MAC_SIZE))
                r = -EIO;
        OPENSSL_cleanse(key, sizeof key);
        OPENSSL_cleanse(text, sizeof text);
        return r;
}
