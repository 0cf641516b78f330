/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-config-sending.c - [sms], [mail] and [clients]: gateways, relays, what is filled in, when an answer is a yes
 */

#include "config.h"

#include "cleanup.h"
#include "endpoint.h"
#include "sms-rule.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name, const char *got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %s\n", got);
        failed += !ok;
}

#define SMS "[sms]\nurl = https://sms.example/send\n"
#define BODY "body = to={to}&text={text}\n"

/* What is written, and what the complaint says, of the line or of the whole (NULL: none). */
static const struct {
        const char *name, *text, *want;
} cases[] = {
        { "a gateway",                      SMS BODY, NULL },
        { "all in the address",             "[sms]\nmethod = GET\nurl = https://sms.example/?to={to}&text={text}\n", NULL },
        { "a gateway on this host",         "[sms]\nmethod = GET\nurl = http://127.0.0.1:13013/cgi-bin/sendsms?to={to}&text={text}\n", NULL },
        { "the same by name",               "[sms]\nurl = http://localhost/?to={to}&text={text}\n", NULL },
        { "the same in IPv6",               "[sms]\nurl = http://[::1]:80/?to={to}&text={text}\n", NULL },
        { "a body of JSON",                 SMS "content-type = json\nbody = {\"a\":[{\"to\":\"{number}\"}],\"b\":{\"c\":\"{text}\"}}\n", NULL },
        { "a header with the secret",       SMS BODY "header = Authorization: Bearer {secret}\nsecret = /s\n", NULL },
        { "headers in two lines",           SMS BODY "header = A: b\nheader = C: d | E: f\n", NULL },
        { "headers with a bar",             SMS BODY "header = A: b|C: d\n", NULL },
        { "basic authentication",           SMS BODY "authentication = basic\nuser = a\nsecret = /s\n", NULL },
        { "no gateway, and what it would be told", "[sms]\nbody = x\n", NULL },
        { "a relay",                        "[mail]\nrelay = smtp://mail.example\nfrom = a@example.org\n", NULL },
        { "a relay with TLS from the start", "[mail]\nrelay = smtps://[2001:db8::1]:4465\nfrom = a@example.org\n", NULL },
        { "a relay that asks who we are",   "[mail]\nrelay = smtp://mail.example:25\nfrom = a@example.org\nuser = u\nsecret = /s\n", NULL },
        { "clients' address",               "[clients]\naddress = ssh login.example.org\n", NULL },

        { "http to another host",           "[sms]\nurl = http://sms.example/?to={to}&text={text}\n",
          "careid.conf:2: [sms] url: must begin with https:// unless the gateway is on this host" },
        { "http to who looks like this host", "[sms]\nurl = http://localhost.example/\n", "careid.conf:2: [sms] url: must begin with https://" },
        { "http to 127.0.0.1 as a name",    "[sms]\nurl = http://127.0.0.1.example/\n", "careid.conf:2: [sms] url: must begin with https://" },
        { "a user in the address",          "[sms]\nurl = https://a@sms.example/\n", "careid.conf:2: [sms] url: must be an address" },
        { "a field for the host",           "[sms]\nurl = https://{to}/\n", "careid.conf:2: [sms] url: must be an address" },
        { "no path and no query",           "[sms]\nurl = https://sms.example\n", "careid.conf:2: [sms] url: must be an address" },
        { "a fragment",                     "[sms]\nurl = https://sms.example/#a\n", "careid.conf:2: [sms] url: must be an address" },
        { "a blank in the address",         "[sms]\nurl = https://sms.example/a b\n", "careid.conf:2: [sms] url: must be an address" },
        { "another scheme",                 "[sms]\nurl = smtp://sms.example/\n", "careid.conf:2: [sms] url: must be an address" },
        { "a field that there is not",      "[sms]\nbody = {txt}\n",
          "careid.conf:2: [sms] body: nothing is called {txt}; what can be filled in: to number text from user secret" },
        { "a number in a header",           "[sms]\nheader = X-To: {to}\n", "careid.conf:2: [sms] header: nothing is called {to}" },
        { "a header without a name",        "[sms]\nheader = : a\n", "careid.conf:2: [sms] header: must be headers" },
        { "a header that says nothing",     "[sms]\nheader = A:\n", "careid.conf:2: [sms] header: must be headers" },
        { "a header of the connection",     "[sms]\nheader = Host: other.example\n", "careid.conf:2: [sms] header: must be headers" },
        { "a bar at the end",               "[sms]\nheader = A: b|\n", "careid.conf:2: [sms] header: must be headers" },
        { "another method",                 "[sms]\nmethod = PUT\n", "careid.conf:2: [sms] method: must be one of: POST GET" },
        { "another kind of body",           "[sms]\ncontent-type = xml\n", "careid.conf:2: [sms] content-type: must be one of: form json" },
        { "a rule that is none",            "[sms]\nsuccess = ok\n", "careid.conf:2: [sms] success: must be a status such as 200-299" },
        { "an address without a domain",    "[mail]\nfrom = careid\n", "careid.conf:2: [mail] from: must be an address like name@example.org" },
        { "two addresses",                  "[mail]\nfrom = a@example.org,b@example.org\n", "careid.conf:2: [mail] from: must be an address" },
        { "a relay with a path",            "[mail]\nrelay = smtp://mail.example/\n", "careid.conf:2: [mail] relay: must be smtp://HOST" },
        { "a relay of the web",             "[mail]\nrelay = https://mail.example\n", "careid.conf:2: [mail] relay: must be smtp://HOST" },
        { "a relay without scheme",         "[mail]\nrelay = mail.example\n", "careid.conf:2: [mail] relay: must be smtp://HOST" },

        { "nothing to send",                SMS "body = to={to}\n", "[sms] body: neither url nor body has {text}" },
        { "nobody to send to",              SMS "body = text={text}\n", "[sms] body: neither url nor body has {to} or {number}" },
        { "a body without POST",            SMS BODY "method = GET\n", "[sms] body: method = GET has none" },
        { "a secret of no file",            SMS "body = {to}{text}{secret}\n", "[sms] secret: must name the file" },
        { "a user of no name",              SMS "body = {to}{text}{user}\n", "[sms] user: must say" },
        { "from nobody",                    SMS "body = {to}{text}{from}\n", "[sms] from: must say" },
        { "basic without a secret",         SMS BODY "authentication = basic\nuser = a\n", "[sms] authentication: basic needs user and secret" },
        { "mail from nobody",               "[mail]\nrelay = smtp://mail.example\n", "[mail] from: relay needs the address" },
        { "a user without password",        "[mail]\nrelay = smtp://mail.example\nfrom = a@b.example\nuser = u\n", "[mail] secret: user needs" },
        { "a password without user",        "[mail]\nrelay = smtp://mail.example\nfrom = a@b.example\nsecret = /s\n", "[mail] user: secret is" },
};

static void test_cases(void) {
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                AUTO(config_done) struct config c = { 0 };
                char said[CONFIG_COMPLAINT_MAX] = "";
                const char *want = cases[i].want;
                int r;

                (void) config_init(&c);
                r = config_parse(&c, "careid.conf", cases[i].text, strlen(cases[i].text), said);
                if (r == CONFIG_OK)
                        r = config_finish(&c, said);
                check(want ? r == CONFIG_E_WRONG && strncmp(said, want, strlen(want)) == 0 && utf8_is_clean(said, strlen(said), UTF8_ONE_LINE)
                           : r == CONFIG_OK, cases[i].name, said);
        }
}

static const struct {
        const char *text;
        bool ok;
        enum sms_rule_kind kind;
        unsigned from, to;
        const char *member, *words;
} rules[] = {
        { "200",                         true, SMS_RULE_STATUS, 200, 200, "", "" },
        { "200-299",                     true, SMS_RULE_STATUS, 200, 299, "", "" },
        { "202 text 0: Accepted",        true, SMS_RULE_TEXT,   202, 202, "", "0: Accepted" },
        { "200 json status = created",   true, SMS_RULE_JSON,   200, 200, "status", "created" },
        { "200 json status=created",     true, SMS_RULE_JSON,   200, 200, "status", "created" },
        { "200 json messages.0.id",      true, SMS_RULE_JSON,   200, 200, "messages.0.id", "" },
        { "",                            false, 0, 0, 0, NULL, NULL },
        { "199",                         false, 0, 0, 0, NULL, NULL },
        { "302",                         false, 0, 0, 0, NULL, NULL },
        { "200-302",                     false, 0, 0, 0, NULL, NULL },
        { "201-200",                     false, 0, 0, 0, NULL, NULL },
        { "200 text",                    false, 0, 0, 0, NULL, NULL },
        { "200 json",                    false, 0, 0, 0, NULL, NULL },
        { "200 json a..b",               false, 0, 0, 0, NULL, NULL },
        { "200 json a =",                false, 0, 0, 0, NULL, NULL },
        { "200 xml a",                   false, 0, 0, 0, NULL, NULL },
        { "200text a",                   false, 0, 0, 0, NULL, NULL },
};

static void test_rules(void) {
        for (size_t i = 0; i < N_ELEMENTS(rules); i++) {
                struct sms_rule rule = { .kind = 0 };
                const bool ok = sms_rule_parse(rules[i].text, strlen(rules[i].text), &rule);

                check(ok == rules[i].ok && rule.kind == rules[i].kind &&
                              (!ok || (rule.from == rules[i].from && rule.to == rules[i].to && strcmp(rule.member, rules[i].member) == 0 &&
                                       strcmp(rule.words, rules[i].words) == 0)),
                      *rules[i].text ? rules[i].text : "no rule", rule.words);
        }
}

static const struct {
        const char *text, *host;
        enum endpoint_scheme scheme;
        unsigned port;
        bool literal, loopback;
} endpoints[] = {
        { "https://a.example",           "a.example", ENDPOINT_HTTPS, 443, false, false },
        { "http://127.9.0.1:8080/x",     "127.9.0.1", ENDPOINT_HTTP, 8080, true, true },
        { "smtp://LOCALHOST",            "LOCALHOST", ENDPOINT_SMTP, 587, false, true },
        { "smtps://[::1]?x",             "::1", ENDPOINT_SMTPS, 465, true, true },
        { "smtps://[2001:db8::1]:4",     "2001:db8::1", ENDPOINT_SMTPS, 4, true, false },
        { "smtp://127.0.0.1.example",    "127.0.0.1.example", ENDPOINT_SMTP, 587, false, false },
        { "smtp://",                     NULL, 0, 0, false, false },
        { "smtp://a:0",                  NULL, 0, 0, false, false },
        { "smtp://a:65536",              NULL, 0, 0, false, false },
        { "smtp://a b",                  NULL, 0, 0, false, false },
        { "smtp://[a]",                  NULL, 0, 0, false, false },
        { "smtp://a..b",                 NULL, 0, 0, false, false },
        { "ftp://a",                     NULL, 0, 0, false, false },
};

static void test_endpoints(void) {
        for (size_t i = 0; i < N_ELEMENTS(endpoints); i++) {
                struct endpoint e = { .port = 0 };
                const bool ok = endpoint_parse(endpoints[i].text, strlen(endpoints[i].text), &e);

                check(ok == (endpoints[i].host != NULL) && e.scheme == endpoints[i].scheme && e.port == endpoints[i].port &&
                              e.literal == endpoints[i].literal && e.loopback == endpoints[i].loopback && (!ok || strcmp(e.host, endpoints[i].host) == 0),
                      endpoints[i].text, e.host);
        }
}

/* Every option away from its default, compiled, loaded and compiled again. */
static void test_compiled(void) {
        static const char text[] =
                SMS BODY "method = POST\nheader = A: {secret}\nheader = B: {user}|C: d\ncontent-type = json\nsuccess = 201 json a.b = c = d\n"
                "from = Ekvården\nuser = u\nsecret = /s\nauthentication = basic\nca = /ca\n"
                "[mail]\nrelay = smtps://mail.example\nfrom = a@example.org\nfrom-name = Ekvården\nuser = u\nsecret = /m\nca = /c\n"
                "[clients]\naddress = ssh a\n";
        AUTO(config_done) struct config c = { 0 }, loaded = { 0 };
        auto_free char *compiled = NULL, *again = NULL;
        char said[CONFIG_COMPLAINT_MAX] = "";
        size_t n = 0, n_again = 0;
        int r;

        (void) config_init(&c);
        r = config_parse(&c, "careid.conf", text, sizeof text - 1, said);
        check(r == CONFIG_OK && strcmp(c.sms_header, "A: {secret}|B: {user}|C: d") == 0 && strcmp(c.mail_from, "a@example.org") == 0 &&
                      strcmp(c.sms_success, "201 json a.b = c = d") == 0 && strcmp(c.clients_address, "ssh a") == 0,
              "every option away from its default", said);
        r = config_compile(&c, &compiled, &n);
        check(r == 0 && config_load(&loaded, compiled, n, said) == CONFIG_OK && config_compile(&loaded, &again, &n_again) == 0 && n == n_again &&
                      memcmp(compiled, again, n) == 0,
              "compiled, loaded and compiled again", said);
}

int main(void) {
        test_cases();
        test_rules();
        test_endpoints();
        test_compiled();
        printf("1..%u\n", n_tests);
        return failed != 0;
}
