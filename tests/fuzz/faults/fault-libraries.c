/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fault-libraries.c - those calls of OpenSSL, SQLite and jansson that calls.py can't make a wrapper for; libcurl's have a
 * double (fake-curl.c)
 */

#include "calls-libraries.h"

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

/* EVP_EC_gen() alone is what we call of it. */
EVP_PKEY *__real_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *context, const char *properties, const char *type, ...);
EVP_PKEY *__wrap_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *context, const char *properties, const char *type, ...);
EVP_PKEY *__wrap_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *context, const char *properties, const char *type, ...) {
        const char *curve;
        va_list ap;

        va_start(ap, type);
        curve = va_arg(ap, const char *);
        va_end(ap);
        FAIL("EVP_PKEY_Q_keygen", NULL);
        return __real_EVP_PKEY_Q_keygen(context, properties, type, curve);
}

/* -- SQLite: what a call was made to say, the handle says as well ---------------------------------------------------------- */

static int injected;

int fault_sqlite(int code) {
        injected = code;
        return code;
}

WRAP(int, sqlite3_errcode, sqlite3 *db) {
        return injected ? injected & 255 : __real_sqlite3_errcode(db);
}

WRAP(int, sqlite3_extended_errcode, sqlite3 *db) {
        return injected ? injected : __real_sqlite3_extended_errcode(db);
}

/* A statement that had no memory for a value says so at its next step. */
static sqlite3_stmt *spoilt;

WRAP(const unsigned char *, sqlite3_column_text, sqlite3_stmt *stmt, int column) {
        if (fault_now("sqlite3_column_text")) {
                spoilt = stmt;
                return NULL;
        }
        return __real_sqlite3_column_text(stmt, column);
}

WRAP(const void *, sqlite3_column_blob, sqlite3_stmt *stmt, int column) {
        if (fault_now("sqlite3_column_blob")) {
                spoilt = stmt;
                return NULL;
        }
        return __real_sqlite3_column_blob(stmt, column);
}

WRAP(int, sqlite3_step, sqlite3_stmt *stmt) {
        if (stmt == spoilt) {
                spoilt = NULL;
                return fault_sqlite(SQLITE_NOMEM);
        }
        if (fault_now("sqlite3_step"))
                return fault_sqlite(SQLITE_IOERR_READ);
        (void) fault_sqlite(SQLITE_OK);
        return __real_sqlite3_step(stmt);
}

static void begun_anew(const sqlite3_stmt *stmt) {
        if (stmt == spoilt)
                spoilt = NULL;
}

WRAP(int, sqlite3_reset, sqlite3_stmt *stmt) {
        begun_anew(stmt);
        return __real_sqlite3_reset(stmt);
}

WRAP(int, sqlite3_finalize, sqlite3_stmt *stmt) {
        begun_anew(stmt);
        return __real_sqlite3_finalize(stmt);
}

/* Switches alone: an int, and where to say what it was. */
int __real_sqlite3_db_config(sqlite3 *db, int what, ...);
int __wrap_sqlite3_db_config(sqlite3 *db, int what, ...);
int __wrap_sqlite3_db_config(sqlite3 *db, int what, ...) {
        int value, *was;
        va_list ap;

        va_start(ap, what);
        value = va_arg(ap, int);
        was = va_arg(ap, int *);
        va_end(ap);
        if (fault_now("sqlite3_db_config"))
                return fault_sqlite(SQLITE_NOMEM);
        (void) fault_sqlite(SQLITE_OK);
        return __real_sqlite3_db_config(db, what, value, was);
}

/* -- jansson ----------------------------------------------------------------------------------------------------------- */

/* They take what they are given, also when they fail. */
static json_t *json_or_not(const char *name, json_t *j) {
        if (!fault_now(name))
                return j;
        json_decref(j);
        return NULL;
}

json_t *__wrap_json_pack(const char *format, ...);
json_t *__wrap_json_pack(const char *format, ...) {
        json_t *j;
        va_list ap;

        va_start(ap, format);
        j = json_vpack_ex(NULL, 0, format, ap);
        va_end(ap);
        return json_or_not("json_pack", j);
}

json_t *__wrap_json_pack_ex(json_error_t *e, size_t flags, const char *format, ...);
json_t *__wrap_json_pack_ex(json_error_t *e, size_t flags, const char *format, ...) {
        json_t *j;
        va_list ap;

        va_start(ap, format);
        j = json_vpack_ex(e, flags, format, ap);
        va_end(ap);
        return json_or_not("json_pack_ex", j);
}

WRAP(int, json_object_set_new, json_t *o, const char *name, json_t *value) {
        if (fault_now("json_object_set_new")) {
                json_decref(value);
                return -1;
        }
        return __real_json_object_set_new(o, name, value);
}
