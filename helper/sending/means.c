/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * means.c - with what messages are sent: secrets, roots, places
 *
 * 1. MUST refuse a secret that anybody but _careid could have written or can read.
 * 2. MUST not take as a secret what could become two lines of a protocol.
 */

#include "means.h"

#include "cleanup.h"
#include "i18n.h"
#include "trusted-file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HOST_ROOTS "/etc/ssl/certs/ca-certificates.crt"

static int complain(char complaint[static CONFIG_COMPLAINT_MAX], const char *section, const char *option, const char *path, int r) {
        (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "[%s] %s: %s: %s", section, option, path, _(strerrordesc_np(-r)));
        return r;
}

/* A file that is nobody's secret: root's, or ours. */
static int roots_read(const char *path, uid_t owner, char **ret, size_t *ret_n) {
        const int r = trusted_read(path, 0, 0644, MEANS_ROOTS_MAX, ret, ret_n);

        return r == -EPERM ? trusted_read(path, owner, 0644, MEANS_ROOTS_MAX, ret, ret_n) : r;
}

/* One line of visible ASCII and blanks, perhaps with its LF. */
static bool secret_is_right(char *s, size_t n) {
        if (n > 0 && s[n - 1] == '\n')
                s[--n] = '\0';
        if (n == 0 || strlen(s) != n)
                return false;
        for (; *s; s++)
                if (*s < ' ' || *s > '~')
                        return false;
        return true;
}

static void wipe(char **s, size_t n) {
        if (*s)
                explicit_bzero(*s, n);
        free(*s);
        *s = NULL;
}

static int secret_read(const char *path, uid_t owner, char **ret) {
        size_t n = 0;
        int r;

        if (!*path) {
                *ret = strdup("");
                return *ret ? 0 : -ENOMEM;
        }
        r = trusted_read(path, owner, 0400, MEANS_SECRET_MAX, ret, &n);
        if (r == 0 && !secret_is_right(*ret, n)) {
                wipe(ret, n);
                return -EBADMSG;
        }
        return r;
}

static bool needs_roots(const struct endpoint *e) {
        switch (e->scheme) {
        case ENDPOINT_HTTPS:
        case ENDPOINT_SMTPS:
                return true;
        case ENDPOINT_SMTP:
                return !e->loopback;
        case ENDPOINT_HTTP:
                return false;
        }
        return true;
}

/* @where "": off. */
static int side_read(const char *section, const char *where, const char *ca, const char *secret, uid_t owner, struct sending_side *side,
                     char complaint[static CONFIG_COMPLAINT_MAX]) {
        const char *const roots = *ca ? ca : HOST_ROOTS;
        int r;

        if (!*where)
                return 0;
        if (!endpoint_parse(where, strlen(where), &side->place)) {
                (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "[%s]", section);
                return -EINVAL;
        }
        r = secret_read(secret, owner, &side->secret);
        if (r < 0)
                return complain(complaint, section, "secret", secret, r);
        if (needs_roots(&side->place)) {
                r = roots_read(roots, owner, &side->roots, &side->n_roots);
                if (r < 0)
                        return complain(complaint, section, "ca", roots, r);
        }
        side->on = true;
        return 0;
}

static void means_freep(struct sending_means **m) {
        (void) sending_means_free(*m);
}

int sending_means_read(const struct config *c, uid_t owner, struct sending_means **ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(means_freep) struct sending_means *m = NULL;
        int r;

        *ret = NULL;
        if (!*c->sms_url && !*c->mail_relay)
                return 0;
        m = calloc(1, sizeof *m);
        if (!m)
                return -ENOMEM;
        m->config = c;
        if (!sms_rule_parse(c->sms_success, strlen(c->sms_success), &m->rule))
                return -EINVAL;
        r = side_read("sms", c->sms_url, c->sms_ca, c->sms_secret, owner, &m->sms, complaint);
        if (r == 0)
                r = side_read("mail", c->mail_relay, c->mail_ca, c->mail_secret, owner, &m->mail, complaint);
        if (r < 0)
                return r;
        *ret = STEAL_PTR(m);
        return 0;
}

static void side_done(struct sending_side *side) {
        wipe(&side->secret, side->secret ? strlen(side->secret) : 0);
        free(side->roots);
}

struct sending_means *sending_means_free(struct sending_means *m) {
        if (m) {
                side_done(&m->sms);
                side_done(&m->mail);
                free(m);
        }
        return NULL;
}

uint16_t sending_port(const struct sending_means *m, enum sending_kind kind) {
        return sending_can(m, kind) ? means_side(m, kind)->place.port : 0;
}

bool sending_can(const struct sending_means *m, enum sending_kind kind) {
        return m && means_side(m, kind)->on;
}
