/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * json-survey.c - where the lists of rows of a document of JSON are
 *
 * A document may name its kinds in any order, as programs that sort them do;
 * what rows refer to is to be read before them.
 */

#include "json-text.h"

#include "cleanup.h"

#include <errno.h>
#include <unistd.h>

static void nobody(void *about, const struct row_place *at, bool note, const char *text) {
        (void) about;
        (void) at;
        (void) note;
        (void) text;
}

int json_rows_survey(int fd, const struct transfer_kind *kind, struct json_list *ret, size_t max, size_t *ret_n) {
        const struct row_listener l = { .said = nobody };
        AUTO(json_rows_closep) struct json_rows *j = NULL;
        const struct transfer_kind *found;
        bool backwards = false;
        struct row row;
        int r;

        *ret_n = 0;
        r = json_rows_open(fd, kind, &l, &j);
        if (r < 0)
                return r;
        j->lists = ret;
        j->max_lists = max;
        r = json_rows_next(j, &found, &row);            /* to the end of a document, to the first row of others */
        if (r == ROW_END && j->n_lists <= max)
                for (size_t i = 1; i < j->n_lists; i++)
                        backwards = backwards || ret[i].kind < ret[i - 1].kind;
        *ret_n = backwards ? j->n_lists : 0;
        if (r >= 0 && lseek(fd, 0, SEEK_SET) < 0)
                r = -errno;
        return r < 0 ? r : 0;
}
