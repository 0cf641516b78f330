/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-context.h - our certificate and key, put into a context of TLS
 *
 * libcurl would do the same, and takes four times as long for the key: it
 * doesn't say of which kind that is, so OpenSSL 3.0 collects what could read
 * any key that there may be.
 */

#include "bankid-material.h"

#include <openssl/ssl.h>

/*
 * The first certificate of @m is ours, the others are sent with it.  Into *ret_expires: until when ours is good,
 * seconds since 1970, 0: that can't be told.  Returns 0, or why not: a sentence for the administrator.
 */
const char *bankid_context_fill(SSL_CTX *context, const struct bankid_material *m, int64_t *ret_expires);
