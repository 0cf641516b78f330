/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened-rows.c - the rows of the report of who did open
 */

#include "opened.h"

#include "cleanup.h"
#include "moment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void row_done(struct opened_row *row) {
        free(row->what);
        free(row->with);
        free(row->path);
}

void opened_done(struct opened *o) {
        for (size_t i = 0; i < o->n; i++)
                row_done(&o->row[i]);
        free(o->row);
}

int opened_add(struct opened *o, const struct opened_row *row) {
        struct opened_row *to;

        if (row->at < o->from || row->at >= o->until)
                return DIRECTORY_OK;
        if (o->n == OPENED_ROWS_MAX) {
                o->too_many = true;
                return DIRECTORY_E_CONSTRAINT;
        }
        if (o->n == o->n_room) {
                const size_t room = o->n_room ? 2 * o->n_room : 64;
                struct opened_row *const grown = reallocarray(o->row, room, sizeof *grown);

                if (!grown)
                        return -ENOMEM;
                o->row = grown;
                o->n_room = room;
        }
        to = &o->row[o->n];
        *to = *row;
        to->order = o->n;
        to->what = strdup(row->what);
        to->with = strdup(row->with);
        to->path = strdup(row->path);
        if (!to->what || !to->with || !to->path) {
                row_done(to);
                return -ENOMEM;
        }
        o->n++;
        return DIRECTORY_OK;
}

static int by_time(const void *a, const void *b) {
        const struct opened_row *const x = a, *const y = b;

        if (x->at != y->at)
                return (x->at > y->at) - (x->at < y->at);
        return (x->order > y->order) - (x->order < y->order);
}

/* Of /usr/bin/cat what people say: cat.  Programs that root has not installed keep their place. */
static const char *program(const char *exe) {
        static const char *const usual[] = { "/usr/bin/", "/usr/sbin/", "/usr/lib/", "/usr/libexec/", "/bin/", "/sbin/" };

        for (size_t i = 0; i < N_ELEMENTS(usual); i++)
                if (strncmp(exe, usual[i], strlen(usual[i])) == 0)
                        return strrchr(exe, '/') + 1;
        return exe;
}

/* Of a file in the directory of the client who is named beside it, where it is in there. */
static const char *inside(const struct opened *o, const struct opened_row *row) {
        char start[KERNEL_PATH_MAX + KERNEL_CLIENT_MAX + 16];
        const int n = snprintf(start, sizeof start, "%s/client-%s/", o->under, row->what);

        return n > 0 && (size_t) n < sizeof start && strncmp(row->path, start, (size_t) n) == 0 && row->path[n] ? row->path + n : row->path;
}

int opened_fill(const struct opened *o, bool for_people, struct table *table) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < o->n; i++) {
                const struct opened_row *const row = &o->row[i];
                char at[MOMENT_TEXT];

                r = table_add(table, (const char *const[]) {
                        moment_text(row->at, at), row->who, row->what, row->opened,
                        for_people ? program(row->with) : row->with, for_people ? inside(o, row) : row->path, row->source,
                });
        }
        return r;
}

void opened_sort(struct opened *o) {
        if (o->n > 0)
                qsort(o->row, o->n, sizeof *o->row, by_time);
}

int opened_uid(struct opened *o, uint32_t uid, const char **ret_name, int64_t *ret_person) {
        size_t n = 0;
        int r;

        while (n < o->n_known && o->known[n].uid != uid)
                n++;
        if (n == o->n_known) {
                n = o->n_known < OPENED_CACHE_MAX ? o->n_known++ : OPENED_CACHE_MAX - 1;
                o->known[n].person = 0;
                r = directory_uid_whose(o->directory, uid, o->known[n].name, &o->known[n].person);
                if (r == DIRECTORY_E_NOT_FOUND)
                        (void) snprintf(o->known[n].name, sizeof o->known->name, "uid %" PRIu32, uid);
                else if (r != DIRECTORY_OK) {
                        o->n_known = n;
                        return r;
                }
                o->known[n].uid = uid;
        }
        *ret_name = o->known[n].name;
        *ret_person = o->known[n].person;
        return DIRECTORY_OK;
}
