/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * relay.c - a mail, handed over to the relay
 *
 * 1. MUST not say whom a mail is to, or what is in it, without TLS, unless the relay is this host.
 * 2. MUST call us by the domain that mail comes from: the relay may write it into what people read.
 */

#include "relay.h"

#include "cleanup.h"
#include "letter.h"
#include "wipe.h"

#include <errno.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static size_t letter_give(char *buffer, size_t size, size_t n, void *context) {
        struct transport *t = context;
        const size_t left = t->n_upload - t->at;
        const size_t k = size * n < left ? size * n : left;

        memcpy(buffer, t->upload + t->at, k);
        t->at += k;
        return k;
}

static int letter_prepare(const struct config *c, const struct sending_message *message, struct transport *t) {
        struct letter l = {
                .from = c->mail_from, .from_name = *c->mail_from_name ? c->mail_from_name : c->organisation,
                .to = message->to, .subject = message->subject, .text = message->text, .date = (int64_t) time(NULL),
        };

        if (RAND_bytes(l.id, sizeof l.id) != 1)
                return -EIO;
        return letter_write(&l, &t->upload, &t->n_upload);
}

static int recipient_set(struct transport *t, const char *to) {
        char address[SENDING_TO_MAX + 3];

        (void) snprintf(address, sizeof address, "<%s>", to);
        t->recipients = curl_slist_append(NULL, address);
        if (!t->recipients)
                return -ENOMEM;
        return curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, t->recipients) == CURLE_OK ? 0 : -EIO;
}

static bool authentication_set(const struct config *c, const struct sending_side *side, CURL *e) {
        if (!*c->mail_user)
                return true;
        return curl_easy_setopt(e, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_USERNAME, c->mail_user) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_PASSWORD, side->secret) == CURLE_OK;
}

int relay_prepare(const struct sending_means *m, const struct sending_message *message, struct transport *t) {
        const struct sending_side *const side = &m->mail;
        const struct config *const c = m->config;
        const bool starttls = side->place.scheme == ENDPOINT_SMTP && !side->place.loopback;
        char url[2 * ENDPOINT_HOST_MAX + 32], from[SENDING_TO_MAX + 3];
        const bool bracket = strchr(side->place.host, ':') != NULL;
        int r;

        r = letter_prepare(c, message, t);
        if (r == 0)
                r = recipient_set(t, message->to);
        if (r < 0)
                return r;
        (void) snprintf(from, sizeof from, "<%s>", c->mail_from);
        (void) snprintf(url, sizeof url, "%s://%s%s%s:%u/%s", side->place.scheme == ENDPOINT_SMTPS ? "smtps" : "smtp", bracket ? "[" : "",
                        side->place.host, bracket ? "]" : "", (unsigned) side->place.port, strchr(c->mail_from, '@') + 1);
        return curl_easy_setopt(t->easy, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_USE_SSL, (long) (starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE)) == CURLE_OK &&
               authentication_set(c, side, t->easy) &&
               curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_INFILESIZE, (long) t->n_upload) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, letter_give) == CURLE_OK &&
               curl_easy_setopt(t->easy, CURLOPT_READDATA, t) == CURLE_OK ? 0 : -EIO;
}

enum sending_outcome relay_judge(const struct transport *t, CURLcode code, long status, char detail[static SENDING_DETAIL_MAX]) {
        if (code == CURLE_OK)
                return SENDING_SENT;
        transport_complaint(t, code, status, detail);
        return (code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY) && status >= 550 && status <= 554 ? SENDING_REFUSED
                                                                                                               : SENDING_FAILED;
}
