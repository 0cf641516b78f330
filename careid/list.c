/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * list.c - careid list, careid show, careid snapshot: looking at the care directory
 */

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "kinds.h"
#include "table.h"

/* *@ret_n is the number of rows.  Where there is to be one, and there is none, nothing is printed. */
static int print(struct invocation *i, const char *what, const char *filter, enum table_form form, bool one,
                 size_t *ret_n) {
        AUTO(directory_list_closep) struct directory_list *list = NULL;
        AUTO(table_freep) struct table *table = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *keys;
        size_t n = 0;
        int r;

        r = directory_list_open(i->directory, what, filter, i->act.now, &keys, &list);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(what, r, i->directory);
        r = table_new(form, what, keys, &table);
        if (r < 0)
                return outcome_of_errno(what, r);
        while ((r = directory_list_next(list, values)) == DIRECTORY_OK) {
                r = table_add(table, values);
                if (r < 0)
                        return outcome_of_errno(what, r);
                n++;
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return outcome_of_directory(what, r, i->directory);

        *ret_n = n;
        if (one && n == 0)
                return OUTCOME_DONE;
        r = table_print(table);
        return r < 0 ? outcome_of_errno(what, r) : OUTCOME_DONE;
}

static enum table_form form_of(const struct invocation *i, enum table_form otherwise) {
        return option(i, "json") ? TABLE_JSON : otherwise;
}

int list_run(struct invocation *i) {
        char complaint[KIND_COMPLAINT_MAX];
        const struct kind *kind;
        size_t n;

        kind = kind_find(operand(i, 0), KIND_LISTS, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, "list", "%s", complaint);
        return print(i, kind->many, operand(i, 1), form_of(i, TABLE_ROWS), false, &n);
}

int list_show(struct invocation *i) {
        char complaint[KIND_COMPLAINT_MAX], about[128];
        const struct kind *kind;
        size_t n = 0;
        int status;

        kind = kind_find(operand(i, 0), KIND_LISTS, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, "show", "%s", complaint);
        status = print(i, kind->many, operand(i, 1), form_of(i, TABLE_PAIRS), true, &n);
        if (status == OUTCOME_DONE && n == 0)
                return outcome_say(OUTCOME_REFUSED, invocation_about(i, kind->one, operand(i, 1), about),
                                   _("not found"));
        return status;
}

/* What there is, not what is in it: that is no reading of it. */
int evidence_list(struct invocation *i) {
        size_t n;

        return print(i, "evidence", operand(i, 0), form_of(i, TABLE_ROWS), false, &n);
}
