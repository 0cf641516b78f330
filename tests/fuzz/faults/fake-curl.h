/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fake-curl.h - libcurl's functions, as far as the helper uses them, with a provider behind them that answers at once
 */

#include <stddef.h>

/* Answer a request: the status, 0 for no answer at all.  @body is the peer's, @answer what it is told, of 4096 bytes. */
extern long (*fake_provider)(const char *path, const char *body, char *answer);

/* What is still open of it: handles and lists. */
size_t fake_curl_open(void);
