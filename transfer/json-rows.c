/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * json-rows.c - rows out of a file of JSON (RFC 8259), in any of three forms
 *
 *     document = { "units": [ row, ... ], "persons": [ row, ... ] }
 *     array    = [ row, ... ]                  ; whose kind is known
 *     lines    = row row ...                   ; and where it isn't, each says { "of": "units", ... }
 *     row      = { "column": value, ... }      ; a string, an integer, true ("yes"), false ("no"), null
 *
 * What is around the rows, and where each begins and ends, is json-text.c's;
 * what it says is jansson's to tell.
 *
 *  1. MUST wipe what it has kept, and what jansson has: it may be personal numbers.
 */

#include "json-text.h"

#include "cleanup.h"
#include "i18n.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* MUST 1: strings, and what they were put together in. */
static void wipe_free(void *p) {
        if (p)
                explicit_bzero(p, malloc_usable_size(p));
        free(p);
}

int json_rows_open(int fd, const struct transfer_kind *kind, const struct row_listener *l, struct json_rows **ret) {
        AUTO(json_rows_closep) struct json_rows *j = calloc(1, sizeof *j);

        if (!j)
                return -ENOMEM;
        json_set_alloc_funcs(malloc, wipe_free);        /* for good: what it gave before can be given back this way, too */
        j->fd = fd;
        j->given = j->kind = kind;
        j->listener = *l;
        j->here = (struct row_place) { .line = 1, .column = 1 };
        j->buffer = malloc(JSON_BUFFER_SIZE);
        j->text = malloc(ROW_MAX);
        if (!j->buffer || !j->text)
                return -ENOMEM;
        *ret = STEAL_PTR(j);
        return 0;
}

struct json_rows *json_rows_close(struct json_rows *j) {
        if (!j)
                return NULL;
        json_decref(j->row);
        if (j->buffer)
                explicit_bzero(j->buffer, JSON_BUFFER_SIZE);
        if (j->text)
                explicit_bzero(j->text, ROW_MAX);
        explicit_bzero(j->number, sizeof j->number);
        free(j->buffer);
        free(j->text);
        free(j);
        return NULL;
}

int json_rows_only(struct json_rows *j, const struct json_list *list) {
        if (lseek(j->fd, (off_t) list->offset, SEEK_SET) < 0)
                return -errno;
        j->kind = list->kind;
        j->here = list->at;
        j->form = FORM_DOCUMENT;
        j->in_array = j->one_list = true;
        return 0;
}

uint64_t json_rows_bytes(const struct json_rows *j) {
        return j->taken;
}

/* -- What a row says ------------------------------------------------------------------------------------------- */

static bool is_text(const char *s, size_t n) {
        return strlen(s) == n;
}

static bool read_value(struct json_rows *j, const json_t *value, const struct row_place *at, size_t column, struct row *ret) {
        const char *text = NULL;

        if (json_is_string(value) && !is_text(json_string_value(value), json_string_length(value))) {
                row_say(&j->listener, at, _("a NUL byte: this is no text"));
                return false;
        }
        if (json_is_string(value))
                text = json_string_value(value);
        else if (json_is_integer(value)) {
                (void) snprintf(j->number[column], JSON_NUMBER_TEXT, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
                text = j->number[column];
        } else if (json_is_boolean(value))
                text = json_is_true(value) ? "yes" : "no";
        else if (!json_is_null(value)) {
                row_say(&j->listener, at, _("%s: is to be a string"), j->kind->columns[column].name);
                return false;
        }
        ret->value[column] = text && *text ? text : NULL;
        ret->at[column] = *at;
        return true;
}

/* jansson says that there is a byte that is no UTF-8; where, in characters, is counted here. */
static bool say_byte(struct json_rows *j) {
        struct row_place at = j->begin;
        uint32_t ignored;

        for (size_t i = 0, k; i < j->n; i += k) {
                k = (unsigned char) j->text[i] < 0x80 ? 1 : utf8_decode(j->text + i, j->n - i, &ignored);
                if (k == 0) {
                        row_say_byte(&j->listener, &at, (unsigned char) j->text[i]);
                        return true;
                }
                at = j->text[i] == '\n' ? (struct row_place) { .line = at.line + 1, .column = 1 }
                                        : (struct row_place) { .line = at.line, .column = at.column + 1 };
        }
        return false;
}

static int syntax_failed(struct json_rows *j, const json_error_t *e) {
        const struct row_place at = {
                .line = j->begin.line + (e->line > 1 ? (uint64_t) e->line - 1 : 0),
                .column = (uint32_t) (e->column > 0 ? e->column : 1) + (e->line > 1 ? 0 : j->begin.column - 1),
        };

        if (json_error_code(e) == json_error_invalid_utf8 && say_byte(j))
                return ROW_BAD;
        row_say(&j->listener, &at, json_error_code(e) == json_error_duplicate_key
                                           ? _("a column is there twice in this row")
                                           : _("this is no JSON: a string, comma, colon or bracket is not as it is to be"));
        return ROW_BAD;
}

static int read_row(struct json_rows *j, struct row *ret) {
        json_error_t error;
        bool good = true;
        const char *key;
        json_t *value;
        size_t n = 0;

        json_decref(j->row);
        j->row = json_loadb(j->text, j->n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
        if (!j->row)
                return syntax_failed(j, &error);
        if (j->form == FORM_LINES && !j->given) {
                const char *const of = json_string_value(json_object_get(j->row, "of"));

                if (!of) {
                        row_say(&j->listener, &j->begin, _("of: is missing; it is to be the name of the kind, like units"));
                        return ROW_BAD;
                }
                if (json_text_kind(j, of, &j->begin) != ROW_GOOD)
                        return ROW_STOP;
        }
        *ret = (struct row) { .begin = j->begin };
        for (size_t i = 0; i < TRANSFER_COLUMNS_MAX; i++)
                ret->at[i] = j->begin;
        json_object_foreach(j->row, key, value) {
                const struct row_place *const at = n < j->n_keys ? &j->key_at[n] : &j->begin;
                int column;

                n++;
                if (j->form == FORM_LINES && !j->given && strcmp(key, "of") == 0)
                        continue;
                column = row_column(j->kind, key, at, &j->listener);
                good = column >= 0 && read_value(j, value, at, (size_t) column, ret) && good;
        }
        return good && row_is_complete(j->kind, ret, &j->listener) ? ROW_GOOD : ROW_BAD;
}

int json_rows_next(struct json_rows *j, const struct transfer_kind **ret_kind, struct row *ret) {
        int r;

        do
                r = json_text_next(j);
        while (r == ROW_GOOD && j->lists && j->form == FORM_DOCUMENT);
        if (r != ROW_GOOD)
                return r;
        r = read_row(j, ret);
        *ret_kind = j->kind;
        return r;
}
