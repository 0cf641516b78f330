/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * json-text.h - what is around the rows in a file of JSON, and where each row begins and ends
 *
 * Shared by json-text.c, which reads that, json-rows.c, which reads what a row
 * says, and json-survey.c, which looks where the lists of a document are.
 */

#include "rows.h"

#include <jansson.h>

enum { JSON_BUFFER_SIZE = 64 * 1024, JSON_NUMBER_TEXT = 24 };

enum json_form { FORM_UNKNOWN, FORM_LINES, FORM_ARRAY, FORM_DOCUMENT };

struct json_rows {
        int                         fd;
        const struct transfer_kind *given, *kind;
        struct row_listener         listener;
        bool                        one_list;           /* nothing after it is read               */
        struct json_list           *lists;              /* NULL: rows are read; else where the lists are: */
        size_t                      n_lists, max_lists;
        enum json_form              form;
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
        char                        number[TRANSFER_COLUMNS_MAX][JSON_NUMBER_TEXT];
};

/* The bytes of the next row, into ->text; an enum row_result (BAD: of no row), or a negative errno. */
int json_text_next(struct json_rows *j);

/* Nothing more is read: ROW_STOP, or the negative errno of the file. */
int json_text_stop(struct json_rows *j);

/* The kind of that @name is that of the rows that come; ROW_STOP: there is no such, or another is wanted, and it was said. */
int json_text_kind(struct json_rows *j, const char *name, const struct row_place *at);
