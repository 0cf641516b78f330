/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * calls-libraries.h - what the wrappers need that calls.py makes for the libraries of helper and care directory
 */

#include "fault.h"

#include <crypt.h>
#include <errno.h>
#include <jansson.h>
#include <liboath/oath.h>
#include <openssl/asn1.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pwquality.h>
#include <qrencode.h>
#include <sqlite3.h>

/* What a connection says of its last call: @code, which is returned. */
int fault_sqlite(int code);
