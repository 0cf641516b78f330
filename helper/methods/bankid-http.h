/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-http.h - one HTTPS connection to BankID, one request at a time
 *
 * Mutual TLS from memory, only the roots that were given, no system store, no
 * proxy, no redirect, no cookie, no name looked up here.
 */

#include "bankid-material.h"

#include <poll.h>
#include <stdint.h>

enum {
        BANKID_CONNECT_MS     = 5000,
        BANKID_REQUEST_MS     = 8000,           /* of one request, connecting included            */
        BANKID_HTTP_COMPLAINT_MAX = 161,
        BANKID_PAUSE_MAX_S    = 86400,
};

/* How a request ended. */
enum bankid_transport {
        BANKID_ANSWERED = 1,            /* there is a status and a body                           */
        BANKID_TRANSPORT_UNREACHABLE,   /* nobody there, or not in time, or cut off               */
        BANKID_TRANSPORT_UNTRUSTED,     /* one of the two certificates was not accepted           */
        BANKID_TRANSPORT_TOO_LONG,      /* more than BANKID_BODY_MAX                              */
};

/* Why there is no answer, as far as can be told. */
enum bankid_cause {
        BANKID_CAUSE_NONE,              /* there is one                                           */
        BANKID_CAUSE_REFUSED,           /* the endpoint does not accept our certificate           */
        BANKID_CAUSE_EXPIRED,           /* ... since it has expired                               */
        BANKID_CAUSE_HUNG_UP,           /* not a word after the handshake: some refuse a certificate so */
        BANKID_CAUSE_UNUSABLE,          /* our certificate and key can't be used                  */
        BANKID_CAUSE_UNTRUSTED,         /* its certificate is signed by none of the roots         */
        BANKID_CAUSE_WRONG_HOST,        /* its certificate is for another name                    */
        BANKID_CAUSE_STALE,             /* its certificate has expired, or is not valid yet       */
        BANKID_CAUSE_NOBODY,            /* nobody answers at the address                          */
        BANKID_CAUSE_TIMED_OUT,
        BANKID_CAUSE_OTHER,
};

struct bankid_answer {
        enum bankid_transport transport;
        enum bankid_cause cause;
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
