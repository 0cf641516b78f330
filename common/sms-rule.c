/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sms-rule.c - the only parser of [sms] success
 */

#include "sms-rule.h"

#include "scan.h"
#include "utf8.h"

#include <string.h>

enum { NAME_MAX_BYTES = 32 };

static bool is_name_byte(char c) {
        return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool scan_status(struct scan *s, unsigned *ret) {
        uint32_t status;

        if (!scan_u32(s, 299, &status) || status < 200)
                return false;
        *ret = status;
        return true;
}

static bool scan_words(struct scan *s, char ret[static SMS_RULE_WORDS_MAX + 1]) {
        const size_t n = scan_left(s);

        if (n == 0 || n > SMS_RULE_WORDS_MAX || !utf8_is_clean(s->at, n, UTF8_ONE_LINE))
                return false;
        memcpy(ret, s->at, n);
        ret[n] = '\0';
        s->at = s->end;
        return true;
}

static bool scan_member(struct scan *s, char ret[static SMS_RULE_MEMBER_MAX + 1]) {
        const char *const from = s->at;
        const char *name;
        size_t n;

        do
                if (!scan_word(s, is_name_byte, NAME_MAX_BYTES, &name, &n))
                        return false;
        while (scan_char(s, '.'));
        n = (size_t) (s->at - from);
        if (n > SMS_RULE_MEMBER_MAX)
                return false;
        memcpy(ret, from, n);
        ret[n] = '\0';
        return true;
}

static bool scan_rest(struct scan *s, struct sms_rule *rule) {
        if (scan_literal(s, "text")) {
                rule->kind = SMS_RULE_TEXT;
                return scan_blanks(s) && scan_words(s, rule->words);
        }
        if (!scan_literal(s, "json"))
                return false;
        rule->kind = SMS_RULE_JSON;
        if (!scan_blanks(s) || !scan_member(s, rule->member))
                return false;
        (void) scan_blanks(s);
        if (scan_at_end(s))
                return true;
        if (!scan_char(s, '='))
                return false;
        (void) scan_blanks(s);
        return scan_words(s, rule->words);
}

bool sms_rule_parse(const char *text, size_t n, struct sms_rule *ret) {
        struct sms_rule rule = { .kind = SMS_RULE_STATUS };
        struct scan s = scan_bytes(text, n);

        if (!scan_status(&s, &rule.from))
                return false;
        rule.to = rule.from;
        if (scan_char(&s, '-') && (!scan_status(&s, &rule.to) || rule.to < rule.from))
                return false;
        if (!scan_at_end(&s) && (!scan_blanks(&s) || !scan_rest(&s, &rule)))
                return false;
        *ret = rule;
        return true;
}
