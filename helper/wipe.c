/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * wipe.c - wiping before giving back
 *
 * 1. MUST wipe all of a block, also what its owner did not ask for.
 */

#include "wipe.h"

#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

void wipe_free(void *p) {
        if (p)
                explicit_bzero(p, malloc_usable_size(p));
        free(p);
}

void *wipe_realloc(void *p, size_t n) {
        const size_t n_before = p ? malloc_usable_size(p) : 0;
        void *grown;

        /* What is large enough stays where it is. */
        if (p && n > 0 && n <= n_before)
                return p;
        grown = malloc(n);
        if (!grown)
                return NULL;
        if (p)
                memcpy(grown, p, n_before < n ? n_before : n);
        wipe_free(p);
        return grown;
}

static char *text_copy(const char *s) {
        return strdup(s);
}

static void *crypto_malloc(size_t n, const char *file, int line) {
        (void) file;
        (void) line;
        return malloc(n);
}

static void *crypto_realloc(void *p, size_t n, const char *file, int line) {
        (void) file;
        (void) line;
        if (n == 0) {
                wipe_free(p);
                return NULL;
        }
        return wipe_realloc(p, n);
}

static void crypto_free(void *p, const char *file, int line) {
        (void) file;
        (void) line;
        wipe_free(p);
}

int wipe_setup(void) {
        if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1)
                return -EIO;
        json_set_alloc_funcs(malloc, wipe_free);
        if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free, wipe_realloc, text_copy, calloc) != CURLE_OK)
                return -EIO;
        return 0;
}
