/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * json-text.c - what is around the rows in a file of JSON, and where each row begins and ends
 *
 * A byte at a time; a row is found by its brackets.
 *
 *  1. MUST NOT keep more than ROW_MAX bytes, whatever comes.
 */

#include "json-text.h"

#include "i18n.h"
#include "nearest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { KEY_MAX = 64, END = -1 };

int json_text_stop(struct json_rows *j) {
        j->over = true;
        return j->failed < 0 ? j->failed : ROW_STOP;
}

/* -- Bytes -------------------------------------------------------------------------------------------------- */

static int peek(struct json_rows *j) {
        while (j->at == j->end) {
                const ssize_t k = read(j->fd, j->buffer, JSON_BUFFER_SIZE);

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
        return json_text_stop(j);
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
        return json_text_stop(j);
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

int json_text_kind(struct json_rows *j, const char *name, const struct row_place *at) {
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
        return json_text_stop(j);
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
        r = json_text_kind(j, name, &at);
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
        if (json_text_kind(j, name, &at) != ROW_GOOD)
                return json_text_stop(j);
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
                return json_text_stop(j);
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

/* The bytes of the next row. */
int json_text_next(struct json_rows *j) {
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
