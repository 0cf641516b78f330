/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-helper-texts.c - what the helper puts together for people: places, codes, texts cut to their room */

#include "bankid-material.h"
#include "check-code.h"
#include "qr.h"
#include "texts.h"
#include "utf8.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static unsigned n_tests, n_failed;

static void tell(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        n_failed += !ok;
}

static const struct {
        const char *url, *host;
        uint16_t    port;
        bool        literal;
        int         want;
        enum config_endpoint whose;
} places[] = {
        { "https://appapi2.bankid.com/rp/v6.0",      "appapi2.bankid.com", 443, false, 0, CONFIG_ENDPOINT_PRODUCTION },
        { "https://APPAPI2.bankid.com/rp/v6.0",      "APPAPI2.bankid.com", 443, false, 0, CONFIG_ENDPOINT_PRODUCTION },
        { "https://appapi2.test.bankid.com/rp/v6.0", "appapi2.test.bankid.com", 443, false, 0, CONFIG_ENDPOINT_TEST },
        { "https://127.0.0.1:8443/rp/v6.0",          "127.0.0.1", 8443, true, 0, CONFIG_ENDPOINT_RELAY },
        { "https://[2001:db8::1]:8443/rp/v6.0",      "2001:db8::1", 8443, true, 0, CONFIG_ENDPOINT_RELAY },
        { "https://relay.example",                   "relay.example", 443, false, 0, CONFIG_ENDPOINT_RELAY },
        { "http://relay.example",                    NULL, 0, false, -EINVAL, 0 },
        { "https://",                                NULL, 0, false, -EINVAL, 0 },
        { "https://relay.example:0/",                NULL, 0, false, -EINVAL, 0 },
        { "https://relay.example:65536/",            NULL, 0, false, -EINVAL, 0 },
        { "https://relay.example:1x/",               NULL, 0, false, -EINVAL, 0 },
        { "https://[2001:db8::1/",                   NULL, 0, false, -EINVAL, 0 },
};

static void test_places(void) {
        for (size_t i = 0; i < N_ELEMENTS(places); i++) {
                struct bankid_material m = { .port = 0 };
                const int r = bankid_material_place(places[i].url, &m);

                tell(r == places[i].want && (r != 0 || (strcmp(m.host, places[i].host) == 0 && m.port == places[i].port &&
                     m.literal == places[i].literal && config_endpoint_of(m.url) == places[i].whose)), places[i].url);
        }
}

static void test_qr(void) {
        static const uint8_t finder[] = { 0xFE, 0x82, 0xBA, 0xBA, 0xBA, 0x82, 0xFE };
        static char text[WIRE_TEXT_MAX + 1], frame[111];
        struct qr qr;
        bool found = true;

        memset(frame, 'a', sizeof frame - 1);
        tell(qr_encode(frame, &qr) == 0 && qr.side == 41 && qr.n_bits == (41 * 41 + 7) / 8, "a frame takes 41 modules a side");
        for (size_t y = 0; y < 7; y++)
                for (size_t x = 0; x < 7; x++) {
                        const size_t i = y * qr.side + x;

                        found = found && ((qr.bits[i / 8] >> (7 - i % 8)) & 1) == ((finder[y] >> (7 - x)) & 1);
                }
        tell(found, "its first corner is a finder, dark modules are ones");
        memset(text, 'a', sizeof text - 1);
        tell(qr_encode(text, &qr) == 0 && qr.side <= WIRE_QR_SIDE_MAX, "the longest text");
}

static void test_check_code(void) {
        char code[CHECK_CODE_LEN + 1], other[CHECK_CODE_LEN + 1];
        bool good = true, differs = false;

        for (int i = 0; i < 200; i++) {
                good = good && check_code_make(code) == 0 && strlen(code) == CHECK_CODE_LEN &&
                       strspn(code, CHECK_CODE_ALPHABET) == CHECK_CODE_LEN && check_code_make(other) == 0;
                differs = differs || strcmp(code, other) != 0;
        }
        tell(good && differs, "check codes are of their alphabet, and not all the same");
        tell(!strpbrk(CHECK_CODE_ALPHABET, "0O1IL2Z5S6G8BUV"), "no two characters that look alike");
}

static void test_visible(void) {
        char title[400], out[TEXTS_MAX + 1];
        struct texts_act act = {
                .organisation = title, .host = "ward7", .service = "sudo", .account = "anna", .target = "root",
                .source = "192.0.2.7", .check_code = "A3F7",
        };
        bool clean = true;

        /* Three bytes a character, so that most cuts would fall into one. */
        title[0] = '\0';
        for (size_t i = 0; i < 100; i++)
                memcpy(title + 3 * i, "\xe2\x82\xac", 4);
        for (size_t max = 1; max < 500; max++) {
                texts_visible(&act, max, out);
                clean = clean && strlen(out) <= max && utf8_is_clean(out, strlen(out), UTF8_LINES);
        }
        tell(clean, "cut at any length, what the app shows is clean and fits");
        texts_visible(&act, 1125, out);
        tell(strstr(out, "A3F7") && strstr(out, "ward7") && strstr(out, "sudo") && strstr(out, "anna") && strstr(out, "root") &&
             strstr(out, "192.0.2.7") && strstr(out, title), "it says code, host, service, account, target, source, organisation");
        tell(strstr(out, "is logged"), "and that use is logged");
        act = (struct texts_act) { .host = "ward7", .service = "sshd", .account = "anna" };
        texts_about(&act, out);
        tell(strcmp(out, "SSH at ward7 as anna") == 0, "above the code: service, host, account");
        act.organisation = "Example clinic";
        texts_about(&act, out);
        tell(strcmp(out, "SSH at ward7 as anna\nOrganisation: Example clinic") == 0, "and whom one identifies to, on a line of its own");
        act.organisation = "bad \x1b[2J";
        texts_visible(&act, 1125, out);
        tell(!*out, "a text that could drive a terminal is none");
        texts_with_support(TEXT_WRONG_PERSON, "telephone 1", out);
        tell(strstr(out, "telephone 1"), "where help is stands under a refusal");
        texts_with_support(TEXT_NONE, "", out);
        tell(!*out, "nothing to say, nothing said");
}

/* Whoever has proven who they are is told what is in the way of them; nothing is told in its place, and of what is none nothing. */
static void test_why(void) {
        static const struct {
                const char       *name;
                enum decision_why why;
                enum text         text;
        } reasons[] = {
                { "there is no reason",                        DECISION_WHY_NONE,         TEXT_NONE         },
                { "the care directory has no such account",    DECISION_WHY_UNKNOWN,      TEXT_WENT_WRONG   },
                { "somebody else approved",                    DECISION_WHY_NOT_OWNER,    TEXT_WRONG_PERSON },
                { "nobody could be asked",                     DECISION_WHY_NO_NUMBER,    TEXT_NOT_HERE     },
                { "the account is closed",                     DECISION_WHY_ARCHIVED,     TEXT_ARCHIVED     },
                { "no assignment is valid",                    DECISION_WHY_NOT_ASSIGNED, TEXT_NOT_ASSIGNED },
                { "the host does not know the name",           DECISION_WHY_NOT_ON_HOST,  TEXT_NOT_HERE     },
                { "the name is one of the host's own users",   DECISION_WHY_UID_LOW,      TEXT_NOT_HERE     },
                { "the name is somebody else to the host",     DECISION_WHY_UID_OTHER,    TEXT_NOT_HERE     },
                { "clients don't log in",                      DECISION_WHY_CLIENTS_OFF, TEXT_CLIENTS_OFF  },
                { "no way that is open was taken",             DECISION_WHY_WAY_CLOSED,   TEXT_WAY_CLOSED   },
                { "a value that there isn't",                  0,                         TEXT_WENT_WRONG   },
                { "one after the last",                        DECISION_WHY_WAY_CLOSED + 1, TEXT_WENT_WRONG  },
        };
        char out[TEXTS_MAX + 1];

        for (size_t i = 0; i < N_ELEMENTS(reasons); i++) {
                texts_with_support(texts_of_why(reasons[i].why), "", out);
                tell(texts_of_why(reasons[i].why) == reasons[i].text && (*out != '\0') == (reasons[i].why != DECISION_WHY_NONE), reasons[i].name);
        }
}

int main(void) {
        test_places();
        test_why();
        test_qr();
        test_check_code();
        test_visible();
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}
