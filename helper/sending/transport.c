/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * transport.c - one connection of libcurl's, tied down
 *
 * 1. MUST speak TLS 1.2 or newer with a peer that the given roots have signed for the name, unless the peer is this host.
 * 2. MUST not ask a resolver, a proxy, a redirect or the system's certificates for anything.
 * 3. MUST end in its time, and read at most SENDING_ANSWER_MAX bytes.
 */

#include "transport.h"

#include "cleanup.h"
#include "places.h"
#include "utf8.h"
#include "wipe.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static size_t answer_take(char *data, size_t size, size_t n, void *context) {
        struct transport *t = context;
        const size_t n_data = size * n;
        char *grown;

        if (n_data > SENDING_ANSWER_MAX - t->n_answer) {
                t->too_long = true;
                return 0;
        }
        grown = wipe_realloc(t->answer, t->n_answer + n_data + 1);
        if (!grown)
                return 0;
        t->answer = grown;
        memcpy(t->answer + t->n_answer, data, n_data);
        t->n_answer += n_data;
        return n_data;
}

static bool easy_set_tls(CURL *e, const struct sending_side *side) {
        struct curl_blob roots = { .data = side->roots, .len = side->n_roots };

        return curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAINFO, NULL) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK &&
               (!side->roots || curl_easy_setopt(e, CURLOPT_CAINFO_BLOB, &roots) == CURLE_OK);
}

static const char *protocol_of(const struct endpoint *e) {
        switch (e->scheme) {
        case ENDPOINT_HTTPS:
                return "https";
        case ENDPOINT_HTTP:
                return "http";
        case ENDPOINT_SMTP:
                return "smtp";
        case ENDPOINT_SMTPS:
                return "smtps";
        }
        return "";
}

static bool easy_set_rest(CURL *e, struct transport *t, const struct sending_side *side) {
        return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, protocol_of(&side->place)) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NOPROXY, "*") == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long) TRANSPORT_CONNECT_MS) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long) TRANSPORT_MS) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_USERAGENT, "careid/" CAREID_VERSION) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, answer_take) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK;
}

static void transport_freep(struct transport **t) {
        (void) transport_free(*t);
}

int transport_new(const struct sending_side *side, struct transport **ret) {
        AUTO(transport_freep) struct transport *t = calloc(1, sizeof *t);

        if (!t)
                return -ENOMEM;
        t->multi = curl_multi_init();
        t->easy = curl_easy_init();
        if (!t->multi || !t->easy)
                return -ENOMEM;
        if (!easy_set_tls(t->easy, side) || !easy_set_rest(t->easy, t, side))
                return -ENOTSUP;
        *ret = STEAL_PTR(t);
        return 0;
}

static void transport_abandon(struct transport *t) {
        if (t->busy)
                (void) curl_multi_remove_handle(t->multi, t->easy);
        t->busy = false;
}

struct transport *transport_free(struct transport *t) {
        if (!t)
                return NULL;
        transport_abandon(t);
        if (t->easy)
                curl_easy_cleanup(t->easy);
        if (t->multi)
                (void) curl_multi_cleanup(t->multi);
        curl_slist_free_all(t->headers);
        curl_slist_free_all(t->places);
        curl_slist_free_all(t->recipients);
        wipe_free(t->answer);
        wipe_free(t->upload);
        free(t);
        return NULL;
}

int transport_place(struct transport *t, const struct sending_side *side, const char *addresses) {
        char entry[2048];
        int k;

        k = snprintf(entry, sizeof entry, "%s:%u:%s", side->place.host, (unsigned) side->place.port, addresses);
        if (k < 0 || (size_t) k >= sizeof entry)
                return -EINVAL;
        t->places = curl_slist_append(NULL, entry);
        if (!t->places)
                return -ENOMEM;
        return curl_easy_setopt(t->easy, CURLOPT_RESOLVE, t->places) == CURLE_OK ? 0 : -EIO;
}

int transport_begin(struct transport *t) {
        if (curl_multi_add_handle(t->multi, t->easy) != CURLM_OK)
                return -EIO;
        t->busy = true;
        return 0;
}

bool transport_next(struct transport *t, CURLcode *ret_code, long *ret_status) {
        int n_running, n_left;
        CURLMsg *message;

        *ret_status = 0;
        *ret_code = CURLE_FAILED_INIT;
        if (!t->busy)
                return true;
        if (curl_multi_perform(t->multi, &n_running) != CURLM_OK) {
                transport_abandon(t);
                return true;
        }
        while ((message = curl_multi_info_read(t->multi, &n_left))) {
                if (message->msg != CURLMSG_DONE)
                        continue;
                *ret_code = message->data.result;
                (void) curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, ret_status);
                transport_abandon(t);
                return true;
        }
        return false;
}

/* Only TLS says more than that it failed, and of the peer alone. */
static bool is_about_tls(CURLcode code) {
        return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE ||
               code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CIPHER;
}

void transport_complaint(const struct transport *t, CURLcode code, long status, char ret[static SENDING_DETAIL_MAX]) {
        const char *const what = t->too_long ? "the answer is too long"
                                 : is_about_tls(code) && *t->error ? t->error
                                                                   : curl_easy_strerror(code);

        if (status > 0)
                (void) snprintf(ret, SENDING_DETAIL_MAX, "%.120s (%ld)", what, status);
        else
                (void) snprintf(ret, SENDING_DETAIL_MAX, "%.150s", what);
        utf8_trim(ret);
        if (!utf8_is_clean(ret, strlen(ret), UTF8_ONE_LINE))
                ret[0] = '\0';
}

int transport_wait(struct transport *t, struct pollfd *fds, size_t n_fds, uint64_t until_ms) {
        struct curl_waitfd extra[TRANSPORT_FDS_MAX];
        const uint64_t now = wire_now_ms();
        const uint64_t left = until_ms > now ? until_ms - now : 0;

        if (n_fds > TRANSPORT_FDS_MAX)
                return -EINVAL;
        for (size_t i = 0; i < n_fds; i++) {
                extra[i] = (struct curl_waitfd) { .fd = fds[i].fd, .events = CURL_WAIT_POLLIN };
                fds[i].revents = 0;
        }
        if (curl_multi_poll(t->multi, extra, (unsigned) n_fds, left > 60000 ? 60000 : (int) left, NULL) != CURLM_OK)
                return -EIO;

        /* libcurl doesn't tell of a hang-up; the caller reads, and sees. */
        return n_fds && poll(fds, n_fds, 0) < 0 && errno != EINTR ? -errno : 0;
}
