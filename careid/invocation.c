/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * invocation.c - what all commands do alike: end, and ask
 */

#include "invocation.h"

#include "cleanup.h"
#include "i18n.h"
#include "kinds.h"
#include "reference.h"
#include "scan.h"
#include "table.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *invocation_about(const struct invocation *i, const char *noun, const char *name, char ret[static 128]) {
        if (name)
                (void) snprintf(ret, 128, "%s %s", noun, name);
        else
                (void) snprintf(ret, 128, "%s", i->arguments.command->words);
        return ret;
}

int invocation_made(const struct invocation *i, const char *kinds, const char *const *keys,
                    const char *const *values, const char *line) {
        AUTO(table_freep) struct table *table = NULL;
        int r;

        if (!option(i, "json")) {
                if (line)
                        (void) printf("%s\n", line);
                return OUTCOME_DONE;
        }
        r = table_new(TABLE_JSON, kinds, keys, &table);
        if (r == 0)
                r = table_add(table, values);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno(kinds, r) : OUTCOME_DONE;
}

/* What has no name for the system has an id; and a module is one of a few. */
static const char *key_of(const char *noun) {
        static const char *const numbered[] = { "person", "assignment", "enrolment", "grant", "mandate", "review" };

        for (size_t k = 0; k < N_ELEMENTS(numbered); k++)
                if (strcmp(noun, numbered[k]) == 0)
                        return "id";
        return strcmp(noun, "module") == 0 ? "module" : "name";
}

/* { "units": [ { "name": "oak" } ] } */
static int show_name(const struct invocation *i, const char *noun, const char *name) {
        const char *const keys[] = { key_of(noun), NULL };
        char complaint[KIND_COMPLAINT_MAX];
        const struct kind *kind = kind_find(noun, KIND_LISTS, complaint);

        return name ? invocation_made(i, kind ? kind->many : noun, keys, &name, NULL) : OUTCOME_DONE;
}

int invocation_end(const struct invocation *i, const char *noun, const char *name, int r) {
        const char *complaint = r > 0 ? directory_complaint(i->directory) : "";
        char about[128], field[ARGUMENTS_FIELD_MAX];
        const size_t n_noun = strlen(noun);
        const char *rest;

        if (r == DIRECTORY_OK)
                return show_name(i, noun, name);
        (void) invocation_about(i, noun, name, about);
        rest = argument_field(i->arguments.command, complaint, field);
        if (rest)
                return outcome_say(OUTCOME_REFUSED, name && strcmp(field, "NAME") == 0 ? about : field, "%s", rest);
        /* Not "unit moon: unit: ..."; and a personal number is no argument. */
        if (name && strncmp(complaint, noun, n_noun) == 0 && strncmp(complaint + n_noun, ": ", 2) == 0)
                return outcome_say(OUTCOME_REFUSED, about, "%s", complaint + n_noun + 2);
        if (name && strncmp(complaint, "number: ", 8) == 0)
                return outcome_say(OUTCOME_REFUSED, about, "%s", complaint + 8);
        return outcome_of_directory(about, r, i->directory);
}

bool invocation_confirm(const struct invocation *i, const char *format, ...) {
        char answer[8] = "";
        va_list arguments;

        if (option(i, "yes"))
                return true;
        if (option(i, "dry-run")) {
                (void) fputs(_("dry run: "), stderr);
                va_start(arguments, format);
                (void) vfprintf(stderr, format, arguments);
                va_end(arguments);
                (void) fputc('\n', stderr);
                return true;
        }
        if (!isatty(STDIN_FILENO)) {
                (void) outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                                   _("nobody can be asked here; add --yes to do it without asking"));
                return false;
        }
        (void) fflush(stdout);
        va_start(arguments, format);
        (void) vfprintf(stderr, format, arguments);
        va_end(arguments);
        /* Both the language's letter and English's are yes. */
        (void) fprintf(stderr, " (%s/N) ", _("y"));
        if (!fgets(answer, sizeof answer, stdin))
                answer[0] = '\0';
        answer[strcspn(answer, "\n")] = '\0';
        if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, _("y")) == 0)
                return true;
        (void) outcome_say(OUTCOME_REFUSED, i->arguments.command->words, _("nothing was changed"));
        return false;
}

/* Is it one of them? */
static bool is_among(const char *key, const char *const *keys) {
        while (*keys && strcmp(*keys, key) != 0)
                keys++;
        return *keys;
}

/* The values under @keys of the row whose first column is @id, with blanks between; "" where there is none. */
static void find_row(const struct invocation *i, const char *what, const char *id, const char *const *keys, char ret[static ABOUT_MAX]) {
        AUTO(directory_list_closep) struct directory_list *list = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *columns;
        char filter[32];
        size_t n = 0;

        /* A number alone is a person to the list of mandates. */
        (void) snprintf(filter, sizeof filter, "%s%s", strcmp(what, "mandates") == 0 ? "id:" : "", id);
        ret[0] = '\0';
        if (directory_list_open(i->directory, what, filter, i->act.now, &columns, &list) != DIRECTORY_OK)
                return;
        while (directory_list_next(list, values) == DIRECTORY_OK) {
                if (strcmp(values[0], id) != 0)
                        continue;
                for (size_t k = 1; columns[k]; k++)
                        if (values[k] && *values[k] && is_among(columns[k], keys) && n < ABOUT_MAX)
                                n += (size_t) snprintf(ret + n, ABOUT_MAX - n, "%s%s", n > 0 ? " " : "", values[k]);
                return;
        }
}

const char *invocation_row(const struct invocation *i, const char *what, int64_t id, const char *const *keys, char ret[static ABOUT_MAX]) {
        char row[ABOUT_MAX], text[24];

        ret[0] = '\0';
        (void) snprintf(text, sizeof text, "%" PRId64, id);
        row[0] = '\0';
        if (i->act.by_person == 0 && !option(i, "yes"))         /* before a mandate has been asked for */
                find_row(i, what, text, keys, row);
        if (*row)
                (void) snprintf(ret, ABOUT_MAX, " (%.500s)", row);
        utf8_make_clean(ret, strlen(ret), UTF8_ONE_LINE);       /* it comes to root's terminal */
        return ret;
}

const char *invocation_who(const struct invocation *i, int64_t person, char ret[static ABOUT_MAX]) {
        static const char *const keys[] = { "name", NULL };
        char name[ABOUT_MAX] = "", text[24];

        (void) snprintf(text, sizeof text, "%" PRId64, person);
        if (i->act.by_person == 0 && !option(i, "yes") && isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
                find_row(i, "persons", text, keys, name);
        if (*name)
                (void) snprintf(ret, ABOUT_MAX, _("%.400s, person %s"), name, text);
        else
                (void) snprintf(ret, ABOUT_MAX, _("person %s"), text);
        utf8_make_clean(ret, strlen(ret), UTF8_ONE_LINE);
        return ret;
}

int invocation_added(const struct invocation *i, const char *noun, const char *nouns, const char *key, const char *name) {
        const char *const keys[] = { key, NULL }, *const values[] = { name };
        char line[128];

        (void) invocation_about(i, noun, name, line);
        return invocation_made(i, nouns, keys, values, option(i, "quiet") ? name : line);
}

bool invocation_person_named(const struct invocation *i, const char *field, const char *word, int64_t *ret) {
        const bool is_key = strncmp(word, "key:", 4) == 0;
        uint64_t id;
        int r;

        if (!is_key && scan_whole_u64(word, INT64_MAX, &id) && id > 0) {
                *ret = (int64_t) id;
                return true;
        }
        /* A mandate is asked for a person: whether a key is anybody's is not for everybody to know. */
        r = i->act.by_person == 0 ? directory_person_find(i->directory, is_key ? word + 4 : word, ret) : DIRECTORY_E_INVALID;
        if (r == DIRECTORY_E_INVALID)
                (void) outcome_say(OUTCOME_USAGE, field, _("must be the id of a person, as careid list persons shows it"));
        else if (r == DIRECTORY_E_NOT_FOUND)
                (void) outcome_say(OUTCOME_USAGE, field,
                                   _("is neither the id of a person nor the key of one; see: careid list persons"));
        else if (r != DIRECTORY_OK)
                (void) outcome_of_directory(field, r, i->directory);
        return r == DIRECTORY_OK;
}

bool invocation_person(const struct invocation *i, int64_t *ret) {
        return invocation_person_named(i, "PERSON", operand(i, 0), ret);
}

bool invocation_id(const struct invocation *i, const char *field, const char *list, int64_t *ret) {
        uint64_t id;

        if (!scan_whole_u64(operand(i, 0), INT64_MAX, &id) || id == 0) {
                (void) outcome_say(OUTCOME_USAGE, field, _("must be an id, as careid list %s shows it"), list);
                return false;
        }
        *ret = (int64_t) id;
        return true;
}

bool invocation_date(const struct invocation *i, const char *name) {
        const char *const date = option(i, name);
        char shown[ARGUMENTS_FIELD_MAX];

        if (!date || scan_whole_date(date))
                return true;
        (void) snprintf(shown, sizeof shown, "--%s", name);
        (void) outcome_say(OUTCOME_USAGE, shown, _("must be a day that there is, written 2026-11-21"));
        return false;
}

bool invocation_dates(const struct invocation *i) {
        const char *const from = option(i, "from"), *const until = option(i, "until");

        if (!invocation_date(i, "from") || !invocation_date(i, "until"))
                return false;
        if (!from || !until || strcmp(from, until) <= 0)
                return true;
        (void) outcome_say(OUTCOME_USAGE, "--until", _("must not be before --from"));
        return false;
}
