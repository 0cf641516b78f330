/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * import.c - rows of files into the care directory: all of them, or none
 *
 *  1. MUST leave nothing behind unless every row of every file is good.
 *  2. MUST NOT wait for a directory service while the writers' lock is held.
 *  3. MUST NOT repeat a value in what is said: it may be a personal number.
 *  4. MUST NOT bring back what was ended, taken away or archived, unless that was asked for.
 */

#include "import.h"
#include "act.h"
#include "batch.h"
#include "bulk.h"
#include "existing.h"
#include "sql.h"

#include "i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
        TELL_EVERY = 256,               /* rows                                                   */
        LISTS_MAX  = 64,                /* of a document whose kinds are in another order         */
};

struct state {
        struct directory             *d;
        const struct directory_act   *act;
        const struct transfer_import *import;
        struct transfer_result       *result;
        const struct transfer_file   *file;     /* that is being read                             */
        uint64_t                      bytes_before, bytes_in_all;
        bool                          noted;    /* notes were said in the rehearsal               */
        uint64_t                      added[TRANSFER_KINDS], changed;
        int64_t                       newest;   /* assignment before the first row                */
};

static void on_said(void *about, const struct row_place *at, bool note, const char *text) {
        struct state *const s = about;

        if (!note)
                s->result->mistakes++;
        else if (s->noted)
                return;
        s->import->said(s->import->about, s->file->name, at, note, text);
}

static void tell(const struct state *s, uint64_t bytes) {
        if (s->import->went_on)
                s->import->went_on(s->import->about, s->result->rows, s->bytes_before + bytes, s->bytes_in_all);
}

/* "time zone: is to be ..." is about the column time_zone. */
static void say_verdict(struct state *s, const struct transfer_kind *kind, const struct row *row, int r, const struct row_listener *l) {
        const char *const complaint = directory_complaint(s->d), *const colon = strstr(complaint, ": ");
        const size_t n = colon ? (size_t) (colon - complaint) : 0;
        /* What was ended is not brought back by a row that says it at that moment. */
        const char *const next = r == DIRECTORY_E_EXISTS && kind->zone ? _("; then let the row begin on a day after today") : "";
        char name[64] = "";

        for (size_t i = 0; i < n && i + 1 < sizeof name; i++)
                name[i] = complaint[i] == ' ' ? '_' : complaint[i];
        /* Of several, "role, unit", the first. */
        name[strcspn(name, ",")] = '\0';
        for (size_t i = 0; kind->columns[i].name; i++)
                if (strcmp(kind->columns[i].name, name) == 0) {
                        row_say(l, &row->at[i], "%s%s%s", name, complaint + strlen(name), next);
                        return;
                }
        row_say(l, &row->begin, "%s%s", *complaint ? complaint : _("a rule of the directory forbids it"), next);
}

/* MUST 4 */
static void say_ended(struct state *s, const struct row *row, const struct row_listener *l, const char *why) {
        if (s->import->ended == TRANSFER_ENDED_SKIP) {
                s->result->passed_over++;
                row_note(l, &row->begin, _("passed over: %s"), why);
                return;
        }
        s->result->of_ended++;
        row_say(l, &row->begin, "%s", why);
}

/* An act has refused it: is what it hangs on no more? */
static int say_refused(struct state *s, const struct transfer_kind *kind, const struct row *row, const struct values *values,
                       int verdict, const struct row_listener *l) {
        bool gone;
        int r;

        r = existing_is_gone(s->d, kind, row, values, &gone);
        if (r < 0)
                return r;
        if (gone && s->import->ended == TRANSFER_ENDED_SKIP) {
                say_ended(s, row, l, _("what it hangs on is archived, has died or has ended"));
                return DIRECTORY_OK;
        }
        s->result->of_ended += gone;
        say_verdict(s, kind, row, verdict, l);
        return DIRECTORY_OK;
}

/* @again: it has ended. */
static int row_add(struct state *s, const struct transfer_kind *kind, const struct row *row, const struct values *values, bool again,
                   const struct row_listener *l) {
        const struct transfer t = {
                .d = s->d, .act = s->act, .value = row->value, .integer = values->integer, .home = s->import->home,
                .shell = s->import->shell,
        };
        const int r = kind->put(&t);

        if (r < 0)
                return r;
        if (r == TRANSFER_SAME) {
                s->result->same++;
                return DIRECTORY_OK;
        }
        if (r != DIRECTORY_OK)
                return say_refused(s, kind, row, values, r, l);
        s->result->added++;
        s->result->again += again;
        s->added[kind - transfer_kinds]++;
        return DIRECTORY_OK;
}

/* It stands until another day: it ends, and what the row says is there instead.  What hangs on nothing any more is left alone. */
static int row_change(struct state *s, const struct transfer_kind *kind, const struct row *row, const struct values *values,
                      const struct row_listener *l) {
        const struct transfer t = {
                .d = s->d, .act = s->act, .value = row->value, .integer = values->integer, .newest = s->newest,
        };
        bool gone;
        int r;

        r = existing_is_gone(s->d, kind, row, values, &gone);
        if (r < 0)
                return r;
        if (gone) {
                say_ended(s, row, l, _("what it hangs on is archived, has died or has ended"));
                return DIRECTORY_OK;
        }
        r = kind->change(&t);
        if (r < 0)
                return r;
        if (r != DIRECTORY_OK) {
                say_verdict(s, kind, row, DIRECTORY_OK, l);
                return DIRECTORY_OK;
        }
        row_note(l, &row->begin, _("it stood until another day: that one has ended, and this counts instead"));
        s->result->added++;
        s->changed++;
        s->added[kind - transfer_kinds]++;
        return DIRECTORY_OK;
}

/* One row.  A negative errno ends everything. */
static int row_import(struct state *s, const struct transfer_kind *kind, const struct row *row, const struct row_listener *l) {
        struct values values;
        int r;

        s->result->rows++;
        r = values_read(s->d, kind, row, l, &values);
        if (r != DIRECTORY_OK)
                return r < 0 ? r : DIRECTORY_OK;        /* it has been said */
        r = existing_find(s->d, kind, row, &values, s->act->now, l);
        if (r < 0)
                return r;
        switch (r) {
        case DIRECTORY_E_NOT_FOUND:
                return row_add(s, kind, row, &values, false, l);
        case TRANSFER_SAME:
                s->result->same++;
                return DIRECTORY_OK;
        case TRANSFER_ARCHIVED:
                say_ended(s, row, l, _("it is there already, archived; what takes that back is careid restore"));
                return DIRECTORY_OK;
        case TRANSFER_ENDED:
                if (s->import->ended == TRANSFER_ENDED_AGAIN)
                        return row_add(s, kind, row, &values, true, l);
                say_ended(s, row, l, _("it has ended since, and is not brought back by a row that still says it"));
                return DIRECTORY_OK;
        case TRANSFER_CHANGED:
                return row_change(s, kind, row, &values, l);
        }
        return DIRECTORY_OK;                            /* there with another value: it has been said */
}

static int csv_import(struct state *s, const struct row_listener *l) {
        AUTO(csv_rows_closep) struct csv_rows *rows = NULL;
        struct row row;
        int r;

        r = csv_rows_open(s->file->fd, s->file->kind, l, &rows);
        while (r >= 0) {
                r = csv_rows_next(rows, &row);
                if (r == ROW_END || r == ROW_STOP)
                        break;
                if (r == ROW_GOOD)
                        r = row_import(s, s->file->kind, &row, l);
                if (r == ROW_BAD)
                        s->result->rows++;
                if (s->result->rows % TELL_EVERY == 0)
                        tell(s, csv_rows_bytes(rows));
        }
        return r < 0 ? r : DIRECTORY_OK;
}

/* @list: only that; NULL: all rows as they come. */
static int json_list_import(struct state *s, const struct row_listener *l, const struct json_list *list, uint64_t *taken) {
        AUTO(json_rows_closep) struct json_rows *rows = NULL;
        const struct transfer_kind *kind = NULL;
        struct row row;
        int r;

        r = json_rows_open(s->file->fd, s->file->kind, l, &rows);
        if (r == 0 && list)
                r = json_rows_only(rows, list);
        while (r >= 0) {
                r = json_rows_next(rows, &kind, &row);
                if (r == ROW_END || r == ROW_STOP)
                        break;
                if (r == ROW_GOOD)
                        r = row_import(s, kind, &row, l);
                if (r == ROW_BAD)
                        s->result->rows++;
                if (s->result->rows % TELL_EVERY == 0)
                        tell(s, *taken + json_rows_bytes(rows));
        }
        if (rows)
                *taken += json_rows_bytes(rows);
        return r < 0 ? r : DIRECTORY_OK;
}

/* What rows refer to is there before them, in whatever order a document names its kinds. */
static int json_import(struct state *s, const struct row_listener *l) {
        struct json_list lists[LISTS_MAX];
        uint64_t taken = 0;
        size_t n;
        int r;

        r = json_rows_survey(s->file->fd, s->file->kind, lists, LISTS_MAX, &n);
        if (r < 0)
                return r;
        if (n == 0)
                return json_list_import(s, l, NULL, &taken);
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                for (size_t i = 0; i < n && r == DIRECTORY_OK; i++)
                        if (lists[i].kind == k)
                                r = json_list_import(s, l, &lists[i], &taken);
        return r;
}

/* What was added in all, as an act of its own. */
static int write_summary(struct state *s, size_t n_files) {
        json_t *const added = json_object(), *detail;
        int r;

        for (size_t i = 0; i < TRANSFER_KINDS; i++)
                if (s->added[i] > 0)
                        (void) json_object_set_new(added, transfer_kinds[i].name, json_integer((json_int_t) s->added[i]));
        detail = json_pack("{s:I, s:I, s:o, s:I, s:I, s:I}", "files", (json_int_t) n_files, "rows", (json_int_t) s->result->rows, "added", added,
                           "passed_over", (json_int_t) s->result->passed_over, "again", (json_int_t) s->result->again, "changed", (json_int_t) s->changed);
        r = act_begin(s->d, s->act);
        if (r != DIRECTORY_OK) {
                json_decref(detail);
                return r;
        }
        return act_end(s->d, s->act, DIRECTORY_OK, &(struct act_report) {
                .act = "import", .kind = "directory", .detail = detail,
        });
}

static int import_all(struct state *s, const struct transfer_file *files, size_t n, const char **ret_file) {
        const struct row_listener l = { .said = on_said, .about = s };
        int r;

        r = sql_find_integer(s->d, "SELECT ifnull(max(id), 0) FROM assignment", NULL, 0, &s->newest);
        for (size_t i = 0; i < n && r == DIRECTORY_OK; i++) {
                s->file = &files[i];
                r = files[i].format == TRANSFER_JSON ? json_import(s, &l) : csv_import(s, &l);
                if (r < 0 && !*directory_complaint(s->d))
                        *ret_file = files[i].name;
                s->bytes_before += files[i].size;
                tell(s, 0);
        }
        if (r == DIRECTORY_OK && s->result->mistakes > 0)
                r = DIRECTORY_E_INVALID;
        if (r == DIRECTORY_OK && s->result->added > 0)
                r = write_summary(s, n);
        return r;
}

/* As long as reading the files, whatever it takes: nobody knows before. */
static void on_asked(void *about, uint64_t asked, uint64_t of) {
        const struct state *const s = about;
        const uint64_t part = s->bytes_in_all / 3;

        tell(s, (uint64_t) ((double) part * (double) asked / (double) of));
}

static int rewind_all(const struct transfer_file *files, size_t n, const char **ret_file) {
        for (size_t i = 0; i < n; i++)
                if (lseek(files[i].fd, 0, SEEK_SET) < 0) {
                        *ret_file = files[i].name;
                        return -errno;
                }
        return DIRECTORY_OK;
}

/* What the acts so far asked, and all of it from the beginning. */
static int ask(struct state *s, const struct transfer_file *files, size_t n, const char **ret_file) {
        int r;

        s->bytes_before = s->bytes_in_all / 3;
        r = directory_bulk_ask(s->d, on_asked, s);
        s->bytes_before += s->bytes_in_all / 3;
        if (r == DIRECTORY_OK)
                r = rewind_all(files, n, ret_file);
        if (r != DIRECTORY_OK)
                return r;
        *s->result = (struct transfer_result) { .rows = 0 };
        memset(s->added, 0, sizeof s->added);
        s->changed = 0;
        s->noted = true;
        return DIRECTORY_OK;
}

/*
 * On a host that has to be asked for each name: all of it, not kept, to learn
 * what is to be asked, and then the asking (bulk.h).  Not in the batch of a dry
 * run, which nobody ends.
 */
static int rehearse(struct state *s, const struct transfer_file *files, size_t n, const char **ret_file) {
        const bool dry_run = s->d->dry_run;
        int r;

        r = directory_bulk_collect(s->d);
        if (r != DIRECTORY_OK)
                return r;
        s->bytes_in_all *= 3;
        s->d->dry_run = false;
        r = directory_batch_begin(s->d);
        if (r == DIRECTORY_OK) {
                r = import_all(s, files, n, ret_file);
                (void) directory_batch_end(s->d, false);
        }
        s->d->dry_run = dry_run;
        return r == DIRECTORY_OK ? ask(s, files, n, ret_file) : r;
}

/* Kept, unless what it asked is not known yet; that is asked then, and *@ret_again: once more. */
static int carry_out(struct state *s, const struct transfer_file *files, size_t n, const char **ret_file, bool *ret_again) {
        int r, end;

        *ret_again = false;
        r = directory_batch_begin(s->d);
        if (r != DIRECTORY_OK)
                return r;
        r = import_all(s, files, n, ret_file);
        *ret_again = r == DIRECTORY_OK && !s->d->dry_run && directory_bulk_asks_more(s->d);
        end = directory_batch_end(s->d, r == DIRECTORY_OK && !*ret_again && s->result->added > 0);
        if (*ret_again)
                return ask(s, files, n, ret_file);
        return r == DIRECTORY_OK ? end : r;
}

int transfer_import(struct directory *d, const struct directory_act *act, const struct transfer_import *import,
                    const struct transfer_file *files, size_t n, struct transfer_result *ret, const char **ret_file) {
        struct state s = { .d = d, .act = act, .import = import, .result = ret };
        bool again = true;
        int r;

        *ret = (struct transfer_result) { .rows = 0 };
        *ret_file = NULL;
        for (size_t i = 0; i < n; i++)
                s.bytes_in_all += files[i].size;
        r = directory_bulk_begin(d);
        if (r == DIRECTORY_OK && directory_bulk_asks(d))
                r = rehearse(&s, files, n, ret_file);
        for (unsigned tries = 0; again && r == DIRECTORY_OK; tries++)
                r = tries < DIRECTORY_BULK_TRIES ? carry_out(&s, files, n, ret_file, &again) : directory_bulk_give_up(d);
        directory_bulk_end(d);
        return r;
}
