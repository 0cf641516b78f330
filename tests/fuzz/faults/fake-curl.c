/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fake-curl.c - libcurl without a network
 *
 * An answer comes at the second look, as from a server that is near.
 */

#define CURL_DISABLE_TYPECHECK

#include "fake-curl.h"

#include "fault.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long (*fake_provider)(const char *path, const char *body, char *answer);

static struct easy {
        char   url[600], body[8192], *error;
        size_t (*write)(char *, size_t, size_t, void *);
        void  *context;
        long   status;
} the_easy;

static struct multi {
        unsigned looks;         /* 0: nothing under way                                            */
        CURLMsg  message;
} the_multi;

static size_t n_open;

size_t fake_curl_open(void) {
        return n_open;
}

CURLcode curl_global_init_mem(long flags, curl_malloc_callback take, curl_free_callback give, curl_realloc_callback retake,
                              curl_strdup_callback copy, curl_calloc_callback take_clean) {
        (void) flags;
        (void) take;
        (void) give;
        (void) retake;
        (void) copy;
        (void) take_clean;
        return fault_now("curl_global_init_mem") ? CURLE_FAILED_INIT : CURLE_OK;
}

static void *begin(const char *name, void *handle, size_t n) {
        if (fault_now(name))
                return NULL;
        memset(handle, 0, n);
        n_open++;
        return handle;
}

CURL *curl_easy_init(void) {
        return begin("curl_easy_init", &the_easy, sizeof the_easy);
}

void curl_easy_cleanup(CURL *e) {
        n_open -= e != NULL;
}

CURLM *curl_multi_init(void) {
        return begin("curl_multi_init", &the_multi, sizeof the_multi);
}

CURLMcode curl_multi_cleanup(CURLM *m) {
        n_open -= m != NULL;
        return CURLM_OK;
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
        struct curl_slist *s, **at = &list;

        if (fault_now("curl_slist_append"))
                return NULL;
        fault_pause();
        s = calloc(1, sizeof *s);
        fault_resume();
        if (!s)
                abort();
        s->data = strdup(text);
        n_open++;
        while (*at)
                at = &(*at)->next;
        *at = s;
        return list;
}

void curl_slist_free_all(struct curl_slist *s) {
        while (s) {
                struct curl_slist *next = s->next;

                free(s->data);
                free(s);
                n_open--;
                s = next;
        }
}

CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...) {
        struct easy *const e = handle;
        void *value;
        va_list ap;

        /* A long and a pointer are of one class and size where we are. */
        va_start(ap, option);
        value = va_arg(ap, void *);
        va_end(ap);
        if (fault_now("curl_easy_setopt"))
                return CURLE_OUT_OF_MEMORY;
        if (option == CURLOPT_URL)
                (void) snprintf(e->url, sizeof e->url, "%s", (const char *) value), e->body[0] = '\0';
        else if (option == CURLOPT_COPYPOSTFIELDS)
                (void) snprintf(e->body, sizeof e->body, "%s", (const char *) value);
        else if (option == CURLOPT_ERRORBUFFER)
                e->error = value;
        else if (option == CURLOPT_WRITEDATA)
                e->context = value;
        else if (option == CURLOPT_WRITEFUNCTION)
                memcpy(&e->write, &value, sizeof value);
        return CURLE_OK;
}

CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...) {
        const struct easy *const e = handle;
        void *value;
        va_list ap;

        va_start(ap, info);
        value = va_arg(ap, void *);
        va_end(ap);
        if (fault_now("curl_easy_getinfo"))
                return CURLE_OUT_OF_MEMORY;
        if (info == CURLINFO_RESPONSE_CODE)
                *(long *) value = e->status;
        else if (info == CURLINFO_APPCONNECT_TIME_T)
                *(curl_off_t *) value = 1000;
        return CURLE_OK;
}

CURLHcode curl_easy_header(CURL *e, const char *name, size_t i, unsigned origin, int request, struct curl_header **ret) {
        (void) e;
        (void) name;
        (void) i;
        (void) origin;
        (void) request;
        (void) ret;
        return CURLHE_MISSING;
}

time_t curl_getdate(const char *text, const time_t *unused) {
        (void) text;
        (void) unused;
        return -1;
}

const char *curl_easy_strerror(CURLcode code) {
        (void) code;
        return "an error of the double's";
}

CURLMcode curl_multi_add_handle(CURLM *m, CURL *e) {
        (void) e;
        if (fault_now("curl_multi_add_handle"))
                return CURLM_OUT_OF_MEMORY;
        ((struct multi *) m)->looks = 1;
        return CURLM_OK;
}

CURLMcode curl_multi_remove_handle(CURLM *m, CURL *e) {
        (void) e;
        ((struct multi *) m)->looks = 0;
        return CURLM_OK;
}

CURLMcode curl_multi_perform(CURLM *m, int *ret_running) {
        if (fault_now("curl_multi_perform"))
                return CURLM_INTERNAL_ERROR;
        *ret_running = ((struct multi *) m)->looks > 0;
        return CURLM_OK;
}

CURLMsg *curl_multi_info_read(CURLM *handle, int *ret_left) {
        struct multi *const m = handle;
        struct easy *const e = &the_easy;
        CURLcode code = CURLE_OK;
        char answer[4096] = "";
        const char *path;
        size_t n;

        *ret_left = 0;
        if (!m->looks || m->looks++ != 2)
                return NULL;
        path = strrchr(e->url, '/');
        if (fault_now("curl_multi_info_read")) {
                code = CURLE_RECV_ERROR;
                (void) snprintf(e->error, CURL_ERROR_SIZE, "it went away");
        } else {
                fault_pause();
                e->status = fake_provider(path ? path + 1 : "", e->body, answer);
                fault_resume();
                n = strlen(answer);
                if (e->status == 0)
                        code = CURLE_COULDNT_CONNECT;
                /* In two pieces, as they may come. */
                else if (e->write(answer, 1, n / 2, e->context) != n / 2 ||
                         e->write(answer + n / 2, 1, n - n / 2, e->context) != n - n / 2)
                        code = CURLE_WRITE_ERROR;
        }
        m->message = (CURLMsg) { .msg = CURLMSG_DONE, .easy_handle = e, .data.result = code };
        return &m->message;
}

CURLMcode curl_multi_poll(CURLM *handle, struct curl_waitfd *extra, unsigned n, int timeout, int *ret) {
        const struct multi *const m = handle;
        struct pollfd fds[8];
        int r;

        if (ret)
                *ret = 0;
        if (fault_now("curl_multi_poll"))
                return CURLM_OUT_OF_MEMORY;
        fault_pause();
        for (unsigned i = 0; i < n; i++)
                fds[i] = (struct pollfd) { .fd = extra[i].fd, .events = POLLIN };
        r = poll(fds, n, 0);
        fault_resume();
        if (m->looks || r != 0)
                fault_wait(0);
        else
                fault_wait(timeout);
        return CURLM_OK;
}
