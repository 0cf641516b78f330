/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * json-rows.c - rows out of a file of JSON (RFC 8259), in any of three forms
 *
 *     document = { "units": [ row, ... ], "persons": [ row, ... ] }
 *     array    = [ row, ... ]                  ; whose kind is known
 *     lines    = row row ...                   ; and where it isn't, each says { "of": "units", ... }
 *     row      = { "column": value, ... }      ; a string, an integer, true ("yes"), false ("no"), null
 *
 * What is around the rows is read here, a byte at a time; a row is found by
 * its brackets, and what it says is jansson's to tell.  A document may name
 * its kinds in any order, as programs that sort them do: where each of its
 * lists begins is looked for first then.
 *
 *  1. MUST NOT keep more than ROW_MAX bytes, whatever comes.
 *  2. MUST wipe what it has kept, and what jansson has: it may be personal numbers.
 */

#include "rows.h"

#include "cleanup.h"
#include "i18n.h"
#include "nearest.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 * 1024, KEY_MAX = 64, NUMBER_TEXT = 24, END = -1 };

enum form { FORM_UNKNOWN, FORM_LINES, FORM_ARRAY, FORM_DOCUMENT };

struct json_rows {
        int                         fd;
        const struct transfer_kind *given, *kind;
        struct row_listener         listener;
        bool                        one_list;           /* nothing after it is read               */
        struct json_list           *lists;              /* NULL: rows are read; else where the lists are: */
        size_t                      n_lists, max_lists;
        enum form                   form;
        bool                        over, in_array, any;        /* any: a row of this array was read */

        char                       *buffer;
        size_t                      at, end;
        uint64_t                    taken;
        int                         failed;             /* negative errno of read()               */
        struct row_place            here;

        char                       *text;               /* of the row: ROW_MAX                    */
        size_t                      n;
        struct row_place            begin, key_at[ROW_FIELDS];
        size_t                      n_keys;
        json_t                     *row;
        char                        number[TRANSFER_COLUMNS_MAX][NUMBER_TEXT];
};

/* MUST 2: strings, and what they were put together in. */
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
        j->buffer = malloc(BUFFER_SIZE);
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
                explicit_bzero(j->buffer, BUFFER_SIZE);
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

static int stop(struct json_rows *j) {
        j->over = true;
        return j->failed < 0 ? j->failed : ROW_STOP;
}

/* -- Bytes -------------------------------------------------------------------------------------------------- */

static int peek(struct json_rows *j) {
        while (j->at == j->end) {
                const ssize_t k = read(j->fd, j->buffer, BUFFER_SIZE);

                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0) {
                        j->failed = k < 0 ? -errno : 0;
                        return END;
                }
                j->at = 0;
                j->end = (size_t) k;
        }
        return (unsigned char) j->buffer[j->at];
}

static void pass(struct json_rows *j) {
        const unsigned char c = (unsigned char) j->buffer[j->at++];

        j->taken++;
        if (c == '\n') {
                j->here.line++;
                j->here.column = 1;
        } else if ((c & 0xc0) != 0x80 && j->here.column < UINT32_MAX) {
                j->here.column++;
        }
}

static int skip_blanks(struct json_rows *j) {
        int c;

        while ((c = peek(j)) == ' ' || c == '\t' || c == '\n' || c == '\r')
                pass(j);
        return c;
}

static int complain(struct json_rows *j, const char *what) {
        if (j->failed == 0)
                row_say(&j->listener, &j->here, "%s", what);
        return stop(j);
}

/* -- A row by its brackets ------------------------------------------------------------------------------------ */

struct brackets {
        unsigned depth;
        bool     in_string, escaped, key_next;
};

/* The next byte of the row; false: there is no room, or no byte. */
static bool take(struct json_rows *j, struct brackets *b) {
        const int c = peek(j);

        if (c == END || j->n == ROW_MAX)
                return false;
        if (b->in_string) {
                if (b->escaped)
                        b->escaped = false;
                else if (c == '\\')
                        b->escaped = true;
                else if (c == '"')
                        b->in_string = false;
        } else if (c == '"') {
                if (b->depth == 1 && b->key_next && j->n_keys < ROW_FIELDS)
                        j->key_at[j->n_keys++] = j->here;
                b->key_next = false;
                b->in_string = true;
        } else if (c == '{' || c == '[') {
                b->depth++;
                b->key_next = b->depth == 1;
        } else if (c == '}' || c == ']') {
                b->depth--;
        } else if (c == ',') {
                b->key_next = b->depth == 1;
        }
        j->text[j->n++] = (char) c;
        pass(j);
        return true;
}

static int row_failed(struct json_rows *j) {
        if (j->failed == 0 && j->n == ROW_MAX)
                row_say(&j->listener, &j->begin, _("the row is longer than %d bytes; is a quotation mark open?"), ROW_MAX);
        else if (j->failed == 0)
                row_say(&j->listener, &j->here, _("the file ends within a row; was it cut off?"));
        return stop(j);
}

static int row_take(struct json_rows *j, struct brackets *b) {
        do
                if (!take(j, b))
                        return row_failed(j);
        while (b->depth > 0);
        return ROW_GOOD;
}

static void row_begin(struct json_rows *j) {
        j->n = j->n_keys = 0;
        j->begin = j->here;
}

/* -- What is around the rows ---------------------------------------------------------------------------------- */

static int find_kind(struct json_rows *j, const char *name, const struct row_place *at) {
        struct nearest near;

        nearest_init(&near, name, strlen(name));
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                nearest_offer(&near, k->name);
        j->kind = transfer_kind_find(name, strlen(name));
        if (j->kind && j->given && j->kind != j->given)
                row_say(&j->listener, at, _("these are %s, and %s were to be imported"), j->kind->name, j->given->name);
        else if (!j->kind && near.best)
                row_say(&j->listener, at, _("there are no rows of that name; is %s meant?"), near.best);
        else if (!j->kind)
                row_say(&j->listener, at, _("there are no rows of that name; see: careid help import"));
        else
                return ROW_GOOD;
        return stop(j);
}

/* The [ of a list has been passed. */
static void list_begin(struct json_rows *j) {
        j->in_array = true;
        j->any = false;
        if (j->lists && j->n_lists < j->max_lists)
                j->lists[j->n_lists] = (struct json_list) { .kind = j->kind, .offset = j->taken, .at = j->here };
        j->n_lists++;
}

/* "units": [ of a document; the quotation mark is next. */
static int take_name(struct json_rows *j) {
        const struct row_place at = j->here;
        char name[KEY_MAX + 1];
        size_t n = 0;
        int c, r;

        if (peek(j) != '"')
                return complain(j, _("here is to be a name of rows, like \"units\""));
        pass(j);
        while ((c = peek(j)) != '"' && c != END && n < KEY_MAX) {
                name[n++] = (char) c;
                pass(j);
        }
        name[n] = '\0';
        if (c != '"')
                return complain(j, _("here is to be a name of rows, like \"units\""));
        pass(j);
        if (skip_blanks(j) != ':')
                return complain(j, _("here is to be a colon"));
        pass(j);
        if (skip_blanks(j) != '[')
                return complain(j, _("here is to be a list of rows: ["));
        pass(j);
        r = find_kind(j, name, &at);
        if (r == ROW_GOOD)
                list_begin(j);
        return r;
}

/* Of a file that begins with {: is that a document, or its first row?  What has been read is in j->text. */
static int look_inside(struct json_rows *j) {
        struct brackets b = { .depth = 0 };
        char name[KEY_MAX + 1] = "";
        struct row_place at;
        size_t n_name, n_begin;
        int c;

        row_begin(j);
        if (!take(j, &b))
                return row_failed(j);
        while ((c = peek(j)) == ' ' || c == '\t' || c == '\n' || c == '\r')
                if (!take(j, &b))
                        return row_failed(j);
        j->form = FORM_LINES;
        if (c != '"')                                   /* {} is a row without anything; jansson says the rest */
                return row_take(j, &b);
        at = j->here;
        n_begin = j->n + 1;
        do
                if (!take(j, &b))
                        return row_failed(j);
        while (b.in_string);
        n_name = j->n - 1 - n_begin;
        while ((c = peek(j)) == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':')
                if (!take(j, &b))
                        return row_failed(j);
        if (c != '[')
                return row_take(j, &b);
        j->form = FORM_DOCUMENT;
        pass(j);
        if (n_name <= KEY_MAX)
                memcpy(name, j->text + n_begin, n_name);
        if (find_kind(j, name, &at) != ROW_GOOD)
                return stop(j);
        list_begin(j);
        return ROW_BAD;                                 /* no row yet */
}

static int begin_file(struct json_rows *j) {
        int c = skip_blanks(j);

        if (c == 0xef) {
                row_note(&j->listener, &j->here, _("the file begins with a byte order mark, which is passed over"));
                for (int i = 0; i < 3 && peek(j) != END; i++)
                        pass(j);
                j->here.column = 1;
                c = skip_blanks(j);
        }
        if (c == END)
                return complain(j, _("the file is empty"));
        if (c == '{')
                return look_inside(j);
        if (c == 0xff || c == 0xfe) {                   /* UTF-16 */
                row_say_byte(&j->listener, &j->here, (unsigned char) c);
                return stop(j);
        }
        if (c != '[')
                return complain(j, _("this is no JSON: here is to be { or ["));
        if (!j->given)
                return complain(j, _("say of what kind these rows are: careid import units FILE"));
        pass(j);
        j->form = FORM_ARRAY;
        j->in_array = true;
        return ROW_BAD;
}

/* After the rows: ROW_END, or what is wrong with what is there. */
static int end_file(struct json_rows *j) {
        if (skip_blanks(j) != END)
                return complain(j, _("something stands after the end"));
        j->over = true;
        return j->failed < 0 ? j->failed : ROW_END;
}

/* To the next {.  ROW_BAD: there is a row; otherwise how it ended. */
static int next_bracket(struct json_rows *j) {
        for (;;) {
                int c = skip_blanks(j), r;

                if (j->form == FORM_LINES)
                        return c == END ? end_file(j) : c == '{' ? ROW_BAD : complain(j, _("here is to be a row: {"));
                if (j->in_array && c == ']') {
                        pass(j);
                        j->in_array = false;
                        if (j->one_list) {
                                j->over = true;
                                return ROW_END;
                        }
                        if (j->form == FORM_ARRAY)
                                return end_file(j);
                        continue;
                }
                if (j->in_array && j->any) {
                        if (c != ',')
                                return complain(j, _("here is to be a comma, or the end of the list: ]"));
                        pass(j);
                        c = skip_blanks(j);
                }
                if (j->in_array)
                        return c == '{' ? ROW_BAD : complain(j, _("here is to be a row: {"));
                if (c == '}') {
                        pass(j);
                        return end_file(j);
                }
                if (c != ',')
                        return complain(j, _("here is to be a comma, or the end: }"));
                pass(j);
                (void) skip_blanks(j);
                r = take_name(j);
                if (r != ROW_GOOD)
                        return r;
        }
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
                (void) snprintf(j->number[column], NUMBER_TEXT, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
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
                if (find_kind(j, of, &j->begin) != ROW_GOOD)
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

/* The bytes of the next row. */
static int take_next(struct json_rows *j) {
        struct brackets b = { .depth = 0 };
        int r = ROW_BAD;

        if (j->over)
                return ROW_END;
        if (j->form == FORM_UNKNOWN) {
                r = begin_file(j);
                if (j->over)
                        return r;
        }
        if (r != ROW_GOOD) {                            /* no row has been taken yet */
                r = next_bracket(j);
                if (r != ROW_BAD)
                        return r;
                row_begin(j);
                r = row_take(j, &b);
        }
        j->any = true;
        return r;
}

int json_rows_next(struct json_rows *j, const struct transfer_kind **ret_kind, struct row *ret) {
        int r;

        do
                r = take_next(j);
        while (r == ROW_GOOD && j->lists && j->form == FORM_DOCUMENT);
        if (r != ROW_GOOD)
                return r;
        r = read_row(j, ret);
        *ret_kind = j->kind;
        return r;
}

static void nobody(void *about, const struct row_place *at, bool note, const char *text) {
        (void) about;
        (void) at;
        (void) note;
        (void) text;
}

int json_rows_survey(int fd, const struct transfer_kind *kind, struct json_list *ret, size_t max, size_t *ret_n) {
        const struct row_listener l = { .said = nobody };
        AUTO(json_rows_closep) struct json_rows *j = NULL;
        const struct transfer_kind *found;
        bool backwards = false;
        struct row row;
        int r;

        *ret_n = 0;
        r = json_rows_open(fd, kind, &l, &j);
        if (r < 0)
                return r;
        j->lists = ret;
        j->max_lists = max;
        r = json_rows_next(j, &found, &row);            /* to the end of a document, to the first row of others */
        if (r == ROW_END && j->n_lists <= max)
                for (size_t i = 1; i < j->n_lists; i++)
                        backwards = backwards || ret[i].kind < ret[i - 1].kind;
        *ret_n = backwards ? j->n_lists : 0;
        if (r >= 0 && lseek(fd, 0, SEEK_SET) < 0)
                r = -errno;
        return r < 0 ? r : 0;
}
