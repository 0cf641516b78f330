/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * row-write.c - rows into a file, in the form that rows.h reads
 */

#include "row-write.h"
#include "formula.h"

#include "cleanup.h"
#include "utf8.h"

#include <csv.h>
#include <errno.h>
#include <string.h>

static void put_field(FILE *f, const char *text) {
        /* A blank at an end is part of the value, which some programs forget. */
        if (strpbrk(text, ",;\"\r\n") || *text == ' ' || text[strlen(text) - 1] == ' ')
                (void) csv_fwrite(f, text, strlen(text));
        else
                (void) fputs(text, f);
}

static int put_csv(FILE *f, const char *text, bool alone) {
        auto_free char *guarded = NULL;

        if (!text || !*text) {
                if (alone)                      /* an empty line is no row */
                        (void) fputs("\"\"", f);
                return 0;
        }
        if (!formula_is_in(text)) {
                put_field(f, text);
                return 0;
        }
        guarded = malloc(2 * strlen(text) + 1);
        if (!guarded)
                return -ENOMEM;
        formula_guard(text, guarded);
        put_field(f, guarded);
        explicit_bzero(guarded, strlen(guarded));
        return 0;
}

/* RFC 8259, 7: without a copy of what may be a secret. */
static void put_json(FILE *f, const char *text) {
        static const char letters[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";

        (void) fputc('"', f);
        for (; *text; text++) {
                const char *const letter = strchr(letters, *text);

                if (letter)
                        (void) fprintf(f, "\\%c", escapes[letter - letters]);
                else if ((unsigned char) *text < 0x20)
                        (void) fprintf(f, "\\u%04X", (unsigned) (unsigned char) *text);
                else
                        (void) fputc(*text, f);
        }
        (void) fputc('"', f);
}

static bool is_utf8(const char *text) {
        size_t n = text ? strlen(text) : 0;

        while (n > 0) {
                uint32_t ignored;
                const size_t k = utf8_decode(text, n, &ignored);

                if (k == 0)
                        return false;
                text += k;
                n -= k;
        }
        return true;
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

int row_write(FILE *f, const struct transfer_kind *kind, enum transfer_format format, const char *const value[], bool first) {
        bool any = false;
        int r = 0;

        for (size_t i = 0; kind->columns[i].name; i++)
                if (!is_utf8(value[i]))
                        return -EILSEQ;
        if (format == TRANSFER_JSON)
                (void) fputs(first ? "\n{" : ",\n{", f);
        for (size_t i = 0; kind->columns[i].name && r == 0; i++) {
                if (format != TRANSFER_JSON) {
                        if (i > 0)
                                (void) fputc(',', f);
                        r = put_csv(f, value[i], i == 0 && !kind->columns[1].name);
                } else if (value[i] && *value[i]) {
                        (void) fprintf(f, "%s\"%s\": ", any ? ", " : "", kind->columns[i].name);
                        put_json(f, value[i]);
                        any = true;
                }
        }
        (void) fputc(format == TRANSFER_JSON ? '}' : '\n', f);
        return r;
}

void row_write_end(FILE *f, enum transfer_format format) {
        if (format == TRANSFER_JSON)
                (void) fputs("\n]}\n", f);
}
