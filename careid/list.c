/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * list.c - careid list, show, mandates, grants, evidence list and others: looking at the care directory
 */

#include "cleanup.h"
#include "clients.h"
#include "i18n.h"
#include "invocation.h"
#include "kinds.h"
#include "mandates.h"
#include "scan.h"
#include "table.h"
#include "trail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What a list with one row is about; ->kind NULL: not known. */
struct looked {
        const char *kind;
        int64_t     id;
};

static bool row_is_of(const char *const *keys, const char *const *values, const char *unit) {
        for (size_t k = 0; keys[k]; k++)
                if (strcmp(keys[k], "unit") == 0)
                        return strcmp(values[k], unit) == 0;
        return false;
}

/* -- That it was looked at ---------------------------------------------------------------------------------- */

static const char *value_of(const char *const *keys, const char *const *values, const char *key) {
        for (size_t k = 0; keys[k]; k++)
                if (strcmp(keys[k], key) == 0)
                        return values[k];
        return NULL;
}

/* What one row is about. */
static bool object_of(struct invocation *i, const struct kind *kind, const char *const *keys, const char *const *values,
                      struct looked *ret) {
        const char *const id = value_of(keys, values, strcmp(kind->one, "account") == 0 ? "person" : "id");
        uint64_t number;

        ret->kind = strcmp(kind->one, "account") == 0 ? "person" : kind->one;
        if (strcmp(kind->one, "client") == 0)
                return directory_client_find(i->directory, value_of(keys, values, "name"), &ret->id) == DIRECTORY_OK;
        if (!id || !scan_whole_u64(id, INT64_MAX, &number))
                return false;
        ret->id = (int64_t) number;
        return true;
}

static int looked_tell(struct invocation *i, const struct kind *kind, const char *filter, const struct looked *one, size_t n) {
        char act[48];
        int64_t client;

        if (n == 1 && one->kind) {
                (void) snprintf(act, sizeof act, "%s.show", kind->one);
                return directory_looked(i->directory, &i->act, act, one->kind, one->id, NULL, 0);
        }
        (void) snprintf(act, sizeof act, "%s.list", kind->one);
        if (filter && directory_client_find(i->directory, filter, &client) == DIRECTORY_OK)
                return directory_looked(i->directory, &i->act, act, "client", client, kind->many, n);
        return directory_looked(i->directory, &i->act, act, "directory", 0, kind->many, n);
}

/*
 * A list, under the name @kinds in JSON.  *@ret_n is the number of rows; with @unit those of that unit alone.  Where there is to be one, and there is none,
 * nothing is printed.
 */
static int print_as(struct invocation *i, const char *kinds, const char *what, const char *filter, enum table_form form, bool one,
                    const char *unit, size_t *ret_n) {
        AUTO(directory_list_closep) struct directory_list *list = NULL;
        AUTO(table_freep) struct table *table = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        char complaint[KIND_COMPLAINT_MAX];
        const struct kind *const kind = invocation_looks(i) ? kind_find(what, KIND_LISTS, complaint) : NULL;
        struct looked looked = { .kind = NULL };
        const char *const *keys;
        size_t n = 0;
        int r;

        r = directory_list_open(i->directory, what, filter, i->act.now, &keys, &list);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(what, r, i->directory);
        r = table_new(form, kinds, keys, &table);
        if (r < 0)
                return outcome_of_errno(what, r);
        while ((r = directory_list_next(list, values)) == DIRECTORY_OK) {
                if (unit && !row_is_of(keys, values, unit))
                        continue;
                r = table_add(table, values);
                if (r < 0)
                        return outcome_of_errno(what, r);
                if (kind && n == 0 && !object_of(i, kind, keys, values, &looked))
                        looked.kind = NULL;
                n++;
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return outcome_of_directory(what, r, i->directory);

        if (kind && n > 0) {
                r = looked_tell(i, kind, filter, &looked, n);
                if (r != DIRECTORY_OK)
                        return outcome_of_directory(what, r, i->directory);
        }
        *ret_n = n;
        if (one && n == 0)
                return OUTCOME_DONE;
        r = table_print(table);
        return r < 0 ? outcome_of_errno(what, r) : OUTCOME_DONE;
}

static int print(struct invocation *i, const char *what, const char *filter, enum table_form form, bool one, const char *unit,
                 size_t *ret_n) {
        return print_as(i, what, what, filter, form, one, unit, ret_n);
}

static enum table_form form_of(const struct invocation *i, enum table_form otherwise) {
        return option(i, "json") ? TABLE_JSON : option(i, "names") ? TABLE_NAMES : otherwise;
}

/* Of what there is not, there is no list: "none" would be read as an answer.  NULL: all of it. */
static int print_about(struct invocation *i, const char *field, const char *what, const char *word) {
        char other[DIRECTORY_FILTER_MAX] = "";
        size_t n;
        int r;

        r = word ? directory_list_filter(i->directory, what, word, other) : DIRECTORY_OK;
        if (r != DIRECTORY_OK)
                return outcome_of_directory(r < 0 ? what : field, r, i->directory);
        return print(i, what, *other ? other : word, form_of(i, TABLE_ROWS), false, NULL, &n);
}

/* Who has a mandate at a unit sees who works and is enrolled there, and what a temp gets there, and nothing else. */
static int list_delegated(struct invocation *i, const struct kind *kind) {
        const char *unit = operand(i, 1);
        size_t n;
        int r;

        if (!unit || (strcmp(kind->many, "assignments") != 0 && strcmp(kind->many, "templates") != 0 && strcmp(kind->many, "enrolments") != 0))
                return outcome_say(OUTCOME_REFUSED, "list",
                                   _("only root may list this; with a mandate: careid list assignments UNIT, careid list enrolments UNIT, "
                                     "careid list templates UNIT, careid mandates"));
        r = mandate_covers_list(i->directory, &i->act, unit);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "unit", unit, r);
        return print(i, kind->many, unit, form_of(i, TABLE_ROWS), false, unit, &n);
}

int list_run(struct invocation *i) {
        char complaint[KIND_COMPLAINT_MAX];
        const struct kind *kind;

        kind = kind_find(operand(i, 0), KIND_LISTS, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, "list", "%s", complaint);
        if (option(i, "json") && option(i, "names"))
                return outcome_say(OUTCOME_USAGE, "list", _("--json or --names: one of them"));
        if (i->act.by_person)
                return list_delegated(i, kind);
        return print_about(i, "FILTER", kind->many, operand(i, 1));
}

int list_show(struct invocation *i) {
        char complaint[KIND_COMPLAINT_MAX], about[128], id[64];
        const struct kind *kind;
        bool of_person;
        size_t n = 0;
        int status;

        kind = kind_find(operand(i, 0), KIND_LISTS, complaint);
        if (!kind)
                return outcome_say(OUTCOME_USAGE, "show", "%s", complaint);
        /* A number is the id of a person to the lists of mandates and messages. */
        (void) snprintf(id, sizeof id, "id:%s", operand(i, 1));
        of_person = strcmp(kind->one, "mandate") == 0 || strcmp(kind->one, "message") == 0;
        status = print(i, kind->many, of_person ? id : operand(i, 1), form_of(i, TABLE_PAIRS), true, NULL, &n);
        if (status == OUTCOME_DONE && n == 0)
                return outcome_say(OUTCOME_REFUSED, invocation_about(i, kind->one, operand(i, 1), about),
                                   _("not found"));
        return status;
}

/* One's own; root's: all, or those that a word is about. */
int mandate_list(struct invocation *i) {
        char own[24];
        size_t n;

        if (i->act.by_person == 0)
                return print_about(i, "PERSON", "mandates", operand(i, 0));
        (void) snprintf(own, sizeof own, "%" PRId64, i->act.by_person);
        return print(i, "mandates", own, form_of(i, TABLE_ROWS), false, NULL, &n);
}

/* A client's: all that is about them, in any organisation. */
int grant_list(struct invocation *i) {
        char own[24];
        size_t n;

        (void) snprintf(own, sizeof own, "%" PRId64, i->act.by_person);
        if (i->act.by_person == 0)
                return print_about(i, "WORD", "grants", operand(i, 0));
        if (!i->act.as_client)
                return outcome_say(OUTCOME_REFUSED, "grants", _("only root may list these, and a client those about themselves"));
        if (operand(i, 0))
                return outcome_say(OUTCOME_USAGE, "WORD", _("is for root: all that is granted about you is shown"));
        return print_as(i, "grants", "grants-about", own, form_of(i, TABLE_ROWS), false, NULL, &n);
}

/* What there is, not what is in it: that is no reading of it. */
int evidence_list(struct invocation *i) {
        return print_about(i, "ACCOUNT", "evidence", operand(i, 0));
}

/* What somebody has, never what it is. */
int credential_list(struct invocation *i) {
        return print_about(i, "ACCOUNT", "credentials", operand(i, 0));
}

int exempt_list(struct invocation *i) {
        return print_about(i, "ACCOUNT", "exemptions", operand(i, 0));
}

int outage_status(struct invocation *i) {
        return print_about(i, NULL, "outages", NULL);
}

int outage_ready(struct invocation *i) {
        return print_about(i, "UNIT", "unready", operand(i, 0));
}

int retire_status(struct invocation *i) {
        return print_about(i, "UNIT", "unbound", operand(i, 0));
}
