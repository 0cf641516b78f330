/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * calls-libraries.h - what the wrappers need that calls.py makes for OpenSSL, SQLite, jansson and libqrencode
 */

#include "fault.h"

#include <jansson.h>
#include <openssl/asn1.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <qrencode.h>
#include <sqlite3.h>

/* What a connection says of its last call: @code, which is returned. */
int fault_sqlite(int code);
