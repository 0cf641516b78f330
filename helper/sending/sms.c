/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sms.c - an SMS, as the configuration says that the gateway wants it
 */

#include "sms.h"

#include "answer.h"
#include "cleanup.h"
#include "fill.h"
#include "scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILLED_MAX = 8192 };             /* bytes of address, header or body                       */

static void filled_done(char (*filled)[FILLED_MAX]) {
        explicit_bzero(*filled, sizeof *filled);
}

static int header_add(struct transport *t, const char *line) {
        struct curl_slist *const longer = curl_slist_append(t->headers, line);

        if (!longer)
                return -ENOMEM;
        t->headers = longer;
        return 0;
}

/* One header of those between "|". */
static int header_fill(struct transport *t, const char *from, size_t n, const struct fill_fields *fields) {
        AUTO(filled_done) char filled[FILLED_MAX] = "";
        char one[1024];
        int r;

        while (n > 0 && ascii_is_blank(*from)) {
                from++;
                n--;
        }
        while (n > 0 && ascii_is_blank(from[n - 1]))
                n--;
        if (n == 0)
                return 0;
        if (n >= sizeof one)
                return -EOVERFLOW;
        memcpy(one, from, n);
        one[n] = '\0';
        r = fill(one, FILL_HEADER, fields, filled, sizeof filled);
        return r < 0 ? r : header_add(t, filled);
}

static int headers_fill(const struct config *c, struct transport *t, const struct fill_fields *fields) {
        const bool json = strcmp(c->sms_content_type, "json") == 0;
        int r = 0;

        for (const char *at = c->sms_header; r == 0 && *at;) {
                const size_t n = strcspn(at, "|");

                r = header_fill(t, at, n, fields);
                at += n + (at[n] == '|');
        }
        if (r == 0 && strcmp(c->sms_method, "POST") == 0)
                r = header_add(t, json ? "Content-Type: application/json" : "Content-Type: application/x-www-form-urlencoded");
        /* No waiting for "100 Continue". */
        if (r == 0)
                r = header_add(t, "Expect:");
        return r;
}

static int body_fill(const struct config *c, CURL *e, const struct fill_fields *fields) {
        AUTO(filled_done) char body[FILLED_MAX] = "";
        int r;

        if (strcmp(c->sms_method, "GET") == 0)
                return curl_easy_setopt(e, CURLOPT_HTTPGET, 1L) == CURLE_OK ? 0 : -EIO;
        r = fill(c->sms_body, strcmp(c->sms_content_type, "json") == 0 ? FILL_JSON : FILL_URL, fields, body, sizeof body);
        if (r < 0)
                return r;
        return curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, -1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK ? 0 : -EIO;
}

static int basic_set(const struct config *c, const struct sending_side *side, CURL *e) {
        if (strcmp(c->sms_authentication, "basic") != 0)
                return 0;
        return curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long) CURLAUTH_BASIC) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_USERNAME, c->sms_user) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_PASSWORD, side->secret) == CURLE_OK ? 0 : -EIO;
}

int sms_prepare(const struct sending_means *m, const struct sending_message *message, struct transport *t) {
        const struct config *const c = m->config;
        const struct fill_fields fields = {
                .to = message->to, .text = message->text, .from = c->sms_from, .user = c->sms_user, .secret = m->sms.secret,
        };
        AUTO(filled_done) char url[FILLED_MAX] = "";
        int r;

        r = fill(c->sms_url, FILL_URL, &fields, url, sizeof url);
        if (r == 0)
                r = headers_fill(c, t, &fields);
        if (r == 0)
                r = body_fill(c, t->easy, &fields);
        if (r == 0)
                r = basic_set(c, &m->sms, t->easy);
        if (r < 0)
                return r;
        return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_URL, url) == CURLE_OK ? 0 : -EIO;
}

enum sending_outcome sms_judge(const struct sending_means *m, const struct transport *t, CURLcode code, long status,
                               char detail[static SENDING_DETAIL_MAX]) {
        if (code != CURLE_OK) {
                transport_complaint(t, code, status, detail);
                return SENDING_FAILED;
        }
        return answer_judge(&m->rule, status, t->answer ? t->answer : "", t->n_answer, detail);
}
