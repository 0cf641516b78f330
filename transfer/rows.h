/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * rows.h - rows out of a file, one at a time, and where in the file they stand
 *
 * Memory is bounded whatever the file holds: a row has at most ROW_MAX bytes.
 * What is wrong is told to a listener with its place; it never repeats a
 * value, which may be a personal number.
 */

#include "row-kinds.h"

#include <stdint.h>

enum {
        ROW_MAX       = 64 * 1024,      /* bytes of a row, everything counted                     */
        ROW_FIELDS    = 64,             /* fields of a row of CSV                                 */
        ROW_TEXT_MAX  = 512,            /* bytes of what is said of a mistake                     */
};

struct row_place {
        uint64_t line;                  /* 1 is the first                                         */
        uint32_t column;                /* characters, 1 is the first                             */
};

struct row {
        const char       *value[TRANSFER_COLUMNS_MAX];  /* by the kind's columns; NULL: none, or empty */
        struct row_place  at[TRANSFER_COLUMNS_MAX];     /* of each value, and of what is missing the row's */
        struct row_place  begin;
};

/* Somebody who is told what is wrong in a file. */
struct row_listener {
        void (*said)(void *about, const struct row_place *at, bool note, const char *text);
        void  *about;
};

/* Say it; a note is no mistake. */
void row_say(const struct row_listener *l, const struct row_place *at, const char *format, ...) __attribute__((__format__(printf, 3, 4)));
void row_note(const struct row_listener *l, const struct row_place *at, const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* It holds a @byte that is no UTF-8. */
void row_say_byte(const struct row_listener *l, const struct row_place *at, unsigned char byte);

enum row_result {
        ROW_END  = 0,
        ROW_GOOD = 1,
        ROW_BAD  = 2,                   /* something was said; the next row may be good           */
        ROW_STOP = 3,                   /* something was said; nothing after it can be read       */
};

/* -- CSV (RFC 4180): the first line names the columns ---------------------------------------------------- */

struct csv_rows;

/* @fd is borrowed, a file, at its beginning.  -ENOMEM. */
int csv_rows_open(int fd, const struct transfer_kind *kind, const struct row_listener *l, struct csv_rows **ret);

/* What *ret points to is good until the next call.  A negative errno: the file can't be read. */
int csv_rows_next(struct csv_rows *c, struct row *ret);
uint64_t csv_rows_bytes(const struct csv_rows *c);              /* of the file that have been taken */
struct csv_rows *csv_rows_close(struct csv_rows *c);            /* wipes; returns NULL              */

/* -- JSON: { "kind": [ {row}, ... ], ... }, or a row a line, { "of": "units", ... } ------------------------ */

struct json_rows;

/* @kind NULL: the file says of what kind each is. */
int json_rows_open(int fd, const struct transfer_kind *kind, const struct row_listener *l, struct json_rows **ret);
int json_rows_next(struct json_rows *j, const struct transfer_kind **ret_kind, struct row *ret);

/* One list of rows of a document. */
struct json_list {
        const struct transfer_kind *kind;
        uint64_t                    offset;     /* in the file, of what comes after the [         */
        struct row_place            at;         /* the same place                                 */
};

/*
 * Where the lists of a document are.  *@ret_n is 0 where the file is to be
 * read from its beginning to its end: it is no document, or none that can be
 * read to its end, which reading it tells; it has more lists than @max; or
 * each comes after those that it may refer to.  @fd is at its beginning before
 * and after.  A negative errno: the file can't be read.
 */
int json_rows_survey(int fd, const struct transfer_kind *kind, struct json_list *ret, size_t max, size_t *ret_n);

/* Before the first row: only this list, and ROW_END where that ends.  A negative errno. */
int json_rows_only(struct json_rows *j, const struct json_list *list);

uint64_t json_rows_bytes(const struct json_rows *j);
struct json_rows *json_rows_close(struct json_rows *j);
static inline void json_rows_closep(struct json_rows **j) {
        *j = json_rows_close(*j);
}
static inline void csv_rows_closep(struct csv_rows **c) {
        *c = csv_rows_close(*c);
}

/* -- What both share ------------------------------------------------------------------------------------- */

/* The column of that name; -1, and it is said what would be right. */
int row_column(const struct transfer_kind *kind, const char *name, const struct row_place *at, const struct row_listener *l);

/* Is a value of every required column there?  Says which is not. */
bool row_is_complete(const struct transfer_kind *kind, const struct row *row, const struct row_listener *l);
