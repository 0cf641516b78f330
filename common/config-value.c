/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-value.c - one value of the configuration: from text, and to text
 *
 *     bool     = "yes" / "no"
 *     word     = one of the option's words
 *     text     = 0*200 bytes of clean UTF-8
 *     path     = "" / 1*( "/" part )          ; 255 bytes; no part is ".", ".." or empty; no ":"
 *     url      = "https://" host [ ":" port ] *( "/" part ) [ "/" ]
 *     host     = name / "[" IPv6 "]"
 *     period   = "none" / number blanks ( "day" / "week" / "month" / "year" ) [ "s" ]    ; 7, 31, 366 days; 3660 at most
 *     networks, exits                         ; config-network.c
 *     gateway, template, headers, relay, mailbox      ; config-sending.c
 *     rule                                    ; sms-rule.c
 *     date     = "" / YYYY "-" MM "-" DD
 *     ways     = [ way *( blanks "," blanks way ) ]                          ; way.h; each once
 *
 * An empty path is "none", and legal only where it is the default.
 */

#include "config-value.h"

#include "cleanup.h"
#include "config-network.h"
#include "config-sending.h"
#include "config-ways.h"
#include "i18n.h"
#include "scan.h"
#include "sms-rule.h"
#include "utf8.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int config_complain_v(char complaint[static CONFIG_COMPLAINT_MAX], const char *format, va_list arguments) {
        (void) vsnprintf(complaint, CONFIG_COMPLAINT_MAX, format, arguments);
        utf8_trim(complaint);
        return CONFIG_E_WRONG;
}

int config_complain(char complaint[static CONFIG_COMPLAINT_MAX], const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void) config_complain_v(complaint, format, arguments);
        va_end(arguments);
        return CONFIG_E_WRONG;
}

const char *config_quote(const char *s, size_t n, char ret[static 64]) {
        if (n >= 64 || !utf8_is_clean(s, n, UTF8_ONE_LINE))
                return "?";
        memcpy(ret, s, n);
        ret[n] = '\0';
        return ret;
}

bool config_is_name_byte(char c) {
        return ascii_is_lower(c) || ascii_is_digit(c) || c == '-';
}

static void *member(const struct config *c, const struct config_option *o) {
        return (char *) c + o->offset;
}

/* -- Strings ----------------------------------------------------------------------------------------- */

static bool is_path_byte(char c) {
        return c != '/' && c != ':';
}

static bool is_url_byte(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static bool is_host_byte(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '.';
}

/* 1*( "/" part ) up to the end. */
static bool scan_parts(struct scan *s, bool (*is)(char)) {
        do {
                const char *part;
                size_t n;

                if (!scan_char(s, '/') || !scan_word(s, is, CONFIG_PATH_MAX, &part, &n))
                        return false;
                if (part[0] == '.' && (n == 1 || (n == 2 && part[1] == '.')))
                        return false;
        } while (!scan_at_end(s));
        return true;
}

static bool scan_host(struct scan *s) {
        const char *host;
        size_t n;

        if (scan_char(s, '[')) {
                const char *end = memchr(s->at, ']', scan_left(s));
                char literal[INET6_ADDRSTRLEN];
                struct in6_addr address;

                if (!end || (size_t) (end - s->at) >= sizeof literal)
                        return false;
                memcpy(literal, s->at, (size_t) (end - s->at));
                literal[end - s->at] = '\0';
                s->at = end + 1;
                return inet_pton(AF_INET6, literal, &address) == 1;
        }
        if (!scan_word(s, is_host_byte, CONFIG_HOST_MAX, &host, &n))
                return false;
        /* No empty label, and none that looks like an option. */
        for (size_t i = 0; i < n; i++)
                if ((host[i] == '.' || host[i] == '-') && (i == 0 || i == n - 1 || host[i - 1] == '.'))
                        return false;
        return true;
}

/* *@n loses a trailing slash. */
static bool url_check(const char *text, size_t *n) {
        struct scan s = scan_bytes(text, *n);
        uint32_t port;

        if (!scan_literal(&s, "https://"))
                return false;
        if (s.end > s.at && s.end[-1] == '/') {
                s.end--;
                --*n;
        }
        if (!scan_host(&s))
                return false;
        if (scan_char(&s, ':') && (!scan_u32(&s, 65535, &port) || port == 0))
                return false;
        return scan_at_end(&s) || scan_parts(&s, is_url_byte);
}

static int set_string(char **at, const char *text, size_t n) {
        char *s = strndup(text, n);

        if (!s)
                return -ENOMEM;
        free(*at);
        *at = s;
        return CONFIG_OK;
}

/* Set what @checked says is right. */
static int set_checked(int checked, char **at, const char *text, size_t n) {
        return checked == CONFIG_OK ? set_string(at, text, n) : checked;
}

/* What is said of sending. */
static int set_sending(struct config *c, const struct config_option *o, const char *text, size_t n, bool add,
                       char why[static CONFIG_COMPLAINT_MAX]) {
        char **const at = (char **) ((char *) c + o->offset);
        struct sms_rule rule;
        int r;

        if (o->type == CONFIG_GATEWAY)
                return set_checked(config_gateway_check(text, n, o->allowed, why), at, text, n);
        if (o->type == CONFIG_TEMPLATE)
                return set_checked(config_template_check(text, n, o->allowed, why), at, text, n);
        if (o->type == CONFIG_RELAY)
                return set_checked(config_relay_check(text, n, why), at, text, n);
        if (o->type == CONFIG_MAILBOX)
                return set_checked(config_mailbox_check(text, n, why), at, text, n);
        if (o->type == CONFIG_RULE) {
                if (!sms_rule_parse(text, n, &rule))
                        return config_complain(why, _("must be a status such as 200-299, and perhaps what the answer has to say: "
                                                      "202 text Accepted, or 200 json status = created"));
                return set_string(at, text, n);
        }
        r = config_headers_check(text, n, o->allowed, why);
        if (r != CONFIG_OK)
                return r;
        return add ? config_headers_add(at, text, n, why) : set_string(at, text, n);
}

/* -- Words ------------------------------------------------------------------------------------------- */

static bool word_is_allowed(const char *allowed, const char *text, size_t n) {
        for (const char *at = allowed; *at;) {
                const size_t k = strcspn(at, " ");

                if (k == n && memcmp(at, text, n) == 0)
                        return true;
                at += k + (at[k] == ' ');
        }
        return false;
}

/* -- Periods ----------------------------------------------------------------------------------------- */

static const struct {
        const char *unit, *units;
        uint32_t    days;                       /* never fewer than the unit has                  */
} periods[] = { { "day", "days", 1 }, { "week", "weeks", 7 }, { "month", "months", 31 }, { "year", "years", 366 } };

static bool period_parse(const char *text, size_t n, uint32_t *ret) {
        struct scan s = scan_bytes(text, n);
        uint32_t number;

        if (n == 4 && memcmp(text, "none", 4) == 0) {
                *ret = 0;
                return true;
        }
        if (!scan_u32(&s, CONFIG_PERIOD_MAX, &number) || number == 0)
                return false;
        (void) scan_blanks(&s);
        for (size_t i = 0; i < N_ELEMENTS(periods); i++) {
                const char *const words[] = { periods[i].unit, periods[i].units };

                for (size_t k = 0; k < N_ELEMENTS(words); k++)
                        if (scan_left(&s) == strlen(words[k]) && memcmp(s.at, words[k], strlen(words[k])) == 0) {
                                *ret = number * periods[i].days;
                                return *ret <= CONFIG_PERIOD_MAX;
                        }
        }
        return false;
}

/* -- One value --------------------------------------------------------------------------------------- */

int config_value_set(struct config *c, const struct config_option *o, const char *text, size_t n, bool add,
                     char why[static CONFIG_COMPLAINT_MAX]) {
        struct scan s = scan_bytes(text, n);

        if (!utf8_is_clean(text, n, UTF8_ONE_LINE))
                return config_complain(why, _("must be UTF-8 without control characters"));

        switch (o->type) {
        case CONFIG_BOOL:
                if (!word_is_allowed("yes no", text, n))
                        return config_complain(why, _("must be yes or no"));
                *(bool *) member(c, o) = text[0] == 'y';
                return CONFIG_OK;
        case CONFIG_WORD:
                if (n == 0 || !word_is_allowed(o->allowed, text, n))
                        return config_complain(why, _("must be one of: %s"), o->allowed);
                memset(member(c, o), 0, CONFIG_WORD_MAX + 1);
                memcpy(member(c, o), text, n);
                return CONFIG_OK;
        case CONFIG_TEXT:
                if (n > CONFIG_TEXT_MAX)
                        return config_complain(why, _("must be at most %d bytes long"), CONFIG_TEXT_MAX);
                return set_string(member(c, o), text, n);
        case CONFIG_PATH:
                if (n == 0 && o->preset[0] == '\0')
                        return set_string(member(c, o), text, 0);
                if (n > CONFIG_PATH_MAX || !scan_parts(&s, is_path_byte))
                        return config_complain(why,
                                               _("must be an absolute path of at most %d bytes without '.', '..', "
                                                 "empty parts or ':'"),
                                               CONFIG_PATH_MAX);
                return set_string(member(c, o), text, n);
        case CONFIG_URL:
                if (n > CONFIG_URL_MAX || !url_check(text, &n))
                        return config_complain(why,
                                               _("must be an address such as https://host.example/path, of at "
                                                 "most %d bytes, without user, query or fragment"),
                                               CONFIG_URL_MAX);
                return set_string(member(c, o), text, n);
        case CONFIG_PERIOD:
                if (!period_parse(text, n, member(c, o)))
                        return config_complain(why, _("must be none, or a number and days, weeks, months or years: "
                                                      "18 months; %d days at most"),
                                               CONFIG_PERIOD_MAX);
                return CONFIG_OK;
        case CONFIG_NETWORKS:
                return config_networks_set(member(c, o), text, n, add, why);
        case CONFIG_EXITS:
                return config_exits_set(member(c, o), text, n, add, why);
        case CONFIG_GATEWAY:
        case CONFIG_TEMPLATE:
        case CONFIG_HEADERS:
        case CONFIG_RULE:
        case CONFIG_RELAY:
        case CONFIG_MAILBOX:
                return set_sending(c, o, text, n, add, why);
        case CONFIG_DATE:
                return config_date_set(member(c, o), text, n, why);
        case CONFIG_WAYS:
                return config_ways_set(member(c, o), text, n, why);
        }
        return -EINVAL;         /* a type outside the enum: a bug in the table */
}

size_t config_value_print(const struct config *c, const struct config_option *o,
                          char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        ret[0] = '\0';
        switch (o->type) {
        case CONFIG_BOOL:
                k = snprintf(ret, CONFIG_VALUE_MAX, "%s", *(bool *) member(c, o) ? "yes" : "no");
                break;
        case CONFIG_WORD:
                k = snprintf(ret, CONFIG_VALUE_MAX, "%s", (const char *) member(c, o));
                break;
        case CONFIG_TEXT:
        case CONFIG_PATH:
        case CONFIG_URL:
        case CONFIG_GATEWAY:
        case CONFIG_TEMPLATE:
        case CONFIG_HEADERS:
        case CONFIG_RULE:
        case CONFIG_RELAY:
        case CONFIG_MAILBOX:
                k = snprintf(ret, CONFIG_VALUE_MAX, "%s", *(char **) member(c, o));
                break;
        case CONFIG_PERIOD:
                if (*(uint32_t *) member(c, o) == 0)
                        k = snprintf(ret, CONFIG_VALUE_MAX, "none");
                else
                        k = snprintf(ret, CONFIG_VALUE_MAX, "%u days", *(uint32_t *) member(c, o));
                break;
        case CONFIG_NETWORKS:
                return config_networks_print(member(c, o), ret);
        case CONFIG_EXITS:
                return config_exits_print(member(c, o), ret);
        case CONFIG_DATE:
                k = snprintf(ret, CONFIG_VALUE_MAX, "%s", (const char *) member(c, o));
                break;
        case CONFIG_WAYS:
                return config_ways_print(member(c, o), ret);
        }
        return (size_t) k;
}
