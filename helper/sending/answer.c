/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * answer.c - has the gateway taken the message?
 *
 * 1. MUST not say SENT of anything but an answer that the rule names in full.
 * 2. MUST survive any bytes.
 */

#include "answer.h"

#include "cleanup.h"
#include "scan.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The member that "a.0.b" leads to; NULL: there is none. */
static const json_t *member_find(const json_t *v, const char *path) {
        char name[SMS_RULE_MEMBER_MAX + 1];

        while (v && *path) {
                const size_t n = strcspn(path, ".");
                uint32_t place;

                memcpy(name, path, n);
                name[n] = '\0';
                path += n + (path[n] == '.');
                if (json_is_array(v))
                        v = scan_whole_u32(name, 1000, &place) ? json_array_get(v, place) : NULL;
                else
                        v = json_object_get(v, name);
        }
        return v;
}

/* Text, number or truth, and nothing else, as the rule would write it. */
static bool value_is(const json_t *v, const char *words) {
        char text[SMS_RULE_WORDS_MAX + 32];

        if (json_is_string(v))
                return json_string_length(v) == strlen(words) && memcmp(json_string_value(v), words, strlen(words)) == 0;
        if (json_is_integer(v)) {
                (void) snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
                return strcmp(text, words) == 0;
        }
        return json_is_boolean(v) && strcmp(json_is_true(v) ? "true" : "false", words) == 0;
}

static bool is_there(const json_t *v) {
        if (json_is_string(v))
                return json_string_length(v) > 0;
        if (json_is_array(v))
                return json_array_size(v) > 0;
        if (json_is_object(v))
                return json_object_size(v) > 0;
        return json_is_number(v) || json_is_true(v);
}

static bool json_says(const struct sms_rule *rule, const char *body, size_t n) {
        AUTO(json_decrefp) json_t *o = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
        const json_t *v = o ? member_find(o, rule->member) : NULL;

        if (!v)
                return false;
        return *rule->words ? value_is(v, rule->words) : is_there(v);
}

static bool text_says(const struct sms_rule *rule, const char *body, size_t n) {
        return n > 0 && memmem(body, n, rule->words, strlen(rule->words)) != NULL;
}

/* What is wrong with the message itself; all else may be the gateway's trouble, or a setting that somebody mends. */
static bool is_about_the_message(long status) {
        return status == 400 || status == 413 || status == 414 || status == 422;
}

enum sending_outcome answer_judge(const struct sms_rule *rule, long status, const char *body, size_t n_body,
                                  char detail[static SENDING_DETAIL_MAX]) {
        bool says = false;

        detail[0] = '\0';
        if (status < (long) rule->from || status > (long) rule->to) {
                (void) snprintf(detail, SENDING_DETAIL_MAX, "HTTP %ld", status);
                return is_about_the_message(status) ? SENDING_REFUSED : SENDING_FAILED;
        }
        switch (rule->kind) {
        case SMS_RULE_STATUS:
                says = true;
                break;
        case SMS_RULE_TEXT:
                says = text_says(rule, body, n_body);
                break;
        case SMS_RULE_JSON:
                says = json_says(rule, body, n_body);
                break;
        }
        if (says)
                return SENDING_SENT;
        (void) snprintf(detail, SENDING_DETAIL_MAX, "HTTP %ld, but the answer does not say what [sms] success asks for", status);
        return SENDING_FAILED;
}
