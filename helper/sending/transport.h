/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * transport.h - one connection of libcurl's, tied down; inside helper/sending/ only
 *
 * The caller says what is sent where (sms.h, relay.h); everything that keeps
 * it within bounds is set here.
 */

#include "means.h"

#include <curl/curl.h>

enum { TRANSPORT_CONNECT_MS = 5000, TRANSPORT_MS = 10000, TRANSPORT_FDS_MAX = 8 };

struct transport {
        CURLM *multi;
        CURL  *easy;
        struct curl_slist *headers, *places, *recipients;
        bool   busy;                    /* the easy handle is in the multi handle                 */
        bool   too_long;                /* the answer                                             */
        char  *answer;
        size_t n_answer;
        char  *upload;                  /* what is sent, malloc'd; wiped                          */
        size_t n_upload, at;
        char   error[CURL_ERROR_SIZE];
};

/* libcurl has been begun before (wipe.h).  0, -ENOMEM or -ENOTSUP. */
int transport_new(const struct sending_side *side, struct transport **ret);
struct transport *transport_free(struct transport *t);          /* returns NULL                   */

/* Where the host is: literals separated by commas. */
int transport_place(struct transport *t, const struct sending_side *side, const char *addresses);

int transport_begin(struct transport *t);

/* True when it is over: *@ret_code is libcurl's, *@ret_status HTTP's or SMTP's last (0: none). */
bool transport_next(struct transport *t, CURLcode *ret_code, long *ret_status);

/* What libcurl says of it for the administrator: never what was sent, or to whom. */
void transport_complaint(const struct transport *t, CURLcode code, long status, char ret[static SENDING_DETAIL_MAX]);

int transport_wait(struct transport *t, struct pollfd *fds, size_t n_fds, uint64_t until_ms);
