/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sms-rule.h - when an SMS gateway has taken a message, as the configuration says it
 *
 *     rule   = status [ blanks ( "text" blanks words / "json" blanks member [ blanks "=" blanks words ] ) ]
 *     status = 3DIGIT [ "-" 3DIGIT ]                  ; 200..299
 *     member = name *( "." name )                     ; name: 1*32( letter / digit / "_" / "-" ); a number is a place in a list
 *     words  = 1*100 bytes of clean UTF-8, to the end
 *
 * text: the answer has these words somewhere.  json: the answer is an object
 * that has this member, whose text, number or truth is these words; without
 * words: it is there, and neither null nor false nor empty.  Pure.
 */

#include <stdbool.h>
#include <stddef.h>

enum {
        SMS_RULE_MEMBER_MAX = 100,      /* bytes                                                  */
        SMS_RULE_WORDS_MAX  = 100,
};

enum sms_rule_kind {
        SMS_RULE_STATUS = 1,            /* the status alone                                       */
        SMS_RULE_TEXT,
        SMS_RULE_JSON,
};

struct sms_rule {
        enum sms_rule_kind kind;
        unsigned from, to;              /* HTTP status, both included                             */
        char member[SMS_RULE_MEMBER_MAX + 1];
        char words[SMS_RULE_WORDS_MAX + 1];     /* JSON: "" if any will do                        */
};

/* False, and *ret is not written, if the @n bytes of @text are no rule. */
bool sms_rule_parse(const char *text, size_t n, struct sms_rule *ret);
