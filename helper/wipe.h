/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * wipe.h - what libraries give back of the heap is wiped
 *
 * libcurl, OpenSSL and jansson hold copies of what must not outlive its use:
 * an order's secret, a personal number, our key.  They are told to take and
 * give memory through here, so that nothing of it lies about afterwards.
 */

#include <stddef.h>

/* Before any of the three is used for the first time, libcurl included: it is begun here.  Returns 0 or -EIO. */
int wipe_setup(void);

/* realloc() and free() that leave nothing behind. */
void *wipe_realloc(void *p, size_t n);
void wipe_free(void *p);
