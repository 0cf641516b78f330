/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * export.c - rows of the care directory into files, as import reads them
 *
 *  1. MUST have the audit trail say so before anything is written.
 *  2. MUST NOT write a personal number, or the name of somebody who is protected (X10), unless that was asked for;
 *     nor how to reach them without a reason.
 *  3. MUST leave a file empty that could not be written to its end: half of one would look like all there is.
 */

#include "export.h"
#include "act.h"
#include "day.h"
#include "field.h"
#include "row-write.h"
#include "sql.h"
#include "turns.h"

#include "cleanup.h"
#include "i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 32 * 1024 };

/* A stream whose own memory is wiped: it holds numbers and details. */
struct stream {
        FILE *f;
        char  buffer[BUFFER_SIZE];
};

static void stream_done(struct stream *s) {
        if (s->f)
                (void) fclose(s->f);
        explicit_bzero(s->buffer, sizeof s->buffer);
}

/* -- Values ------------------------------------------------------------------------------------------------ */

struct value {
        const char *text;               /* NULL or "": none                                       */
        char        own[KEY_CONTACT_MAX + KEY_SUBJECT_MAX + TURNS_DAYS_TEXT + TURNS_HOURS_TEXT];
};

/* After the columns stand the person and what it is bound to. */
static int open_sealed(struct directory *d, sqlite3_stmt *stmt, unsigned flags, int column, int n, struct value *ret) {
        const void *const sealed = sqlite3_column_blob(stmt, column);
        const size_t size = (size_t) sqlite3_column_bytes(stmt, column);
        const int64_t person = sqlite3_column_int64(stmt, n);
        const char *const bound = sql_column(stmt, n + 1);
        int r;

        r = store_keys(d);
        if (r != DIRECTORY_OK)
                return r;
        if (!sealed)
                r = -EBADMSG;
        else if (flags & TRANSFER_CONTACT)
                r = keys_open_contact(&d->keys, bound, person, sealed, size, ret->own);
        else
                r = keys_open(&d->keys, bound, person, sealed, size, ret->own);
        ret->text = ret->own;
        return r == -EBADMSG ? directory_fail(d, -EUCLEAN, _("a number or contact detail can't be decrypted")) : r;
}

static int read_value(struct directory *d, sqlite3_stmt *stmt, const struct transfer_kind *kind, int column, struct value *ret) {
        const int n = (int) transfer_n_columns(kind);
        const unsigned flags = kind->columns[column].flags;
        int64_t integer;

        ret->text = NULL;
        if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
                return 0;
        if (flags & (TRANSFER_SEALED | TRANSFER_CONTACT))
                return open_sealed(d, stmt, flags, column, n, ret);
        ret->text = ret->own;
        integer = sqlite3_column_int64(stmt, column);
        if (flags & (TRANSFER_FIRST_DAY | TRANSFER_LAST_DAY))
                return day_of(sql_column(stmt, n), flags & TRANSFER_LAST_DAY ? integer - 1 : integer, ret->own);
        if (flags & TRANSFER_DAYS)
                turns_print_days((uint8_t) integer, ret->own);
        else if (flags & TRANSFER_HOURS)
                turns_print_hours((uint16_t) (integer / TRANSFER_MINUTES), (uint16_t) (integer % TRANSFER_MINUTES), ret->own);
        else
                ret->text = sql_column(stmt, column);
        return 0;
}

static int put_row(struct directory *d, FILE *f, sqlite3_stmt *stmt, const struct transfer_out *o) {
        struct value value[TRANSFER_COLUMNS_MAX];
        const char *text[TRANSFER_COLUMNS_MAX];
        int r = 0;

        for (int i = 0; r == 0 && o->kind->columns[i].name; i++) {
                r = read_value(d, stmt, o->kind, i, &value[i]);
                text[i] = value[i].text;
        }
        if (r == 0)
                r = row_write(f, o->kind, o->format, text, o->rows == 0);
        if (r == -EILSEQ)
                r = directory_fail(d, -EUCLEAN, _("a text in the directory is no UTF-8"));
        explicit_bzero(value, sizeof value);
        return r;
}

static int count_left_out(struct directory *d, struct transfer_out *o) {
        char query[128];
        int64_t n;
        int r;

        (void) snprintf(query, sizeof query, "SELECT count(*) FROM %s", o->kind->rows_of);
        r = sql_find_integer(d, query, SQL_NONE, &n);
        if (r == DIRECTORY_OK)
                o->left_out = (uint64_t) n > o->rows ? (uint64_t) n - o->rows : 0;
        return r;
}

static int write_one(struct directory *d, const struct directory_act *act, struct transfer_out *o) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        AUTO(stream_done) struct stream s;
        auto_close int fd = dup(o->fd);
        FILE *f;
        int r;

        s.f = f = fd >= 0 ? fdopen(fd, "w") : NULL;
        if (!f)
                return -errno;
        (void) steal_fd(&fd);                           /* the stream's                           */
        if (setvbuf(f, s.buffer, _IOFBF, sizeof s.buffer) != 0)
                return -ENOMEM;
        r = sql_prepare(d, o->kind->all, NULL, 0, &stmt);
        if (r == DIRECTORY_OK && sqlite3_bind_parameter_count(stmt) > 0)
                r = sql_bind(d, stmt, SQL_BIND(sql_integer(act->now)));
        row_write_begin(f, o->kind, o->format);
        while (r == DIRECTORY_OK && !ferror(f)) {
                r = sql_next(d, stmt);
                if (r == DIRECTORY_OK)
                        r = put_row(d, f, stmt, o);
                if (r == DIRECTORY_OK)
                        o->rows++;
        }
        row_write_end(f, o->format);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                return r;
        errno = 0;
        if (fflush(f) != 0 || ferror(f) || fsync(fileno(f)) < 0)
                return errno ? -errno : -EIO;
        return DIRECTORY_OK;
}

/* -- All of them -------------------------------------------------------------------------------------------- */

/* MUST 2 */
static int check_secrets(struct directory *d, const struct transfer_out *out, size_t n) {
        int64_t is_protected;
        int r;

        for (size_t i = 0; i < n; i++) {
                if (out[i].kind->secret)
                        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s leave only where that is asked for: "
                                                                           "--with-personal-numbers"), out[i].kind->name);
                if (strcmp(out[i].kind->name, "persons") != 0)
                        continue;
                r = sql_find_integer(d, "SELECT count(*) FROM person WHERE protected AND archived IS NULL AND died IS NULL", SQL_NONE, &is_protected);
                if (r != DIRECTORY_OK)
                        return r;
                if (is_protected > 0)
                        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("persons, and all kinds together, are not exported while there "
                                                                           "are protected persons, unless it is asked that their names "
                                                                           "leave: --with-personal-numbers"));
        }
        return DIRECTORY_OK;
}

static int check_reason(struct directory *d, const char *reason, const struct transfer_out *out, size_t n) {
        int64_t is_protected = 0;
        int r = reason ? field_reason(d, reason) : DIRECTORY_OK;

        for (size_t i = 0; i < n && r == DIRECTORY_OK && !reason; i++)
                if (strcmp(out[i].kind->name, "contacts") == 0)
                        r = sql_find_integer(d, "SELECT EXISTS (SELECT 1 FROM contact c JOIN person p ON p.id = c.person"
                                                " WHERE p.protected AND p.archived IS NULL AND p.died IS NULL AND c.ended IS NULL)",
                                             SQL_NONE, &is_protected);
        if (r == DIRECTORY_OK && is_protected)
                r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("reason: is needed, since contact details of protected persons are among "
                                                                "them; it will stand in the audit trail"));
        return r;
}

/* MUST 1 */
static int write_entry(struct directory *d, const struct directory_act *act, bool secrets, const char *reason,
                       const struct transfer_out *out, size_t n) {
        json_t *const kinds = json_array();
        int r;

        for (size_t i = 0; i < n; i++)
                (void) json_array_append_new(kinds, json_string(out[i].kind->name));
        r = act_begin(d, act);
        if (r != DIRECTORY_OK) {
                json_decref(kinds);
                return r;
        }
        return act_end(d, act, DIRECTORY_OK, &(struct act_report) {
                .act = "export", .kind = "directory",
                .detail = json_pack("{s:o, s:b, s:s?}", "kinds", kinds, "personal_numbers", secrets, "reason", reason),
        });
}

int transfer_export(struct directory *d, const struct directory_act *act, bool secrets, const char *reason, struct transfer_out *out,
                    size_t n, const struct transfer_out **ret_at) {
        int r;

        *ret_at = NULL;
        r = secrets ? DIRECTORY_OK : check_secrets(d, out, n);
        if (r == DIRECTORY_OK)
                r = check_reason(d, reason, out, n);
        if (r == DIRECTORY_OK)
                r = write_entry(d, act, secrets, reason, out, n);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "BEGIN", SQL_NONE);              /* one moment for all */
        for (size_t i = 0; i < n && r == DIRECTORY_OK; i++) {
                out[i].rows = 0;
                r = write_one(d, act, &out[i]);
                if (r == DIRECTORY_OK)
                        r = count_left_out(d, &out[i]);
                if (r < 0 && !*directory_complaint(d))
                        *ret_at = &out[i];
        }
        (void) sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
        for (size_t i = 0; i < n && r != DIRECTORY_OK; i++)
                if (ftruncate(out[i].fd, 0) < 0 && !*ret_at)
                        *ret_at = &out[i];
        return r;
}
