/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-http.h - one HTTPS connection to BankID, one request at a time
 *
 * Mutual TLS from memory, only the roots that were given, no system store, no
 * proxy, no redirect, no cookie, no name looked up here.
 */

#include "bankid-cause.h"
#include "bankid-material.h"

#include <poll.h>
#include <stdint.h>

enum {
        BANKID_CONNECT_MS     = 5000,
        BANKID_REQUEST_MS     = 8000,           /* of one request, connecting included            */
        BANKID_HTTP_COMPLAINT_MAX = 161,
        BANKID_PAUSE_MAX_S    = 86400,
};

struct bankid_answer {
        enum bankid_cause cause;        /* BANKID_CAUSE_NONE: there are a status and a body       */
        long        status;
        unsigned    pause_s;            /* how long it wants to be left alone; 0: it has not said */
        const char *body;               /* until the next request                                 */
        size_t      n_body;
        char        complaint[BANKID_HTTP_COMPLAINT_MAX];       /* for the administrator          */
};

struct bankid_http;

/* libcurl has been begun before (wipe.h). */
int bankid_http_new(const struct bankid_material *material, struct bankid_http **ret);
struct bankid_http *bankid_http_free(struct bankid_http *h);    /* returns NULL                   */

/* Where the host is: literals separated by commas.  Not needed where the endpoint is a literal. */
int bankid_http_place(struct bankid_http *h, const char *addresses);

/* Begin a request: POST @body to the endpoint's @path, or GET it where @body is NULL.  @body is copied. */
int bankid_http_begin(struct bankid_http *h, const char *path, const char *body, uint64_t limit_ms);
void bankid_http_abandon(struct bankid_http *h);

/* Go on with it.  Returns 1 with the answer when it has ended, 0 while it has not (or there is none). */
int bankid_http_next(struct bankid_http *h, struct bankid_answer *ret);

/* Until when our certificate is good, seconds since 1970, from the last handshake that was begun; 0: there was none. */
int64_t bankid_http_expires(const struct bankid_http *h);

/* Wait for the network, or for @fds, or until @until_ms of wire_now_ms(). */
int bankid_http_wait(struct bankid_http *h, struct pollfd *fds, size_t n_fds, uint64_t until_ms);
