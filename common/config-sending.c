/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-sending.c - what the configuration says of sending: gateway, relay, and what is filled in
 */

#include "config-sending.h"

#include "cleanup.h"
#include "endpoint.h"
#include "i18n.h"
#include "scan.h"
#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* -- What is filled in ------------------------------------------------------------------------------- */

static bool is_field_byte(char c) {
        return ascii_is_lower(c) || c == '-';
}

static bool word_is_among(const char *words, const char *word, size_t n) {
        for (const char *at = words; *at;) {
                const size_t k = strcspn(at, " ");

                if (k == n && memcmp(at, word, n) == 0)
                        return true;
                at += k + (at[k] == ' ');
        }
        return false;
}

int config_template_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]) {
        struct scan s = scan_bytes(text, n);

        if (n > CONFIG_TEMPLATE_MAX)
                return config_complain(why, _("must be at most %d bytes long"), CONFIG_TEMPLATE_MAX);
        while ((s.at = scan_left(&s) ? memchr(s.at, '{', scan_left(&s)) : NULL)) {
                const char *word;
                char quoted[64];
                size_t k;

                (void) scan_char(&s, '{');
                if (!scan_word(&s, is_field_byte, CONFIG_NAME_MAX, &word, &k) || !scan_char(&s, '}'))
                        continue;
                if (!word_is_among(fields, word, k))
                        return config_complain(why, _("nothing is called {%s}; what can be filled in: %s"), config_quote(word, k, quoted),
                                               fields);
        }
        return CONFIG_OK;
}

/* -- SMS --------------------------------------------------------------------------------------------- */

static bool are_address_bytes(const char *text, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (text[i] <= ' ' || text[i] > '~' || strchr("\"<>\\^`|#", text[i]))
                        return false;
        return true;
}

int config_gateway_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]) {
        struct endpoint e;

        if (n == 0)
                return CONFIG_OK;
        if (n > CONFIG_TEMPLATE_MAX || !endpoint_parse(text, n, &e) || !are_address_bytes(text, n) || e.n_before == n ||
            (e.scheme != ENDPOINT_HTTPS && e.scheme != ENDPOINT_HTTP))
                return config_complain(why, _("must be an address such as https://sms.example/send?to={to}, of at most %d bytes, "
                                              "without user or fragment"), CONFIG_TEMPLATE_MAX);
        if (e.scheme == ENDPOINT_HTTP && !e.loopback)
                return config_complain(why, _("must begin with https:// unless the gateway is on this host (127.0.0.1, [::1] or localhost)"));
        return config_template_check(text + e.n_before, n - e.n_before, fields, why);
}

/* RFC 9110, 5.6.2; and not those that are the connection's own. */
static bool is_token_byte(char c) {
        return ascii_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`~", c));
}

static bool name_is_free(const char *name, size_t n) {
        static const char *const own[] = { "host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "upgrade" };

        for (size_t i = 0; i < N_ELEMENTS(own); i++)
                if (strlen(own[i]) == n && strncasecmp(own[i], name, n) == 0)
                        return false;
        return true;
}

static bool header_is_right(const char *text, size_t n) {
        struct scan s = scan_bytes(text, n);
        const char *name;
        size_t k;

        (void) scan_blanks(&s);
        while (s.end > s.at && ascii_is_blank(s.end[-1]))
                s.end--;
        if (!scan_word(&s, is_token_byte, 64, &name, &k) || !name_is_free(name, k) || !scan_char(&s, ':'))
                return false;
        (void) scan_blanks(&s);
        if (scan_at_end(&s))
                return false;
        for (; !scan_at_end(&s); s.at++)
                if (*s.at < ' ' || *s.at > '~')
                        return false;
        return true;
}

int config_headers_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]) {
        for (const char *at = text, *const end = text + n; n > 0 && at <= end;) {
                const char *bar = memchr(at, '|', (size_t) (end - at));
                const size_t k = (size_t) ((bar ? bar : end) - at);

                if (!header_is_right(at, k))
                        return config_complain(why, _("must be headers such as Authorization: Bearer {secret}, with | between several; "
                                                      "those of connection, host and content are not for you to set"));
                at += k + 1;
        }
        return config_template_check(text, n, fields, why);
}

int config_headers_add(char **at, const char *more, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const size_t n_before = *at ? strlen(*at) : 0;
        char *all;

        if (n_before + 1 + n > CONFIG_TEMPLATE_MAX)
                return config_complain(why, _("must be at most %d bytes long"), CONFIG_TEMPLATE_MAX);
        if (n == 0 && n_before > 0)
                return CONFIG_OK;
        all = malloc(n_before + n + 2);
        if (!all)
                return -ENOMEM;
        if (n_before > 0) {
                memcpy(all, *at, n_before);
                all[n_before] = '|';
        }
        memcpy(all + n_before + (n_before > 0), more, n);
        all[n_before + (n_before > 0) + n] = '\0';
        free(*at);
        *at = all;
        return CONFIG_OK;
}

/* -- Mail -------------------------------------------------------------------------------------------- */

int config_relay_check(const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        struct endpoint e;

        if (n == 0)
                return CONFIG_OK;
        if (n > CONFIG_URL_MAX || !endpoint_parse(text, n, &e) || e.n_before != n ||
            (e.scheme != ENDPOINT_SMTP && e.scheme != ENDPOINT_SMTPS))
                return config_complain(why, _("must be smtp://HOST[:PORT] (with STARTTLS, port 587) or smtps://HOST[:PORT] (port 465)"));
        return CONFIG_OK;
}

int config_mailbox_check(const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        const char *const at = n ? memchr(text, '@', n) : NULL;
        bool right = n <= 254;

        if (n == 0)
                return CONFIG_OK;
        for (size_t i = 0; i < n && right; i++)
                right = text[i] > ' ' && text[i] <= '~' && !strchr("\"(),:;<>[\\]", text[i]);
        right = right && at && at > text && at - text <= 64 && at + 1 < text + n && !memchr(at + 1, '@', (size_t) (text + n - at - 1));
        if (!right)
                return config_complain(why, _("must be an address like name@example.org"));
        return CONFIG_OK;
}

/* -- All of it --------------------------------------------------------------------------------------- */

static bool is_filled(const struct config *c, const char *field) {
        return strstr(c->sms_url, field) || strstr(c->sms_body, field) || strstr(c->sms_header, field);
}

static int sms_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const bool post = strcmp(c->sms_method, "POST") == 0;

        if (!c->sms_url[0])
                return CONFIG_OK;
        if (!strstr(c->sms_url, "{text}") && !strstr(c->sms_body, "{text}"))
                return config_complain(complaint, _("[sms] body: neither url nor body has {text}, so that nothing would be sent"));
        if (!is_filled(c, "{to}") && !is_filled(c, "{number}"))
                return config_complain(complaint, _("[sms] body: neither url nor body has {to} or {number}, so that it would be sent to nobody"));
        if (c->sms_body[0] && !post)
                return config_complain(complaint, _("[sms] body: method = GET has none; set method = POST, or fill in the url"));
        if (is_filled(c, "{secret}") && !c->sms_secret[0])
                return config_complain(complaint, _("[sms] secret: must name the file with what is filled in for {secret}"));
        if (is_filled(c, "{user}") && !c->sms_user[0])
                return config_complain(complaint, _("[sms] user: must say what is filled in for {user}"));
        if (is_filled(c, "{from}") && !c->sms_from[0])
                return config_complain(complaint, _("[sms] from: must say what is filled in for {from}"));
        if (strcmp(c->sms_authentication, "basic") == 0 && (!c->sms_user[0] || !c->sms_secret[0]))
                return config_complain(complaint, _("[sms] authentication: basic needs user and secret"));
        return CONFIG_OK;
}

static int mail_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        if (!c->mail_relay[0])
                return CONFIG_OK;
        if (!c->mail_from[0])
                return config_complain(complaint, _("[mail] from: relay needs the address that mail comes from"));
        if (!c->mail_user[0] != !c->mail_secret[0])
                return config_complain(complaint, c->mail_user[0] ? _("[mail] secret: user needs the file with the password")
                                                                  : _("[mail] user: secret is the password of somebody; say whose"));
        return CONFIG_OK;
}

int config_sending_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const int r = sms_finish(c, complaint);

        return r == CONFIG_OK ? mail_finish(c, complaint) : r;
}
