/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-http.c - libcurl, tied down
 *
 * 1. MUST speak TLS 1.2 or newer with a peer that the given roots have signed for the endpoint's name.
 * 2. MUST not ask a resolver, a proxy, a redirect or the system's certificates for anything.
 * 3. MUST end every request in its time, and read at most BANKID_BODY_MAX bytes.
 */

#include "bankid-http.h"

#include "bankid-context.h"
#include "bankid-json.h"
#include "cleanup.h"
#include "places.h"
#include "scan.h"
#include "utf8.h"
#include "wipe.h"
#include "wire.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { FDS_MAX = 8 };

struct bankid_http {
        const struct bankid_material *material;
        CURLM *multi;
        CURL  *easy;
        struct curl_slist *headers, *places;
        bool   busy;                    /* the easy handle is in the multi handle                 */
        bool   too_long;
        char  *body;
        size_t n_body;
        int64_t expires;                /* our certificate, as OpenSSL has read it                */
        const char *unusable;           /* why it can't be used; NULL: it can                     */
        char   error[CURL_ERROR_SIZE];
};

static size_t body_take(char *data, size_t size, size_t n, void *context) {
        struct bankid_http *h = context;
        const size_t n_data = size * n;
        char *grown;

        if (n_data > BANKID_BODY_MAX - h->n_body) {
                h->too_long = true;
                return 0;
        }
        grown = wipe_realloc(h->body, h->n_body + n_data + 1);
        if (!grown)
                return 0;
        h->body = grown;
        memcpy(h->body + h->n_body, data, n_data);
        h->n_body += n_data;
        return n_data;
}

static void body_forget(struct bankid_http *h) {
        wipe_free(h->body);
        h->body = NULL;
        h->n_body = 0;
        h->too_long = false;
}

static bool easy_set_tls(CURL *e, const struct bankid_material *m) {
        struct curl_blob roots = { .data = m->roots, .len = m->n_roots };

        return curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAINFO, NULL) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAINFO_BLOB, &roots) == CURLE_OK;
}

/* A handshake begins: with our certificate and key, or not at all. */
static CURLcode context_set(CURL *e, void *context, void *user) {
        struct bankid_http *h = user;

        (void) e;
        h->unusable = bankid_context_fill(context, h->material, &h->expires);
        return h->unusable ? CURLE_SSL_CERTPROBLEM : CURLE_OK;
}

static bool easy_set_rest(CURL *e, struct bankid_http *h) {
        return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NOPROXY, "*") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long) BANKID_CONNECT_MS) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_USERAGENT, "careid/" CAREID_VERSION) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_HTTPHEADER, h->headers) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_ERRORBUFFER, h->error) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, context_set) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, h) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, body_take) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_WRITEDATA, h) == CURLE_OK;
}

static void bankid_http_freep(struct bankid_http **p) {
        (void) bankid_http_free(*p);
}

/* "application/json" and nothing after it: BankID refuses a charset.  And no waiting for "100 Continue". */
static int headers_make(struct curl_slist **ret) {
        static const char *const lines[] = { "Content-Type: application/json", "Accept: application/json", "Expect:" };

        for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
                struct curl_slist *longer = curl_slist_append(*ret, lines[i]);

                if (!longer)
                        return -ENOMEM;
                *ret = longer;
        }
        return 0;
}

int bankid_http_new(const struct bankid_material *material, struct bankid_http **ret) {
        AUTO(bankid_http_freep) struct bankid_http *h = calloc(1, sizeof *h);
        int r;

        if (!h)
                return -ENOMEM;
        h->material = material;
        r = headers_make(&h->headers);
        if (r < 0)
                return r;
        h->multi = curl_multi_init();
        h->easy = curl_easy_init();
        if (!h->multi || !h->easy)
                return -ENOMEM;
        if (!easy_set_tls(h->easy, material) || !easy_set_rest(h->easy, h))
                return -ENOTSUP;
        *ret = STEAL_PTR(h);
        return 0;
}

struct bankid_http *bankid_http_free(struct bankid_http *h) {
        if (!h)
                return NULL;
        bankid_http_abandon(h);
        body_forget(h);
        if (h->easy)
                curl_easy_cleanup(h->easy);
        if (h->multi)
                (void) curl_multi_cleanup(h->multi);
        curl_slist_free_all(h->headers);
        curl_slist_free_all(h->places);
        free(h);
        return NULL;
}

int bankid_http_place(struct bankid_http *h, const char *addresses) {
        char entry[2048];
        int k;

        k = snprintf(entry, sizeof entry, "%s:%u:%s", h->material->host, (unsigned) h->material->port, addresses);
        if (k < 0 || (size_t) k >= sizeof entry)
                return -EINVAL;
        curl_slist_free_all(h->places);
        h->places = curl_slist_append(NULL, entry);
        if (!h->places)
                return -ENOMEM;
        return curl_easy_setopt(h->easy, CURLOPT_RESOLVE, h->places) == CURLE_OK ? 0 : -EIO;
}

int bankid_http_begin(struct bankid_http *h, const char *path, const char *body, uint64_t limit_ms) {
        char url[sizeof h->material->url + 32];
        bool set;
        int k;

        bankid_http_abandon(h);
        body_forget(h);
        h->error[0] = '\0';
        h->unusable = NULL;
        k = snprintf(url, sizeof url, "%s/%s", h->material->url, path);
        if (k < 0 || (size_t) k >= sizeof url)
                return -EINVAL;
        set = curl_easy_setopt(h->easy, CURLOPT_URL, url) == CURLE_OK &&
              curl_easy_setopt(h->easy, CURLOPT_TIMEOUT_MS, (long) limit_ms) == CURLE_OK;
        if (body)
                set = set && curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE, -1L) == CURLE_OK &&
                      curl_easy_setopt(h->easy, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK;
        else
                set = set && curl_easy_setopt(h->easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
        if (!set || curl_multi_add_handle(h->multi, h->easy) != CURLM_OK)
                return -EIO;
        h->busy = true;
        return 0;
}

void bankid_http_abandon(struct bankid_http *h) {
        if (h->busy)
                (void) curl_multi_remove_handle(h->multi, h->easy);
        h->busy = false;
}

static enum bankid_cause cause_from(CURLcode code, const struct bankid_http *h) {
        struct bankid_ending e = { .code = code, .too_long = h->too_long, .error = h->error };
        curl_off_t tls_us = 0;

        (void) curl_easy_getinfo(h->easy, CURLINFO_SSL_VERIFYRESULT, &e.verification);
        e.handshaken = curl_easy_getinfo(h->easy, CURLINFO_APPCONNECT_TIME_T, &tls_us) == CURLE_OK && tls_us > 0;
        return bankid_cause_of(&e);
}

/* A sentence for the administrator. */
static void complaint_make(const struct bankid_http *h, CURLcode code, enum bankid_cause cause,
                           char ret[static BANKID_HTTP_COMPLAINT_MAX]) {
        const char *const question = cause == BANKID_CAUSE_HUNG_UP ? " (does the endpoint accept our certificate?)" : "";

        const char *const error = *h->error ? h->error : curl_easy_strerror(code);

        (void) snprintf(ret, BANKID_HTTP_COMPLAINT_MAX, "%.110s%s", h->unusable ? h->unusable : error, question);
        utf8_trim(ret);
        if (!utf8_is_clean(ret, strlen(ret), UTF8_ONE_LINE))
                ret[0] = '\0';
}

static bool header_get(CURL *easy, const char *name, const char **ret) {
        struct curl_header *header;

        if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
                return false;
        *ret = header->value;
        return true;
}

static bool text_is_digits(const char *s) {
        return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* A header of whole seconds, or 0 where it says something else.  More than a day, or than fits, is a day. */
static unsigned header_seconds(CURL *easy, const char *name) {
        const char *value;
        struct scan s;
        uint32_t seconds;

        if (!header_get(easy, name, &value) || !text_is_digits(value))
                return 0;
        s = scan_text(value);
        if (!scan_u32(&s, BANKID_PAUSE_MAX_S, &seconds) || !scan_at_end(&s))
                return BANKID_PAUSE_MAX_S;
        return seconds;
}

/*
 * A header that is a date (RFC 9110, 10.2.3): the seconds to it from the date
 * that the same answer carries.  Our own clock, which may be set at any time,
 * is not asked.
 */
static unsigned header_until(CURL *easy, const char *name) {
        const char *then, *now;
        time_t from, to;

        if (!header_get(easy, name, &then) || !header_get(easy, "Date", &now) || text_is_digits(then))
                return 0;
        from = curl_getdate(now, NULL);
        to = curl_getdate(then, NULL);
        if (from < 0 || to <= from)
                return 0;
        return to - from < BANKID_PAUSE_MAX_S ? (unsigned) (to - from) : BANKID_PAUSE_MAX_S;
}

/* "RateLimit-Reset" is BankID's; a relay in between may say "Retry-After". */
static unsigned pause_seconds(CURL *easy, long status) {
        unsigned seconds = 0;

        if (status != 429)
                return 0;
        seconds = header_seconds(easy, "RateLimit-Reset");
        if (seconds == 0)
                seconds = header_seconds(easy, "Retry-After");
        return seconds ? seconds : header_until(easy, "Retry-After");
}

int bankid_http_next(struct bankid_http *h, struct bankid_answer *ret) {
        int n_running, n_left;
        CURLMsg *message;

        if (!h->busy)
                return 0;
        if (curl_multi_perform(h->multi, &n_running) != CURLM_OK) {
                bankid_http_abandon(h);
                *ret = (struct bankid_answer) {
                        .cause = BANKID_CAUSE_OTHER, .complaint = "libcurl gave up",
                };
                return 1;
        }
        while ((message = curl_multi_info_read(h->multi, &n_left))) {
                CURLcode code;

                if (message->msg != CURLMSG_DONE)
                        continue;
                code = message->data.result;
                *ret = (struct bankid_answer) {
                        .cause = cause_from(code, h),
                        .body = h->body ? h->body : "", .n_body = h->n_body,
                };
                (void) curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &ret->status);
                ret->pause_s = pause_seconds(h->easy, ret->status);
                if (code != CURLE_OK)
                        complaint_make(h, code, ret->cause, ret->complaint);
                bankid_http_abandon(h);
                return 1;
        }
        return 0;
}

int64_t bankid_http_expires(const struct bankid_http *h) {
        return h->expires;
}

int bankid_http_wait(struct bankid_http *h, struct pollfd *fds, size_t n_fds, uint64_t until_ms) {
        struct curl_waitfd extra[FDS_MAX];
        const uint64_t now = wire_now_ms();
        const uint64_t left = until_ms > now ? until_ms - now : 0;

        if (n_fds > FDS_MAX)
                return -EINVAL;
        for (size_t i = 0; i < n_fds; i++) {
                extra[i] = (struct curl_waitfd) { .fd = fds[i].fd, .events = CURL_WAIT_POLLIN };
                fds[i].revents = 0;
        }
        if (curl_multi_poll(h->multi, extra, (unsigned) n_fds, left > 60000 ? 60000 : (int) left, NULL) != CURLM_OK)
                return -EIO;

        /* libcurl doesn't tell of a hang-up; the caller reads, and sees. */
        return n_fds && poll(fds, n_fds, 0) < 0 && errno != EINTR ? -errno : 0;
}
