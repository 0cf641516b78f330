/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-bankid-json.c - one row for each thing that BankID, or something in its place, may answer (bankid-json.c MUST 1-3) */

#include "bankid-json.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REF    "131daac9-16c6-4618-beb0-365768f37288"
#define T64    "1234567812345678123456781234567812345678123456781234567812345678"
#define ORDER  "\"orderRef\":\"" REF "\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\""
#define HTML   "<html><head><title>403 Forbidden</title></head></html>"
#define ERROR(code) "{\"errorCode\":\"" code "\",\"details\":\"x\"}"

static const struct {
        const char *name;
        long        status;
        const char *body;
        int         want;
} orders[] = {
        { "an order",                              200, "{" ORDER "}", BANKID_OK },
        { "an order with more than we know",       200, "{" ORDER ",\"new\":{\"a\":[1,2]}}", BANKID_OK },
        { "no token",                              200, "{\"orderRef\":\"r\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "no secret",                             200, "{\"orderRef\":\"r\",\"qrStartToken\":\"t\"}", BANKID_E_NOT_UNDERSTOOD },
        { "no token for a link",                   200, "{\"orderRef\":\"r\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token for a link with a space",       200, "{\"orderRef\":\"r\",\"autoStartToken\":\"a b\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "no reference",                          200, "{\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token of 64",                         200, "{\"orderRef\":\"" T64 "\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_OK },
        { "a token of 65",                         200, "{\"orderRef\":\"" T64 "5\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "an empty token",                        200, "{\"orderRef\":\"\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token with a dot",                    200, "{\"orderRef\":\"r\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t.0\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token with a newline",                200, "{\"orderRef\":\"r\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\\n\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token with NUL",                      200, "{\"orderRef\":\"r\\u0000\",\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a token that is a number",              200, "{\"orderRef\":1,\"autoStartToken\":\"a\",\"qrStartToken\":\"t\",\"qrStartSecret\":\"s\"}", BANKID_E_NOT_UNDERSTOOD },
        { "a member twice",                        200, "{" ORDER ",\"orderRef\":\"other\"}", BANKID_E_NOT_UNDERSTOOD },
        { "an array",                              200, "[]", BANKID_E_NOT_UNDERSTOOD },
        { "nothing",                               200, "", BANKID_E_NOT_UNDERSTOOD },
        { "HTML where an order should be",         200, HTML, BANKID_E_NOT_UNDERSTOOD },
        { "JSON and then more",                    200, "{" ORDER "}x", BANKID_E_NOT_UNDERSTOOD },
        { "an order with another status",          201, "{" ORDER "}", BANKID_E_NOT_UNDERSTOOD },
        { "a redirect",                            302, "", BANKID_E_NOT_UNDERSTOOD },
        { "no status",                             0,   "", BANKID_E_NOT_UNDERSTOOD },
        { "400 alreadyInProgress",                 400, ERROR("alreadyInProgress"), BANKID_E_IN_PROGRESS },
        { "400 invalidParameters",                 400, ERROR("invalidParameters"), BANKID_E_REJECTED },
        { "400 canceled",                          400, ERROR("canceled"), BANKID_E_CANCELLED },
        { "400 cancelled",                         400, ERROR("cancelled"), BANKID_E_CANCELLED },
        { "400 with a code of later",              400, ERROR("somethingNew"), BANKID_E_UNKNOWN },
        { "400 without JSON",                      400, HTML, BANKID_E_UNKNOWN },
        { "401",                                   401, ERROR("unauthorized"), BANKID_E_REJECTED },
        { "403 of a front end, in HTML",           403, HTML, BANKID_E_REJECTED },
        { "404",                                   404, ERROR("notFound"), BANKID_E_REJECTED },
        { "405",                                   405, "", BANKID_E_REJECTED },
        { "408",                                   408, ERROR("requestTimeout"), BANKID_E_TROUBLE },
        { "415",                                   415, ERROR("unsupportedMediaType"), BANKID_E_REJECTED },
        { "429",                                   429, ERROR("tooManyRequests"), BANKID_E_BUSY },
        { "500",                                   500, ERROR("internalError"), BANKID_E_TROUBLE },
        { "400 ALREADYINPROGRESS",                 400, ERROR("ALREADYINPROGRESS"), BANKID_E_IN_PROGRESS },
        { "418 with a code of later",              418, ERROR("somethingNew"), BANKID_E_UNKNOWN },
        { "503 maintenance",                       503, ERROR("maintenance"), BANKID_E_MAINTENANCE },
        { "503 MAINTENANCE",                       503, ERROR("MAINTENANCE"), BANKID_E_MAINTENANCE },
        { "503 Maintenance",                       503, ERROR("Maintenance"), BANKID_E_MAINTENANCE },
        { "500 MAINTENANCE",                       500, ERROR("MAINTENANCE"), BANKID_E_MAINTENANCE },
        { "502 of a relay",                        502, HTML, BANKID_E_MAINTENANCE },
        { "504 of a relay",                        504, HTML, BANKID_E_MAINTENANCE },
        { "501 of something else",                 501, HTML, BANKID_E_TROUBLE },
        { "505 of something else",                 505, HTML, BANKID_E_TROUBLE },
        { "503 in HTML",                           503, HTML, BANKID_E_MAINTENANCE },
        { "500 that claims to be in progress",     500, ERROR("alreadyInProgress"), BANKID_E_TROUBLE },
};

#define PENDING(hint)  "{\"orderRef\":\"" REF "\",\"status\":\"pending\",\"hintCode\":\"" hint "\"}"
#define FAILED(hint)   "{\"orderRef\":\"" REF "\",\"status\":\"failed\",\"hintCode\":\"" hint "\"}"
#define COMPLETE(user) "{\"orderRef\":\"" REF "\",\"status\":\"complete\",\"completionData\":{\"user\":" user "}}"

static const struct {
        const char      *name;
        long             status;
        const char      *body;
        int              want;
        enum bankid_hint hint;
} collects[] = {
        { "outstandingTransaction", 200, PENDING("outstandingTransaction"), BANKID_OK, BANKID_OUTSTANDING },
        { "noClient",            200, PENDING("noClient"), BANKID_OK, BANKID_NO_CLIENT },
        { "started",             200, PENDING("started"), BANKID_OK, BANKID_STARTED },
        { "userMrtd",            200, PENDING("userMrtd"), BANKID_OK, BANKID_USER_MRTD },
        { "userSign",            200, PENDING("userSign"), BANKID_OK, BANKID_USER_SIGN },
        { "userCallConfirm",     200, PENDING("userCallConfirm"), BANKID_OK, BANKID_USER_CALL },
        { "processing",          200, PENDING("processing"), BANKID_OK, BANKID_PROCESSING },
        { "a pending hint of later", 200, PENDING("x"), BANKID_OK, BANKID_PENDING },
        { "pending without a hint", 200, "{\"orderRef\":\"" REF "\",\"status\":\"pending\"}", BANKID_OK, BANKID_PENDING },
        { "expiredTransaction",  200, FAILED("expiredTransaction"), BANKID_OK, BANKID_EXPIRED },
        { "certificateErr",      200, FAILED("certificateErr"), BANKID_OK, BANKID_CERTIFICATE },
        { "userCancel",          200, FAILED("userCancel"), BANKID_OK, BANKID_USER_CANCEL },
        { "cancelled",           200, FAILED("cancelled"), BANKID_OK, BANKID_CANCELLED },
        { "startFailed",         200, FAILED("startFailed"), BANKID_OK, BANKID_START_FAILED },
        { "transactionRiskBlocked", 200, FAILED("transactionRiskBlocked"), BANKID_OK, BANKID_RISK_BLOCKED },
        { "userDeclinedCall",    200, FAILED("userDeclinedCall"), BANKID_OK, BANKID_USER_DECLINED },
        { "notSupportedByUserApp", 200, FAILED("notSupportedByUserApp"), BANKID_OK, BANKID_NOT_SUPPORTED },
        { "a failed hint of later", 200, FAILED("x"), BANKID_OK, BANKID_FAILED },
        { "failed without a hint", 200, "{\"orderRef\":\"" REF "\",\"status\":\"failed\"}", BANKID_OK, BANKID_FAILED },
        { "a pending hint on failed", 200, FAILED("userSign"), BANKID_OK, BANKID_FAILED },
        { "a failed hint on pending", 200, PENDING("startFailed"), BANKID_OK, BANKID_PENDING },
        { "complete",            200, COMPLETE("{\"personalNumber\":\"189001019802\"}"), BANKID_OK, BANKID_COMPLETE },
        { "complete, 11 digits", 200, COMPLETE("{\"personalNumber\":\"18900101980\"}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, 13 digits", 200, COMPLETE("{\"personalNumber\":\"1890010198020\"}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, a hyphen",  200, COMPLETE("{\"personalNumber\":\"19900101-980\"}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, a number that is one", 200, COMPLETE("{\"personalNumber\":189001019802}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, no number", 200, COMPLETE("{\"name\":\"x\"}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, user is a string", 200, COMPLETE("\"189001019802\""), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete without data", 200, "{\"orderRef\":\"" REF "\",\"status\":\"complete\"}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, of another order", 200, "{\"orderRef\":\"x\",\"status\":\"complete\",\"completionData\":{\"user\":"
          "{\"personalNumber\":\"189001019802\"}}}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, of no order", 200, "{\"status\":\"complete\",\"completionData\":{\"user\":"
          "{\"personalNumber\":\"189001019802\"}}}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "complete, with status 500", 500, COMPLETE("{\"personalNumber\":\"189001019802\"}"), BANKID_E_TROUBLE, 0 },
        { "complete, with status 202", 202, COMPLETE("{\"personalNumber\":\"189001019802\"}"), BANKID_E_NOT_UNDERSTOOD, 0 },
        { "pending, with a number all the same", 200, "{\"orderRef\":\"" REF "\",\"status\":\"pending\",\"completionData\":"
          "{\"user\":{\"personalNumber\":\"189001019802\"}}}", BANKID_OK, BANKID_PENDING },
        { "a status of later",   200, "{\"orderRef\":\"" REF "\",\"status\":\"done\"}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "Complete, in another case", 200, "{\"orderRef\":\"" REF "\",\"status\":\"Complete\"}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "no status at all",    200, "{\"orderRef\":\"" REF "\"}", BANKID_E_NOT_UNDERSTOOD, 0 },
        { "HTML",                200, HTML, BANKID_E_NOT_UNDERSTOOD, 0 },
        { "collected twice",     400, ERROR("invalidParameters"), BANKID_E_REJECTED, 0 },
        { "too often",           429, ERROR("tooManyRequests"), BANKID_E_BUSY, 0 },
};

static const struct {
        const char *name;
        long        status;
        const char *body;
        int         want;
} probes[] = {
        { "the probe is refused for its method: good", 405, "", BANKID_OK },
        { "the probe finds an outage",                 503, HTML, BANKID_E_MAINTENANCE },
        { "the probe is refused for its certificate",  403, HTML, BANKID_E_REJECTED },
        { "the probe is answered as if it were an order", 200, "{" ORDER "}", BANKID_E_NOT_UNDERSTOOD },
};

static const struct {
        const char *name, *body, *want;
} codes[] = {
        { "an errorCode",                "{\"errorCode\":\"invalidParameters\"}", "invalidParameters" },
        { "an errorCode with a newline", "{\"errorCode\":\"a\\nb\"}", "" },
        { "an errorCode of 32",          "{\"errorCode\":\"abcdefghabcdefghabcdefghabcdefgh\"}", "abcdefghabcdefghabcdefghabcdefgh" },
        { "an errorCode of 33",          "{\"errorCode\":\"abcdefghabcdefghabcdefghabcdefghi\"}", "" },
        { "no errorCode",                HTML, "" },
};

static unsigned n_tests, n_failed;

static void tell(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        n_failed += !ok;
}

#define WHO "\"user\":{\"personalNumber\":\"189001019802\"}"
#define DONE(more) "{\"orderRef\":\"" REF "\",\"status\":\"complete\",\"completionData\":{" WHO more "}}"

/* What hangs on these is a refusal only: what is not right is as good as not said. */
static const struct {
        const char *name, *body, *device, *risk;
} devices[] = {
        { "an address and a risk",         DONE(",\"device\":{\"ipAddress\":\"192.0.2.7\"},\"risk\":\"low\""), "192.0.2.7", "low" },
        { "an IPv6 address, another case", DONE(",\"device\":{\"ipAddress\":\"2001:DB8::7\"},\"risk\":\"HIGH\""), "2001:DB8::7", "high" },
        { "neither",                       DONE(""), "", "" },
        { "of the wrong type",             DONE(",\"device\":{\"ipAddress\":7},\"risk\":true"), "", "" },
        { "a device that is a text",       DONE(",\"device\":\"192.0.2.7\""), "", "" },
        { "an address that is a name",     DONE(",\"device\":{\"ipAddress\":\"phone.example\"}"), "", "" },
        { "an address with a zone",        DONE(",\"device\":{\"ipAddress\":\"fe80::1%a\"}"), "", "" },
        { "an address of 46 bytes",        DONE(",\"device\":{\"ipAddress\":\"1234567890123456789012345678901234567890123456\"}"), "", "" },
        { "a risk of later",               DONE(",\"risk\":\"extreme\""), "", "" },
};

static void test_devices(void) {
        for (size_t i = 0; i < N_ELEMENTS(devices); i++) {
                struct bankid_collected c = { .hint = 0 };
                const int r = bankid_json_collected(200, devices[i].body, strlen(devices[i].body), REF, &c);

                tell(r == BANKID_OK && c.hint == BANKID_COMPLETE && strcmp(c.device, devices[i].device) == 0 &&
                     strcmp(c.risk, devices[i].risk) == 0, devices[i].name);
        }
}

static void test_words(void) {
        bool told = true, found = true;
        enum text text;

        for (int h = 0; h <= BANKID_COMPLETE + 1; h++) {
                const struct bankid_hint_words *w = bankid_hint_words((enum bankid_hint) h);

                told = told && w->scan != TEXT_NONE && w->link != TEXT_NONE && w->end != METHOD_PROVEN &&
                       (w->failed ? w->end != 0 : w->state != 0 && w->end == 0);
                found = found && (!w->name || bankid_hint_find(w->name, w->failed) == (enum bankid_hint) h);
        }
        tell(told, "every hint, and none, has a text, and proves nothing by itself");
        tell(found, "every hint is found by its name");
        told = true;
        for (int r = -1; r <= BANKID_E_MAX; r++) {
                const enum method_end end = bankid_error_end(r, &text);

                told = told && end != 0 && end != METHOD_PROVEN && text != TEXT_NONE;
        }
        tell(told, "every verdict about an answer, and none, ends it, with a text, as no proof");
}

static void test_requests(void) {
        char visible[BANKID_VISIBLE_MAX + 2], link[BANKID_LINK_MAX + 1];
        auto_free char *body = NULL, *test = NULL, *reference = NULL, *full = NULL, *none = NULL, *any = NULL;
        struct bankid_request q = { .address = "192.0.2.1", .visible = "Hej", .risk = "LOW" };

        tell(bankid_json_make_order(&q, &body) == 0 &&
             strcmp(body, "{\"endUserIp\":\"192.0.2.1\",\"userVisibleData\":\"SGVq\",\"userVisibleDataFormat\":\"plaintext\","
                          "\"requirement\":{\"certificatePolicies\":[\"1.2.752.78.1.5\"],\"risk\":\"LOW\"},\"returnRisk\":true}") == 0,
             "a request names an address, a text, and mobile BankID only; no personal number");
        q.test = true;
        tell(bankid_json_make_order(&q, &test) == 0 && strstr(test, ":[\"1.2.3.4.25\"]"), "in the test environment, test BankIDs only");
        q.risk = NULL;
        tell(bankid_json_make_order(&q, &any) == 0 && !strstr(any, "\"risk\""), "any risk, where the configuration says so");
        tell(bankid_json_make_reference(REF, &reference) == 0 && strcmp(reference, "{\"orderRef\":\"" REF "\"}") == 0,
             "a request about an order");
        memset(visible, 'x', sizeof visible);
        visible[BANKID_VISIBLE_MAX] = '\0';
        q.visible = visible;
        tell(bankid_json_make_order(&q, &full) == 0, "a text of the greatest length");
        visible[BANKID_VISIBLE_MAX] = 'x';
        visible[BANKID_VISIBLE_MAX + 1] = '\0';
        tell(bankid_json_make_order(&q, &none) == -EINVAL && !none, "a text that is one byte longer");
        q.visible = "";
        tell(bankid_json_make_order(&q, &none) == -EINVAL && !none, "no text");
        bankid_link(REF, link);
        tell(strcmp(link, "https://app.bankid.com/?autostarttoken=" REF "&redirect=null") == 0, "a link on this device");
        bankid_link(T64, link);
        tell(strlen(link) <= BANKID_LINK_MAX && strstr(link, T64 "&redirect=null"), "a link with the longest token");
}

int main(void) {
        for (size_t i = 0; i < N_ELEMENTS(orders); i++) {
                struct bankid_order o = { .reference = "" };
                const int r = bankid_json_order(orders[i].status, orders[i].body, strlen(orders[i].body), &o);

                tell(r == orders[i].want && (r == BANKID_OK) == (*o.reference && *o.qr_token && *o.qr_secret), orders[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(collects); i++) {
                struct bankid_collected c = { .hint = 0 };
                const int r = bankid_json_collected(collects[i].status, collects[i].body, strlen(collects[i].body), REF, &c);

                tell(r == collects[i].want && c.hint == collects[i].hint &&
                     (c.hint == BANKID_COMPLETE ? strcmp(c.number, "189001019802") == 0 : !*c.number), collects[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(probes); i++)
                tell(bankid_json_probe(probes[i].status, probes[i].body, strlen(probes[i].body)) == probes[i].want, probes[i].name);
        for (size_t i = 0; i < N_ELEMENTS(codes); i++) {
                char code[BANKID_CODE_MAX + 1];

                bankid_json_error_code(codes[i].body, strlen(codes[i].body), code);
                tell(strcmp(code, codes[i].want) == 0, codes[i].name);
        }
        test_devices();
        test_words();
        test_requests();
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}
