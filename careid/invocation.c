/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * invocation.c - what all commands do alike: end, and ask
 */

#include "invocation.h"

#include "cleanup.h"
#include "i18n.h"
#include "kinds.h"
#include "scan.h"
#include "table.h"

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

/* { "units": [ { "name": "oak" } ] } */
static int show_name(const struct invocation *i, const char *noun, const char *name) {
        /* Persons have no name for the system. */
        const char *const keys[] = { strcmp(noun, "person") == 0 ? "id" : "name", NULL };
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

int invocation_added(const struct invocation *i, const char *noun, const char *nouns, const char *key, const char *name) {
        const char *const keys[] = { key, NULL }, *const values[] = { name };
        char line[128];

        (void) invocation_about(i, noun, name, line);
        return invocation_made(i, nouns, keys, values, option(i, "quiet") ? name : line);
}

bool invocation_person(const struct invocation *i, int64_t *ret) {
        uint64_t person;

        if (!scan_whole_u64(operand(i, 0), INT64_MAX, &person) || person == 0) {
                (void) outcome_say(OUTCOME_USAGE, "PERSON", _("must be the id of a person, as careid list persons shows it"));
                return false;
        }
        *ret = (int64_t) person;
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
