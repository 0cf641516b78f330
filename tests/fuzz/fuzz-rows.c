/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-rows.c - any bytes as a file of rows
 *
 *     input = kind bytes          kind: the lowest bit is JSON, the rest the number of the kind; past the last: any
 *
 * Properties: whatever is said has a place in the file and is one clean line;
 * rows that are taken, written as an export writes them and read again, are
 * the same rows without a word; read list by list, a document has the same rows
 * and mistakes.
 */

#include "row-write.h"

#include "cleanup.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct heard {
        size_t   n, rows, lines;
        FILE    *copy;
        bool     mixed;                                 /* rows of more than one kind             */
};

static void said(void *about, const struct row_place *at, bool note, const char *text) {
        struct heard *const h = about;

        assert(at->line >= 1 && at->line <= h->lines + 1 && at->column >= 1);
        assert(*text && utf8_is_clean(text, strlen(text), UTF8_ONE_LINE));
        if (!note)
                h->n++;
}

static int file_of(const void *bytes, size_t n) {
        const int fd = memfd_create("rows", MFD_CLOEXEC);

        if (fd < 0 || (n > 0 && write(fd, bytes, n) != (ssize_t) n) || lseek(fd, 0, SEEK_SET) != 0)
                abort();
        return fd;
}

static void take(struct heard *h, const struct transfer_kind **first, const struct transfer_kind *kind, enum transfer_format format,
                 const struct row *row) {
        if (!*first) {
                *first = kind;
                row_write_begin(h->copy, kind, format);
        }
        h->mixed = h->mixed || *first != kind;
        for (size_t i = 0; kind->columns[i].name; i++)
                assert(row->value[i] ? *row->value[i] != '\0' && row->at[i].line >= 1 : !(kind->columns[i].flags & TRANSFER_REQUIRED));
        if (*first == kind && row_write(h->copy, kind, format, row->value, h->rows == 0) != 0)
                abort();
        h->rows++;
}

/* Returns the kind of the first row, or NULL. */
static const struct transfer_kind *read_all(struct heard *h, int fd, const struct transfer_kind *given, enum transfer_format format) {
        const struct row_listener l = { .said = said, .about = h };
        AUTO(json_rows_closep) struct json_rows *json = NULL;
        AUTO(csv_rows_closep) struct csv_rows *csv = NULL;
        const struct transfer_kind *first = NULL, *kind = given;
        struct row row;
        int r;

        if (format == TRANSFER_JSON ? json_rows_open(fd, given, &l, &json) : csv_rows_open(fd, given, &l, &csv))
                abort();
        do {
                const size_t before = h->n;

                r = json ? json_rows_next(json, &kind, &row) : csv_rows_next(csv, &row);
                assert(r >= 0 && (r == ROW_BAD || r == ROW_STOP) == (h->n > before));
                if (r == ROW_GOOD)
                        take(h, &first, kind, format, &row);
        } while (r == ROW_GOOD || r == ROW_BAD);
        if (first)
                row_write_end(h->copy, format);
        return first;
}

/* What reading that list alone adds to @h. */
static void read_list(struct heard *h, int fd, const struct transfer_kind *given, const struct json_list *list) {
        const struct row_listener l = { .said = said, .about = h };
        AUTO(json_rows_closep) struct json_rows *json = NULL;
        const struct transfer_kind *kind;
        struct row row;
        int r;

        if (json_rows_open(fd, given, &l, &json) < 0 || json_rows_only(json, list) < 0)
                abort();
        while ((r = json_rows_next(json, &kind, &row)) == ROW_GOOD || r == ROW_BAD) {
                assert(r == ROW_BAD || kind == list->kind);
                h->rows += r == ROW_GOOD;
        }
        assert(r == ROW_END);
}

/* @whole: what was read of all of it. */
static void check_survey(int fd, const struct transfer_kind *given, const struct heard *whole) {
        struct heard h = { .lines = whole->lines };
        struct json_list lists[8];
        size_t n;

        if (json_rows_survey(fd, given, lists, sizeof lists / sizeof *lists, &n) < 0 || lseek(fd, 0, SEEK_CUR) != 0)
                abort();
        assert(n <= sizeof lists / sizeof *lists);
        for (size_t i = 0; i < n; i++)
                read_list(&h, fd, given, &lists[i]);
        assert(n == 0 || (h.rows == whole->rows && h.n == whole->n));
        (void) close(fd);
}

static void copy_of(struct heard *h, int fd, const struct transfer_kind *given, enum transfer_format format, char **ret, size_t *ret_n,
                    const struct transfer_kind **ret_kind) {
        h->copy = open_memstream(ret, ret_n);
        if (!h->copy)
                abort();
        *ret_kind = read_all(h, fd, given, format);
        if (fclose(h->copy) != 0)
                abort();
        (void) close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        struct heard one = { .n = 0 }, two = { .n = 0 };
        const struct transfer_kind *given, *kind, *again;
        char *first = NULL, *second = NULL;
        size_t n_first, n_second;
        enum transfer_format format;

        if (n == 0)
                return 0;
        format = data[0] & 1 ? TRANSFER_JSON : TRANSFER_CSV;
        given = data[0] / 2 < TRANSFER_KINDS && transfer_kinds[data[0] / 2].name ? &transfer_kinds[data[0] / 2] : NULL;
        if (!given && format == TRANSFER_CSV)
                return 0;
        for (size_t i = 1; i < n; i++)
                one.lines += data[i] == '\n';
        copy_of(&one, file_of(data + 1, n - 1), given, format, &first, &n_first, &kind);
        if (format == TRANSFER_JSON)
                check_survey(file_of(data + 1, n - 1), given, &one);
        if (kind && !one.mixed) {
                for (size_t i = 0; i < n_first; i++)
                        two.lines += first[i] == '\n';
                copy_of(&two, file_of(first, n_first), kind, format, &second, &n_second, &again);
                assert(two.n == 0 && two.rows == one.rows && again == kind);
                assert(n_second == n_first && memcmp(first, second, n_first) == 0);
                free(second);
        }
        free(first);
        return 0;
}
