/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * csv-rows.c - rows out of a file of comma-separated values (RFC 4180)
 *
 * libcsv takes the text apart; here is counted where that is.  It is handed a
 * piece at a time, each up to and with the next character that may end a
 * field, so that whatever it reports has just been passed.
 *
 *     file   = [ BOM ] header *row          ; UTF-8, lines end with LF or CRLF
 *     header = names of columns, in any order; with ";" between them where no "," is
 *
 *  1. MUST NOT keep more than ROW_MAX bytes of a row, whatever comes.
 *  2. MUST wipe what it has kept: it may be personal numbers.
 */

#include "rows.h"
#include "formula.h"

#include "cleanup.h"
#include "i18n.h"
#include "utf8.h"

#include <csv.h>
#include <errno.h>
#include <string.h>

enum {
        BUFFER_SIZE = 2 * ROW_MAX,      /* holds any piece of a row, so that none is cut within a character */
};

struct csv_rows {
        int                         fd;
        const struct transfer_kind *kind;
        struct row_listener         listener;
        struct csv_parser           parser;
        bool                        has_parser, has_header, at_eof, over, bad;

        char                       *buffer;             /* what has been read: BUFFER_SIZE        */
        size_t                      at, end;
        uint64_t                    taken;

        struct row_place            here;               /* of the next byte                       */
        struct row_place            begin;              /* of the row                             */
        size_t                      n_row;              /* its bytes so far                       */

        char                       *text;               /* its fields, each with a NUL: ROW_MAX + ROW_FIELDS */
        size_t                      n_text;
        const char                 *field[ROW_FIELDS];
        struct row_place            field_at[ROW_FIELDS];
        size_t                      n_fields, n_seen;
        bool                        complete;

        int                         column[ROW_FIELDS]; /* of the kind, by field                  */
        size_t                      n_columns;
};

/* Blanks are part of a value here: whoever wrote them is told, not corrected. */
static int no_space(unsigned char c) {
        (void) c;
        return 0;
}

int csv_rows_open(int fd, const struct transfer_kind *kind, const struct row_listener *l, struct csv_rows **ret) {
        AUTO(csv_rows_closep) struct csv_rows *c = calloc(1, sizeof *c);

        if (!c)
                return -ENOMEM;
        c->fd = fd;
        c->kind = kind;
        c->listener = *l;
        c->here = c->begin = c->field_at[0] = (struct row_place) { .line = 1, .column = 1 };
        c->buffer = malloc(BUFFER_SIZE);
        c->text = malloc(ROW_MAX + ROW_FIELDS);
        if (!c->buffer || !c->text ||
            csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
                return -ENOMEM;
        c->has_parser = true;
        csv_set_space_func(&c->parser, no_space);
        *ret = STEAL_PTR(c);
        return 0;
}

struct csv_rows *csv_rows_close(struct csv_rows *c) {
        if (!c)
                return NULL;
        if (c->has_parser) {
                if (c->parser.entry_buf)
                        explicit_bzero(c->parser.entry_buf, c->parser.entry_size);
                csv_free(&c->parser);
        }
        if (c->buffer)
                explicit_bzero(c->buffer, BUFFER_SIZE);
        if (c->text)
                explicit_bzero(c->text, ROW_MAX + ROW_FIELDS);
        free(c->buffer);
        free(c->text);
        free(c);
        return NULL;
}

uint64_t csv_rows_bytes(const struct csv_rows *c) {
        return c->taken;
}

/* -- What libcsv reports ----------------------------------------------------------------------------------- */

static void on_field(void *field, size_t n, void *about) {
        struct csv_rows *const c = about;

        c->n_seen++;
        if (c->n_fields == ROW_FIELDS || c->n_text + n + 1 > ROW_MAX + ROW_FIELDS)
                return;
        if (n > 0)
                memcpy(c->text + c->n_text, field, n);
        c->text[c->n_text + n] = '\0';
        c->field[c->n_fields++] = c->text + c->n_text;
        c->n_text += formula_unguard(c->text + c->n_text) + 1;
}

static void on_row(int end, void *about) {
        (void) end;
        ((struct csv_rows *) about)->complete = true;
}

/* -- Pieces ------------------------------------------------------------------------------------------------ */

static int fill(struct csv_rows *c) {
        memmove(c->buffer, c->buffer + c->at, c->end - c->at);
        c->end -= c->at;
        c->at = 0;
        while (c->end < BUFFER_SIZE && !c->at_eof) {
                const ssize_t k = read(c->fd, c->buffer + c->end, BUFFER_SIZE - c->end);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return -errno;
                c->at_eof = k == 0;
                c->end += (size_t) k;
        }
        return 0;
}

/* The bytes up to and with the next that may end a field or line; all there are if none does. */
static size_t piece(const struct csv_rows *c) {
        const char delimiter = (char) csv_get_delim((struct csv_parser *) &c->parser);
        size_t n = 0;

        for (const char *s = c->buffer + c->at; n < c->end - c->at; n++)
                if (s[n] == delimiter || s[n] == '\n' || s[n] == '\r' || s[n] == '\0')
                        return n + 1;
        return n;
}

/* Move on over @n bytes.  Says what is no UTF-8, once a row. */
static void pass(struct csv_rows *c, size_t n) {
        const char *s = c->buffer + c->at, *const end = s + n;
        uint32_t character;

        while (s < end) {
                size_t k = (unsigned char) *s < 0x80 ? 1 : utf8_decode(s, (size_t) (end - s), &character);

                if (k == 0) {
                        if (!c->bad)
                                row_say_byte(&c->listener, &c->here, (unsigned char) *s);
                        c->bad = true;
                        k = 1;
                }
                if (*s == '\n') {
                        c->here.line++;
                        c->here.column = 1;
                } else if (c->here.column < UINT32_MAX) {
                        c->here.column++;
                }
                s += k;
        }
        c->at += n;
        c->taken += n;
}

static int stop(struct csv_rows *c) {
        c->over = true;
        return ROW_STOP;
}

static int strict_failed(struct csv_rows *c) {
        if (csv_error(&c->parser) != CSV_EPARSE)
                return -ENOMEM;
        row_say(&c->listener, &c->here, _("a quotation mark in the middle: a value that holds one, a comma or a new line "
                                          "is to be in quotation marks, and each one within it doubled"));
        return stop(c);
}

/* Hand the next piece on.  ROW_GOOD: go on. */
static int feed(struct csv_rows *c) {
        const size_t before = c->n_fields;
        size_t n, taken;

        if (c->end - c->at <= ROW_MAX && !c->at_eof) {
                const int r = fill(c);

                if (r < 0)
                        return r;
        }
        n = piece(c);
        if (n > ROW_MAX - c->n_row) {           /* MUST 1 */
                row_say(&c->listener, &c->begin, _("the row is longer than %d bytes; is a quotation mark open?"), ROW_MAX);
                return stop(c);
        }
        if (n > 0 && c->buffer[c->at + n - 1] == '\0') {
                pass(c, n - 1);
                row_say(&c->listener, &c->here, _("a NUL byte: this is no text"));
                return stop(c);
        }
        c->n_row += n;
        taken = csv_parse(&c->parser, c->buffer + c->at, n, on_field, on_row, c);
        pass(c, taken < n ? taken : n);
        if (taken < n)
                return strict_failed(c);
        if (c->n_fields > before && c->n_fields < ROW_FIELDS)
                c->field_at[c->n_fields] = c->here;
        return ROW_GOOD;
}

static void row_begin(struct csv_rows *c) {
        c->n_fields = c->n_seen = c->n_text = c->n_row = 0;
        c->complete = c->bad = false;
        c->begin = c->field_at[0] = c->here;
}

/* The end of the file: what libcsv still has is a row without a newline. */
static int finish(struct csv_rows *c) {
        c->over = true;
        if (csv_fini(&c->parser, on_field, on_row, c) == 0)
                return c->complete ? ROW_GOOD : ROW_END;
        if (csv_error(&c->parser) != CSV_EPARSE)
                return -ENOMEM;
        row_say(&c->listener, &c->begin, _("the file ends within quotation marks that begin in this row; was it cut off?"));
        return ROW_STOP;
}

/* The next row's fields. */
static int fields_next(struct csv_rows *c) {
        int r = ROW_GOOD;

        if (c->over)
                return ROW_END;
        row_begin(c);
        while (r == ROW_GOOD && !c->complete) {
                if (c->at == c->end && c->at_eof)
                        return finish(c);
                r = feed(c);
                /* An empty line, and the LF of CRLF, are no row: it begins after them. */
                if (r == ROW_GOOD && !c->complete && c->n_fields == 0 && c->at > 0 &&
                    (c->buffer[c->at - 1] == '\n' || c->buffer[c->at - 1] == '\r') && c->n_row <= 1)
                        row_begin(c);
        }
        return r;
}

/* -- The header -------------------------------------------------------------------------------------------- */

static int skip_mark(struct csv_rows *c) {
        static const char mark[] = { '\xef', '\xbb', '\xbf' };
        int r;

        r = fill(c);
        if (r < 0)
                return r;
        if (c->end - c->at >= sizeof mark && memcmp(c->buffer + c->at, mark, sizeof mark) == 0) {
                row_note(&c->listener, &c->here, _("the file begins with a byte order mark, which is passed over"));
                c->at += sizeof mark;
                c->taken += sizeof mark;
        }
        return 0;
}

/* Spreadsheets of our countries put semicolons between values: no name of a column holds either. */
static void find_delimiter(struct csv_rows *c) {
        const char *const begin = c->buffer + c->at;
        const size_t n = c->end - c->at;
        const char *const newline = memchr(begin, '\n', n);
        const size_t line = newline ? (size_t) (newline - begin) : n;

        if (!memchr(begin, ',', line) && memchr(begin, ';', line))
                csv_set_delim(&c->parser, ';');
}

static int read_header(struct csv_rows *c) {
        bool seen[TRANSFER_COLUMNS_MAX] = { false }, good = true;
        int r;

        r = skip_mark(c);
        if (r < 0)
                return r;
        find_delimiter(c);
        r = fields_next(c);
        if (r == ROW_END) {
                row_say(&c->listener, &c->begin, _("the file is empty; its first line is to name the columns"));
                return stop(c);
        }
        if (r != ROW_GOOD)
                return r;
        if (c->bad || c->n_seen > ROW_FIELDS) {
                if (!c->bad)
                        row_say(&c->listener, &c->begin, _("more than %d columns"), ROW_FIELDS);
                return stop(c);
        }
        c->n_columns = c->n_fields;
        for (size_t i = 0; i < c->n_fields; i++) {
                const int column = row_column(c->kind, c->field[i], &c->field_at[i], &c->listener);

                if (column >= 0 && seen[column])
                        row_say(&c->listener, &c->field_at[i], _("%s: the column is there twice"), c->field[i]);
                good = good && column >= 0 && !seen[column];
                if (column >= 0)
                        seen[column] = true;
                c->column[i] = column;
        }
        for (size_t i = 0; c->kind->columns[i].name; i++)
                if (c->kind->columns[i].flags & TRANSFER_REQUIRED && !seen[i]) {
                        row_say(&c->listener, &c->begin, _("%s: the column is missing"), c->kind->columns[i].name);
                        good = false;
                }
        return good ? ROW_GOOD : stop(c);
}

int csv_rows_next(struct csv_rows *c, struct row *ret) {
        int r;

        if (!c->has_header) {
                c->has_header = true;
                r = read_header(c);
                if (r != ROW_GOOD)
                        return r;
        }
        r = fields_next(c);
        if (r != ROW_GOOD)
                return r;
        if (c->n_seen != c->n_columns) {
                row_say(&c->listener, &c->begin, _("the row has %zu values, the first line %zu columns"), c->n_seen,
                        c->n_columns);
                return ROW_BAD;
        }
        if (c->bad)
                return ROW_BAD;

        *ret = (struct row) { .begin = c->begin };
        for (size_t i = 0; i < TRANSFER_COLUMNS_MAX; i++)
                ret->at[i] = c->begin;
        for (size_t i = 0; i < c->n_fields; i++) {
                ret->value[c->column[i]] = *c->field[i] ? c->field[i] : NULL;
                ret->at[c->column[i]] = c->field_at[i];
        }
        return row_is_complete(c->kind, ret, &c->listener) ? ROW_GOOD : ROW_BAD;
}
