/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sending.c - what is filled in stays what it was, an answer is a yes only as the rule says, a mail is one mail
 */

#include "answer.h"
#include "cleanup.h"
#include "fill.h"
#include "letter.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name, const char *got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %s\n", got);
        failed += !ok;
}

static const struct fill_fields fields = {
        .to = "+46701740605", .text = "Kod: 12 & \"{to}\"\n\\å", .from = "Eken", .user = "u", .secret = "s 3",
};

static const struct {
        const char *name, *template, *want;
        enum fill_place place;
        int r;
} fills[] = {
        { "an address",               "https://a/?to={to}&text={text}&k={secret}",
          "https://a/?to=%2B46701740605&text=Kod%3A%2012%20%26%20%22%7Bto%7D%22%0A%5C%C3%A5&k=s%203", FILL_URL, 0 },
        { "a number without its plus", "{number}", "46701740605", FILL_URL, 0 },
        { "JSON",                     "{\"to\":\"{to}\",\"text\":\"{text}\",\"n\":{number}}",
          "{\"to\":\"+46701740605\",\"text\":\"Kod: 12 & \\u0022{to}\\u0022\\u000A\\u005Cå\",\"n\":46701740605}", FILL_JSON, 0 },
        { "a header",                 "Authorization: Bearer {secret}", "Authorization: Bearer s 3", FILL_HEADER, 0 },
        { "a header of two lines",    "X: {text}", "", FILL_HEADER, -EINVAL },
        { "nothing to fill in",       "a{b{}}{", "a{b{}}{", FILL_URL, 0 },
        { "what is no field",         "{txt}{TO}{to", "{txt}{TO}{to", FILL_URL, 0 },
};

static void test_fill(void) {
        for (size_t i = 0; i < N_ELEMENTS(fills); i++) {
                char got[512] = "";
                const int r = fill(fills[i].template, fills[i].place, &fields, got, sizeof got);

                check(r == fills[i].r && strcmp(got, fills[i].want) == 0, fills[i].name, got);
        }
        for (size_t n = 0; n <= 16; n++) {
                char got[16] = "";
                const int r = fill("n={number}", FILL_URL, &fields, got, n);

                if (n == 14 || n == 13)
                        check(r == (n == 14 ? 0 : -EOVERFLOW) && (r == 0) == (*got != '\0'), n == 14 ? "room that just suffices" : "a byte too little", got);
        }
}

static const struct {
        const char *name, *rule;
        long status;
        const char *body;
        enum sending_outcome want;
} answers[] = {
        { "taken",                                  "200-299", 202, "", SENDING_SENT },
        { "a status that the rule does not name",   "201", 200, "", SENDING_FAILED },
        { "a redirect",                             "200-299", 302, "", SENDING_FAILED },
        { "not found",                              "200-299", 404, "", SENDING_FAILED },
        { "a wrong password",                       "200-299", 403, "", SENDING_FAILED },
        { "a message that it does not take",        "200-299", 400, "", SENDING_REFUSED },
        { "too many",                               "200-299", 429, "", SENDING_FAILED },
        { "trouble",                                "200-299", 503, "", SENDING_FAILED },
        { "no status at all",                       "200-299", 0, "", SENDING_FAILED },
        { "words that it says",                     "202 text 0: Accepted", 202, "x 0: Accepted for delivery", SENDING_SENT },
        { "200 with an error in its text",          "200 text OK", 200, "ERROR 105: no credit", SENDING_FAILED },
        { "words in no text",                       "200 text OK", 200, "", SENDING_FAILED },
        { "a member that is right",                 "200 json status = created", 200, "{\"status\":\"created\"}", SENDING_SENT },
        { "a member that is not",                   "200 json status = created", 200, "{\"status\":\"failed\"}", SENDING_FAILED },
        { "a member that begins so",                "200 json status = created", 200, "{\"status\":\"created?\"}", SENDING_FAILED },
        { "a member with NUL after it",             "200 json status = created", 200, "{\"status\":\"created\\u0000\"}", SENDING_FAILED },
        { "a number",                               "200 json code = 0", 200, "{\"code\":0}", SENDING_SENT },
        { "truth",                                  "200 json ok = true", 200, "{\"ok\":true}", SENDING_SENT },
        { "the member of another object",           "200 json status = created", 200, "{\"a\":{\"status\":\"created\"}}", SENDING_FAILED },
        { "deep down",                              "200 json messages.0.status = 0", 200, "{\"messages\":[{\"status\":\"0\"}]}", SENDING_SENT },
        { "beside the list",                        "200 json messages.1.status = 0", 200, "{\"messages\":[{\"status\":\"0\"}]}", SENDING_FAILED },
        { "any id",                                 "200 json ids.0", 200, "{\"ids\":[431332671]}", SENDING_SENT },
        { "no id",                                  "200 json ids", 200, "{\"ids\":[]}", SENDING_FAILED },
        { "null",                                   "200 json id", 200, "{\"id\":null}", SENDING_FAILED },
        { "false",                                  "200 json id", 200, "{\"id\":false}", SENDING_FAILED },
        { "an empty text",                          "200 json id", 200, "{\"id\":\"\"}", SENDING_FAILED },
        { "no JSON",                                "200 json id", 200, "<html>", SENDING_FAILED },
        { "twice the same member",                  "200 json id = a", 200, "{\"id\":\"b\",\"id\":\"a\"}", SENDING_FAILED },
};

static void test_answers(void) {
        for (size_t i = 0; i < N_ELEMENTS(answers); i++) {
                char detail[SENDING_DETAIL_MAX] = "";
                struct sms_rule rule;
                const bool is = sms_rule_parse(answers[i].rule, strlen(answers[i].rule), &rule);

                check(is && answer_judge(&rule, answers[i].status, answers[i].body, strlen(answers[i].body), detail) == answers[i].want &&
                              (answers[i].want == SENDING_SENT) == (*detail == '\0') && !strstr(detail, "credit"),
                      answers[i].name, detail);
        }
}

static struct letter a_letter(void) {
        return (struct letter) {
                .from = "login@ek.example", .from_name = "Ekvården", .to = "a@b.example", .subject = "Så loggar du in",
                .text = "Hej!\n\n.\nFrom here = \xc3\xa5 \nlast", .date = 1795384000, .id = { 0xab, [15] = 1 },
        };
}

static const char whole[] =
        "Date: Sun, 22 Nov 2026 21:46:40 +0000\r\n"
        "From: =?UTF-8?B?RWt2w6VyZGVu?=\r\n"
        " <login@ek.example>\r\n"
        "To: <a@b.example>\r\n"
        "Subject: =?UTF-8?B?U8OlIGxvZ2dhciBkdSBpbg==?=\r\n"
        "Message-ID: <ab000000000000000000000000000001@ek.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Auto-Submitted: auto-generated\r\n\r\n"
        "Hej!\r\n\r\n.\r\nFrom here =3D =C3=A5=20\r\nlast\r\n";

static void refused(const char *name, struct letter l) {
        auto_free char *text = NULL;
        size_t n;

        check(letter_write(&l, &text, &n) == -EINVAL && !text, name, text ? text : "");
}

static void test_letters(void) {
        struct letter l = a_letter();
        auto_free char *text = NULL, *named = NULL, *longer = NULL;
        char long_text[SENDING_TEXT_MAX + 2];
        size_t n = 0;
        int r;

        r = letter_write(&l, &text, &n);
        check(r == 0 && n == strlen(whole) && strcmp(text, whole) == 0, "a whole letter", text ? text : "");
        l.from_name = "";
        l.subject = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnoåäö";
        r = letter_write(&l, &named, &n);
        check(r == 0 && strstr(named, "\r\nFrom: <login@ek.example>\r\n") &&
                      strstr(named, "Subject: =?UTF-8?B?YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWZnaGlqa2xtbm8=?=\r\n =?UTF-8?B?w6XDpMO2?=\r\n"),
              "no name, and a subject of two words, cut between two characters", named ? named : "");
        memset(long_text, 'a', sizeof long_text);
        long_text[SENDING_TEXT_MAX] = '\0';
        l.text = long_text;
        check(letter_write(&l, &longer, &n) == 0, "the longest text", "");
        long_text[SENDING_TEXT_MAX] = 'a';
        long_text[SENDING_TEXT_MAX + 1] = '\0';
        refused("a text one byte too long", l);

        l = a_letter();
        l.subject = "a\r\nBcc: x@y.example";
        refused("a subject that would be another header", l);
        l = a_letter();
        l.subject = "";
        refused("no subject", l);
        l = a_letter();
        l.from_name = "a\nb";
        refused("a name of two lines", l);
        l = a_letter();
        l.to = "a@b.example>\r\nBcc: <x@y.example";
        refused("an address that would be another header", l);
        l = a_letter();
        l.to = "a@b.example,c@d.example";
        refused("two addresses", l);
        l = a_letter();
        l.text = "a\033[2J";
        refused("a text with controls", l);
}

/* The longest that the configuration takes still fits into what is sent. */
static void test_words(void) {
        AUTO(config_done) struct config c = { 0 };
        static struct words w;
        char said[CONFIG_COMPLAINT_MAX], text[1024];

        (void) config_init(&c);
        (void) snprintf(text, sizeof text, "[general]\nsupport = %0195d\norganisation = %080d\n[methods]\nallow = bankid, password+sms, mail\n"
                        "[clients]\naddress = ssh login.example.org\n", 1, 2);
        check(config_parse(&c, "careid.conf", text, strlen(text), said) == CONFIG_OK, "a configuration of long lines", said);
        words_contact_changed(&c, false, &w);
        check(strlen(w.text) <= SENDING_SMS_MAX && strstr(w.text, "not registered") && strstr(w.text, "\nHelp: 000"), "a notice is an SMS", w.text);
        words_code(&c, false, "12345678", 10, &w);
        check(strlen(w.text) <= SENDING_SMS_MAX && strncmp(w.text, "12345678 ", 9) == 0 && strstr(w.text, "10 minutes"), "a code is an SMS", w.text);

        (void) snprintf(text, sizeof text, "[general]\nsupport = 1177\norganisation = Eken\n");
        (void) config_parse(&c, "later.conf", text, strlen(text), said);
        words_invitation(&c, "Oak", "erik", factor_bit(FACTOR_BANKID) | factor_bit(FACTOR_PASSWORD) | factor_bit(FACTOR_MAIL), &w);
        check(strcmp(w.text, "Hello!\n\nEken invites you to log in.\n\nYour log-in name: erik\nWhere: ssh login.example.org\n"
                             "How: Mobile BankID; code by mail\n\nHelp: 1177\n") == 0, "an invitation: name, address, ways, support", w.text);
        words_invitation(&c, "Oak", "erik", 0, &w);
        check(!strstr(w.text, "How:"), "no way that can not be theirs", w.text);
}

int main(void) {
        test_words();
        test_fill();
        test_answers();
        test_letters();
        printf("1..%u\n", n_tests);
        return failed != 0;
}
