/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-sending.c - any text filled in comes out as it was, and as nothing else; any answer gets a verdict; any letter is lines of mail
 *
 *     input = place text      ; place: the first byte
 */

#include "answer.h"
#include "cleanup.h"
#include "fill.h"
#include "letter.h"
#include "scan.h"
#include "utf8.h"

#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { TEXT_MAX = 1000 };

static unsigned hex_of(char c) {
        const char *const digits = "0123456789ABCDEF", *const at = strchr(digits, c);

        assert(at && *at);
        return (unsigned) (at - digits);
}

/* Between the two marks stand unreserved characters and %XX alone, which are @text. */
static void check_url(const char *filled, const char *text) {
        const size_t n = strlen(filled);
        const char *s = filled + 3;

        assert(strncmp(filled, "?a=", 3) == 0 && n >= 5 && strcmp(filled + n - 2, "&z") == 0);
        for (; *text; text++) {
                if (*s == '%') {
                        assert((char) (hex_of(s[1]) << 4 | hex_of(s[2])) == *text);
                        s += 3;
                } else {
                        assert(*s == *text && (ascii_is_alnum(*s) || strchr("-._~", *s)));
                        s++;
                }
        }
        assert(s == filled + n - 2);
}

static void check_json(const char *filled, const char *text) {
        AUTO(json_decrefp) json_t *o = json_loads(filled, JSON_REJECT_DUPLICATES, NULL);

        assert(o && json_object_size(o) == 2 && strcmp(json_string_value(json_object_get(o, "a")), text) == 0);
        assert(json_integer_value(json_object_get(o, "z")) == 1);
}

static void check_letter(const char *text) {
        const struct letter l = {
                .from = "a@b.example", .from_name = text, .to = "c@d.example", .subject = text, .text = text, .date = 1,
        };
        auto_free char *letter = NULL;
        size_t n, n_headers = 0, column = 0;
        bool in_headers = true;

        if (letter_write(&l, &letter, &n) != 0)
                return;
        assert(n == strlen(letter) && n > 2 && strcmp(letter + n - 2, "\r\n") == 0);
        for (size_t i = 0; i < n; i++) {
                if (letter[i] == '\r') {
                        assert(letter[i + 1] == '\n');
                        in_headers = in_headers && column > 0;
                        n_headers += in_headers && letter[i + 2] != ' ';
                        column = 0;
                        i++;
                        continue;
                }
                column++;
                assert(letter[i] >= ' ' && letter[i] <= '~' && column <= 78);
        }
        assert(n_headers == 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static const char *const rules[] = { "200", "200-299 text ok", "200 json a.0.b = c", "200 json a" };
        char text[TEXT_MAX + 1], filled[6 * TEXT_MAX + 64], detail[SENDING_DETAIL_MAX];
        struct fill_fields fields = { .text = text };
        struct sms_rule rule;
        enum sending_outcome outcome;

        if (n < 1 || n - 1 > TEXT_MAX)
                return 0;
        assert(sms_rule_parse(rules[data[0] & 3], strlen(rules[data[0] & 3]), &rule));
        outcome = answer_judge(&rule, 200, (const char *) data + 1, n - 1, detail);
        assert((outcome == SENDING_SENT) == (*detail == '\0') && (outcome == SENDING_SENT || outcome == SENDING_FAILED));

        (void) sms_rule_parse((const char *) data + 1, n - 1, &rule);
        if (memchr(data + 1, 0, n - 1))
                return 0;
        memcpy(text, data + 1, n - 1);
        text[n - 1] = '\0';
        assert(fill("?a={text}&z", FILL_URL, &fields, filled, sizeof filled) == 0);
        check_url(filled, text);
        if (utf8_is_clean(text, n - 1, UTF8_LINES)) {
                assert(fill("{\"a\":\"{text}\",\"z\":1}", FILL_JSON, &fields, filled, sizeof filled) == 0);
                check_json(filled, text);
        }
        if (fill("A: {text}", FILL_HEADER, &fields, filled, sizeof filled) == 0)
                assert(!strpbrk(filled, "\r\n") && strcmp(filled + 3, text) == 0);
        check_letter(text);
        return 0;
}
