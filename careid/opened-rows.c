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
        free(o->uid);
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

/* -- Whose a uid is ------------------------------------------------------------------------------------------ */

struct opened_uid *opened_uid(struct opened *o, uint32_t uid) {
        for (size_t i = 0; i < o->n_uid; i++)
                if (o->uid[i].uid == uid)
                        return &o->uid[i];
        return NULL;
}

int opened_uid_want(struct opened *o, uint32_t uid) {
        if (opened_uid(o, uid))
                return DIRECTORY_OK;
        if (o->n_uid == o->n_uid_room) {
                const size_t room = o->n_uid_room ? 2 * o->n_uid_room : 64;
                struct opened_uid *const grown = reallocarray(o->uid, room, sizeof *grown);

                if (!grown)
                        return -ENOMEM;
                o->uid = grown;
                o->n_uid_room = room;
        }
        o->uid[o->n_uid++] = (struct opened_uid) { .uid = uid };
        return DIRECTORY_OK;
}

int opened_uids_find(struct opened *o) {
        for (; o->n_asked < o->n_uid; o->n_asked++) {
                struct opened_uid *const u = &o->uid[o->n_asked];
                struct directory_whose whose;
                int r;

                r = directory_uid_whose(o->directory, u->uid, &whose);
                if (r != DIRECTORY_OK)
                        return r;
                u->person = whose.person;
                u->unsure = whose.unsure;
                if (whose.person)
                        (void) snprintf(u->name, sizeof u->name, "%s", whose.name);
                else
                        (void) snprintf(u->name, sizeof u->name, "%suid %" PRIu32, whose.unsure ? OPENED_UNKNOWN " " : "", u->uid);
        }
        return DIRECTORY_OK;
}

size_t opened_unsure(const struct opened *o) {
        size_t n = 0;

        for (size_t i = 0; i < o->n_uid; i++)
                n += o->uid[i].unsure && o->uid[i].told;
        return n;
}
