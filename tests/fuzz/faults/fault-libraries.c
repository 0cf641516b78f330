/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fault-libraries.c - the calls of OpenSSL, SQLite, jansson and libqrencode; libcurl's have a double (fake-curl.c)
 */

#include "fault.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <qrencode.h>
#include <sqlite3.h>
#include <stdarg.h>

#define WRAP(type, name, ...)             \
        type __real_##name(__VA_ARGS__);  \
        type __wrap_##name(__VA_ARGS__);  \
        type __wrap_##name(__VA_ARGS__)

#define FAIL(name, value)                 \
        do {                              \
                if (fault_now(name))      \
                        return value;     \
        } while (0)

/* -- OpenSSL ----------------------------------------------------------------------------------------------------------- */

WRAP(int, EVP_Digest, const void *data, size_t n, unsigned char *md, unsigned *n_md, const EVP_MD *type, ENGINE *e) {
        FAIL("EVP_Digest", 0);
        return __real_EVP_Digest(data, n, md, n_md, type, e);
}

WRAP(EVP_MD_CTX *, EVP_MD_CTX_new, void) {
        FAIL("EVP_MD_CTX_new", NULL);
        return __real_EVP_MD_CTX_new();
}

WRAP(int, EVP_DigestInit_ex, EVP_MD_CTX *c, const EVP_MD *type, ENGINE *e) {
        FAIL("EVP_DigestInit_ex", 0);
        return __real_EVP_DigestInit_ex(c, type, e);
}

WRAP(int, EVP_DigestUpdate, EVP_MD_CTX *c, const void *data, size_t n) {
        FAIL("EVP_DigestUpdate", 0);
        return __real_EVP_DigestUpdate(c, data, n);
}

WRAP(int, EVP_DigestFinal_ex, EVP_MD_CTX *c, unsigned char *md, unsigned *n) {
        FAIL("EVP_DigestFinal_ex", 0);
        return __real_EVP_DigestFinal_ex(c, md, n);
}

WRAP(unsigned char *, HMAC, const EVP_MD *type, const void *key, int n_key, const unsigned char *data, size_t n,
     unsigned char *md, unsigned *n_md) {
        FAIL("HMAC", NULL);
        return __real_HMAC(type, key, n_key, data, n, md, n_md);
}

WRAP(int, RAND_bytes, unsigned char *data, int n) {
        FAIL("RAND_bytes", 0);
        return __real_RAND_bytes(data, n);
}

WRAP(int, RAND_priv_bytes, unsigned char *data, int n) {
        FAIL("RAND_priv_bytes", 0);
        return __real_RAND_priv_bytes(data, n);
}

/* -- SQLite: what a call was made to say, the handle says as well ---------------------------------------------------------- */

static int injected;

#define SQLITE(name, call)                                                 \
        do {                                                               \
                injected = fault_now(name) ? SQLITE_IOERR_READ : SQLITE_OK;\
                return injected ? injected : (call);                       \
        } while (0)

WRAP(int, sqlite3_errcode, sqlite3 *db) {
        return injected ? injected & 255 : __real_sqlite3_errcode(db);
}

WRAP(int, sqlite3_extended_errcode, sqlite3 *db) {
        return injected ? injected : __real_sqlite3_extended_errcode(db);
}

WRAP(int, sqlite3_open_v2, const char *name, sqlite3 **ret, int flags, const char *vfs) {
        SQLITE("sqlite3_open_v2", __real_sqlite3_open_v2(name, ret, flags, vfs));
}

WRAP(int, sqlite3_prepare_v2, sqlite3 *db, const char *sql, int n, sqlite3_stmt **ret, const char **rest) {
        *ret = NULL;
        SQLITE("sqlite3_prepare_v2", __real_sqlite3_prepare_v2(db, sql, n, ret, rest));
}

WRAP(int, sqlite3_step, sqlite3_stmt *s) {
        SQLITE("sqlite3_step", __real_sqlite3_step(s));
}

WRAP(int, sqlite3_exec, sqlite3 *db, const char *sql, int (*call)(void *, int, char **, char **), void *context, char **said) {
        SQLITE("sqlite3_exec", __real_sqlite3_exec(db, sql, call, context, said));
}

WRAP(int, sqlite3_bind_int64, sqlite3_stmt *s, int i, sqlite3_int64 v) {
        SQLITE("sqlite3_bind_int64", __real_sqlite3_bind_int64(s, i, v));
}

WRAP(int, sqlite3_bind_text, sqlite3_stmt *s, int i, const char *v, int n, void (*d)(void *)) {
        SQLITE("sqlite3_bind_text", __real_sqlite3_bind_text(s, i, v, n, d));
}

WRAP(int, sqlite3_bind_blob64, sqlite3_stmt *s, int i, const void *v, sqlite3_uint64 n, void (*d)(void *)) {
        SQLITE("sqlite3_bind_blob64", __real_sqlite3_bind_blob64(s, i, v, n, d));
}

WRAP(int, sqlite3_bind_null, sqlite3_stmt *s, int i) {
        SQLITE("sqlite3_bind_null", __real_sqlite3_bind_null(s, i));
}

WRAP(int, sqlite3_busy_timeout, sqlite3 *db, int ms) {
        SQLITE("sqlite3_busy_timeout", __real_sqlite3_busy_timeout(db, ms));
}

WRAP(int, sqlite3_file_control, sqlite3 *db, const char *name, int what, void *value) {
        SQLITE("sqlite3_file_control", __real_sqlite3_file_control(db, name, what, value));
}

/* Out of memory while a value is made presentable. */
WRAP(const unsigned char *, sqlite3_column_text, sqlite3_stmt *s, int i) {
        FAIL("sqlite3_column_text", NULL);
        return __real_sqlite3_column_text(s, i);
}

WRAP(const void *, sqlite3_column_blob, sqlite3_stmt *s, int i) {
        FAIL("sqlite3_column_blob", NULL);
        return __real_sqlite3_column_blob(s, i);
}

/* -- jansson ----------------------------------------------------------------------------------------------------------- */

WRAP(json_t *, json_loadb, const char *data, size_t n, size_t flags, json_error_t *e) {
        FAIL("json_loadb", NULL);
        return __real_json_loadb(data, n, flags, e);
}

WRAP(char *, json_dumps, const json_t *j, size_t flags) {
        FAIL("json_dumps", NULL);
        return __real_json_dumps(j, flags);
}

json_t *__wrap_json_pack(const char *format, ...);
json_t *__wrap_json_pack(const char *format, ...) {
        json_t *j;
        va_list ap;

        FAIL("json_pack", NULL);
        va_start(ap, format);
        j = json_vpack_ex(NULL, 0, format, ap);
        va_end(ap);
        return j;
}

json_t *__wrap_json_pack_ex(json_error_t *e, size_t flags, const char *format, ...);
json_t *__wrap_json_pack_ex(json_error_t *e, size_t flags, const char *format, ...) {
        json_t *j;
        va_list ap;

        FAIL("json_pack_ex", NULL);
        va_start(ap, format);
        j = json_vpack_ex(e, flags, format, ap);
        va_end(ap);
        return j;
}

/* -- libqrencode ------------------------------------------------------------------------------------------------------- */

WRAP(QRcode *, QRcode_encodeData, int n, const unsigned char *data, int version, QRecLevel level) {
        FAIL("QRcode_encodeData", NULL);
        return __real_QRcode_encodeData(n, data, version, level);
}
