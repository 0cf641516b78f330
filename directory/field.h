/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * field.h - is this a value for that field?
 *
 * Each returns DIRECTORY_OK or DIRECTORY_E_INVALID with a complaint that
 * names @field and says what would be right.  The schema holds the same
 * rules; these say them in words.
 */

#include "store.h"

enum {
        FIELD_TITLE_CHARS  = 80,
        FIELD_REASON_CHARS = 200,
        FIELD_NAME_MAX     = 16,                /* organisations, units, services, roles          */
        FIELD_ACCOUNT_MAX  = 32,
        FIELD_PATH_MAX     = 255,
        FIELD_WORD_MAX     = 64,
};

/* What an organisation may have switched on, and a service belong to; as the schema has it. */
#define FIELD_MODULES "chat video contact tasks booking communication schedule reports record-view"

/* A line for people: 1 to 80 characters of clean UTF-8, no blank at either end. */
int field_title(struct directory *d, const char *field, const char *value);

/* a-z first, then a-z, 0-9 and, with @hyphen, "-"; at most 16. */
int field_name(struct directory *d, const char *field, const char *value, bool hyphen);

/* A log-in name: a-z or _ first, then also 0-9 . - ; at most 32. */
int field_account(struct directory *d, const char *field, const char *value);

/* One of the words of @choices ("staff client relative external"). */
int field_choice(struct directory *d, const char *field, const char *value, const char *choices);

/* An absolute path in its plain form, fit for a line of passwd(5). */
int field_path(struct directory *d, const char *field, const char *value);

/* The same, where root may make a home for somebody. */
int field_home(struct directory *d, const char *field, const char *value);

/* Why somebody looks at what is protected, for the audit trail: one line, 1 to 200 characters. */
int field_reason(struct directory *d, const char *reason);

/* The same of other lines, 1 to @max characters; NULL and "" are missing. */
int field_line(struct directory *d, const char *field, const char *value, size_t max);

/* A short text of a program: host name, service, address, tty, word; 1 to 64 bytes. */
int field_word(struct directory *d, const char *field, const char *value);
