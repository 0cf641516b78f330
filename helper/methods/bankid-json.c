/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-json.c - the only reader and writer of BankID's JSON
 *
 *     auth, sign 200 {"orderRef": token, "autoStartToken": token, "qrStartToken": token, "qrStartSecret": token, ...}
 *     collect, 200   {"orderRef": token, "status": "pending" / "failed", "hintCode": text, ...}
 *                    {"orderRef": token, "status": "complete",
 *                     "completionData": {"user": {"personalNumber": 12 digits, ...},
 *                                        "device": {"ipAddress": address, ...}, "risk": word, ...}}
 *     else           {"errorCode": text, "details": text}, or any bytes
 *
 * Other members are left alone: BankID adds some without asking.
 *
 * 1. MUST say BANKID_COMPLETE for status 200 and "complete" only, about the order asked for, with a number.
 * 2. MUST survive any bytes: HTML, other types, missing members, codes of later editions.
 * 3. MUST not pass on a token that is not letters, digits and hyphens.
 */

#include "bankid-json.h"

#include "cleanup.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Certificate policies of Mobile BankID: BankID/SampleCode BankIDRequirements.java. */
#define POLICY_PRODUCTION "1.2.752.78.1.5"
#define POLICY_TEST       "1.2.3.4.25"

static json_t *object_parse(const char *body, size_t n) {
        json_t *o;

        if (n > BANKID_BODY_MAX)
                return NULL;
        o = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
        if (json_is_object(o))
                return o;
        json_decref(o);
        return NULL;
}

/* A string without NUL, or NULL. */
static const char *object_text(const json_t *o, const char *name) {
        const json_t *v = json_object_get(o, name);

        if (!json_is_string(v) || strlen(json_string_value(v)) != json_string_length(v))
                return NULL;
        return json_string_value(v);
}

static bool is_token(const char *s) {
        const size_t n = s ? strlen(s) : 0;

        return n > 0 && n <= BANKID_TOKEN_MAX &&
               strspn(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n;
}

static bool object_token(const json_t *o, const char *name, char ret[static BANKID_TOKEN_MAX + 1]) {
        const char *s = object_text(o, name);

        if (!is_token(s))
                return false;
        memcpy(ret, s, strlen(s) + 1);
        return true;
}

static int status_verdict(long status, const json_t *o) {
        return bankid_error_verdict(status, o ? object_text(o, "errorCode") : NULL);
}

int bankid_json_order(long status, const char *body, size_t n, struct bankid_order *ret) {
        AUTO(json_decrefp) json_t *o = object_parse(body, n);
        struct bankid_order order = { .reference = "" };
        int r = BANKID_E_NOT_UNDERSTOOD;

        if (status != 200)
                return status_verdict(status, o);
        if (o && object_token(o, "orderRef", order.reference) && object_token(o, "qrStartToken", order.qr_token) &&
            object_token(o, "qrStartSecret", order.qr_secret) &&
            object_token(o, "autoStartToken", order.start_token)) {
                *ret = order;
                r = BANKID_OK;
        }
        explicit_bzero(&order, sizeof order);
        return r;
}

static bool object_number(const json_t *o, char ret[static BANKID_NUMBER_LEN + 1]) {
        const json_t *user = json_object_get(json_object_get(o, "completionData"), "user");
        const char *s = object_text(user, "personalNumber");

        if (!s || strlen(s) != BANKID_NUMBER_LEN || strspn(s, "0123456789") != BANKID_NUMBER_LEN)
                return false;
        memcpy(ret, s, BANKID_NUMBER_LEN + 1);
        return true;
}

/* What is not an address is as good as none: nothing may hang on it but a refusal. */
static void object_device(const json_t *o, char ret[static BANKID_ADDRESS_MAX + 1]) {
        const char *s = object_text(json_object_get(json_object_get(o, "completionData"), "device"), "ipAddress");
        const size_t n = s ? strlen(s) : 0;

        if (n == 0 || n > BANKID_ADDRESS_MAX || strspn(s, "0123456789abcdefABCDEF:.") != n)
                return;
        memcpy(ret, s, n + 1);
}

static void object_risk(const json_t *o, char ret[static BANKID_RISK_MAX + 1]) {
        static const char *const risks[] = { "low", "moderate", "high" };
        const char *s = object_text(json_object_get(o, "completionData"), "risk");

        for (size_t i = 0; s && i < N_ELEMENTS(risks); i++)
                if (strcasecmp(s, risks[i]) == 0)
                        memcpy(ret, risks[i], strlen(risks[i]) + 1);
}

int bankid_json_collected(long status, const char *body, size_t n, const char *reference,
                          struct bankid_collected *ret) {
        AUTO(json_decrefp) json_t *o = object_parse(body, n);
        const char *named, *state;

        if (status != 200)
                return status_verdict(status, o);
        if (!o)
                return BANKID_E_NOT_UNDERSTOOD;
        named = object_text(o, "orderRef");
        state = object_text(o, "status");
        if (!named || strcmp(named, reference) != 0 || !state)
                return BANKID_E_NOT_UNDERSTOOD;

        if (strcmp(state, "complete") == 0) {
                struct bankid_collected done = { .hint = BANKID_COMPLETE };

                if (!object_number(o, done.number))
                        return BANKID_E_NOT_UNDERSTOOD;
                object_device(o, done.device);
                object_risk(o, done.risk);
                *ret = done;
                explicit_bzero(&done, sizeof done);
                return BANKID_OK;
        }
        if (strcmp(state, "pending") != 0 && strcmp(state, "failed") != 0)
                return BANKID_E_NOT_UNDERSTOOD;
        *ret = (struct bankid_collected) {
                .hint = bankid_hint_find(object_text(o, "hintCode"), strcmp(state, "failed") == 0),
        };
        return BANKID_OK;
}

int bankid_json_probe(long status, const char *body, size_t n) {
        AUTO(json_decrefp) json_t *o = NULL;

        if (status == 405)
                return BANKID_OK;
        o = object_parse(body, n);
        return status_verdict(status, o);
}

void bankid_json_error_code(const char *body, size_t n, char ret[static BANKID_CODE_MAX + 1]) {
        AUTO(json_decrefp) json_t *o = object_parse(body, n);
        const char *code = o ? object_text(o, "errorCode") : NULL;
        const size_t n_code = code ? strlen(code) : 0;

        ret[0] = '\0';
        if (n_code <= BANKID_CODE_MAX &&
            strspn(code ? code : "", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == n_code)
                memcpy(ret, code ? code : "", n_code + 1);
}

static int object_dump(json_t *o, char **ret) {
        char *s = o ? json_dumps(o, JSON_COMPACT) : NULL;

        if (!s)
                return -ENOMEM;
        *ret = s;
        return 0;
}

int bankid_json_make_order(const struct bankid_request *q, char **ret) {
        AUTO(json_decrefp) json_t *o = NULL;
        const size_t n = strlen(q->visible);
        uint8_t encoded[(BANKID_VISIBLE_MAX + 2) / 3 * 4 + 1];
        json_t *requirement;

        if (n == 0 || n > BANKID_VISIBLE_MAX)
                return -EINVAL;
        (void) EVP_EncodeBlock(encoded, (const uint8_t *) q->visible, (int) n);

        /* Mobile BankID only: a code that is shown here must not open a card or a file on another computer. */
        o = json_pack("{s:s, s:s, s:s, s:{s:[s]}, s:b}",
                      "endUserIp", q->address,
                      "userVisibleData", (const char *) encoded,
                      "userVisibleDataFormat", "plaintext",
                      "requirement",
                      "certificatePolicies", q->test ? POLICY_TEST : POLICY_PRODUCTION,
                      "returnRisk", true);
        requirement = json_object_get(o, "requirement");
        if (o && q->risk && json_object_set_new(requirement, "risk", json_string(q->risk)) < 0)
                return -ENOMEM;
        return object_dump(o, ret);
}

void bankid_link(const char *start_token, char ret[static BANKID_LINK_MAX + 1]) {
        (void) snprintf(ret, BANKID_LINK_MAX + 1, "https://app.bankid.com/?autostarttoken=%.*s&redirect=null",
                        BANKID_TOKEN_MAX, start_token);
}

int bankid_json_make_reference(const char *reference, char **ret) {
        AUTO(json_decrefp) json_t *o = json_pack("{s:s}", "orderRef", reference);

        return object_dump(o, ret);
}
