/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * row-write.c - rows into a file, in the form that rows.h reads
 */

#include "row-write.h"

#include "cleanup.h"

#include <csv.h>
#include <jansson.h>
#include <string.h>

static void put_csv(FILE *f, const char *text, bool alone) {
        if (!text || !*text) {
                if (alone)                      /* an empty line is no row */
                        (void) fputs("\"\"", f);
                return;
        }
        /* A blank at an end is part of the value, which some programs forget. */
        if (strpbrk(text, ",;\"\r\n") || *text == ' ' || text[strlen(text) - 1] == ' ')
                (void) csv_fwrite(f, text, strlen(text));
        else
                (void) fputs(text, f);
}

static void put_json(FILE *f, const char *text) {
        auto_free char *dump = NULL;
        json_t *const json = json_string(text);

        dump = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
        json_decref(json);
        if (dump) {
                (void) fputs(dump, f);
                explicit_bzero(dump, strlen(dump));
        }
}

void row_write_begin(FILE *f, const struct transfer_kind *kind, enum transfer_format format) {
        if (format == TRANSFER_JSON) {
                (void) fprintf(f, "{\"%s\": [", kind->name);
                return;
        }
        for (size_t i = 0; kind->columns[i].name; i++)
                (void) fprintf(f, "%s%s", i ? "," : "", kind->columns[i].name);
        (void) fputc('\n', f);
}

void row_write(FILE *f, const struct transfer_kind *kind, enum transfer_format format, const char *const value[], bool first) {
        bool any = false;

        if (format == TRANSFER_JSON)
                (void) fputs(first ? "\n{" : ",\n{", f);
        for (size_t i = 0; kind->columns[i].name; i++) {
                if (format != TRANSFER_JSON) {
                        if (i > 0)
                                (void) fputc(',', f);
                        put_csv(f, value[i], i == 0 && !kind->columns[1].name);
                } else if (value[i] && *value[i]) {
                        (void) fprintf(f, "%s\"%s\": ", any ? ", " : "", kind->columns[i].name);
                        put_json(f, value[i]);
                        any = true;
                }
        }
        (void) fputc(format == TRANSFER_JSON ? '}' : '\n', f);
}

void row_write_end(FILE *f, enum transfer_format format) {
        if (format == TRANSFER_JSON)
                (void) fputs("\n]}\n", f);
}
