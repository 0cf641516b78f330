/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * tls-request.c - the floor under a log-in with an e-ID: one HTTPS request with a client certificate, nothing else
 *
 *     tls-request URL CA CERTIFICATE KEY
 *
 * With libcurl, as the helper.  Exit status 0 if any answer of HTTP came.
 */

#include <curl/curl.h>
#include <stdio.h>

static size_t drop(char *data, size_t size, size_t n, void *user) {
        (void) data;
        (void) user;
        return size * n;
}

int main(int argc, char **argv) {
        CURL *curl;
        CURLcode r;

        if (argc != 5) {
                fprintf(stderr, "usage: tls-request URL CA CERTIFICATE KEY\n");
                return 2;
        }
        if (curl_global_init(CURL_GLOBAL_SSL) != CURLE_OK || !(curl = curl_easy_init()))
                return 2;
        (void) curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
        (void) curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
        (void) curl_easy_setopt(curl, CURLOPT_SSLCERT, argv[3]);
        (void) curl_easy_setopt(curl, CURLOPT_SSLKEY, argv[4]);
        (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
        r = curl_easy_perform(curl);
        if (r != CURLE_OK)
                fprintf(stderr, "%s\n", curl_easy_strerror(r));
        curl_easy_cleanup(curl);
        return r == CURLE_OK ? 0 : 1;
}
